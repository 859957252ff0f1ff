"""Ratings of what was ruled on noted incidents: there from the ruling on, and kept through all that comes after it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest
from alembic import command
from sqlalchemy import Connection, delete, select

from bot.domain.cases import Case
from bot.domain.incidents import Incident, Ruling
from bot.domain.polls import SCALE, Question
from bot.search.catalogue import Incidents
from storage import tables
from storage.ballot_box import BallotBox
from storage.database.base import Database
from storage.database.open import open_database
from storage.database.upgrades import configured
from storage.noted_incidents import NotedIncidents
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import GRANDSTAND, PIT_WALL, Booth, recounted, tallied, voter
from tests.storage.test_noted_incidents import FROM_A_DOCUMENT, ID, drafts, rows, story_of
from tests.support.cases import NOR, PIA, VER, cleared, corrected, noted, penalised
from tests.support.power_cut import PowerCut, PowerCutError

RATED = {Question.BLAME, Question.RATING}
RULED = penalised(noted(), VER, 14)


class Track:
    """What race control says, as polls that can be voted on."""

    def __init__(self, database: Database, box: BallotBox, voters: Voters) -> None:
        self.database = database
        self.kept = NotedIncidents(database)
        self.polls = Polls(database, [])
        self.booth = Booth(box, self.polls, voters)

    async def say(self, *cases: Case, heard: int) -> None:
        """Record cases as they are after so many messages."""
        self.polls.take_up(change.record for change in await self.kept.record(drafts(*cases), heard))

    def asked(self) -> set[Question]:
        """What is asked about the incident."""
        return {poll.question for poll in self.polls.on(ID) if not poll.dropped}

    async def ratings(self) -> dict[str, int]:
        """The ratings that there are."""
        tally = (await self.polls.answers(ID))[Question.RATING]
        return {choice.key: tally.count(choice) for choice in tally.choices if tally.count(choice)}


@pytest.fixture
def track(database: Database, ballot_box: BallotBox, voters: Voters) -> Track:
    return Track(database, ballot_box, voters)


async def asked_in(database: Database) -> Sequence[tuple[str, str, int]]:
    """The polls that are stored, by incident and question, each with how many choices it has."""
    choices = select(tables.choice.c.poll_id)
    polls = select(tables.poll.c.id, tables.poll.c.incident, tables.poll.c.question)
    offered = await database.read(lambda connection: connection.scalars(choices).all())
    found = await database.read(lambda connection: connection.execute(polls).all())
    return sorted((incident, question, offered.count(poll_id)) for poll_id, incident, question in found)


async def test_nothing_is_rated_before_there_is_a_ruling(track: Track) -> None:
    await track.say(noted(), heard=11)
    assert track.asked() == {Question.BLAME}
    await track.say(RULED, heard=15)
    assert track.asked() == RATED
    rating = track.polls.get(ID, Question.RATING)
    assert rating is not None
    assert ([choice.key for choice in rating.choices], rating.ruled_at) == ([key for key, _side in SCALE], None)
    assert track.polls.of_ids([rating.id]) == [rating]


async def test_a_ruling_by_hand_can_be_rated_as_well(track: Track) -> None:
    await track.say(noted(), heard=11)
    change = await track.kept.rule(ID, FROM_A_DOCUMENT)
    assert change is not None
    track.polls.take_up([change.record])
    assert track.asked() == RATED


async def test_two_who_rule_at_once_make_one_poll(track: Track) -> None:
    await track.say(noted(), heard=11)
    others = [NotedIncidents(track.database) for _ in range(4)]
    await asyncio.gather(
        *(other.record(drafts(RULED), 15) for other in others),
        *(other.rule(ID, FROM_A_DOCUMENT) for other in others),
    )
    assert await asked_in(track.database) == [(ID, "blame", 5), (ID, "rating", 5)]


async def test_a_power_cut_keeps_a_ruling_and_its_rating_together(track: Track) -> None:
    await track.say(noted(), heard=11)
    for doomed in (
        NotedIncidents(PowerCut(1).threaten(track.database)).record(drafts(RULED), 15),
        NotedIncidents(PowerCut(1).threaten(track.database)).rule(ID, FROM_A_DOCUMENT),
    ):
        with pytest.raises(PowerCutError):
            await doomed
        assert await asked_in(track.database) == [(ID, "blame", 5)]
    await track.say(RULED, heard=15)
    assert track.asked() == RATED


async def test_a_rating_can_be_given_once_changed_and_withdrawn(track: Track) -> None:
    await track.say(RULED, heard=15)
    for key, changed in (("correct", True), ("correct", False), ("far-too-harsh", True)):
        assert (await track.booth.rate(f"{ID} {key}", voter(1))).changed is changed
    await track.booth.rate(f"{ID} correct", voter(1), update="4")
    await track.booth.rate(f"{ID} far-too-lenient", voter(1), update="5")
    again = await asyncio.gather(*(track.booth.rate(f"{ID} correct", voter(1), update="4") for _ in range(3)))
    assert not any(receipt.changed for receipt in again)
    assert await track.ratings() == {"far-too-lenient": 1}
    for changed in (True, False):
        assert (await track.booth.rate(f"{ID} withdraw", voter(1))).changed is changed
    assert await track.ratings() == {}


@pytest.mark.parametrize(
    "case",
    [
        penalised(cleared(noted(), 14), VER, 20),
        corrected(penalised(noted(), VER, 14), 20, VER, PIA),
        corrected(penalised(noted(), VER, 14), 20, VER, NOR, PIA),
        noted(),
    ],
    ids=["ruled anew", "another car", "a third car", "withdrawn"],
)
async def test_ratings_stay_whatever_becomes_of_the_case(track: Track, case: Case) -> None:
    await track.say(RULED, heard=15)
    await track.booth.rate(f"{ID} correct", voter(1))
    await track.booth.rate(f"{ID} slightly-too-harsh", voter(2), GRANDSTAND)
    await track.say(case, heard=21)
    assert await track.ratings() == {"correct": 1, "slightly-too-harsh": 1}
    change = await track.kept.rule(ID, FROM_A_DOCUMENT)
    assert change is not None
    track.polls.take_up([change.record])
    assert await track.ratings() == {"correct": 1, "slightly-too-harsh": 1}
    assert (await asked_in(track.database))[-1] == (ID, "rating", 5)


async def test_what_turns_out_to_be_no_incident_asks_nothing_any_more(track: Track) -> None:
    await track.say(RULED, heard=15)
    await track.say(penalised(noted(reason="SAFETY CAR INFRINGEMENT"), VER, 14), heard=16)
    assert track.asked() == set()


async def test_rulings_from_before_ratings_get_theirs_when_the_bot_starts(track: Track) -> None:
    other = noted(NOR, PIA, opened=30)
    let_go = noted(VER, PIA, opened=40)
    await track.say(RULED, penalised(other, NOR, 33), penalised(let_go, VER, 44), noted(opened=50), heard=60)
    await track.say(RULED, penalised(other, NOR, 33), let_go, noted(opened=50), heard=61)
    await track.booth.press(f"{ID} all-norris", voter(1))
    await track.booth.rate("monza-2025-nor-pia-t4 correct", voter(1))

    def before(connection: Connection) -> None:
        command.downgrade(configured(connection), "0012")
        poll = tables.poll
        ratings = select(poll.c.id).where(
            poll.c.question == Question.RATING, poll.c.incident != "monza-2025-nor-pia-t4"
        )
        connection.execute(delete(tables.choice).where(tables.choice.c.poll_id.in_(ratings)))
        connection.execute(delete(poll).where(poll.c.id.in_(ratings.scalar_subquery())))

    await track.database.migrate(before)
    for _start in range(2):
        await track.database.upgrade()
        assert {
            (incident, offered) for incident, asked, offered in await asked_in(track.database) if asked == "rating"
        } == {
            (ID, 5),
            ("monza-2025-nor-pia-t4", 5),
        }
    track.polls.take_up(await track.kept.all())
    await track.booth.rate(f"{ID} correct", voter(2))
    assert await track.ratings() == {"correct": 1}


def ruled_story(incidents: Incidents, **changes: object) -> Incident:
    """A told incident between Verstappen and Norris, with a ruling."""
    monza = incidents.get("monza-2021")
    assert monza is not None
    ruling = Ruling(date=monza.date, decision="ten seconds for Verstappen", at_fault=("verstappen",))
    return replace(story_of(incidents, **changes), ruling=ruling)


async def told_with_ratings(track: Track, incidents: Incidents, voters: Voters) -> None:
    """Ratings of a noted incident, and of the told one that has nothing to do with it yet."""
    await track.say(RULED, heard=15)
    told = Booth(track.booth.box, await Polls.open(track.database, [ruled_story(incidents)]), voters)
    await track.booth.rate(f"{ID} correct", voter(1))
    await track.booth.rate(f"{ID} correct", voter(2), GRANDSTAND)
    await told.rate("monza-2025 far-too-harsh", voter(2), PIT_WALL)
    await told.rate("monza-2025 far-too-lenient", voter(3))
    await track.booth.press(f"{ID} all-norris", voter(1))


async def its_ratings(polls: Polls) -> dict[str, int]:
    answers = await polls.answers(ID)
    rating = answers[Question.RATING]
    assert answers[Question.BLAME].by_side()["norris"] == 1
    return {choice.key: rating.count(choice) for choice in rating.choices if rating.count(choice)}


EVERYBODYS = {"correct": 1, "far-too-harsh": 1, "far-too-lenient": 1}


async def test_a_story_with_ratings_takes_over_those_of_others(
    track: Track, incidents: Incidents, voters: Voters
) -> None:
    await told_with_ratings(track, incidents, voters)
    for _restart in range(2):
        polls = await Polls.open(track.database, [ruled_story(incidents, takes_over=ID)])
        polls.take_up(await track.kept.all())
        assert await its_ratings(polls) == EVERYBODYS, "who rated both has said the newer thing to the told one"
        assert polls.get(ID, Question.RATING) == polls.get("monza-2025", Question.RATING)
    assert await tallied(track.database) == await recounted(track.database)


async def test_two_who_start_at_once_take_over_once(
    track: Track, incidents: Incidents, voters: Voters, url: str
) -> None:
    await told_with_ratings(track, incidents, voters)
    here = track.database
    databases = [here] * 3 if here.dialect == "sqlite" else [open_database(url) for _ in range(3)]
    opened = await asyncio.gather(*(Polls.open(each, [ruled_story(incidents, takes_over=ID)]) for each in databases))
    assert [await its_ratings(polls) for polls in opened] == [EVERYBODYS] * 3
    assert await tallied(here) == await recounted(here)
    for other in {*databases} - {here}:
        await other.close()


async def test_a_power_cut_takes_over_all_or_nothing(track: Track, incidents: Incidents, voters: Voters) -> None:
    await told_with_ratings(track, incidents, voters)
    before = await tallied(track.database)
    with pytest.raises(PowerCutError):
        await Polls.open(PowerCut(1).threaten(track.database), [ruled_story(incidents, takes_over=ID)])
    assert await tallied(track.database) == before == await recounted(track.database)
    assert await its_ratings(await Polls.open(track.database, [ruled_story(incidents, takes_over=ID)])) == EVERYBODYS


async def test_a_story_without_ratings_takes_over_poll_and_all(track: Track, incidents: Incidents) -> None:
    await track.say(RULED, heard=15)
    await track.booth.rate(f"{ID} correct", voter(1))
    was = track.polls.get(ID, Question.RATING)
    assert was is not None
    story = ruled_story(incidents, takes_over=ID)
    polls = await Polls.open(track.database, [story])
    becomes = polls.get("monza-2025", Question.RATING)
    assert becomes is not None
    assert becomes.id == was.id, "so messages that show it go on"
    await NotedIncidents(track.database, [story]).record(drafts(penalised(RULED, NOR, 16)), 17)
    assert (await rows(track.database))["poll"] == 2, "race control's later words make no second one"


async def test_a_seasons_votes_are_found_at_once(track: Track, monkeypatch: pytest.MonkeyPatch) -> None:
    await track.say(*(penalised(noted(opened=100 * n), VER, 100 * n + 5) for n in range(1, 61)), heard=9_000)
    await track.booth.press(f"{ID} all-norris", voter(1))
    await track.booth.rate(f"{ID}-7 correct", voter(1), GRANDSTAND)
    read, reads = track.database.read, list[object]()

    async def counted(transaction: partial[object]) -> object:
        reads.append(transaction)
        return await read(transaction)

    monkeypatch.setattr(track.database, "read", counted)
    ids = [ID, *(f"{ID}-{number}" for number in range(2, 61)), "monza-1925-a-b"]
    everyones = {each: answers async for each, answers in track.polls.voted(ids)}
    assert len(reads) == 1
    assert {
        each: (answers[Question.BLAME].votes, answers[Question.RATING].votes) for each, answers in everyones.items()
    } == {
        ID: (1, 0),
        f"{ID}-7": (0, 1),
    }
    assert [each async for each, _answers in track.polls.voted(ids, GRANDSTAND)] == [f"{ID}-7"]
    assert len(reads) == 2
