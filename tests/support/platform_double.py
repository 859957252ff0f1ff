"""A chat platform that notes what it is sent, and what messages are changed to, and makes trouble when told to."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from bot.chat.replies import Reply
from bot.domain.places import Chat, Platform, Post, User
from bot.pacing.clock import Clock
from tests.support.clock import FakeClock


class Sent(NamedTuple):
    """What a chat was sent."""

    chat: str
    said: str
    once: str
    ping: str


class Edit(NamedTuple):
    """What a message was changed to, and when, in seconds since the test began."""

    at: float
    post: Post
    said: str


class PlatformDouble:
    """An adapter without a platform behind it; it takes all that comes while its gate is open."""

    deliveries_a_second: float | None = None
    delivery_chat_gap = 0.0

    def __init__(self, platform: Platform = Platform.TELEGRAM, clock: Clock | None = None) -> None:
        self.platform = platform
        self.sent: list[Sent] = []
        self.edits: list[Edit] = []
        self.tried: list[float] = []
        """When edits were tried, whatever became of them."""

        self.told_admin: list[tuple[str, str]] = []
        self.told_first: list[User | None] = []
        """Whom each of these was to reach first."""

        self.admin_troubles: list[Exception] = []
        self.troubles: defaultdict[str | Post, list[Exception]] = defaultdict(list)
        """What is raised, one after the other: by a chat's id for what it is sent, by a message for its edits."""

        self.failing: Exception | None = None
        """What is raised by everything that is sent."""

        self.gate = asyncio.Event()
        self.gate.set()
        self.under_way = 0
        """Messages that are being sent."""

        self.messages: dict[Post, Reply] = {}
        """What stands in chats: what was sent, or what it was changed to since."""

        self._shown: dict[Post, Reply] = {}
        self._clock = clock or FakeClock()
        self._news = asyncio.Condition()

    async def run(self) -> None:
        """Nobody asks for anything here."""
        raise NotImplementedError

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:
        """Take a message, or raise."""
        self.under_way += 1
        await self._tell()
        await self.gate.wait()
        self.under_way -= 1
        if self.failing is not None:
            raise self.failing
        if self.troubles[chat.id]:
            raise self.troubles[chat.id].pop(0)
        self.sent.append(Sent(chat.id, reply.card.title, once, ping))
        post = Post(chat, f"m{len(self.sent)}")
        self.messages[post] = reply
        await self._tell()
        return post

    async def edit(self, post: Post, reply: Reply) -> None:
        """Take a change, or raise."""
        self.tried.append(self._clock.monotonic())
        await self._tell()
        await self.gate.wait()
        if self.troubles[post]:
            raise self.troubles[post].pop(0)
        self.edits.append(Edit(self._clock.monotonic(), post, reply.card.title))
        self._shown[post] = self.messages[post] = reply
        await self._tell()

    async def tell_admin(self, chat: Chat, reply: Reply, first: User | None = None) -> bool:
        """There is always somebody who looks after a group."""
        if self.admin_troubles:
            raise self.admin_troubles.pop(0)
        self.told_admin.append((chat.id, reply.card.title))
        self.told_first.append(first)
        return True

    async def busy(self, messages: int) -> None:
        """Wait until so many messages are being sent."""
        async with self._news:
            await self._news.wait_for(lambda: self.under_way >= messages)

    async def edited(self, times: int) -> None:
        """Wait, while time stands still, until so many edits were tried."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.tried) >= times)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so, which is looked at whenever something was sent or edited."""
        while not condition():
            async with self._news:
                await self._news.wait()

    def shown(self, post: Post) -> Reply | None:
        """What a message was changed to last; None if it never was."""
        return self._shown.get(post)

    def showing(self, post: Post) -> str | None:
        """The title of what a message was changed to last; None if it never was."""
        return self._shown[post].card.title if post in self._shown else None

    @property
    def chats(self) -> list[str]:
        """To whom something was sent, in order."""
        return [sent.chat for sent in self.sent]

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()
