"""Replaying a recorded session through everything, on a database of its own: in the terminal, or in one chat."""

import asyncio
import datetime as dt
import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.app.compose import open_core
from bot.app.ending import stop_signal
from bot.app.platforms import adapters
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.app.supervisor import supervise
from bot.app.surroundings import surroundings
from bot.chat.throttle import NO_LIMIT, Throttle
from bot.domain.cases import NoticeKind
from bot.domain.places import Chat, Platform
from bot.domain.topics import INCIDENTS, RULINGS
from bot.feeds.race_control.archive import SessionRecord
from bot.feeds.race_control.parser import read_notice
from bot.feeds.race_control.replay import Replay
from bot.feeds.race_control.source import MessagesSeen, Update
from bot.jobs.race_control.tracker import FOLLOWED, Tracker
from bot.pacing.clock import Clock, SystemClock
from bot.search.catalogue import Incidents

A_SESSION = dt.timedelta(hours=12)
"""How long after it was noted an incident is told: a replayed session was held just now, and has lasted for hours."""

TOPICS = (INCIDENTS.key, RULINGS.key)
"""What the chat is told of."""

LOOKED_AT_EVERY = 1.0
"""Seconds between two looks at whether all is told."""

STILL = 6
"""How many looks in a row find nothing on its way until all is: a tally moves every three seconds."""

BEGINS = "{event}, {session}, {speed:g} times as fast. Race control and the stewards speak in capitals."
OVER = "That was all; the polls are answered until {keys}."

Job = Coroutine[Any, Any, None]


class CannotReplayError(Exception):
    """A session cannot be replayed like that; the text says why."""


@dataclass(frozen=True, slots=True)
class Staging:
    """What is replayed, how many times as fast as it was, and to which chat; to the terminal where it is None.

    `stays` tells whether somebody watches who decides when it ends; otherwise it ends once all is told.
    """

    record: SessionRecord
    speed: float
    stays: bool
    chat: Chat | None = None


async def replay(settings: Settings, staging: Staging, say: Callable[[str], None]) -> None:
    """Replay a session; where it goes to a chat, `say` is told what the stewards say. Raises CannotReplayError.

    The bot's own database is neither read nor written.
    """
    _check(settings, staging)
    with TemporaryDirectory(prefix="racing-incident-") as folder:
        nowhere: dict[str, Any] = {
            "data_dir": Path(folder),
            "database_url": None,
            "voter_secret": None,
            "jolpica_url": None,
            "race_control": "off",
        }
        apart, stop, clock = replace(settings, **nowhere), stop_signal(), SystemClock()
        limits = Throttle(person=NO_LIMIT) if staging.chat is None else None
        async with open_core(apart, Incidents.load(clock), clock=clock, live_for=A_SESSION, limits=limits) as core:
            performance = _Performance(core, staging, clock, stop)
            if staging.chat is None:
                await performance.in_the_terminal(settings)
            else:
                await performance.in_a_chat(staging.chat, apart, say)


def _check(settings: Settings, staging: Staging) -> None:
    """Raises CannotReplayError for a session whose incidents nobody takes up, and for a chat that cannot be reached."""
    name, chat = staging.record.session.name, staging.chat
    if name not in FOLLOWED:
        raise CannotReplayError(f"That is a session called {name}; incidents are taken up in a race or a sprint.")
    tokens = {Platform.TELEGRAM: settings.telegram_bot_token, Platform.DISCORD: settings.discord_token}
    if chat is not None and tokens[chat.platform] is None:
        raise CannotReplayError(f"No token for {chat.platform.capitalize()} is set.")


class _Performance:
    """A session on its way through a bot."""

    def __init__(self, core: Core, staging: Staging, clock: Clock, stop: asyncio.Event) -> None:
        self._core = core
        self._staging = staging
        self._clock = clock
        self._stop = stop
        self._tracker = Tracker(core.recorder, clock)
        self._source = Replay(staging.record, clock, staging.speed)

    async def in_the_terminal(self, settings: Settings) -> None:
        """Show all of it in the terminal chat, in which one can vote meanwhile; files go where the bot has its own."""
        from bot.adapters.console import CHAT, ConsoleAdapter  # noqa: PLC0415 - only where it is used

        there = surroundings(os.environ)
        self._core.stored.chat_settings.assume(CHAT, there)
        # what is pushed comes in what a chat has chosen, and this database is the session's alone
        await self._core.stored.chat_settings.change(CHAT, zone=there.zone, language=there.language)
        files, graphics = settings.data_dir / "files", settings.terminal_graphics
        console = ConsoleAdapter(self._core.dispatcher, self._core.posted, files=files, graphics=graphics)
        self._core.join(console)
        await self._core.stored.subscriptions.begin(CHAT, TOPICS)
        self._say_what_begins(console.say)

        async def converse() -> None:
            await console.run()
            if not self._staging.stays:  # a script ends before the session does
                await self._all_told()

        stay = [self._stay(console.say, "Ctrl-D")] if self._staging.stays else []
        await self._perform(console.say, converse(), *stay)

    async def in_a_chat(self, chat: Chat, settings: Settings, say: Callable[[str], None]) -> None:
        """Push all of it to a chat, and answer there."""
        adapter = next(each for each in adapters(settings, self._core) if each.platform is chat.platform)
        self._core.join(adapter)
        await self._core.stored.subscriptions.begin(chat, TOPICS)
        self._say_what_begins(say)
        ends = self._stay(say, "Ctrl-C") if self._staging.stays else self._all_told()
        await self._perform(say, ends, supervise(adapter, self._clock))

    def _say_what_begins(self, say: Callable[[str], None]) -> None:
        session = self._staging.record.session
        say(BEGINS.format(event=session.event, session=session.name.lower(), speed=self._staging.speed))

    async def _perform(self, say: Callable[[str], None], until: Job, *beside: Job) -> None:
        """Replay the session and deliver what comes of it, until that has ended, or whoever runs it stops it."""

        async def hear(update: Update) -> None:
            for line in _stewards_words(update):
                say(line)
            await self._tracker.hear(update)

        delivering = self._core.deliverer.run(self._core.adapters)
        jobs = [until, self._tracker.run(), self._source.run(hear), delivering, *beside]
        tasks = [asyncio.create_task(job) for job in jobs]
        tasks.append(asyncio.create_task(_wait(self._stop)))
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _stay(self, say: Callable[[str], None], keys: str) -> None:
        """Say once all is told, and by which keys one leaves; then stay until stopped."""
        await self._all_told()
        say(OVER.format(keys=keys))
        await self._stop.wait()

    async def _all_told(self) -> None:
        """Wait until the session is over and nothing is on its way any more."""
        await self._source.over.wait()
        still = 0
        while still < STILL:
            await self._clock.sleep(LOOKED_AT_EVERY)
            still = 0 if (await self._core.stored.outbox.counted()).pending else still + 1


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


def _stewards_words(update: Update) -> list[str]:
    """What race control and the stewards say of incidents, line by line."""
    if not isinstance(update, MessagesSeen):
        return []
    notices = [notice for message in update.messages if (notice := read_notice(message))]
    return [f"{notice.at:%H:%M:%S}  {notice.text}" for notice in notices if notice.kind is not NoticeKind.UNKNOWN]
