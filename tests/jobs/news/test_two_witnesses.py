"""Two witnesses of one race, from their servers to the message: what the second one adds is edited into the recap.

The archive tells first; then f1db's release arrives with a penalty, comes again corrected, and at last the archive
corrects the order. All of it is told once, however often anything is fetched, by however many at once, and whenever the
process dies.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.chat.instants import as_written
from bot.domain.announcements import Kind
from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import State
from bot.feeds.f1db.client import F1db
from bot.feeds.jolpica.client import Jolpica
from bot.jobs.news.bulletins import Bulletins
from bot.jobs.news.live_bulletins import LiveBulletins
from bot.jobs.season.intake import SeasonIntake
from bot.jobs.season.second_witness import SecondWitness
from bot.jobs.season.watch import SeasonWatch
from bot.pictures.painter import Painter
from bot.search.circuit_finder import CircuitFinder
from storage.championships import Championships
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.f1db import F1dbSeasons
from storage.handled_updates import HandledUpdates
from storage.incidents.reading import read_circuits, read_f1db_ids
from storage.polls import Polls
from storage.race_stories import RaceStories
from storage.tables import announcement, delivery
from storage.taken_deliveries import LEASE
from tests.support.clock import FakeClock
from tests.support.f1db_release import invented_release
from tests.support.f1db_server import F1dbServer
from tests.support.invented_season import SEASON, InventedSeason
from tests.support.jolpica_samples import race
from tests.support.jolpica_server import JolpicaServer
from tests.support.power_cut import Moment, PowerCuts, all_rows, put_back
from tests.support.press_room import PIT_WALL, PressRoom, at_work

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
MONZA = race(SEASON, 1, "Italian Grand Prix", "monza", "2021-05-02", time="13:00:00Z")
FLAG = dt.datetime(2021, 5, 2, 15, tzinfo=dt.UTC)
KEY = "2021-italian-grand-prix"

ORDER = ("max_verstappen", "hamilton", "norris", "perez", "bottas", "russell")
CORRECTED = ("hamilton", "max_verstappen", *ORDER[2:])
DRIVERS = {
    "max_verstappen": ("max-verstappen", "Max", "Verstappen", "red-bull"),
    "hamilton": ("lewis-hamilton", "Lewis", "Hamilton", "mercedes"),
    "norris": ("lando-norris", "Lando", "Norris", "mclaren"),
    "perez": ("sergio-perez", "Sergio", "Pérez", "red-bull"),
    "bottas": ("valtteri-bottas", "Valtteri", "Bottas", "mercedes"),
    "russell": ("george-russell", "George", "Russell", "williams"),
}


def release(penalty: int) -> bytes:
    """f1db's latest release: the same race, in which Norris was given so many seconds and came in twice."""
    made = invented_release([SEASON], races=1, cars=6)
    (weekend,) = made.files["f1db-races.json"]
    weekend |= {"date": "2021-05-02", "time": "13:00", "grandPrixId": "italy", "circuitId": "monza"}
    weekend |= {f"{session}{cell}": None for session in ("qualifying", "sprintRace") for cell in ("Date", "Time")}
    for name, rows in made.files.items():
        if name.startswith("f1db-races-") and "race-results" not in name:
            rows.clear()
    teams = {team for *_names, team in DRIVERS.values()}
    made.files["f1db-constructors.json"] += [{"id": team, "name": team} for team in teams]
    for row, driver in zip(made.rows("race-results"), ORDER, strict=True):
        driver_id, given, family, team = DRIVERS[driver]
        made.files["f1db-drivers.json"].append({"id": driver_id, "firstName": given, "lastName": family})
        given_to = driver == "norris"
        row |= {
            "driverId": driver_id,
            "constructorId": team,
            "timePenaltyMillis": 1_000 * penalty if given_to else None,
        }
    stops: list[dict[str, Any]] = [{"raceId": 1, "driverId": "max-verstappen", "stop": 1, "lap": 22}]
    made.files["f1db-races-pit-stops.json"] += stops
    return made.packed()


@dataclass
class Feeds:
    """Both servers, and who asks them."""

    season: InventedSeason
    server: F1dbServer
    archive: Jolpica
    f1db: F1db


@dataclass
class Bot:
    """All that follows both witnesses and tells of them."""

    room: PressRoom
    watch: SeasonWatch
    witness: SecondWitness

    async def ask(self) -> None:
        """Ask both for what is new."""
        await self.watch.refresh()
        await self.witness.refresh()

    async def tell(self) -> None:
        """Make news of what is stored, and deliver it, what follows a recap a minute later."""
        for later in (dt.timedelta(0), MINUTE):
            self.room.now += later
            await self.room.round()
            await self.room.deliver()

    async def recap(self) -> dict[str, str]:
        """The facts of the recap as it is edited, or sent, by the last announcement, and its footer."""
        room, circuits = self.room, CircuitFinder(read_circuits())
        polls = Polls(room.database, [])
        stories = RaceStories(room.seasons, Championships(room.database), polls, room.incidents)
        live = LiveBulletins(room.incidents, polls, room.live, room.clock)
        bulletins = Bulletins(
            *(room.announcements, room.seasons, stories, Painter(), circuits, room.incidents, polls, live, room.clock)
        )
        bulletin = await bulletins.write((await room.last()).id, ChatSettings())
        assert bulletin
        card = (bulletin.corrected or bulletin.reply).card
        facts = {as_written(fact.name): as_written(fact.value) for fact in card.fields}
        return {"title": card.title, "footer": as_written(card.footer), **facts}


@asynccontextmanager
async def running() -> AsyncIterator[Feeds]:
    """Servers that know nothing yet."""
    async with AsyncExitStack() as stack:
        archive = await stack.enter_async_context(JolpicaServer())
        server = await stack.enter_async_context(F1dbServer())
        season = InventedSeason(archive)
        yield Feeds(
            season,
            server,
            await stack.enter_async_context(Jolpica(archive.url, FakeClock())),
            await stack.enter_async_context(F1db(server.latest, read_f1db_ids(), timeout=5)),
        )


@pytest.fixture
async def feeds() -> AsyncIterator[Feeds]:
    async with running() as feeds:
        yield feeds


@asynccontextmanager
async def at_the_desk(feeds: Feeds, database: Database) -> AsyncIterator[Bot]:
    """A bot on a database, in which nothing is known but what is there."""
    async with at_work(database) as room:
        yield bot_in(room, feeds)


def bot_in(room: PressRoom, feeds: Feeds) -> Bot:
    finder, championships = CircuitFinder(read_circuits()), Championships(room.database)
    intake = SeasonIntake(feeds.archive, finder, room.seasons, championships, room.events, room.clock)
    watch = SeasonWatch(intake, room.seasons, championships, room.clock, jitter=lambda: 0.0)
    f1db = F1dbSeasons(room.database, room.seasons)
    return Bot(room, watch, SecondWitness(feeds.f1db, finder, room.seasons, f1db, room.events, room.clock, alone=False))


def what_happens(feeds: Feeds) -> Sequence[tuple[dt.datetime, Callable[[], None]]]:
    """What the witnesses come to say, and when."""
    server, season = feeds.server, feeds.season

    def published(penalty: int) -> Callable[[], None]:
        return lambda: setattr(server, "body", release(penalty))

    def before() -> None:
        season.calendar(MONZA)
        server.body = invented_release([SEASON - 1], races=1).packed()

    return (
        (FLAG - 48 * HOUR, before),
        (FLAG + 40 * MINUTE, lambda: season.ended(MONZA, *ORDER)),
        (FLAG + 4 * HOUR, published(5)),
        (FLAG + 8 * HOUR, published(10)),
        (FLAG + 12 * HOUR, lambda: season.ended(MONZA, *CORRECTED)),
    )


FROM_F1DB_ON = 3
"""The last steps, from the one on in which f1db tells of the race."""

TOLD = Counter({Kind.RECAP: 1, Kind.AMENDMENT: 2, Kind.CORRECTION: 1})


async def told(database: Database) -> Counter[Kind]:
    """What the pit wall was sent, by its kind."""
    sent = select(announcement.c.kind).join(delivery, announcement.c.id == delivery.c.announcement_id)
    kinds = await database.read(lambda connection: connection.scalars(sent.where(delivery.c.state == State.SENT)).all())
    return Counter(map(Kind, kinds))


async def test_what_the_second_witness_adds_is_edited_into_the_recap(database: Database, feeds: Feeds) -> None:
    async with at_the_desk(feeds, database) as bot:
        await bot.room.subscribe(PIT_WALL, "recaps")
        recaps: list[dict[str, str]] = []
        for now, says in what_happens(feeds):
            says()
            bot.room.now = now
            for _again in range(2):
                await bot.ask()
                await bot.tell()
            if now > FLAG:
                recaps.append(await bot.recap())
    added = "Time penalties in the result"
    assert [recap.get(added) for recap in recaps] == [
        None,
        "Norris, 5 seconds",
        "Norris, 10 seconds",
        "Norris, 10 seconds",
    ]
    assert [recap.get("The winner's pit stops") for recap in recaps] == [None, "on lap 22", "on lap 22", None]
    assert ["f1db" in recap["footer"] for recap in recaps] == [False, True, True, True]
    assert [recap["title"].partition(": ")[2].partition(" ")[0] for recap in recaps] == [
        *["Verstappen"] * 3,
        "Hamilton",
    ]
    assert await told(database) == TOLD


@pytest.mark.exhaustive
async def test_it_is_told_once_whenever_the_process_dies(database: Database) -> None:
    async with running() as feeds:
        moments = await _lives_on(feeds, database)
    for at_commit, moment in enumerate(moments, 1):
        await database.write(partial(put_back, stored=moment.stored))
        async with running() as feeds:
            recap = await _starts_again(feeds, database, moment.steps)
        assert await told(database) == TOLD, f"at commit {at_commit}"
        assert recap["Time penalties in the result"] == "Norris, 10 seconds"
        assert recap["title"].endswith("Hamilton wins from Verstappen and Norris")
    assert len(moments) > FROM_F1DB_ON


async def _lives_on(feeds: Feeds, database: Database) -> list[Moment]:
    """Let all this happen; what was stored before each commit from when f1db tells of the race on, and after all."""
    begun, by_f1db = what_happens(feeds)[:-FROM_F1DB_ON], what_happens(feeds)[-FROM_F1DB_ON:]
    async with at_the_desk(feeds, database) as bot:
        await bot.room.subscribe(PIT_WALL, "recaps")
        for step in begun:
            await _happen(bot, step)
    cuts = PowerCuts(await database.read(all_rows))
    async with at_the_desk(feeds, cuts.watch(database)) as bot:
        for step in by_f1db:
            await _happen(bot, step)
            cuts.steps += 1
    return [*cuts.moments, cuts.end()]


async def _starts_again(feeds: Feeds, database: Database, done: int) -> dict[str, str]:
    """Let another process take over, in the step after so many; the recap as it is at last."""
    by_then = len(what_happens(feeds)) - FROM_F1DB_ON + done
    for _now, says in what_happens(feeds)[:by_then]:
        says()
    async with at_the_desk(feeds, database) as bot:
        bot.room.now = what_happens(feeds)[by_then - 1][0]
        for step in what_happens(feeds)[by_then:]:
            await _happen(bot, step)
        bot.room.now += dt.timedelta(seconds=LEASE)  # what the first process had in hand
        await bot.room.deliver()
        return await bot.recap()


async def _happen(bot: Bot, step: tuple[dt.datetime, Callable[[], None]]) -> None:
    bot.room.now, says = step
    says()
    await bot.ask()
    await bot.tell()


async def test_it_is_told_once_by_however_many_who_follow_it_at_once(database: Database, feeds: Feeds) -> None:
    async with at_the_desk(feeds, database) as bot:
        await bot.room.subscribe(PIT_WALL, "recaps")
        chats = await Chats.open(database, HandledUpdates(database))
        another = PressRoom(database, chats, SettingsStore(database, chats, HandledUpdates(database)))
        bots = [bot, bot_in(another, feeds)]
        for now, says in what_happens(feeds):
            says()
            for each in bots:
                each.room.now = now
            await asyncio.gather(*(each.ask() for each in bots))
            for later in (dt.timedelta(0), MINUTE):
                for each in bots:
                    each.room.now += later
                await asyncio.gather(*(each.room.round() for each in bots))
                await bot.room.deliver()
        assert (await bot.recap())["Time penalties in the result"] == "Norris, 10 seconds"
    assert await told(database) == TOLD
