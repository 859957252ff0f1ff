"""Every kind of news, with a process that dies as any of its transactions is about to be committed.

To die right after a commit is to die before the next one; so all moments between two commits are among these.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select
from structlog.testing import capture_logs

from bot.domain.announcements import Kind
from bot.domain.cases import Case
from bot.domain.deliveries import State
from bot.domain.season import Classification, Race, Standings
from bot.domain.sessions import Session, SessionKind
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.tables import announcement, chat, delivery
from storage.taken_deliveries import LEASE
from tests.support.cases import VER, noted, penalised
from tests.support.incidents import catalogue
from tests.support.power_cut import Moment, PowerCut, PowerCutError, PowerCuts, Stored, all_rows, put_back
from tests.support.press_room import (
    DAY,
    FLAG,
    GRANDSTAND,
    HOUR,
    MINUTE,
    PIT_WALL,
    START,
    PressRoom,
    at_work,
)
from tests.support.season import (
    BAHRAIN,
    BRAZIL,
    CALENDAR,
    DRIVERS,
    IMOLA,
    MONZA,
    QUALIFYING,
    RESULT,
    SILVERSTONE,
    SPRINT,
    TEAMS,
    weekend,
)

TOPICS = ("recaps", "sprints", "qualifying", "calendar", "day-before", "hour-before", "anniversaries")
EVERYBODY = (PIT_WALL, GRANDSTAND)
SPRINT_FLAG = dt.datetime(2021, 7, 17, 13, tzinfo=dt.UTC)
WEEK_BEFORE = START - 7 * DAY
REST = (BAHRAIN, SILVERSTONE, MONZA, BRAZIL)
FIRST, SECOND, *OTHERS = RESULT.finishes
CORRECTED = replace(
    RESULT, finishes=(replace(SECOND, position=1, place="1"), replace(FIRST, position=2, place="2"), *OTHERS)
)
CRASHES = [replace(each, date=dt.date(2020, 4, 18)) for each in catalogue().told if "imola" in each.id]
"""What happened on the race's date a year before it."""

POLE, *BEHIND = QUALIFYING.finishes
NEW_POLE = replace(QUALIFYING, finishes=(replace(POLE, place="D", status="Disqualified"), *BEHIND))

Step = tuple[dt.datetime, Callable[[PressRoom], Awaitable[None]]]
"""What happens, and when; where the process dies meanwhile, it happens again after its restart."""


def later(race: Race, by: dt.timedelta) -> Race:
    """A race that starts later."""
    assert race.race.starts_at
    start = race.race.starts_at + by
    return replace(race, sessions=(*race.sessions[:-1], Session(SessionKind.RACE, start.date(), start)))


def read(moment: dt.datetime, *races: Race) -> Step:
    """A calendar is fetched and stored."""

    async def step(room: PressRoom) -> None:
        await room.seasons.store_schedule(2021, races, moment)

    return moment, step


def know(moment: dt.datetime, known: Classification | Standings) -> Step:
    """A result or a championship is fetched and stored."""

    async def step(room: PressRoom) -> None:
        if isinstance(known, Standings):
            await room.seasons.store_standings(known, moment)
        else:
            await room.seasons.store_classification(known, moment)

    return moment, step


def note(moment: dt.datetime, case: Case) -> Step:
    """Race control's messages say so much of a case."""

    async def step(room: PressRoom) -> None:
        await room.note(case)

    return moment, step


def tell(moment: dt.datetime) -> Step:
    """The newsroom looks, and what is due is delivered."""

    async def step(room: PressRoom) -> None:
        await room.round()
        await room.deliver()

    return moment, step


IMOLAS_RESULT = (read(WEEK_BEFORE, *CALENDAR), know(FLAG, RESULT), know(FLAG, DRIVERS), know(FLAG, TEAMS), tell(FLAG))
NEXT_WEEK = replace(IMOLA, sessions=weekend("2021-04-25T13:00+00:00"))
SLIP = later(IMOLA, 7 * DAY)
MOVED, MOVED_BACK = later(IMOLA, HOUR), IMOLA
ADDED = replace(later(MONZA, 7 * DAY), name="Tuscan Grand Prix", circuit_id="mugello")
CALLED_OFF = (
    read(WEEK_BEFORE, *CALENDAR),
    read(WEEK_BEFORE + HOUR, *REST),
    tell(WEEK_BEFORE + HOUR),
    read(WEEK_BEFORE + 7 * HOUR, *REST),
    tell(WEEK_BEFORE + 7 * HOUR),
)
NEWS: dict[str, tuple[tuple[Step, ...], tuple[str, ...]]] = {
    "recap": (IMOLAS_RESULT, ("recap",)),
    "sprint": (
        (read(WEEK_BEFORE, *CALENDAR), know(SPRINT_FLAG, SPRINT), tell(SPRINT_FLAG)),
        ("recap",),
    ),
    "qualifying and what changes in it": (
        (
            *(read(WEEK_BEFORE, *CALENDAR), know(START - 23 * HOUR, QUALIFYING), tell(START - 23 * HOUR)),
            *(know(START - 22 * HOUR, NEW_POLE), tell(START - 22 * HOUR), tell(START - 22 * HOUR + MINUTE)),
        ),
        ("reminder", "recap", "correction"),
    ),
    "on this day": ((tell(START + 4 * HOUR), tell(START + 5 * HOUR), tell(START + 6 * HOUR)), ("anniversary",)),
    "amendment": (
        (
            *(read(WEEK_BEFORE, *CALENDAR), know(FLAG, RESULT), tell(FLAG + HOUR)),
            *(know(FLAG + 2 * HOUR, DRIVERS), tell(FLAG + 2 * HOUR), tell(FLAG + 2 * HOUR + MINUTE)),
        ),
        ("recap", "amendment"),
    ),
    "correction": (
        (*IMOLAS_RESULT, know(FLAG + HOUR, CORRECTED), tell(FLAG + HOUR), tell(FLAG + HOUR + MINUTE)),
        ("recap", "correction"),
    ),
    "correction that is taken back": (
        (
            *IMOLAS_RESULT,
            *(know(FLAG + HOUR, CORRECTED), tell(FLAG + HOUR), tell(FLAG + HOUR + MINUTE)),
            *(know(FLAG + 2 * HOUR, RESULT), tell(FLAG + 2 * HOUR), tell(FLAG + 2 * HOUR + MINUTE)),
        ),
        ("recap", "correction", "correction"),
    ),
    "ruling after the flag": (
        (
            *(note(FLAG, noted()), *IMOLAS_RESULT),
            *(note(FLAG + HOUR, penalised(noted(), VER, 90)), tell(FLAG + HOUR), tell(FLAG + HOUR + MINUTE)),
        ),
        ("recap", "correction"),
    ),
    "ruling and correction of the result at once": (
        (
            *(note(FLAG, noted()), *IMOLAS_RESULT),
            *(note(FLAG + HOUR, penalised(noted(), VER, 90)), know(FLAG + HOUR, CORRECTED)),
            *(tell(FLAG + HOUR), tell(FLAG + HOUR + MINUTE)),
        ),
        ("recap", "correction", "correction"),
    ),
    "moved": (
        (read(WEEK_BEFORE, *CALENDAR), read(WEEK_BEFORE + HOUR, BAHRAIN, MOVED, *REST[1:]), tell(WEEK_BEFORE + HOUR)),
        ("moved",),
    ),
    "a whole weekend moved": (
        (
            *(read(WEEK_BEFORE, *CALENDAR), read(WEEK_BEFORE + HOUR, BAHRAIN, NEXT_WEEK, *REST[1:])),
            tell(WEEK_BEFORE + HOUR),
        ),
        ("moved",),
    ),
    "moved there and back and there": (
        (
            read(WEEK_BEFORE, *CALENDAR),
            *(read(WEEK_BEFORE + HOUR, BAHRAIN, MOVED, *REST[1:]), tell(WEEK_BEFORE + HOUR)),
            *(read(WEEK_BEFORE + 8 * HOUR, *CALENDAR), tell(WEEK_BEFORE + 8 * HOUR)),
            *(read(WEEK_BEFORE + 15 * HOUR, BAHRAIN, MOVED, *REST[1:]), tell(WEEK_BEFORE + 15 * HOUR)),
        ),
        ("moved", "moved", "moved"),
    ),
    "a start that goes back for a moment": (
        (
            read(WEEK_BEFORE, *CALENDAR),
            *(read(WEEK_BEFORE + HOUR, BAHRAIN, MOVED, *REST[1:]), tell(WEEK_BEFORE + HOUR)),
            *(read(WEEK_BEFORE + 2 * HOUR, *CALENDAR), tell(WEEK_BEFORE + 2 * HOUR)),
            *(read(WEEK_BEFORE + 3 * HOUR, BAHRAIN, MOVED, *REST[1:]), tell(WEEK_BEFORE + 3 * HOUR)),
        ),
        ("moved",),
    ),
    "a slip that stays": (
        (
            *(read(WEEK_BEFORE, *CALENDAR), read(WEEK_BEFORE + HOUR, BAHRAIN, SLIP, *REST[1:])),
            *(tell(WEEK_BEFORE + HOUR), read(WEEK_BEFORE + 2 * HOUR, BAHRAIN, SLIP, *REST[1:])),
            tell(WEEK_BEFORE + 2 * HOUR),
        ),
        ("moved",),
    ),
    "added": (
        (read(WEEK_BEFORE, *CALENDAR), read(WEEK_BEFORE + HOUR, *CALENDAR, ADDED), tell(WEEK_BEFORE + HOUR)),
        ("added",),
    ),
    "renamed": (
        (
            read(WEEK_BEFORE, *CALENDAR),
            *(read(WEEK_BEFORE + HOUR, *REST, replace(IMOLA, name="Other Grand Prix")), tell(WEEK_BEFORE + HOUR)),
            *(read(WEEK_BEFORE + 9 * HOUR, *REST, replace(IMOLA, name="Other Grand Prix")),),
            tell(WEEK_BEFORE + 9 * HOUR),
        ),
        (),
    ),
    "cancelled": (CALLED_OFF, ("cancelled",)),
    "back": (
        (*CALLED_OFF, read(WEEK_BEFORE + 8 * HOUR, *CALENDAR), tell(WEEK_BEFORE + 8 * HOUR)),
        ("cancelled", "back"),
    ),
    "reminders": (
        (
            *(read(WEEK_BEFORE, *CALENDAR), tell(START - 2 * DAY), tell(START - DAY)),
            *(tell(START - DAY + 3 * MINUTE), tell(START - HOUR)),  # what a dead process had in hand is told by then
        ),
        ("reminder", "reminder"),
    ),
    "late reminder": ((read(WEEK_BEFORE, *CALENDAR), tell(START - 20 * MINUTE)), ("reminder",)),
    "new start after a reminder": (
        (
            *(read(WEEK_BEFORE, *CALENDAR), tell(START - DAY)),
            *(read(START - 20 * HOUR, BAHRAIN, MOVED, *REST[1:]), tell(START - 20 * HOUR)),
            *(tell(START - 20 * HOUR + MINUTE),),
        ),
        ("reminder", "moved"),
    ),
    "called off after a reminder": (
        (
            *(read(WEEK_BEFORE, *CALENDAR), tell(START - DAY)),
            *(read(START - 20 * HOUR, *REST), read(START - 13 * HOUR, *REST), tell(START - 13 * HOUR)),
            *(tell(START - 13 * HOUR + MINUTE),),
        ),
        ("reminder", "cancelled"),
    ),
}


async def lives_on(database: Database, steps: Sequence[Step]) -> list[Moment]:
    """Let all this happen, with one process to the end; what was stored before each of its commits, and after all."""
    async with at_work(database) as room:
        for each in EVERYBODY:
            await room.subscribe(each, *TOPICS)
    cuts = PowerCuts(await database.read(all_rows))
    async with at_work(cuts.watch(database), CRASHES) as room:
        for room.now, step in steps:
            await step(room)
            cuts.steps += 1
    return [*cuts.moments, cuts.end()]


async def starts_again(database: Database, moment: Moment, steps: Sequence[Step]) -> None:
    """Let another process take over from one that died in that moment, and do what was left to be done."""
    await database.write(lambda connection: put_back(connection, moment.stored))
    async with at_work(database, CRASHES) as room:
        room.now = steps[max(0, moment.steps - 1)][0]
        for room.now, step in steps[moment.steps :]:
            await step(room)
        room.now += dt.timedelta(seconds=LEASE)  # what the first process had in hand
        await room.deliver()


async def told(database: Database) -> dict[str, Counter[str]]:
    """What each chat was sent, and how often."""

    def read_deliveries(connection: Connection) -> list[tuple[str, str, str]]:
        sent = select(chat.c.external, announcement.c.kind, announcement.c.subject).select_from(
            delivery.join(chat, chat.c.id == delivery.c.chat_id).join(
                announcement, announcement.c.id == delivery.c.announcement_id
            )
        )
        return [(*row,) for row in connection.execute(sent.where(delivery.c.state == State.SENT))]

    rows = await database.read(read_deliveries)
    sent: dict[str, Counter[str]] = {each.id: Counter() for each in EVERYBODY}
    for external, kind, subject in rows:
        change = next((word for word in ("added", "back", "cancelled", "moved") if f'"{word}"' in subject), kind)
        sent[external][change] += 1
    return sent


@pytest.mark.exhaustive
@pytest.mark.parametrize("news", NEWS)
async def test_everybody_is_told_once_whenever_the_process_dies(database: Database, news: str) -> None:
    steps, expected = NEWS[news]
    moments = await lives_on(database, steps)
    for at_commit, moment in enumerate(moments, 1):
        await starts_again(database, moment, steps)
        assert await told(database) == {each.id: Counter(expected) for each in EVERYBODY}, f"at commit {at_commit}"
    assert len(moments) > len(steps), "it was tried at every commit, and at last with none"


async def test_a_power_cut_leaves_what_is_noted_of_a_process_that_lives_on(database: Database) -> None:
    steps, _expected = NEWS["correction"]
    moments = await lives_on(database, steps)
    for at_commit in (1, 2, len(moments) // 2, len(moments) - 1):
        await database.write(lambda connection: put_back(connection, moments[0].stored))
        async with at_work(PowerCut(at_commit).threaten(database), CRASHES) as room:
            with capture_logs(), suppress(PowerCutError):  # every step that the power cut hits leaves a long trace
                for room.now, step in steps:
                    await step(room)
        left, noted_then = await database.read(all_rows), moments[at_commit - 1].stored
        assert _sizes(left) == _sizes(noted_then), f"at commit {at_commit}"


def _sizes(stored: Stored) -> dict[str, int]:
    return {table.name: len(rows) for table, rows in stored.items()}


async def test_two_newsrooms_that_look_at_the_same_moment_announce_everything_once(database: Database) -> None:
    chats = await Chats.open(database, HandledUpdates(database))
    rooms = [PressRoom(database, chats, SettingsStore(database, chats, HandledUpdates(database))) for _ in range(4)]
    first, *_others = rooms
    await first.subscribe(PIT_WALL, "day-before", "hour-before")
    await first.seasons.store_schedule(2021, CALENDAR, WEEK_BEFORE)
    moments: list[tuple[dt.datetime, tuple[Race, ...], tuple[Classification | Standings, ...]]] = [
        (WEEK_BEFORE + HOUR, (BAHRAIN, MOVED, *REST[1:], ADDED), ()),
        (WEEK_BEFORE + 8 * HOUR, (BAHRAIN, MOVED_BACK, *REST[1:], ADDED), ()),
        (START - DAY, (), ()),
        (FLAG, (), (RESULT, DRIVERS, TEAMS)),
        (FLAG + HOUR, (), (CORRECTED,)),
    ]
    for moment, races, known in moments:
        for room in rooms:
            room.now = moment
        await first.seasons.store_schedule(2021, races, moment)
        for each in known:
            await know(moment, each)[1](first)
        await asyncio.gather(*(room.round() for room in rooms))
    said = Counter(each.subject.get("change", each.kind) for each in await first.announced())
    assert said == {"moved": 2, "added": 1, "reminder": 2, "recap": 1, "correction": 1}


async def test_two_newsrooms_that_look_at_the_same_moment_remind_and_tell_a_new_start_once(database: Database) -> None:
    chats = await Chats.open(database, HandledUpdates(database))
    rooms = [PressRoom(database, chats, SettingsStore(database, chats, HandledUpdates(database))) for _ in range(4)]
    first, *_others = rooms
    await first.subscribe(PIT_WALL, "hour-before")
    for moment, race in ((START - 2 * HOUR, IMOLA), (START - HOUR, IMOLA), (START - 50 * MINUTE, MOVED)):
        for room in rooms:
            room.now = moment
        await first.seasons.store_schedule(2021, (BAHRAIN, race, *REST[1:]), moment)
        for _again in range(2):
            await asyncio.gather(*(room.round() for room in rooms))
    said = Counter((each.kind, each.topic) for each in await first.announced())
    assert said[Kind.REMINDER, "hour-before"] == said[Kind.NEW_START, "hour-before"] == 1


async def test_two_newsrooms_that_look_at_the_same_moment_correct_a_ruling_once(database: Database) -> None:
    chats = await Chats.open(database, HandledUpdates(database))
    rooms = [PressRoom(database, chats, SettingsStore(database, chats, HandledUpdates(database))) for _ in range(4)]
    first, *_others = rooms
    await first.seasons.store_schedule(2021, CALENDAR, WEEK_BEFORE)
    for each in (RESULT, DRIVERS, TEAMS):
        await know(FLAG, each)[1](first)
    for index, case in enumerate((noted(), penalised(noted(), VER, 90))):
        for room in rooms:
            room.now = FLAG + index * HOUR
            await room.note(case)
        for _again in range(2):
            await asyncio.gather(*(room.round() for room in rooms))
    said = Counter(each.kind for each in await first.announced())
    assert (said[Kind.RECAP], said[Kind.CORRECTION]) == (1, 1)
