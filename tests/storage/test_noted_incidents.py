"""Noted incidents, their rulings and their polls: written twice, together, and with the power cut in between."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.domain.cases import Case, StageKind
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import KeptRuling, NotedChange
from bot.domain.polls import Poll, Question
from bot.domain.race_control import Car, Session
from bot.search.catalogue import Incidents
from storage import tables
from storage.ballot_box import BallotBox
from storage.database.base import Database
from storage.noted_incidents import NotedIncidents
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import Booth, recounted, tallied, voter
from tests.storage.test_polls import incident as told
from tests.support.cases import (
    ALB,
    ANT,
    MONZA,
    MONZA_SPRINT,
    NOR,
    PIA,
    VER,
    cleared,
    corrected,
    draft,
    noted,
    penalised,
    then,
)
from tests.support.power_cut import PowerCut, PowerCutError

ID = "monza-2025-ver-nor-t4"
OFFERED = ["all-verstappen", "mostly-verstappen", "racing-incident", "mostly-norris", "all-norris"]
FROM_A_DOCUMENT = KeptRuling(
    made_at=int(dt.datetime(2025, 9, 7, 18, tzinfo=dt.UTC).timestamp()),
    made_by="the stewards",
    decision="three grid places for Verstappen",
    reason="He turned in.",
    link="https://example.org/document",
    source="FIA document",
    at_fault='["verstappen"]',
    message=None,
)


@pytest.fixture
def kept(database: Database) -> NotedIncidents:
    return NotedIncidents(database)


def drafts(*cases: Case, session: Session = MONZA) -> list[NotedIncident]:
    return [draft(case, session) for case in cases]


def told_of(changes: Sequence[NotedChange]) -> dict[str, str]:
    """What changed of each incident, in a word each."""
    return {
        change.record.id: " ".join(word for word in ("new", "corrected", "ruled") if getattr(change, word))
        for change in changes
    }


async def rows(database: Database) -> dict[str, int]:
    counted = (tables.noted_incident, tables.ruling, tables.poll, tables.choice)
    sizes = select(*(select(func.count()).select_from(table).scalar_subquery() for table in counted))
    found = await database.read(lambda connection: connection.execute(sizes).one())
    return dict(zip((table.name for table in counted), found, strict=True))


async def poll_on(kept: NotedIncidents, incident_id: str = ID) -> Poll:
    record = await kept.get(incident_id)
    assert record is not None
    return record.polls[Question.BLAME]


async def incident(kept: NotedIncidents, incident_id: str = ID) -> NotedIncident:
    record = await kept.get(incident_id)
    assert record is not None
    return record.incident


async def test_a_case_comes_back_as_an_incident_with_its_poll(kept: NotedIncidents) -> None:
    case = penalised(then(noted(), StageKind.UNDER_INVESTIGATION, 12), VER, 14)
    assert told_of(await kept.record(drafts(case), 20)) == {ID: "new ruled"}
    stored = await incident(kept)
    assert stored.title == "Verstappen and Norris, turn 4, Monza 2025"
    assert [stage.kind for stage in stored.case.stages] == [stage.kind for stage in case.stages]
    assert [stage.at for stage in stored.case.stages] == [stage.at for stage in case.stages]
    assert stored.ruling is not None
    assert (stored.ruling.decision, stored.ruling.reason) == ("10s time penalty for Verstappen", "causing a collision")
    poll = await poll_on(kept)
    assert [choice.key for choice in poll.choices] == OFFERED
    assert poll.ruled_at == int(case.stages[-1].at.timestamp())
    assert [record.id for record in await kept.all()] == [ID]


async def test_the_same_twice_changes_nothing(kept: NotedIncidents, database: Database) -> None:
    cases = drafts(penalised(noted(), VER, 14), noted(ANT, ALB, opened=30))
    await kept.record(cases, 40)
    before = await kept.all()
    assert await kept.record(cases, 40) == []
    assert await kept.record(cases, 55) == []
    assert await kept.all() == before
    assert await rows(database) == {"noted_incident": 2, "ruling": 1, "poll": 3, "choice": 15}


async def test_two_who_write_the_same_at_once_write_it_once(kept: NotedIncidents, database: Database) -> None:
    cases = drafts(penalised(noted(), VER, 14), noted(opened=30), noted(ANT, ALB, opened=31))
    news = await asyncio.gather(*(NotedIncidents(database).record(cases, 40) for _ in range(6)))
    assert sorted(len(changes) for changes in news) == [0, 0, 0, 0, 0, 3]
    assert await rows(database) == {"noted_incident": 3, "ruling": 1, "poll": 4, "choice": 20}
    assert {record.id for record in await kept.all()} == {ID, f"{ID}-2", "monza-2025-ant-alb-t4"}


async def test_sessions_that_wish_for_the_same_id_at_once_both_get_one(
    kept: NotedIncidents, database: Database
) -> None:
    others = [replace(MONZA, key=f"copy {number}") for number in range(5)]
    await asyncio.gather(*(NotedIncidents(database).record(drafts(noted(), session=each), 40) for each in others))
    assert {record.id for record in await kept.all()} == {ID, *(f"{ID}-{number}" for number in range(2, 6))}


@pytest.mark.parametrize("commit", [1, 2, 3])
async def test_after_a_power_cut_all_is_there_or_nothing(kept: NotedIncidents, database: Database, commit: int) -> None:
    cut = PowerCut(commit)
    doomed = NotedIncidents(cut.threaten(database))
    story = [noted(), penalised(noted(), VER, 14), corrected(penalised(noted(), VER, 14), 16, VER, PIA)]
    for heard, case in enumerate(story[: commit - 1]):
        await doomed.record(drafts(case), heard)
    with pytest.raises(PowerCutError):
        await doomed.record(drafts(story[commit - 1]), commit - 1)
    assert len(await kept.all()) == min(1, commit - 1)
    if commit > 1:
        assert (await poll_on(kept)).ruled_at == (await incident(kept)).ruled_at
    for heard, case in enumerate(story):
        await kept.record(drafts(case), heard)
    assert [suspect.id for suspect in (await incident(kept)).suspects] == ["verstappen", "piastri"]
    assert await rows(database) == {"noted_incident": 1, "ruling": 1, "poll": 2, "choice": 12}


async def test_an_id_stays_though_cars_and_turn_are_corrected(kept: NotedIncidents) -> None:
    await kept.record(drafts(noted()), 11)
    changes = await kept.record(drafts(corrected(noted(), 12, VER, PIA, place="TURN 5")), 13)
    assert told_of(changes) == {ID: "corrected"}
    stored = await incident(kept)
    assert (stored.id, stored.title) == (ID, "Verstappen and Piastri, turn 5, Monza 2025")
    assert stored.case.earlier[0].place == "TURN 4"


async def test_an_older_view_of_a_session_changes_nothing(kept: NotedIncidents) -> None:
    later = drafts(penalised(noted(), VER, 14))
    await kept.record(later, 20)
    assert await kept.record(drafts(noted()), 11) == []
    assert (await incident(kept)).ruling is not None


async def test_an_incident_whose_first_message_turns_up_late_is_the_same(kept: NotedIncidents) -> None:
    await kept.record(drafts(noted()), 1)
    earlier = noted(opened=8)
    late = replace(earlier, stages=(*earlier.stages, *noted().stages))
    assert told_of(await kept.record(drafts(late), 2)) == {ID: "corrected"}
    assert await kept.record(drafts(late), 2) == []
    assert [record.id for record in await kept.all()] == [ID]


async def test_a_collision_of_the_same_two_at_the_same_turn_gets_a_number(kept: NotedIncidents) -> None:
    await kept.record(drafts(noted(), noted(opened=30)), 40)
    await kept.record(drafts(noted(), session=MONZA_SPRINT), 40)
    assert {record.id for record in await kept.all()} == {ID, f"{ID}-2", f"{ID}-s"}


async def test_an_id_that_a_told_incident_has_is_taken(database: Database, incidents: Incidents) -> None:
    namesake = told(incidents, "imola-2021", id=ID)
    (change,) = await NotedIncidents(database, [namesake]).record(drafts(noted()), 40)
    assert change.record.id == f"{ID}-2"


async def test_what_is_not_about_blame_is_not_taken_up_but_kept_up_to_date(kept: NotedIncidents) -> None:
    procedure = noted(reason="SAFETY CAR INFRINGEMENT")
    assert await kept.record(drafts(procedure), 20) == []
    await kept.record(drafts(noted()), 21)
    assert told_of(await kept.record(drafts(procedure), 22)) == {ID: "corrected"}
    assert (await poll_on(kept)).dropped
    await kept.record(drafts(noted()), 23)
    assert not (await poll_on(kept)).dropped


async def test_votes_for_who_is_still_in_it_are_kept(
    kept: NotedIncidents, database: Database, ballot_box: BallotBox, voters: Voters
) -> None:
    polls = Polls(database, [])
    booth = Booth(ballot_box, polls, voters)

    async def as_of(case: Case, heard: int) -> dict[str, int]:
        polls.take_up(change.record for change in await kept.record(drafts(case), heard))
        poll = polls.get(ID)
        assert poll is not None
        return {side: votes for side, votes in (await polls.tally(poll)).by_side().items() if votes}

    await as_of(noted(), 11)
    for number, key in enumerate(["all-verstappen", "mostly-verstappen", "racing-incident", "all-norris"]):
        await booth.press(f"{ID} {key}", voter(number))
    two = corrected(noted(), 12, VER, PIA)
    assert await as_of(two, 13) == {"verstappen": 2, "racing-incident": 1}
    three = corrected(two, 14, VER, NOR, PIA)
    assert await as_of(three, 15) == {"verstappen": 2, "norris": 1, "racing-incident": 1}
    receipt = await booth.press(f"{ID} verstappen", voter(3))
    assert receipt.tally.by_side() == {"verstappen": 3, "norris": 0, "piastri": 0, "racing-incident": 1}
    assert await tallied(database) == await recounted(database)


async def test_a_vote_that_says_the_same_today_is_still_ones_own(
    kept: NotedIncidents, database: Database, ballot_box: BallotBox, voters: Voters
) -> None:
    polls = Polls(database, [])
    booth = Booth(ballot_box, polls, voters)
    polls.take_up(change.record for change in await kept.record(drafts(noted()), 11))
    await booth.press(f"{ID} mostly-norris", voter(1))
    polls.take_up(change.record for change in await kept.record(drafts(corrected(noted(), 12, VER, NOR, PIA)), 13))
    receipt = await booth.press(f"{ID} withdraw", voter(1))
    assert (receipt.choice, receipt.changed, receipt.tally.votes) == (None, True, 0)


async def test_rulings_add_to_one_another(kept: NotedIncidents) -> None:
    await kept.record(drafts(cleared(noted(), 12)), 13)
    reopened = penalised(cleared(noted(), 12), VER, 15)
    assert told_of(await kept.record(drafts(reopened), 16)) == {ID: "corrected ruled"}
    change = await kept.rule(ID, FROM_A_DOCUMENT)
    assert change is not None
    assert change.ruled
    stands = (await incident(kept)).ruling
    assert stands is not None
    assert [stands.decision, *(ruling.decision for ruling in stands.replaced)] == [
        "three grid places for Verstappen",
        "10s time penalty for Verstappen",
        "no further investigation",
    ]
    assert (stands.link, stands.source, stands.at_fault) == (
        "https://example.org/document",
        "FIA document",
        ("verstappen",),
    )
    assert (await poll_on(kept)).ruled_at == int(cleared(noted(), 12).stages[-1].at.timestamp()), "of the first ruling"


async def test_a_ruling_is_added_once(kept: NotedIncidents, database: Database) -> None:
    await kept.record(drafts(noted()), 11)
    news = await asyncio.gather(*(NotedIncidents(database).rule(ID, FROM_A_DOCUMENT) for _ in range(5)))
    assert len([change for change in news if change is not None]) == 1
    assert await kept.rule(ID, FROM_A_DOCUMENT._replace(made_at=FROM_A_DOCUMENT.made_at + 60)) is None
    assert await kept.rule("monza-1925-a-b", FROM_A_DOCUMENT) is None
    assert (await rows(database))["ruling"] == 1


async def test_a_ruling_that_comes_again_after_a_review_does_not_undo_it(kept: NotedIncidents) -> None:
    await kept.record(drafts(noted()), 11)
    review = FROM_A_DOCUMENT._replace(
        made_at=FROM_A_DOCUMENT.made_at + 60,
        made_by="the FIA",
        decision="no grid penalty",
        link="https://example.org/2",
    )
    assert await kept.rule(ID, FROM_A_DOCUMENT) is not None
    assert await kept.rule(ID, review) is not None
    for _once_more in range(2):
        assert await kept.rule(ID, FROM_A_DOCUMENT._replace(made_at=review.made_at + 60)) is None
    stands = (await incident(kept)).ruling
    assert stands is not None
    assert [stands.decision, *(each.decision for each in stands.replaced)] == [
        review.decision,
        FROM_A_DOCUMENT.decision,
    ]


async def test_two_rulings_at_once_are_both_added_and_the_later_stands(
    kept: NotedIncidents, database: Database
) -> None:
    await kept.record(drafts(noted()), 11)
    rulings = [FROM_A_DOCUMENT._replace(made_at=FROM_A_DOCUMENT.made_at + n, decision=f"{n} places") for n in range(5)]
    changes = await asyncio.gather(*(NotedIncidents(database).rule(ID, each) for each in reversed(rulings)))
    assert all(changes)
    stands = (await incident(kept)).ruling
    assert stands is not None
    assert [stands.decision, *(each.decision for each in stands.replaced)] == [f"{n} places" for n in (4, 3, 2, 1, 0)]


async def test_a_power_cut_keeps_a_ruling_and_its_poll_together(kept: NotedIncidents, database: Database) -> None:
    await kept.record(drafts(noted()), 11)
    with pytest.raises(PowerCutError):
        await NotedIncidents(PowerCut(1).threaten(database)).rule(ID, FROM_A_DOCUMENT)
    assert (await incident(kept)).ruling is None
    assert (await poll_on(kept)).ruled_at is None
    assert await kept.rule(ID, FROM_A_DOCUMENT) is not None
    assert (await poll_on(kept)).ruled_at == FROM_A_DOCUMENT.made_at


async def test_a_penalty_that_was_for_something_else_stands_no_more(kept: NotedIncidents, database: Database) -> None:
    await kept.record(drafts(penalised(noted(), VER, 14)), 15)
    assert told_of(await kept.record(drafts(noted()), 16)) == {ID: "corrected ruled"}
    assert (await incident(kept)).ruling is None
    assert (await poll_on(kept)).ruled_at is None
    assert (await rows(database))["ruling"] == 1, "nothing is deleted"
    await kept.record(drafts(penalised(noted(), VER, 14)), 17)
    assert (await incident(kept)).ruling is not None


async def test_a_penalty_that_a_correction_takes_back_is_no_ruling(kept: NotedIncidents, database: Database) -> None:
    wrong = penalised(noted(), VER, 14)
    right = penalised(replace(wrong, penalties=()), NOR, 16)
    await kept.record(drafts(wrong), 15)
    assert told_of(await kept.record(drafts(right), 17)) == {ID: "corrected ruled"}
    await kept.record(drafts(right, session=MONZA_SPRINT), 17)
    for incident_id in (ID, f"{ID}-s"):
        ruling = (await incident(kept, incident_id)).ruling
        assert ruling is not None
        assert (ruling.decision, ruling.replaced) == ("10s time penalty for Norris", ())
    assert (await rows(database))["ruling"] == 3


async def test_a_ruling_says_who_it_is_once_that_is_known(kept: NotedIncidents) -> None:
    nameless, iwasa = Car(37, "IWA"), Car(37, "IWA", "Ayumu IWASA", "Racing Bulls")
    incident_id = "monza-2025-iwa-nor-t4"
    await kept.record(drafts(penalised(noted(nameless, NOR), nameless, 14)), 15)
    for expected in ({incident_id: "corrected ruled"}, {}):
        assert told_of(await kept.record(drafts(penalised(noted(iwasa, NOR), iwasa, 14)), 15)) == expected
    ruling = (await incident(kept, incident_id)).ruling
    assert ruling is not None
    assert (ruling.decision, ruling.at_fault) == ("10s time penalty for Iwasa", ("iwasa",))


async def test_a_ruling_blames_nobody_who_was_not_in_it_after_all(kept: NotedIncidents) -> None:
    await kept.record(drafts(penalised(noted(), VER, 14)), 15)
    await kept.record(drafts(corrected(penalised(noted(), VER, 14), 16, NOR, PIA)), 17)
    ruling = (await incident(kept)).ruling
    assert ruling is not None
    assert ruling.at_fault == ()


async def test_what_another_process_wrote_is_found_by_when(kept: NotedIncidents) -> None:
    await kept.record(drafts(noted()), 11)
    now = int(dt.datetime.now(dt.UTC).timestamp())
    assert [record.id for record in await kept.changed_since(now)] == [ID]
    assert await kept.changed_since(now + 3600) == []


async def test_no_cases_no_incidents(kept: NotedIncidents) -> None:
    assert await kept.record([], 0) == []
    assert await kept.all() == []
    assert await kept.get(ID) is None


def story_of(incidents: Incidents, **changes: object) -> Incident:
    """A told incident between Verstappen and Norris."""
    monza = told(incidents, "monza-2021")
    suspects = [
        replace(suspect, id=key, name=name)
        for suspect, (key, name) in zip(
            monza.suspects, (("verstappen", "Max Verstappen"), ("norris", "Lando Norris")), strict=True
        )
    ]
    sides = {"hamilton": "verstappen", "verstappen": "norris"}
    said = [replace(words, side=sides[words.side]) for words in monza.quotations]
    return told(incidents, "monza-2021", id="monza-2025", suspects=suspects, quotations=said, ruling=None, **changes)


async def test_a_told_incident_takes_over_votes_and_all(
    kept: NotedIncidents, database: Database, ballot_box: BallotBox, voters: Voters, incidents: Incidents
) -> None:
    polls = Polls(database, [])
    polls.take_up(change.record for change in await kept.record(drafts(noted()), 11))
    booth = Booth(ballot_box, polls, voters)
    await booth.press(f"{ID} all-verstappen", voter(1))
    await booth.press(f"{ID} mostly-norris", voter(2))
    old = polls.get(ID)
    assert old is not None

    story = story_of(incidents, takes_over=ID)
    for _restart in range(2):
        polls = await Polls.open(database, [story])
        polls.take_up(await kept.all())
        poll = polls.get(ID)
        assert poll is not None
        assert poll == polls.get("monza-2025")
        assert poll.id == old.id, "so messages that show it go on"
        assert (await polls.tally(poll)).by_side() == {"verstappen": 1, "racing-incident": 0, "norris": 1}
    kept = NotedIncidents(database, [story])
    await kept.record(drafts(penalised(noted(), VER, 14)), 15)
    assert (await rows(database))["poll"] == 1, "race control's later words make no second poll"


async def test_a_story_with_votes_of_its_own_takes_over_those_of_others(
    kept: NotedIncidents, database: Database, ballot_box: BallotBox, voters: Voters, incidents: Incidents
) -> None:
    polls = await Polls.open(database, [story_of(incidents)])
    polls.take_up(change.record for change in await kept.record(drafts(noted()), 11))
    booth = Booth(ballot_box, polls, voters)
    await booth.press(f"{ID} all-verstappen", voter(1))
    await booth.press(f"{ID} all-verstappen", voter(2))
    await booth.press("monza-2025 all-norris", voter(2))
    for _restart in range(2):
        polls = await Polls.open(database, [story_of(incidents, takes_over=ID)])
        poll = polls.get(ID)
        assert poll is not None
        assert (await polls.tally(poll)).by_side() == {"verstappen": 1, "racing-incident": 0, "norris": 1}
    assert await tallied(database) == await recounted(database)
