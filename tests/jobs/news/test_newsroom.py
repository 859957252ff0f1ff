import asyncio
import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import Connection
from structlog.testing import capture_logs

from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.season import Classification, Race
from bot.events import CalendarChanged
from bot.jobs.delivery.rendered import FRESH
from bot.jobs.news import newsroom
from bot.jobs.news.newsroom import CORRECTION_WAIT, ROUND
from storage import announcements
from storage.audiences import ON_ITS_WAY
from storage.database.base import Result, Transaction
from storage.database.sqlite import SQLite
from tests.support.post_office import group
from tests.support.press_room import DAY, FLAG, GRANDSTAND, HOUR, MINUTE, PIT_WALL, START, PressRoom
from tests.support.season import CALENDAR, DRIVERS, IMOLA, RESULT, SILVERSTONE, SPRINT, TEAMS

SPRINT_FLAG = dt.datetime(2021, 7, 17, 13, tzinfo=dt.UTC)
LONDON, TOKYO = "Europe/London", "Asia/Tokyo"


def held(minutes: int | None = None, until: int | None = None, zone: str | None = None) -> ChatSettings:
    """The wishes of a chat that does not want to see a result before then."""
    return ChatSettings(zone, spoilers=Spoilers.HELD, hold_minutes=minutes, hold_until=until)


def at(day: int, hour: int, minute: int = 0, month: int = 4) -> dt.datetime:
    """A moment around Imola, in UTC."""
    return dt.datetime(2021, month, day, hour, minute, tzinfo=dt.UTC)


async def told_at(room: PressRoom, settings: ChatSettings) -> dt.datetime:
    """When a chat with such wishes is told of Imola, whose result is in three hours after the flag."""
    await room.subscribe(PIT_WALL, "recaps", settings=settings)
    room.now = FLAG + 3 * HOUR
    await room.know(RESULT, DRIVERS, TEAMS)
    await room.round()
    return (await room.due(await room.last()))[PIT_WALL.id]


async def test_a_look_that_finds_nothing_writes_nothing(room: PressRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    await told_at(room, ChatSettings())
    written, database = [], room.database
    assert isinstance(database, SQLite)

    async def write(transaction: Transaction[Result]) -> Result:
        written.append(transaction)
        return await database.migrate(transaction)

    monkeypatch.setattr(database, "write", write)
    for _look in range(3):
        await room.round()
    assert written == []
    room.now += HOUR
    await room.round()
    assert len(written) == 1, "what is old is looked for"


FEW = 5


@pytest.fixture
def _short_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a handful of chats are more than are told in one transaction."""
    for module in (announcements, newsroom):
        monkeypatch.setattr(module, "CHUNK", FEW)


@pytest.mark.usefixtures("_short_chunks")
async def test_everybody_who_asked_is_told_at_once(room: PressRoom) -> None:
    for number in range(2 * FEW + 1):
        await room.subscribe(group(number), "recaps")
    await room.subscribe(GRANDSTAND, "sprints")
    assert await told_at(room, ChatSettings()) == at(18, 18)
    due = await room.due(await room.last())
    assert {*due} == {PIT_WALL.id, *(group(number).id for number in range(2 * FEW + 1))}
    assert {*due.values()} == {at(18, 18)}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (ChatSettings(spoilers=Spoilers.VEILED), at(18, 18)),
        (held(minutes=60), at(18, 18)),
        (held(minutes=300), at(18, 20)),
        (held(until=9 * 60), at(19, 9)),
        (held(until=9 * 60, zone=LONDON), at(19, 8)),
        (held(until=9 * 60, zone=TOKYO), at(19, 0)),
        (held(until=17 * 60), at(18, 18)),
        (ChatSettings(quiet_from=17 * 60, quiet_until=8 * 60), at(19, 8)),
        (ChatSettings(LONDON, quiet_from=22 * 60, quiet_until=8 * 60), at(18, 18)),
        (replace(held(minutes=420), quiet_from=21 * 60, quiet_until=7 * 60 + 30), at(19, 7, 30)),
    ],
)
async def test_a_result_is_held_back_as_a_chat_wishes(
    room: PressRoom, settings: ChatSettings, told: dt.datetime
) -> None:
    assert await told_at(room, settings) == told


async def test_a_sprint_is_held_back_from_its_own_flag_though_results_do_not_know_it(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "sprints", settings=held(minutes=120))
    room.now = SPRINT_FLAG + MINUTE
    race_only: Race = replace(SILVERSTONE, sessions=(SILVERSTONE.race,))
    await room.know(Classification(race_only, SPRINT.kind, SPRINT.finishes))
    await room.round()
    assert await room.due(await room.last()) == {PIT_WALL.id: SPRINT_FLAG + 2 * HOUR}


async def test_a_result_of_a_race_that_no_calendar_has_is_held_back_all_the_same(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "recaps", settings=held(minutes=120))
    await room.results.announce(replace(RESULT, race=replace(IMOLA, name="Nowhere Grand Prix")))
    await room.newsroom.spread()
    assert await room.due(await room.last()) == {PIT_WALL.id: FLAG + 2 * HOUR}


async def test_a_correction_months_later_is_not_held_back(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "recaps", settings=held(minutes=600))
    await room.know(RESULT, DRIVERS, TEAMS)
    await room.round()
    room.now += DAY
    await room.deliver(PIT_WALL)
    room.now = corrected_at = FLAG + 100 * DAY
    await room.know(replace(RESULT, finishes=RESULT.finishes[1:]))
    room.now += MINUTE
    await room.round()
    assert await room.due(await room.last()) == {PIT_WALL.id: corrected_at}


async def test_a_chat_that_was_not_told_the_recap_is_not_told_its_correction(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "recaps")
    await room.know(RESULT, DRIVERS, TEAMS)
    await room.round()
    await room.deliver(PIT_WALL)
    await room.subscribe(GRANDSTAND, "recaps")
    room.now += DAY
    await room.know(replace(RESULT, finishes=RESULT.finishes[1:]))
    room.now += MINUTE
    await room.round()
    assert {*await room.due(await room.last())} == {PIT_WALL.id}


async def test_what_was_announced_is_spread_after_a_restart(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "recaps")
    await room.results.announce(RESULT)
    room.restart()
    await room.round()
    assert {*await room.due(await room.last())} == {PIT_WALL.id}
    assert await room.announcements.unfinished() == []


async def test_an_announcement_that_cannot_be_spread_holds_up_no_other(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "recaps")
    await room.announcements.announce(Announcement("odd", "recaps", Kind.RECAP, {}, room.now))
    await room.results.announce(RESULT)
    with capture_logs() as logs:
        await room.round()
        await room.round()
    assert [line["event"] for line in logs] == ["announcement.spread_failed", "announcement.spread"]
    assert {*await room.due(await room.last())} == {PIT_WALL.id}


async def test_while_seasons_cannot_be_read_what_was_announced_is_spread_and_nothing_is_missed(
    room: PressRoom,
) -> None:
    await room.subscribe(PIT_WALL, "calendar")
    await room.know(RESULT, DRIVERS, TEAMS)
    await room.announcements.announce(Announcement("moved", "calendar", Kind.CALENDAR, {}, room.now))

    def rename(connection: Connection, before: str, after: str) -> None:
        connection.exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")

    await room.database.write(lambda connection: rename(connection, "race", "lost"))
    with capture_logs() as logs:
        await room.round()
        await room.round()
    said = [line["event"] for line in logs]
    assert said == [*3 * ["news.look_failed"], "announcement.spread"], "once, however long it lasts"
    assert {*await room.due(await room.last())} == {PIT_WALL.id}
    await room.database.write(lambda connection: rename(connection, "lost", "race"))
    await room.round()
    assert await room.topics() == ["calendar", "recaps"]


async def test_a_quiet_season_is_no_news(room: PressRoom) -> None:
    room.now = START - 40 * DAY
    for _ in range(3):
        await room.read(*CALENDAR)
        await room.round()
        room.now += HOUR
    assert await room.announced() == []


async def test_it_looks_at_once_and_every_15_seconds_and_whenever_something_was_stored(room: PressRoom) -> None:
    async def looked(times: int) -> None:
        """Wait until the newsroom has noticed so many races that are new."""
        while len(await room.announced()) < times:  # noqa: ASYNC110 - the newsroom tells nobody when it has looked
            await asyncio.sleep(0)

    room.now = START - 40 * DAY
    extra = [replace(IMOLA, name=f"{name} Grand Prix", circuit_id=name) for name in "abc"]
    await room.seasons.store_schedule(2021, [*CALENDAR, extra[0]], room.now)
    working = asyncio.create_task(room.newsroom.run())
    await looked(1)
    await room.seasons.store_schedule(2021, [*CALENDAR, *extra[:2]], room.now)
    await room.clock.wake_in_time()
    await looked(2)
    await room.seasons.store_schedule(2021, [*CALENDAR, *extra], room.now)
    room.events.publish(CalendarChanged(2021))
    await looked(3)
    assert room.clock.slept == [ROUND, ROUND]
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


def test_words_that_are_used_again_are_out_before_a_correction_asks_who_was_told() -> None:
    assert FRESH.total_seconds() < ON_ITS_WAY < CORRECTION_WAIT.total_seconds()
