import asyncio
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.testing import capture_logs

from bot.domain.places import Chat, ChatKind, Platform, User
from bot.domain.polls import Choice
from storage import tables
from storage.ballot_box import Ballot, BallotBox, ClosedError
from storage.chats import Chats
from storage.database import group_commit
from storage.database.base import Database
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import (
    GRANDSTAND,
    PADDOCK,
    PIT_WALL,
    Booth,
    Clock,
    recounted,
    recounted_by_chat,
    tallied,
    tallied_by_chat,
    voter,
)

AL, BO = voter(7), voter(8)
APRIL_2021 = 1_618_758_000
"""The afternoon of 18 April 2021, when the stewards at Imola ruled."""


async def test_a_vote_is_acknowledged_with_everyones_tally(booth: Booth) -> None:
    await booth.press("imola-2021 all-bottas", BO)
    receipt = await booth.press("imola-2021 mostly-russell", AL)
    assert receipt.choice is not None
    assert receipt.choice.key == "mostly-russell"
    assert receipt.before is None
    assert receipt.tally.by_side() == {"bottas": 1, "racing-incident": 0, "russell": 1}


async def test_another_choice_changes_the_vote(booth: Booth) -> None:
    await booth.press("imola-2021 all-russell", AL)
    receipt = await booth.press("imola-2021 racing-incident", AL)
    assert receipt.before is not None
    assert receipt.before.key == "all-russell"
    assert receipt.tally.by_side() == {"bottas": 0, "racing-incident": 1, "russell": 0}


async def test_the_same_choice_again_withdraws_the_vote(booth: Booth) -> None:
    await booth.press("imola-2021 all-russell", AL)
    receipt = await booth.press("imola-2021 all-russell", AL)
    assert receipt.choice is None
    assert receipt.before is not None
    assert receipt.tally.votes == 0


async def test_the_same_choice_in_another_chat_moves_the_vote_there(booth: Booth, polls: Polls) -> None:
    await booth.press("imola-2021 all-russell", AL, PIT_WALL)
    receipt = await booth.press("imola-2021 all-russell", AL, GRANDSTAND)
    assert receipt.choice is not None
    poll = booth.ballot("imola-2021 all-russell", AL).poll
    assert (await polls.tally_here(poll, PIT_WALL)).votes == 0
    assert (await polls.tally_here(poll, GRANDSTAND)).votes == 1
    assert (await polls.tally(poll)).votes == 1


async def test_votes_before_and_after_the_ruling_are_counted_apart(booth: Booth, clock: Clock, polls: Polls) -> None:
    poll = booth.ballot("imola-2021 all-russell", AL).poll
    clock.now = APRIL_2021
    await booth.press("imola-2021 all-russell", AL)
    clock.now = poll.ruled_at or 0
    await booth.press("imola-2021 all-bottas", BO)
    tally = await polls.tally(poll)
    assert tally.before.by_side() == {"bottas": 0, "racing-incident": 0, "russell": 1}
    assert tally.after.by_side() == {"bottas": 1, "racing-incident": 0, "russell": 0}


async def test_a_voter_who_comes_back_after_the_ruling_is_counted_there(booth: Booth, clock: Clock) -> None:
    clock.now = APRIL_2021
    await booth.press("imola-2021 all-russell", AL)
    clock.now += 7 * 24 * 3600
    receipt = await booth.press("imola-2021 all-bottas", AL)
    assert (receipt.tally.before.votes, receipt.tally.after.votes) == (0, 1)


async def test_presses_of_one_voter_in_one_batch_each_get_their_own_receipt(booth: Booth) -> None:
    presses = [booth.press(f"imola-2021 {key}", AL) for key in ("all-bottas", "all-russell", "all-russell")]
    first, second, third = await asyncio.gather(*presses)
    assert [receipt.choice and receipt.choice.key for receipt in (first, second, third)] == [
        "all-bottas",
        "all-russell",
        None,
    ]
    assert [receipt.before and receipt.before.key for receipt in (first, second, third)] == [
        None,
        "all-bottas",
        "all-russell",
    ]
    assert third.tally.votes == 0


async def test_ballots_wait_in_order_until_somebody_empties_the_box(
    database: Database, chats: Chats, polls: Polls, voters: Voters
) -> None:
    box = BallotBox(database, chats)
    booth = Booth(box, polls, voters)
    presses = [booth.press("imola-2021 all-bottas", AL), booth.press("imola-2021 all-russell", AL)]
    writer = asyncio.create_task(box.run())
    assert (await presses[1]).before == (await presses[0]).choice
    await box.close()
    await writer


async def test_a_private_chat_is_not_kept_with_its_voters_vote(
    booth: Booth, database: Database, voters: Voters
) -> None:
    await booth.press("imola-2021 all-bottas", AL, Chat(Platform.TELEGRAM, AL.id, ChatKind.PRIVATE))
    (kept,) = await voters.votes_of(voters.pseudonym(AL))
    assert kept.chat == Chat(Platform.TELEGRAM, "private", ChatKind.PRIVATE)
    everywhere = await database.read(lambda connection: connection.scalars(select(tables.chat.c.external)).all())
    assert everywhere == ["private"]


async def test_a_choice_of_another_poll_is_refused(booth: Booth) -> None:
    imola, monza = booth.ballot("imola-2021 all-russell", AL), booth.ballot("monza-2021 all-hamilton", AL)
    with pytest.raises(ValueError, match="imola-2021 does not offer all-hamilton"):
        booth.box.cast(imola._replace(choice=monza.choice))


def forged(ballot: Ballot) -> Ballot:
    """A ballot with a choice that the database does not know."""
    choice = Choice(10**6, "nobody", "Nobody", "nobody")
    return ballot._replace(poll=replace(ballot.poll, choices=(choice,)), choice=choice)


async def test_one_bad_vote_does_not_fail_its_neighbours(booth: Booth, polls: Polls, database: Database) -> None:
    ballots = [booth.ballot("imola-2021 all-russell", voter(number)) for number in range(9)]
    ballots[4] = forged(ballots[4])
    with capture_logs() as logs:
        outcomes = await asyncio.gather(*(booth.box.cast(ballot) for ballot in ballots), return_exceptions=True)
    assert [(line["event"], line["items"]) for line in logs] == [("not written", 1)]
    assert [isinstance(outcome, IntegrityError) for outcome in outcomes] == [number == 4 for number in range(9)]
    assert (await polls.tally(ballots[0].poll)).votes == 8
    assert await tallied(database) == await recounted(database)


async def test_a_caller_that_gave_up_keeps_nobody_waiting(booth: Booth) -> None:
    gone = booth.press("imola-2021 all-russell", AL)
    waiting = booth.press("imola-2021 all-bottas", BO)
    gone.cancel()
    assert (await waiting).tally.votes == 2


async def test_to_be_forgotten_includes_what_is_still_queued(booth: Booth, voters: Voters, database: Database) -> None:
    await booth.press("imola-2021 all-russell", AL)
    before, kept = booth.press("monza-2021 all-hamilton", AL), booth.press("monza-2021 all-hamilton", BO)
    forgetting = asyncio.create_task(booth.box.forget(voters.pseudonym(AL)))
    assert await forgetting == 2
    assert before.done()
    assert await voters.votes_of(voters.pseudonym(AL)) == []
    assert (await kept).choice is not None
    assert await tallied(database) == await recounted(database)
    assert sum((await tallied(database)).values()) == 1


async def test_a_vote_after_being_forgotten_counts(booth: Booth, voters: Voters) -> None:
    forgetting = asyncio.create_task(booth.box.forget(voters.pseudonym(AL)))
    await asyncio.sleep(0)
    receipt = await booth.press("imola-2021 all-russell", AL)
    assert await forgetting == 0
    assert receipt.tally.votes == 1


async def test_a_closed_box_has_counted_all_it_took_and_takes_no_more(booth: Booth, voters: Voters) -> None:
    presses = [booth.press("imola-2021 all-russell", voter(number)) for number in range(50)]
    await booth.box.close()
    assert all(press.result().tally.votes == 50 for press in presses)
    with pytest.raises(ClosedError):
        booth.press("imola-2021 all-russell", AL)
    with pytest.raises(ClosedError):
        await booth.box.forget(voters.pseudonym(AL))


async def test_whoever_waits_hears_of_it_when_the_writer_is_stopped(
    database: Database, chats: Chats, polls: Polls, voters: Voters
) -> None:
    box = BallotBox(database, chats)
    writer = asyncio.create_task(box.run())
    press = Booth(box, polls, voters).press("imola-2021 all-russell", AL)
    await asyncio.sleep(0)
    writer.cancel()
    with pytest.raises(ClosedError):
        await press
    with suppress(asyncio.CancelledError):
        await writer


async def test_more_ballots_than_fit_in_one_transaction_are_all_counted(
    booth: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MOST_AT_ONCE", 10)
    receipts = await asyncio.gather(*(booth.press("imola-2021 all-russell", voter(number)) for number in range(25)))
    assert [receipt.tally.votes for receipt in receipts] == [10] * 10 + [20] * 10 + [25] * 5


class TestTroubleWithTheFile:
    """What SQLite does when its disk is full, or when somebody else holds the file."""

    @pytest.fixture
    def url(self, sqlite_url: str) -> str:
        return f"{sqlite_url}?timeout=0.01"

    async def test_a_full_disk_is_told_to_the_voters_and_voting_goes_on_when_there_is_room(
        self, booth: Booth, database: Database
    ) -> None:
        def leave_room(connection: Connection, pages: int) -> None:
            used: int = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {used + pages}")

        await database.write(lambda connection: leave_room(connection, 0))
        presses = [booth.press("imola-2021 all-russell", voter(number)) for number in range(1_000)]
        with capture_logs() as logs:
            outcomes = await asyncio.gather(*presses, return_exceptions=True)
        assert [(line["event"], line["items"]) for line in logs] == [("not written", 1_000)]
        assert all(isinstance(outcome, OperationalError) for outcome in outcomes)
        await database.write(lambda connection: leave_room(connection, 1_000))
        assert (await booth.press("imola-2021 all-russell", AL)).tally.votes == 1
        assert await tallied(database) == await recounted(database)

    async def test_a_locked_file_is_told_to_the_voter_and_voting_goes_on_when_it_is_free(
        self, booth: Booth, sqlite_url: str
    ) -> None:
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(OperationalError, match="locked"), capture_logs():
                await booth.press("imola-2021 all-russell", AL)
            other.execute("ROLLBACK")
        assert (await booth.press("imola-2021 all-russell", AL)).tally.votes == 1


PLACES = (PIT_WALL, GRANDSTAND, PADDOCK, Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE))
PEOPLE = (voter(1), voter(2), voter(3))
PAPERS = tuple(
    f"{incident} {choice}"
    for incident, choices in (
        ("imola-2021", ("all-bottas", "racing-incident", "all-russell")),
        ("singapore-2017", ("vettel", "verstappen", "raikkonen")),
    )
    for choice in choices
)
PRESS = st.tuples(st.sampled_from(PAPERS), st.integers(0, 2), st.sampled_from(PLACES), st.sampled_from((0, 10**9)))


class Model:
    """What a poll is, in a dictionary: one vote a voter and incident."""

    def __init__(self) -> None:
        self.votes: dict[tuple[User, str], tuple[str, Chat]] = {}

    def press(self, paper: str, user: User, chat: Chat) -> tuple[str | None, str | None]:
        """The choice that stands, and the one before."""
        incident, choice = paper.split()
        was = self.votes.pop((user, incident), None)
        if was != (choice, chat):
            self.votes[user, incident] = choice, chat
        return choice if was != (choice, chat) else None, was[0] if was else None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(batches=st.lists(st.lists(PRESS, min_size=1, max_size=8), max_size=5))
async def test_whatever_is_pressed_the_tallies_are_the_votes_and_each_voter_has_one(
    batches: list[list[tuple[str, int, Chat, int]]],
    booth: Booth,
    clock: Clock,
    database: Database,
    voters: Voters,
) -> None:
    for person in PEOPLE:
        await booth.box.forget(voters.pseudonym(person))
    assert await tallied(database) == {}
    assert await tallied_by_chat(database) == {}
    model = Model()
    for batch in batches:
        presses, expected = [], []
        for paper, number, chat, late in batch:
            clock.now = APRIL_2021 + late
            presses.append(booth.press(paper, PEOPLE[number], chat))
            expected.append(model.press(paper, PEOPLE[number], chat))
        receipts = await asyncio.gather(*presses)
        assert [
            (receipt.choice and receipt.choice.key, receipt.before and receipt.before.key) for receipt in receipts
        ] == expected
    for person in PEOPLE:
        kept = {vote.incident_id: vote.choice for vote in await voters.votes_of(voters.pseudonym(person))}
        assert kept == {incident: choice for (user, incident), (choice, _) in model.votes.items() if user == person}
    assert await tallied(database) == await recounted(database)
    assert await tallied_by_chat(database) == await recounted_by_chat(database)
