"""A race over both real clients whose bot is killed thirty times, held against the same race with a bot that lives.

Live timing, Telegram and Discord are in this process, behind real sockets, and survive. Race control says something
while the bot lives, while it starts, and while it is dead.
"""

import asyncio
import datetime as dt
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from benchmarks.figure import Figure
from benchmarks.race_weekend import Said, begin, chats, race, subscribe
from benchmarks.racing import Errand, racing
from benchmarks.watched import Stand, WatchedDiscord, WatchedTelegram
from bot.adapters.telegram import TelegramAdapter
from bot.adapters.telegram.api.rate_limit import A_SECOND
from bot.app.settings import Settings
from bot.domain.deliveries import State
from bot.domain.places import Chat, Platform
from bot.jobs.delivery.worker import MOST_UNCOMMITTED
from storage import tables
from storage.database.open import open_database
from tests.support.live_timing_server import LiveTimingServer

KILLS = 30
CHATS = chats(8, 8)
LONGEST_LIFE = 0.8
"""Seconds from the moment at which the bot listens to race control to the kill, at most."""

SLOWEST = 0.2
"""Seconds from a message's arrival to the answer, at most."""

QUIET = 3.0
"""Seconds without any message after which nothing more is to come: longer than the bot looks away from its outbox."""

PATIENCE = 60.0
"""Seconds after which a bot that does not finish is given up."""

A_MINUTE = dt.timedelta(minutes=1)

Facts = Counter[tuple[Any, ...]]


class World(NamedTuple):
    """Race control, both platforms, and the bot's files."""

    track: LiveTimingServer
    stand: Stand
    telegram: WatchedTelegram
    discord: WatchedDiscord
    settings: Settings

    @property
    def screens(self) -> Facts:
        """What each chat shows by now: a platform, a chat, and the text of a message."""
        telegram = [(Platform.TELEGRAM, str(chat), text) for (chat, _id), text in self.telegram.shown.items()]
        discord = [
            (Platform.DISCORD, chat, json.dumps(components, sort_keys=True))
            for (chat, _id), components in self.discord.shown.items()
        ]
        return Counter([*telegram, *discord])


class Outcome(NamedTuple):
    """What there is in the end: in the database, and in the chats."""

    stored: Facts
    screens: Facts
    on_their_way: int = 0
    """Messages on Telegram that had been sent at a kill and were not known to be."""

    most_on_their_way: int = 0
    busy_kills: int = 0
    """Lives in which something was told."""


def figures() -> list[Figure]:
    """What differs from the race of a bot that lives."""
    starts_at = dt.datetime.now(dt.UTC).replace(microsecond=0) - A_MINUTE
    lived, killed = asyncio.run(_lived(starts_at)), asyncio.run(_killed(starts_at, Random(1994)))
    lacking, beyond = lived.screens - killed.screens, killed.screens - lived.screens
    stale = sum(number for (platform, *_), number in beyond.items() if platform is Platform.TELEGRAM)
    return [
        Figure.compared(f"kills amid a race told to {len(CHATS)} chats", KILLS, "kills"),
        Figure.at_least("  … after something was told", killed.busy_kills, "kills", KILLS / 3),
        Figure.compared("cases, polls, rulings and deliveries", lived.stored.total(), ""),
        Figure.at_most("  … that are others after the kills", _differing(lived.stored, killed.stored), "", 0),
        Figure.compared("messages", lived.screens.total(), ""),
        Figure.at_most("  … missing, or shown otherwise, after the kills", lacking.total(), "", 0),
        Figure.at_most("  … twice on Discord", beyond.total() - stale, "", 0),
        Figure.at_most("  … twice on Telegram, of those on their way at the kills", stale, "", killed.on_their_way),
        Figure.at_most("  … on their way at a kill, at most", killed.most_on_their_way, "", MOST_UNCOMMITTED),
    ]


def _differing(lived: Facts, killed: Facts) -> int:
    return (lived - killed).total() + (killed - lived).total()


async def _lived(starts_at: dt.datetime) -> Outcome:
    async with _world(starts_at) as world:
        with racing(_errand(world)):
            await world.track.listened_to()
            for said in race(starts_at):
                await _say(world, said)
                await asyncio.sleep(LONGEST_LIFE)
            await _finished(world)
        return Outcome(await _stored(world.settings), world.screens)


async def _killed(starts_at: dt.datetime, random: Random) -> Outcome:
    """The same race, its messages spread over short lives and the pauses between them."""
    async with _world(starts_at) as world:
        script = race(starts_at)
        lives = sorted(random.sample(range(KILLS - 2), len(script)))
        before, on_their_way, busy = 0, [0], 0
        for life in range(KILLS):
            said = script.pop(0) if life in lives else None
            is_early, since = random.random() < 1 / 3, len(world.stand.seen)
            if said and is_early:
                await _say(world, said)
            with racing(_errand(world)):
                await world.track.listened_to(len(world.track.subscriptions) + 1)
                if said and not is_early:
                    await _say(world, said)
                await asyncio.sleep(random.uniform(0, LONGEST_LIFE))
            busy += any(not arrival.is_edit for arrival in world.stand.seen[since:])
            unknown = await _unknown(world)
            on_their_way.append(max(0, unknown - before))
            before = unknown
        with racing(_errand(world)):
            await _finished(world)
        return Outcome(await _stored(world.settings), world.screens, sum(on_their_way), max(on_their_way), busy)


async def _say(world: World, said: Said) -> None:
    await world.track.say(said.text, lap=said.lap, at=said.at, category=said.category, **said.more)


@asynccontextmanager
async def _world(starts_at: dt.datetime) -> AsyncIterator[World]:
    stand = Stand()
    with TemporaryDirectory() as folder:
        async with (
            WatchedTelegram(stand, SLOWEST) as telegram,
            WatchedDiscord(stand, SLOWEST) as discord,
            LiveTimingServer() as track,
        ):
            settings = Settings(
                data_dir=Path(folder), jolpica_url=None, race_control="live-timing", live_timing_url=track.url
            )
            await subscribe(settings.database, CHATS, "incidents", "rulings")
            await begin(track, "Race", 9001, starts_at)
            yield World(track, stand, telegram, discord, settings)


def _errand(world: World) -> Errand:
    return Errand(
        world.settings,
        world.telegram.url,
        world.discord.way,
        world.discord.token,
        A_SECOND,
        TelegramAdapter.deliveries_a_second,
    )


async def _finished(world: World) -> None:
    """Wait until every ruling is told and edited in, everywhere, and what was sent before a kill is sent again."""
    expected = sum(said.is_ruling for said in race(dt.datetime.now(dt.UTC)))

    def is_over(chat: Chat) -> bool:
        texts = [text for platform, where, text in world.screens if (platform, where) == (chat.platform, chat.id)]
        ruled = [text for text in texts if "Who was to blame?" in text and "The stewards" in text]
        rulings = [text for text in texts if "Who was to blame?" not in text]
        return len(ruled) >= expected and len(rulings) >= expected

    with suppress(TimeoutError):  # what is missing then is counted
        async with asyncio.timeout(PATIENCE):
            await world.stand.until(lambda: all(map(is_over, CHATS)))
    await world.stand.quiet(QUIET)


async def _unknown(world: World) -> int:
    """Messages that are on Telegram and not known to be."""
    await asyncio.sleep(SLOWEST)  # what a killed process sent last may have to be read yet
    database = open_database(world.settings.database)
    sent = select(func.count()).where(
        tables.delivery.c.platform == Platform.TELEGRAM, tables.delivery.c.state == State.SENT
    )
    known = await database.read(lambda connection: connection.scalar(sent))
    await database.close()
    return len(world.telegram.shown) - (known or 0)


async def _stored(settings: Settings) -> Facts:
    """All that is to be the same.

    An incident is known by the message that opened it, as its id is made of what was known when it was first recorded.
    """
    database = open_database(settings.database)
    stored = await database.read(lambda connection: Counter(_facts(connection)))
    await database.close()
    return stored


def _facts(connection: Connection) -> Iterator[tuple[Any, ...]]:
    noted, ruling, poll = tables.noted_incident, tables.ruling, tables.poll
    opened = dict(connection.execute(select(noted.c.id, noted.c.opened)).tuples().all())
    yield from (("case", *row) for row in connection.execute(select(noted.c.opened, noted.c.document)))
    columns = (ruling.c.incident, ruling.c.made_at, ruling.c.decision, ruling.c.withdrawn, ruling.c.message)
    yield from (("ruling", opened[row[0]], *row[1:]) for row in connection.execute(select(*columns)))
    polls = connection.execute(select(poll.c.incident, poll.c.question)).tuples()
    yield from (("poll", opened[incident], question) for incident, question in polls if incident in opened)
    told = select(
        tables.announcement.c.kind, tables.announcement.c.subject, tables.chat.c.external, tables.delivery.c.state
    )
    for kind, subject, chat, state in connection.execute(
        told.select_from(tables.delivery).join(tables.announcement).join(tables.chat)
    ):
        yield "delivery", kind, opened.get(json.loads(subject).get("incident")), chat, state
