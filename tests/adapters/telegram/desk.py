"""A Telegram bot with a few commands, connected to a Bot API on the loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from bot.adapters.telegram import Addresses, TelegramAdapter
from bot.adapters.telegram.api.rate_limit import A_SECOND
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.commands import Command, Offer
from bot.chat.dispatcher import Dispatcher
from bot.chat.replies import Attachment, Reply
from bot.chat.requests import Request
from bot.chat.throttle import Rate, Throttle
from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.pacing.pace import OwnPace
from bot.pacing.window import Allowance
from tests.adapters.telegram.bot_api import TOKEN, BotApi, Failure
from tests.support.answered import Answered
from tests.support.clock import FakeClock
from tests.support.groups import Groups
from tests.support.menus import Menus

PIT_WALL = Chat(Platform.TELEGRAM, "-1001")
AL_ALONE = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
STORY = Reply(Card("Imola <2021>", "Lap 31"), ((Button("Quotes", "quotes", "imola-2021"),),))
RECAP = Reply(
    Card("Imola <2021>", footer="Word for word."),
    ((Button("The story", "recap", "2021-imola"),),),
    attachment=Attachment("recap.png", b"png", "Verstappen wins from Hamilton"),
)
STANDINGS = Reply(Card("Standings"), attachment=Attachment("standings.png", b"table", "Hamilton 44 & Verstappen 43"))
BLOCKED = Failure(403, "Forbidden: bot can't initiate conversation with a user")
PLENTY = Rate(10_000, 10_000)
RETRY_AFTER_3 = Failure(429, "Too Many Requests: retry after 3", {"retry_after": 3})


class Desk:
    """A bot with a few commands: what it was asked, what it posted. Its clock moves only while the bot waits."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.asked: list[Request] = []
        self.posted: list[tuple[Post, Reply]] = []
        self.clock = FakeClock()
        self.menus = Menus()
        self.groups = Groups()
        self.answered = Answered()
        self.limits = Throttle(person=PLENTY, commands=PLENTY)
        self.languages: dict[Chat, str] = {}

    def command(self, name: str, reply: Reply = STORY, **more: Any) -> Command:
        async def handler(request: Request) -> Reply:
            self.asked.append(request)
            return reply

        return Command(name, f"About {name}", handler, **more)

    def adapter(
        self,
        *commands: Command,
        offer: Callable[[str, Request], Awaitable[Sequence[Offer]]] | None = None,
        token: str = TOKEN,
        addresses: Addresses | None = None,
        clock: FakeClock | None = None,
        posted: Callable[[Post, Reply], None] | None = None,
        a_second: int = A_SECOND,
    ) -> TelegramAdapter:
        return TelegramAdapter(
            token,
            Dispatcher(commands, self.limits, offer, self.languages.get),
            posted or (lambda post, reply: self.posted.append((post, reply))),
            self.menus,
            self.groups,
            self.answered,
            addresses=addresses or Addresses(self.api.url),
            clock=clock or self.clock,
            pace=OwnPace(clock or self.clock, Allowance(a_second, seconds=1)),
        )

    @asynccontextmanager
    async def open(self, *commands: Command, **more: Any) -> AsyncIterator[TelegramAdapter]:
        """Run the bot; on leaving, what is in flight has ended."""
        adapter = self.adapter(*commands, **more)
        polls = len(self.api.polls)
        running = asyncio.create_task(adapter.run())
        await self.api.polled(polls + 1)
        yield adapter
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def complaints(logs: Iterable[MutableMapping[str, Any]]) -> list[str]:
    return [entry["event"] for entry in logs if entry["log_level"] != "info"]
