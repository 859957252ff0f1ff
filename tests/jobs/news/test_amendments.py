"""What a recap lacked, or what changed that is no news, is edited into its message, once."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.announcements import Announcement, Kind
from bot.domain.two_witnesses import agreed
from tests.support.press_room import DAY, GRANDSTAND, HOUR, PIT_WALL, PressRoom
from tests.support.season import DRIVERS, DRIVERS_BEFORE, RESULT, TEAMS

FIRST, SECOND, *OTHERS = RESULT.finishes
DISQUALIFIED = replace(
    RESULT,
    finishes=(
        replace(SECOND, position=1, place="1", points=26),
        replace(FIRST, position=2, place="D", status="Disqualified", points=0),
        *OTHERS,
    ),
)
LEADER, RUNNER_UP, *REST = DRIVERS.entries
DRIVERS_AFTERWARDS = replace(DRIVERS, entries=(replace(LEADER, points=51), replace(RUNNER_UP, points=18.5), *REST))
MERCEDES, RED_BULL = TEAMS.entries
TEAMS_AFTERWARDS = replace(TEAMS, entries=(replace(MERCEDES, points=67), replace(RED_BULL, points=28)))


async def told(room: PressRoom) -> list[str]:
    """The kinds of all that was announced, after a look an hour later, and one more that finds nothing new."""
    room.now += HOUR
    await room.round()
    room.restart()
    await room.round()
    return [each.kind.value for each in await room.announced()]


async def last_of(room: PressRoom, kind: Kind) -> Announcement:
    return [each for each in await room.announced() if each.kind is kind][-1]


async def test_a_recap_that_went_out_without_championships_is_completed_once_they_are_there(room: PressRoom) -> None:
    await room.know(RESULT, DRIVERS_BEFORE)
    assert await told(room) == ["recap"], "they were waited for long enough"
    await room.know(DRIVERS)
    assert await told(room) == ["recap", "amendment"]
    await room.know(TEAMS)
    assert await told(room) == ["recap", "amendment", "amendment"]
    assert await told(room) == ["recap", "amendment", "amendment"]


async def test_after_a_disqualification_the_tables_follow_the_correction(room: PressRoom) -> None:
    await room.know(DRIVERS_BEFORE, RESULT, DRIVERS, TEAMS)
    assert await told(room) == ["recap"]
    await room.know(DISQUALIFIED)
    assert await told(room) == ["recap", "correction"]
    await room.know(DRIVERS_AFTERWARDS)
    assert await told(room) == ["recap", "correction", "amendment"]
    assert (await last_of(room, Kind.AMENDMENT)).follows == (await last_of(room, Kind.RECAP)).id


async def test_what_changes_behind_the_first_ten_is_amended_without_a_word(room: PressRoom) -> None:
    await room.know(DRIVERS_BEFORE, RESULT, DRIVERS, TEAMS)
    assert await told(room) == ["recap"]
    *before, last = RESULT.finishes
    await room.know(replace(RESULT, finishes=(*before, replace(last, status="Accident"))))
    assert await told(room) == ["recap", "amendment"]


async def test_what_the_second_witness_adds_in_the_evening_is_edited_in_once_and_is_no_correction(
    room: PressRoom,
) -> None:
    await room.know(DRIVERS_BEFORE, RESULT, DRIVERS, TEAMS)
    assert await told(room) == ["recap"]
    third, *others, out = RESULT.finishes[2:]
    lines = (
        FIRST,
        replace(SECOND, stops=(14, 33)),
        replace(third, penalty=5.0),
        *others,
        replace(out, status="Gearbox"),
    )
    f1db = replace(RESULT, finishes=lines, driver_of_the_day="norris")
    both = agreed(replace(RESULT, finishes=(*RESULT.finishes[:-1], replace(out, status="Retired"))), f1db, {})
    await room.know(both)
    assert await told(room) == ["recap", "amendment"]
    await room.know(both)
    assert await told(room) == ["recap", "amendment"]


@pytest.mark.parametrize("cell", [{"penalty": 5.0}, {"status": "Gearbox"}, {"stops": (9,)}, {"grid": 0}])
async def test_each_cell_that_it_adds_is_worth_an_amendment(room: PressRoom, cell: dict[str, Any]) -> None:
    await room.know(DRIVERS_BEFORE, RESULT, DRIVERS, TEAMS)
    assert await told(room) == ["recap"]
    await room.know(replace(RESULT, finishes=(*RESULT.finishes[:-1], replace(RESULT.finishes[-1], **cell))))
    assert await told(room) == ["recap", "amendment"]


async def test_a_vote_for_the_driver_of_the_day_is_worth_an_amendment(room: PressRoom) -> None:
    await room.know(DRIVERS_BEFORE, RESULT, DRIVERS, TEAMS)
    assert await told(room) == ["recap"]
    await room.know(replace(RESULT, driver_of_the_day="norris"))
    assert await told(room) == ["recap", "amendment"]


async def test_a_correction_after_an_amendment_is_held_against_what_was_told_last(room: PressRoom) -> None:
    await room.know(DRIVERS_BEFORE, RESULT)
    await told(room)
    await room.know(DRIVERS)
    assert await told(room) == ["recap", "amendment"]
    await room.know(DRIVERS_AFTERWARDS, DISQUALIFIED)
    assert await told(room) == ["recap", "amendment", "correction"]
    assert (await last_of(room, Kind.CORRECTION)).subject["told"]["max_verstappen"] == ["D", 0]


async def test_what_changes_a_month_later_amends_no_message(room: PressRoom) -> None:
    await room.know(DRIVERS_BEFORE, RESULT, DRIVERS, TEAMS)
    assert await told(room) == ["recap"]
    room.now += 31 * DAY
    await room.know(TEAMS_AFTERWARDS)
    assert await told(room) == ["recap"]


async def test_an_amendment_is_for_those_who_were_told(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "recaps")
    await room.know(DRIVERS_BEFORE, RESULT)
    await told(room)
    await room.deliver()
    await room.subscribe(GRANDSTAND, "recaps")
    await room.know(DRIVERS)
    await told(room)
    room.now += HOUR
    await room.round()
    due = await room.due(await last_of(room, Kind.AMENDMENT))
    assert [*due] == [PIT_WALL.id]


async def test_what_may_be_worth_a_correction_is_not_amended_before_it(room: PressRoom) -> None:
    await room.know(DRIVERS_BEFORE, RESULT, DRIVERS, TEAMS)
    assert await told(room) == ["recap"]
    await room.seasons.store_classification(DISQUALIFIED, room.now)
    await room.amendments.amend()
    assert [each.kind.value for each in await room.announced()] == ["recap"]
    assert await told(room) == ["recap", "correction"]
