"""A ruling's rating is a vote on another question: what holds for votes holds for ratings."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest

from bot.domain.ballots import Receipt
from bot.domain.polls import Poll, Question
from bot.search.catalogue import Incidents
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import (
    GRANDSTAND,
    PIT_WALL,
    Booth,
    recounted,
    recounted_by_chat,
    tallied,
    tallied_by_chat,
    voter,
)
from tests.support.clock import FakeClock

AL, BO = voter(7), voter(8)
ROUNDS = 20


@pytest.fixture
async def theirs(
    url: str, database: Database, booth: Booth, incidents: Incidents, clock: FakeClock
) -> AsyncIterator[Booth]:
    """The booth of another process on the same database; on SQLite, which has one, the same."""
    if database.dialect == "sqlite":
        yield booth
        return
    other = open_database(url)
    handled = HandledUpdates(other, clock)
    box = BallotBox(other, await Chats.open(other, handled), handled, clock)
    writer = asyncio.create_task(box.run())
    yield Booth(box, await Polls.open(other, incidents), Voters(other, b"a secret"))
    await box.close()
    await writer
    await other.close()


def rating_of(polls: Polls, incident_id: str) -> Poll:
    poll = polls.get(incident_id, Question.RATING)
    assert poll is not None
    return poll


def said(receipt: Receipt) -> tuple[str | None, bool, int]:
    """The rating that stands, whether the press changed anything, and how many have rated."""
    return receipt.choice.key if receipt.choice else None, receipt.changed, receipt.tally.votes


async def test_a_ruling_is_rated_on_a_scale_beside_the_vote_on_blame(booth: Booth, polls: Polls) -> None:
    await booth.press("monza-2021 all-hamilton", AL)
    receipt = await booth.rate("monza-2021 slightly-too-harsh", AL)
    assert said(receipt) == ("slightly-too-harsh", True, 1)
    assert receipt.tally.by_side() == {"too-lenient": 0, "correct": 0, "too-harsh": 1}
    answers = await polls.answers("monza-2021")
    assert {question: tally.votes for question, tally in answers.items()} == {Question.BLAME: 1, Question.RATING: 1}


def test_only_a_ruling_can_be_rated_and_only_where_people_are_asked(polls: Polls) -> None:
    rated = {poll.incident_id for poll in polls if poll.question is Question.RATING}
    assert rated == {"imola-2021", "monza-2021", "baku-2018", "singapore-2017"}


async def test_a_rating_can_be_changed_and_withdrawn(booth: Booth) -> None:
    await booth.rate("monza-2021 correct", BO)
    for key, expected in (
        ("far-too-harsh", ("far-too-harsh", True, 2)),
        ("far-too-harsh", ("far-too-harsh", False, 2)),
        ("correct", ("correct", True, 2)),
        ("withdraw", (None, True, 1)),
        ("withdraw", (None, False, 1)),
    ):
        assert said(await booth.rate(f"monza-2021 {key}", AL)) == expected


async def test_a_rating_that_comes_twice_counts_once_and_undoes_nothing(booth: Booth, database: Database) -> None:
    await booth.rate("monza-2021 correct", AL, update="1")
    await booth.rate("monza-2021 far-too-harsh", AL, update="2")
    again = await asyncio.gather(*(booth.rate("monza-2021 correct", AL, update="1") for _ in range(3)))
    assert {said(receipt) for receipt in again} == {("far-too-harsh", False, 1)}
    await booth.rate("monza-2021 withdraw", AL, update="3")
    assert said(await booth.rate("monza-2021 far-too-harsh", AL, update="2")) == (None, False, 0)
    assert await tallied(database) == {}


async def test_two_presses_at_once_leave_one_rating(booth: Booth, theirs: Booth, database: Database) -> None:
    random, keys = Random(2021), ("far-too-lenient", "correct", "far-too-harsh", "withdraw")
    for number in range(ROUNDS):
        mine, yours = (f"monza-2021 {random.choice(keys)}" for _ in range(2))
        person = voter(number % 5)
        await asyncio.gather(
            booth.rate(mine, person, PIT_WALL),
            theirs.rate(yours, person, GRANDSTAND),
            theirs.press("monza-2021 all-hamilton", person),
        )
        assert await tallied(database) == await recounted(database)
        assert await tallied_by_chat(database) == await recounted_by_chat(database)


async def test_a_press_that_two_processes_are_told_of_at_once_counts_once(
    booth: Booth, theirs: Booth, polls: Polls
) -> None:
    for number in range(ROUNDS):
        receipts = await asyncio.gather(
            *(each.rate("monza-2021 correct", voter(number), update=f"{number}") for each in (booth, theirs))
        )
        assert sorted(receipt.changed for receipt in receipts) == [False, True]
    assert (await polls.tally(rating_of(polls, "monza-2021"))).votes == ROUNDS


async def test_processes_that_start_at_once_know_the_same_polls(
    url: str, database: Database, incidents: Incidents
) -> None:
    databases = [database] * 4 if database.dialect == "sqlite" else [open_database(url) for _ in range(4)]
    opened = await asyncio.gather(*(Polls.open(each, incidents) for each in databases))
    assert all([*polls] == [*opened[0]] for polls in opened)
    for other in {*databases} - {database}:
        await other.close()


async def test_who_is_forgotten_takes_their_ratings_along(booth: Booth, voters: Voters, database: Database) -> None:
    await booth.rate("monza-2021 correct", AL)
    await booth.rate("monza-2021 correct", BO)
    kept = await voters.votes_of(voters.pseudonym(AL))
    assert [(vote.incident_id, vote.choice) for vote in kept] == [("monza-2021", "correct")]
    forgotten = await booth.box.forget(voters.pseudonym(AL), PIT_WALL)
    assert forgotten is not None
    assert forgotten.votes == 1
    assert await tallied(database) == await recounted(database)
    assert sum((await tallied(database)).values()) == 1


async def test_ratings_outlast_a_restart(booth: Booth, database: Database, polls: Polls, incidents: Incidents) -> None:
    await booth.rate("monza-2021 correct", AL)
    again = await Polls.open(database, reversed(list(incidents)))
    assert rating_of(again, "monza-2021") == rating_of(polls, "monza-2021")
    assert (await again.tally(rating_of(again, "monza-2021"))).votes == 1


async def test_ratings_and_votes_of_a_chat_come_together(booth: Booth, polls: Polls) -> None:
    await booth.rate("monza-2021 correct", AL)
    await booth.press("imola-2021 all-russell", AL)
    await booth.rate("monza-2021 correct", BO, GRANDSTAND)
    here = await polls.tallies_here(polls, PIT_WALL)
    assert {(poll.incident_id, poll.question): here[poll.id].votes for poll in polls if here[poll.id].votes} == {
        ("monza-2021", Question.RATING): 1,
        ("imola-2021", Question.BLAME): 1,
    }


async def test_about_what_nothing_is_asked_there_are_no_answers(polls: Polls) -> None:
    assert await polls.answers("suzuka-2022") == {}
    assert list(await polls.answers("adelaide-1994")) == [Question.BLAME]
