"""A bot of few commands over the real client, which talks to a Discord on the loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.adapters.discord import DiscordAdapter
from bot.adapters.discord.answering import PATIENCE
from bot.adapters.discord.forums import Posts
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.commands import Command
from bot.chat.dispatcher import Dispatcher
from bot.chat.replies import Reply, notice
from bot.chat.requests import Request
from bot.chat.throttle import Rate, Throttle
from bot.domain.places import Post
from tests.adapters.discord.api import Discord
from tests.support.clock import FakeClock
from tests.support.forum_posts import NoForumPosts
from tests.support.menus import Menus

PLENTY = Rate(burst=10_000, a_second=10_000)
STORY = Reply(Card("Imola 2021"), ((Button("Another", "story"), Button("Russell", "vote")),))


class LoopbackBot:
    """Its answers come at once; slow ones come once the `gate` is open, and are acknowledged before."""

    def __init__(
        self, world: Discord, *, slow: bool = False, forums: Posts | None = None, clock: FakeClock | None = None
    ) -> None:
        self.asked: list[Request] = []
        self.posted = list[Post]()
        self.started = asyncio.Event()
        self.gate = asyncio.Event()
        self.clock = clock or FakeClock()
        self._slow = slow
        commands = [
            Command("crash", "What happened", self._handler(STORY)),
            Command("blame", "Who was to blame?", self._handler(STORY), argument="words"),
            Command("say", "Say something", self._handler(STORY), argument="words", suggest=lambda _typed: []),
            Command("votes", "What I voted", self._handler(notice("You voted once"))),
            Command("story", "Another story", self._handler(replace(STORY, separate=True)), listed=False),
            Command("change", "Change it", self._handler(STORY), listed=False),
            Command("vote", "Vote", self._handler(notice("Your vote counts")), listed=False),
        ]
        self.adapter = DiscordAdapter(
            "bot-token",
            Dispatcher(commands, Throttle(person=PLENTY, commands=PLENTY)),
            lambda post, _reply: self.posted.append(post),
            Menus(),
            forums or NoForumPosts(),
            connector=world.connector,
            patience=0.0 if slow else PATIENCE,
            clock=self.clock,
        )

    def _handler(self, reply: Reply) -> Callable[[Request], Awaitable[Reply]]:
        async def handle(request: Request) -> Reply:
            self.asked.append(request)
            self.started.set()
            if self._slow:
                await self.gate.wait()
            return reply

        return handle


@asynccontextmanager
async def running(bot: LoopbackBot) -> AsyncIterator[None]:
    """The adapter runs until the block is left; then it is told to stop, and does."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(bot.adapter.run())
        yield
        task.cancel()
    assert task.cancelled()
