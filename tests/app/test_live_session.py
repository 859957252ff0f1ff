"""A race from the first incident to the digest, live timing on the loopback, and the chats of a platform double."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from bot.app.compose import open_core
from bot.app.settings import Settings
from bot.chat.requests import Request
from bot.domain.places import Chat, Platform, Post, User
from bot.feeds.race_control.live_timing import LiveTiming
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from storage.incidents.reading import read_circuits, read_drivers
from tests.support.conversation import PIT_WALL, Granted, labels
from tests.support.live_timing_server import LiveTimingServer
from tests.support.platform_double import PlatformDouble

if TYPE_CHECKING:
    from bot.app.shared_core import Core

YEAR = dt.datetime.now(dt.UTC).year
ADMIN = User(Platform.TELEGRAM, "1")
ID = f"zandvoort-{YEAR}-rus-bot-t4"
NOTED = "TURN 4 INCIDENT INVOLVING CARS 63 (RUS) AND 77 (BOT) NOTED - CAUSING A COLLISION"
INVESTIGATED = "FIA STEWARDS: TURN 4 INCIDENT INVOLVING CARS 63 (RUS) AND 77 (BOT) UNDER INVESTIGATION"
PENALTY = "FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 63 (RUS) - CAUSING A COLLISION"


class Afternoon:
    """The bot on one platform, on the day of the race."""

    def __init__(self, settings: Settings, track: LiveTimingServer) -> None:
        self.track = track
        self.telegram = PlatformDouble()
        self.clock = SystemClock()  # as sockets take the time they take
        self._settings = settings
        self._stack = AsyncExitStack()
        self.core: Core

    async def start(self) -> None:
        """Start the bot."""
        source = LiveTiming(self.track.url, self.clock)
        self.core = await self._stack.enter_async_context(
            open_core(self._settings, Incidents((), read_circuits(), read_drivers()), None, source, clock=self.clock)
        )
        self.core.join(self.telegram)
        delivering = asyncio.create_task(self.core.deliverer.run(self.core.adapters))
        self._stack.callback(delivering.cancel)

    async def stop(self) -> None:
        """Stop it in an orderly way."""
        await self._stack.aclose()

    async def type(self, command: str, argument: str, chat: Chat = PIT_WALL) -> None:
        """Type a command as the chat's admin."""
        reply = await self.core.dispatcher.dispatch(Request(command, argument, ADMIN, chat, rights=Granted(ADMIN)))
        assert (reply is not None and not reply.private) or command == "vote", reply


@pytest.fixture
async def afternoon(settings: Settings) -> AsyncIterator[Afternoon]:
    async with LiveTimingServer() as track:
        await track.session("Dutch Grand Prix", starts_at=dt.datetime.now(dt.UTC))
        await track.drivers(RUS=63, BOT=77)
        it = Afternoon(settings, track)
        await it.start()
        yield it
        await it.stop()


async def test_an_incident_becomes_a_poll_and_the_ruling_is_edited_into_it(afternoon: Afternoon) -> None:
    await afternoon.type("subscribe", "incidents rulings")
    await afternoon.track.listened_to()
    await afternoon.track.say(NOTED, lap=12)
    telegram = afternoon.telegram
    await telegram.until(lambda: telegram.sent)
    (poll,) = telegram.sent
    assert poll.chat == PIT_WALL.id
    assert poll.said == f"Who was to blame? Rus and Bot, turn 4, Zandvoort {YEAR}"
    await afternoon.type("vote", f"{ID} mostly-rus")
    await afternoon.track.say(INVESTIGATED, lap=13)
    await afternoon.track.say(PENALTY, lap=15)
    post = Post(PIT_WALL, "m1")
    await telegram.until(lambda: len(telegram.sent) == 2 and "10-second" in str(telegram.shown(post)))
    shown = telegram.shown(post)
    assert shown
    assert [step.label for each in shown.card.votes for step in each.steps if step.votes] == ["mostly Rus"]
    assert labels(shown)[-2:] == ["Did they get it right?", "Take my vote back"]
    assert [sent.said for sent in telegram.sent[1:]] == [f"Rus and Bot, turn 4, Zandvoort {YEAR}"]


async def test_after_a_restart_nothing_is_told_twice_and_messages_still_move(afternoon: Afternoon) -> None:
    await afternoon.type("subscribe", "incidents")
    await afternoon.track.listened_to()
    await afternoon.track.say(NOTED, lap=12)
    await afternoon.telegram.until(lambda: afternoon.telegram.sent)
    await afternoon.stop()
    await afternoon.track.say(PENALTY, lap=15)
    await afternoon.start()
    post = Post(PIT_WALL, "m1")
    await afternoon.telegram.until(lambda: "10-second" in str(afternoon.telegram.shown(post)))
    assert len(afternoon.telegram.sent) == 1


async def test_a_chat_whose_pictures_are_late_is_told_late(afternoon: Afternoon) -> None:
    await afternoon.type("subscribe", "incidents")
    await afternoon.type("settings", "delay 3")
    await afternoon.track.listened_to()
    noted_at = dt.datetime.now(dt.UTC)
    await afternoon.track.say(NOTED, lap=12, at=noted_at)
    await afternoon.telegram.until(lambda: afternoon.telegram.sent)
    assert afternoon.clock.now() >= noted_at.replace(microsecond=0) + dt.timedelta(seconds=3)
