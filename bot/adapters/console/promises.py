"""What a script at a pipe was told would come in a moment, and whether it has come."""

import asyncio

from bot.domain.places import Post


class Promises:
    """The questions whose answers are still being fetched; whoever sits at a keyboard sees by themselves what came."""

    def __init__(self) -> None:
        self.kept = True
        """Whether all that was to come in a moment came, as far as is known by now."""

        self._awaited: set[Post] = set()
        self._all_there = asyncio.Event()
        self._all_there.set()

    def __contains__(self, post: Post) -> bool:
        """Whether a question still waits for its answer."""
        return post in self._awaited

    def make(self, post: Post) -> None:
        """Take note that the answer to a question comes in a moment."""
        self._awaited.add(post)
        self._all_there.clear()

    def settle(self, post: Post) -> None:
        """Take note that a question has its answer by now."""
        self._awaited.discard(post)
        if not self._awaited:
            self._all_there.set()

    def broken(self) -> None:
        """Take note that what was to come will not."""
        self.kept = False

    async def wait(self, seconds: float) -> bool:
        """Wait until no question is open, so many seconds at most; False where one is open still, which breaks it."""
        try:
            async with asyncio.timeout(seconds):
                await self._all_there.wait()
        except TimeoutError:
            self.broken()
            return False
        return True
