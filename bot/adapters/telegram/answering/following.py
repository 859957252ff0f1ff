"""What people have open in a group for themselves alone follows the votes where nobody else needs the group's turns.

Each may be changed with every vote, there may be as many as the group has people, and Telegram lets a group have a
message every three seconds. So each is changed in its turn to what it is to show by then, and what came before it is
left out: neither answers nor the messages that all read have to wait for them.
"""

import asyncio

import structlog

from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.inbound import address
from bot.adapters.telegram.lost import UNDELIVERED
from bot.adapters.telegram.sender import Sender
from bot.chat.platform import ChatGoneError, NotAllowedError, PostGoneError, SlowDownError
from bot.chat.replies import Reply
from bot.domain.places import Post
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered

log = structlog.get_logger(__name__)

LEFT_TO_OTHERS = 10
"""Messages that a group may still be sent at once whenever one of these is changed."""

GONE = 1_000
"""Upper bound of messages that are known to be gone, until somebody is told so."""

_GONE = (PostGoneError, ChatGoneError, NotAllowedError)


class Following:
    """Changes such messages, group by group; what they are to show, and whose they are, is in memory alone."""

    def __init__(self, connection: Connection, sender: Sender, clock: Clock) -> None:
        self._connection = connection
        self._sender = sender
        self._clock = clock
        self._waiting: dict[int, dict[Post, Reply]] = {}
        self._walks: dict[int, asyncio.Task[None]] = {}
        self._gone: Remembered[Post, None] = Remembered(GONE)

    def follow(self, post: Post, reply: Reply) -> None:
        """Have a message changed in its turn. Raises PostGoneError where the last change of it found it gone."""
        if post in self._gone:
            del self._gone[post]
            raise PostGoneError
        group, _topic = address(post.chat)
        self._waiting.setdefault(group, {})[post] = reply
        if group not in self._walks:
            self._walks[group] = asyncio.create_task(self._walk(group))

    def turned(self, post: Post) -> None:
        """A message shows something else by now, so what it was to show comes no more."""
        if post.only_for:
            self._waiting.get(address(post.chat)[0], {}).pop(post, None)

    async def end(self) -> None:
        """Change nothing more."""
        walks = list(self._walks.values())
        for walk in walks:
            walk.cancel()
        await asyncio.gather(*walks, return_exceptions=True)

    async def _walk(self, group: int) -> None:
        """Change what waits in a group, whatever has waited longest first, until nothing does."""
        waiting = self._waiting[group]
        try:
            while waiting:
                if (wait := self._connection.wait(group, leaving=LEFT_TO_OTHERS)) > 0:
                    await self._clock.sleep(wait)
                    continue
                post = next(iter(waiting))
                await self._change(post, waiting.pop(post))
        finally:
            del self._walks[group], self._waiting[group]

    async def _change(self, post: Post, reply: Reply) -> None:
        try:
            await self._sender.edit(post, reply, within=0)
        except SlowDownError as asked:
            self._waiting[address(post.chat)[0]].setdefault(post, reply)
            await self._clock.sleep(asked.seconds)
        except _GONE:
            self._gone[post] = None
        except UNDELIVERED as error:
            self._connection.lost.not_changed_alone(error)
