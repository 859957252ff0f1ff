"""What is ruled after a recap went out corrects it, once; what merely moved does not."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.domain.announcements import Announcement, Kind
from bot.domain.cases import Case, StageKind
from bot.domain.noted_records import KeptRuling
from bot.domain.noted_rulings import ruling_of_document
from bot.jobs.news.rulings import RULINGS_CORRECT
from storage import tables
from tests.support.cases import ALB, IMOLA_RACE, NOR, PIA, VER, at, cleared, draft, noted, penalised, then
from tests.support.press_room import DAY, GRANDSTAND, HOUR, MINUTE, PIT_WALL, PressRoom
from tests.support.season import DRIVERS, RESULT, SPRINT, TEAMS

SPRINT_FLAG = dt.datetime(2021, 7, 17, 13, tzinfo=dt.UTC)
SILVERSTONE_SPRINT = replace(
    IMOLA_RACE,
    key="9996",
    name="Sprint",
    date=SPRINT_FLAG.date(),
    country="UK",
    place="Silverstone",
    circuit="Silverstone",
)


def document(decision: str, minute: int = 300) -> KeptRuling:
    """What a document of the FIA's rules on a case of Imola's."""
    case = draft(noted(), IMOLA_RACE)
    return ruling_of_document(case, at(minute), decision=decision, link="https://example.org/42")


async def recap(room: PressRoom, *cases: Case) -> list[str]:
    """Let cases be noted, and then a race's recap be announced; the incidents' ids."""
    ids = [await room.note(case) for case in cases]
    await room.know(RESULT, DRIVERS, TEAMS)
    await room.round()
    return ids


async def corrections(room: PressRoom) -> list[Announcement]:
    """All corrections so far, after a look an hour later."""
    room.now += HOUR
    await room.round()
    return [each for each in await room.announced() if each.kind is Kind.CORRECTION]


async def test_a_recap_knows_what_was_ruled_when_it_was_announced(room: PressRoom) -> None:
    first, second = await recap(room, penalised(noted(), VER, 14), noted(PIA, ALB, opened=20))
    (announced,) = [each for each in await room.announced() if each.kind is Kind.RECAP]
    assert announced.subject["rulings"] == {first: "10s time penalty for Verstappen", second: ""}
    assert await corrections(room) == []


@pytest.mark.parametrize("late", [penalised(noted(), VER, 90), cleared(noted(), 90)])
async def test_what_is_ruled_after_the_recap_corrects_it_once(room: PressRoom, late: Case) -> None:
    (incident,) = await recap(room, noted())
    await room.note(late)
    for _ in range(3):
        (correction,) = await corrections(room)
        assert correction.subject["ruled"] == [incident]
        assert correction.subject["changes"] == []
        room.restart()


async def test_a_document_and_its_review_correct_it_each(room: PressRoom) -> None:
    (incident,) = await recap(room, cleared(noted(), 14))
    for number, decision in enumerate(("five seconds for Norris", "penalty withdrawn"), 1):
        await room.note(cleared(noted(), 14), document(decision, 300 + number))
        assert len(await corrections(room)) == number
    assert (await room.last()).subject["rulings"] == {incident: "penalty withdrawn"}


async def test_what_is_ruled_together_is_told_together(room: PressRoom) -> None:
    ids = await recap(room, noted(), noted(PIA, ALB, opened=20))
    await room.note(cleared(noted(), 90))
    await room.note(cleared(noted(PIA, ALB, opened=20), 91))
    (correction,) = await corrections(room)
    assert correction.subject["ruled"] == ids


async def test_a_case_that_moved_without_a_ruling_is_no_news(room: PressRoom) -> None:
    await recap(room, noted())
    await room.note(then(noted(), StageKind.AFTER_SESSION, 90))
    assert await corrections(room) == []


async def test_a_case_that_was_not_told_with_the_recap_corrects_nothing(room: PressRoom) -> None:
    await recap(room)
    await room.note(penalised(noted(), NOR, 14))
    assert await corrections(room) == []


async def test_a_recap_from_before_cases_were_told_is_not_corrected_by_them(room: PressRoom) -> None:
    await recap(room, noted())
    (announced,) = [each for each in await room.announced() if each.kind is Kind.RECAP]
    former = json.dumps({name: value for name, value in announced.subject.items() if name != "rulings"})
    change = update(tables.announcement).where(tables.announcement.c.id == announced.id).values(subject=former)
    await room.database.write(lambda connection: connection.execute(change))
    await room.note(cleared(noted(), 90))
    assert await corrections(room) == []
    first, second, *others = RESULT.finishes
    swapped = (replace(second, position=1, place="1"), replace(first, position=2, place="2"), *others)
    await room.know(replace(RESULT, finishes=swapped))
    assert len(await corrections(room)) == 1


async def test_a_result_that_is_corrected_in_between_loses_no_ruling(room: PressRoom) -> None:
    (incident,) = await recap(room, noted())
    first, second, *others = RESULT.finishes
    swapped = (replace(second, position=1, place="1"), replace(first, position=2, place="2"), *others)
    await room.note(cleared(noted(), 90))
    await room.know(replace(RESULT, finishes=swapped))
    result, ruling = await corrections(room)
    assert result.subject["changes"]
    assert ruling.subject["ruled"] == [incident]
    assert ruling.subject["told"] == result.subject["told"]
    await room.know(RESULT)
    assert len(await corrections(room)) == 3


async def test_a_sprints_recap_is_corrected_by_the_sprints_cases(room: PressRoom) -> None:
    room.now = SPRINT_FLAG
    incident = await room.note(noted(), session=SILVERSTONE_SPRINT)
    await room.know(SPRINT)
    await room.round()
    await room.note(penalised(noted(), VER, 90), session=SILVERSTONE_SPRINT)
    (correction,) = await corrections(room)
    assert correction.topic == "sprints"
    assert correction.subject["ruled"] == [incident]


async def test_what_is_ruled_a_month_later_is_no_news(room: PressRoom) -> None:
    await recap(room, noted())
    room.now += RULINGS_CORRECT + DAY
    await room.note(noted(), document("five seconds for Norris"))
    assert await corrections(room) == []


async def test_a_ruling_goes_to_who_was_told_before_it(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "recaps")
    await room.subscribe(GRANDSTAND, "recaps")
    await recap(room, noted())
    await room.deliver(PIT_WALL)
    room.now += HOUR
    await room.note(penalised(noted(), VER, 90))
    await room.round()
    correction = await room.last()
    room.now += MINUTE
    await room.deliver(GRANDSTAND)
    await room.round()
    assert {*await room.due(correction)} == {PIT_WALL.id}, "the other's recap was written after the ruling"
