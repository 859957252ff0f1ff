import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.announcements import Kind
from bot.domain.calendar_changes import CALLED_OFF_AFTER
from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind
from tests.support.press_room import DAY, HOUR, MINUTE, START, PressRoom, press_room
from tests.support.season import BAHRAIN, BRAZIL, CALENDAR, IMOLA, MONZA, SILVERSTONE, another_year

LATER = "2021-04-25T13:00:00+00:00"
REST = (BAHRAIN, SILVERSTONE, MONZA, BRAZIL)


def starting(race: Race, start: str) -> Race:
    """A race that starts then, whose other sessions are not known; where only a day is said, nobody knows when."""
    moment = dt.datetime.fromisoformat(start).replace(tzinfo=dt.UTC) if "T" in start else None
    session = Session(SessionKind.RACE, dt.date.fromisoformat(start[:10]), moment)
    return replace(race, sessions=(session,))


@pytest.fixture
async def room(data_dir: Path) -> AsyncIterator[PressRoom]:
    """A press room a week before Imola."""
    async with press_room(data_dir) as room:
        room.now = START - 7 * DAY
        yield room


async def changes(room: PressRoom) -> list[tuple[str, str]]:
    """What was announced of races: what became of them, and their names."""
    announced = [each for each in await room.announced() if each.kind is Kind.CALENDAR]
    said = [(each.subject["change"], each.subject["race"]) for each in announced]
    return [(change, name.removeprefix("2021-").removesuffix("-grand-prix")) for change, name in said]


async def test_a_race_is_cancelled_once_it_was_missing_for_six_hours(room: PressRoom) -> None:
    for hours in range(6):
        await room.read(*REST)
        await room.round()
        assert await changes(room) == [], f"after {hours} hours"
        room.now += HOUR
    await room.round()
    assert await changes(room) == [], "nobody has looked since"
    for _ in range(3):
        await room.read(*REST)
        await room.round()
        room.restart()
        room.now += DAY
    assert await changes(room) == [("cancelled", "emilia-romagna")]


async def test_a_race_that_came_back_in_time_was_never_gone(room: PressRoom) -> None:
    await room.read(*REST)
    room.now += CALLED_OFF_AFTER - MINUTE
    await room.read(*CALENDAR)
    room.now += CALLED_OFF_AFTER
    await room.read(*CALENDAR)
    await room.round()
    assert await changes(room) == []


async def test_a_race_that_was_missing_and_came_back_on_another_day_has_moved(room: PressRoom) -> None:
    await room.read(*REST)
    room.now += HOUR
    await room.read(BAHRAIN, starting(IMOLA, LATER), *REST[1:])
    assert await changes(room) == [("moved", "emilia-romagna")]


async def test_a_race_that_was_called_off_is_back_and_may_be_called_off_again(room: PressRoom) -> None:
    for calendar in (REST, REST, (BAHRAIN, starting(IMOLA, LATER), *REST[1:]), REST, REST):
        await room.read(*calendar)
        await room.round()
        room.now += CALLED_OFF_AFTER
    assert [change for change, _ in await changes(room)] == ["cancelled", "back", "cancelled"]


async def test_a_race_by_another_name_is_neither_gone_nor_new(room: PressRoom) -> None:
    renamed = replace(IMOLA, name="Made in Italy Grand Prix")
    for _ in range(2):
        await room.read(BAHRAIN, renamed, *REST[1:])
        await room.round()
        room.now += CALLED_OFF_AFTER
    assert await changes(room) == []


async def test_a_race_by_another_name_at_another_hour_has_moved(room: PressRoom) -> None:
    renamed = replace(starting(IMOLA, "2021-04-18T14:00"), name="Made in Italy Grand Prix")
    await room.read(BAHRAIN, renamed, *REST[1:])
    assert await changes(room) == [("moved", "made-in-italy")]
    assert (await room.last()).subject["moved"]["race"][0] == "2021-04-18T13:00:00+00:00"


async def test_a_race_whose_time_was_unknown_for_a_while_is_held_against_the_time_that_was_told(
    room: PressRoom,
) -> None:
    for start, told in (("2021-04-18", 0), ("2021-04-18T13:00", 0), ("2021-04-18", 0), ("2021-04-18T14:00", 1)):
        await room.read(BAHRAIN, starting(IMOLA, start), *REST[1:])
        assert len(await changes(room)) == told
    assert (await room.last()).subject["moved"]["race"][0] == "2021-04-18T13:00:00+00:00"


async def test_a_race_that_is_over_and_lost_by_the_archive_is_not_cancelled(room: PressRoom) -> None:
    for _ in range(2):
        await room.read(*CALENDAR[1:])
        await room.round()
        room.now += CALLED_OFF_AFTER
    assert await changes(room) == []


async def test_a_new_race_is_told_once(room: PressRoom) -> None:
    await room.read(*CALENDAR[:-1])
    room.now += DAY
    added = replace(starting(BRAZIL, "2021-05-02T14:00"), name="Portuguese Grand Prix", circuit_id="portimao")
    for _ in range(2):
        await room.read(*CALENDAR, added)
    assert await changes(room) == [("added", "portuguese")]


async def test_a_race_that_moved_is_told_once_for_each_new_start(room: PressRoom) -> None:
    earlier, later = starting(IMOLA, "2021-04-18T12:00"), starting(IMOLA, LATER)
    for race in (earlier, earlier, later, IMOLA, earlier):
        await room.read(BAHRAIN, race, *REST[1:])
        room.now += HOUR
    told = [each.subject for each in await room.announced()]
    assert [tuple(subject["moved"]["race"]) for subject in told] == [
        ("2021-04-18T13:00:00+00:00", "2021-04-18T12:00:00+00:00"),
        ("2021-04-18T12:00:00+00:00", LATER),
        (LATER, "2021-04-18T13:00:00+00:00"),
        ("2021-04-18T13:00:00+00:00", "2021-04-18T12:00:00+00:00"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [
        ("2021-05-02", "2021-05-02T14:00", False),
        ("2021-05-02T14:00", "2021-05-02", False),
        ("2021-05-02", "2021-05-09", True),
        ("2021-05-02", "2021-05-09T14:00", True),
        ("2021-05-02T14:00", "2021-05-02T14:05", True),
        ("2021-05-02T14:00", "2021-04-01T14:00", False),
    ],
)
async def test_it_is_news_where_a_start_is_another_but_not_where_it_becomes_known(
    room: PressRoom, before: str, after: str, *, news: bool
) -> None:
    await room.read(starting(IMOLA, before))
    told = await changes(room)
    await room.read(starting(IMOLA, after))
    assert (await changes(room) != told) is news


@pytest.mark.parametrize(("after", "news"), [(-30 * MINUTE, True), (30 * MINUTE, False), (-3 * HOUR, False)])
async def test_a_race_that_is_on_already_is_told_to_who_waits_for_it(
    room: PressRoom, after: dt.timedelta, *, news: bool
) -> None:
    room.now = START - 10 * MINUTE if after < 0 * DAY else START + 40 * MINUTE
    await room.read(BAHRAIN, starting(IMOLA, f"{START + after:%Y-%m-%dT%H:%M}"), *REST[1:])
    assert await changes(room) == ([("moved", "emilia-romagna")] if news else [])


async def test_a_season_that_is_read_for_the_first_time_is_no_news(room: PressRoom) -> None:
    room.now = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
    await room.read(*(another_year(race, 2022) for race in CALENDAR))
    assert await changes(room) == []


async def test_next_years_drafts_are_no_news_not_even_when_the_year_has_begun(room: PressRoom) -> None:
    bahrain, imola, *rest = (another_year(race, 2022) for race in CALENDAR)
    room.now = dt.datetime(2021, 12, 1, tzinfo=dt.UTC)
    await room.read(bahrain, imola, *rest)
    await room.read(bahrain, *rest[:-1], starting(rest[-1], "2022-11-20T17:00"))
    await room.read(bahrain, *rest, replace(imola, name="Italian Spring Grand Prix", circuit_id="mugello"))
    room.now = dt.datetime(2022, 1, 10, tzinfo=dt.UTC)
    await room.read(bahrain, *rest, replace(imola, name="Italian Spring Grand Prix", circuit_id="mugello"))
    await room.round()
    assert await changes(room) == []
    await room.read(bahrain, *rest[:-1], starting(rest[-1], "2022-11-27T17:00"))
    assert [change for change, _ in await changes(room)] == ["moved"]


def shifted(race: Race, minutes: int, *kinds: SessionKind) -> Race:
    """A weekend in which sessions of some kinds, or all, are so much later."""
    by = dt.timedelta(minutes=minutes)
    return replace(
        race,
        sessions=tuple(
            replace(each, starts_at=each.starts_at + by, day=(each.starts_at + by).date())
            if each.starts_at and (each.kind in kinds or not kinds)
            else each
            for each in race.sessions
        ),
    )


async def moved(room: PressRoom) -> list[dict[str, list[str]]]:
    """The sessions that were announced as moved, each message's with their starts before and now."""
    return [each.subject["moved"] for each in await room.announced() if each.kind is Kind.CALENDAR]


@pytest.mark.parametrize("minutes", [10, -10, -24 * 60])
async def test_any_session_that_moves_is_told(room: PressRoom, minutes: int) -> None:
    calendar = (BAHRAIN, shifted(IMOLA, minutes, SessionKind.QUALIFYING), *REST[1:])
    for _twice in range(2):
        await room.read(*calendar)
        room.restart()
    (told,) = await moved(room)
    start = dt.datetime(2021, 4, 17, 13, tzinfo=dt.UTC)
    assert told == {"qualifying": [start.isoformat(), (start + minutes * MINUTE).isoformat()]}


async def test_a_weekend_whose_sessions_move_together_is_one_message(room: PressRoom) -> None:
    await room.read(BAHRAIN, IMOLA, shifted(SILVERSTONE, 7 * 24 * 60), *REST[2:])
    assert [{*sessions} for sessions in await moved(room)] == [{"sprint", "qualifying", "race"}]


async def test_a_session_that_is_over_moves_no_more(room: PressRoom) -> None:
    room.now = START - HOUR
    await room.read(BAHRAIN, shifted(IMOLA, -30, SessionKind.QUALIFYING), *REST[1:])
    assert await moved(room) == []
    await room.read(BAHRAIN, shifted(IMOLA, 30), *REST[1:])
    assert [{*sessions} for sessions in await moved(room)] == [{"race"}]


async def test_a_session_that_moves_after_another_was_told_is_told_by_itself(room: PressRoom) -> None:
    later = shifted(IMOLA, 60, SessionKind.RACE)
    await room.read(BAHRAIN, later, *REST[1:])
    await room.read(BAHRAIN, shifted(later, 60, SessionKind.QUALIFYING), *REST[1:])
    assert [{*sessions} for sessions in await moved(room)] == [{"race"}, {"qualifying"}]


async def test_a_slip_that_is_mended_is_not_told(room: PressRoom) -> None:
    slip = shifted(IMOLA, 24 * 60, SessionKind.QUALIFYING)
    for calendar in ((BAHRAIN, slip, *REST[1:]), CALENDAR, (BAHRAIN, slip, *REST[1:]), CALENDAR):
        await room.read(*calendar)
        room.now += HOUR
    assert await moved(room) == []


async def test_what_looks_like_a_slip_and_stays_is_told_once(room: PressRoom) -> None:
    for _again in range(3):
        await room.read(BAHRAIN, shifted(IMOLA, 24 * 60, SessionKind.QUALIFYING), *REST[1:])
        room.now += HOUR
    assert [{*sessions} for sessions in await moved(room)] == [{"qualifying"}]


async def test_a_start_that_goes_back_and_forth_within_hours_is_told_once(room: PressRoom) -> None:
    for _again in range(3):
        for race in (shifted(IMOLA, 60, SessionKind.RACE), IMOLA):
            await room.read(BAHRAIN, race, *REST[1:])
            room.now += HOUR
    assert [{*sessions} for sessions in await moved(room)] == [{"race"}]
