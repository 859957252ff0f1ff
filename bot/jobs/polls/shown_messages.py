"""What messages show, as far as it is known: in memory those that were met last, in groups stored a moment later."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.domain.polls import Poll
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from storage.database.group_commit import ClosedError, GroupCommit
from storage.posts import Edited, Gone, Note, Posts, Shows

REMEMBERED = 20_000
"""Upper bound of messages in memory of which it is known which poll they show, and in what state."""

GATHERED = 0.05
"""Seconds for which what is to be stored is gathered for a commit."""

IN_USE = 86_400.0
"""Seconds after which it is stored anew that a message is in use, when one of its buttons is pressed."""

NO_POLL = 0
"""What a message shows that was turned to another view; no poll has that id."""


class _Known(NamedTuple):
    poll_id: int
    noted_at: float


class ShownMessages:
    """Which message shows which poll, and the digest of what it shows; `run` is the one writer of what is stored.

    A private chat's number, for whom alone in a group a message is, and the id of an inline message, which holds the
    number of whoever posted it, are a person's: they are in memory alone.
    """

    def __init__(self, posts: Posts, clock: Clock) -> None:
        self._posts = posts
        self._clock = clock
        self._known: Remembered[Post, _Known] = Remembered(REMEMBERED)
        self._shown: Remembered[Post, int] = Remembered(REMEMBERED)
        self._polls: set[int] = set()
        self._writer = GroupCommit("posts", self._put_down, GATHERED)

    async def run(self) -> None:
        """Store what messages show until closed."""
        await self._writer.run()

    async def close(self) -> None:
        """Take nothing more; come back once all is stored."""
        await self._writer.close()

    async def polls(self) -> set[int]:
        """The ids of the polls that are shown somewhere, as it was stored before this was asked."""
        stored = await self._writer.in_turn(self._posts.polls_shown)
        self._polls |= stored
        return stored

    @property
    def ever_shown(self) -> Collection[int]:
        """The ids of the polls that some message shows, or has shown."""
        return self._polls

    def shows(self, post: Post, poll: Poll, shown: int | None = None) -> None:
        """A message shows a poll from now on; `shown` is the digest of what it shows, None if that is not known."""
        self.arrived(post, poll, shown)
        self._store(Shows(post, poll, shown))

    def arrived(self, post: Post, poll: Poll, shown: int | None) -> None:
        """A message that was pushed shows a poll; that is stored with its delivery."""
        self._known[post] = _Known(poll.id, self._clock.monotonic())
        self._polls.add(poll.id)
        if shown is not None:
            self._shown[post] = shown

    def turned(self, post: Post) -> None:
        """A message shows something else than a poll from now on."""
        self._known[post] = _Known(NO_POLL, self._clock.monotonic())
        self._shown.pop(post, None)
        self._store(Gone(post))

    def pressed(self, post: Post, poll: Poll) -> None:
        """A button of a message was pressed that showed a poll; what it was turned to meanwhile stands."""
        known = self._known.get(post)
        if known is None or (known.poll_id == poll.id and self._clock.monotonic() - known.noted_at > IN_USE):
            self.shows(post, poll, self._shown.get(post))

    def edited(self, post: Post, poll: Poll, shown: int) -> None:
        """A message was edited to what has this digest."""
        if not self.is_anothers(post, poll):
            self._shown[post] = shown
            self._store(Edited(post, poll, shown))

    async def doubt(self, posts: Sequence[Post], poll: Poll) -> None:
        """Store that nobody knows what messages show, before they are edited: the process may die before it is told."""
        await asyncio.gather(*filter(None, [self._store(Edited(post, poll, None)) for post in posts]))

    async def forget(self, post: Post) -> None:
        """A message is gone, or closed to us."""
        self._known.pop(post, None)
        self._shown.pop(post, None)
        if (stored := self._store(Gone(post))) is not None:
            await stored

    async def forget_chat(self, chat: Chat) -> None:
        """All messages of a chat are out of reach."""
        with suppress(ClosedError):
            await self._writer.in_turn(lambda: self._posts.forget_chat(chat))

    def digest(self, post: Post, stored: int | None) -> int | None:
        """The digest of what a message shows, which is newer in memory than in what is `stored`; None if not known."""
        return self._shown.get(post, stored)

    def is_anothers(self, post: Post, poll: Poll) -> bool:
        """Whether a message is known to show another poll, or none."""
        known = self._known.get(post)
        return known is not None and known.poll_id != poll.id

    def newest(self, poll: Poll, platform: Platform, most: int) -> list[Post]:
        """The newest messages on a platform that show a poll, as far as they are in memory; `most` of a kind of chat.

        Those in private chats and inline ones are nowhere else, and those in groups may not be stored yet.
        """
        here: dict[ChatKind, list[Post]] = {kind: [] for kind in ChatKind}
        for post, known in self._known.items():
            if known.poll_id == poll.id and post.chat.platform is platform:
                here[post.chat.kind].append(post)
        return [post for kind in ChatKind for post in here[kind][-most:]]

    async def polls_in(self, chat: Chat) -> set[int]:
        """The ids of the polls that messages in a chat show."""
        return {
            *(known.poll_id for post, known in self._known.items() if post.chat == chat),
            *await self._posts.shown_in(chat),
        }

    def _store(self, note: Note) -> "asyncio.Future[None] | None":
        """Have it stored what a message shows; None where that is for memory alone, or it is too late."""
        if note.post.chat.kind is not ChatKind.GROUP or note.post.only_for:
            return None
        try:
            stored = self._writer.put(note)
        except ClosedError:
            return None
        stored.add_done_callback(partial(self._is_stored, note.post))
        return stored

    def _is_stored(self, post: Post, stored: "asyncio.Future[None]") -> None:
        """Forget a message again that could not be stored, so that the next press on it tries once more."""
        if stored.cancelled() or stored.exception() is not None:
            self._known.pop(post, None)

    async def _put_down(self, notes: Sequence[Note]) -> Sequence[None]:
        await self._posts.note(*notes)
        return [None] * len(notes)
