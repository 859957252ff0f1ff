import asyncio
import datetime as dt
import sqlite3
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.testing import capture_logs

from bot.domain.ballots import Ballot
from bot.domain.incidents import WITHDRAW
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.domain.polls import Choice
from bot.domain.voters import Forgotten
from storage import tables
from storage.ballot_box import BallotBox, ClosedError
from storage.chats import Chats
from storage.database import group_commit
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import (
    GRANDSTAND,
    PADDOCK,
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
APRIL_2021 = dt.datetime(2021, 4, 18, 15, tzinfo=dt.UTC)
"""The afternoon of 18 April 2021, when the stewards at Imola ruled."""


async def test_a_vote_is_acknowledged_with_everyones_tally(booth: Booth) -> None:
    await booth.press("imola-2021 all-bottas", BO)
    receipt = await booth.press("imola-2021 mostly-russell", AL)
    assert receipt.choice is not None
    assert receipt.choice.key == "mostly-russell"
    assert receipt.changed
    assert receipt.tally.by_side() == {"bottas": 1, "racing-incident": 0, "russell": 1}


async def test_another_choice_changes_the_vote(booth: Booth) -> None:
    await booth.press("imola-2021 all-russell", AL)
    receipt = await booth.press("imola-2021 racing-incident", AL)
    assert receipt.choice is not None
    assert receipt.choice.key == "racing-incident"
    assert receipt.changed
    assert receipt.tally.by_side() == {"bottas": 0, "racing-incident": 1, "russell": 0}


async def test_the_same_choice_again_changes_nothing(booth: Booth, clock: FakeClock, voters: Voters) -> None:
    first = await booth.press("imola-2021 all-russell", AL)
    kept = await voters.votes_of(voters.pseudonym(AL))
    clock.pass_by(dt.timedelta(days=7))  # the ruling was made meanwhile
    again = await booth.press("imola-2021 all-russell", AL)
    assert (again.choice, again.changed) == (first.choice, False)
    assert again.tally == first.tally
    assert await voters.votes_of(voters.pseudonym(AL)) == kept


async def test_a_vote_can_be_taken_back_in_any_chat(booth: Booth, database: Database) -> None:
    await booth.press("imola-2021 all-russell", AL, PIT_WALL)
    await booth.press("imola-2021 all-russell", BO, PIT_WALL)
    receipt = await booth.press("imola-2021 withdraw", AL, GRANDSTAND)
    assert (receipt.choice, receipt.changed, receipt.tally.votes) == (None, True, 1)
    assert await tallied_by_chat(database) == await recounted_by_chat(database)


async def test_where_there_is_no_vote_none_is_taken_back(booth: Booth) -> None:
    await booth.press("imola-2021 all-russell", BO)
    await booth.press("monza-2021 all-hamilton", AL)
    for _ in range(2):
        receipt = await booth.press("imola-2021 withdraw", AL)
        assert (receipt.choice, receipt.changed, receipt.tally.votes) == (None, False, 1)


async def test_the_same_choice_in_another_chat_moves_the_vote_there(booth: Booth, polls: Polls) -> None:
    await booth.press("imola-2021 all-russell", AL, PIT_WALL)
    receipt = await booth.press("imola-2021 all-russell", AL, GRANDSTAND)
    assert receipt.choice is not None
    poll = booth.ballot("imola-2021 all-russell", AL).poll
    assert (await polls.tally_here(poll, PIT_WALL)).votes == 0
    assert (await polls.tally_here(poll, GRANDSTAND)).votes == 1
    assert (await polls.tally(poll)).votes == 1


async def test_votes_before_and_after_the_ruling_are_counted_apart(
    booth: Booth, clock: FakeClock, polls: Polls
) -> None:
    poll = booth.ballot("imola-2021 all-russell", AL).poll
    clock.set(APRIL_2021)
    await booth.press("imola-2021 all-russell", AL)
    clock.set(dt.datetime.fromtimestamp(poll.ruled_at or 0, dt.UTC))
    await booth.press("imola-2021 all-bottas", BO)
    tally = await polls.tally(poll)
    assert tally.before.by_side() == {"bottas": 0, "racing-incident": 0, "russell": 1}
    assert tally.after.by_side() == {"bottas": 1, "racing-incident": 0, "russell": 0}


async def test_a_voter_who_comes_back_after_the_ruling_is_counted_there(booth: Booth, clock: FakeClock) -> None:
    clock.set(APRIL_2021)
    await booth.press("imola-2021 all-russell", AL)
    clock.pass_by(dt.timedelta(days=7))
    receipt = await booth.press("imola-2021 all-bottas", AL)
    assert (receipt.tally.before.votes, receipt.tally.after.votes) == (0, 1)


async def test_presses_of_one_voter_in_one_batch_each_get_their_own_receipt(booth: Booth) -> None:
    keys = ("all-bottas", "all-russell", "all-russell", "withdraw", "withdraw")
    receipts = await asyncio.gather(*(booth.press(f"imola-2021 {key}", AL) for key in keys))
    assert [(receipt.choice and receipt.choice.key, receipt.changed) for receipt in receipts] == [
        ("all-bottas", True),
        ("all-russell", True),
        ("all-russell", False),
        (None, True),
        (None, False),
    ]
    assert receipts[-1].tally.votes == 0


async def test_ballots_wait_in_order_until_somebody_empties_the_box(
    database: Database, chats: Chats, polls: Polls, voters: Voters
) -> None:
    box = BallotBox(database, chats, HandledUpdates(database))
    booth = Booth(box, polls, voters)
    presses = [booth.press("imola-2021 all-bottas", AL), booth.press("imola-2021 all-russell", AL)]
    writer = asyncio.create_task(box.run())
    first, second = [await press for press in presses]
    assert first.choice is not None
    assert first.choice.key == "all-bottas"
    assert second.tally.by_side() == {"bottas": 0, "racing-incident": 0, "russell": 1}
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
    choice = Choice(10**6, "nobody", "nobody")
    return ballot._replace(poll=replace(ballot.poll, choices=(choice,)), choice=choice)


async def test_one_bad_vote_does_not_fail_its_neighbours(booth: Booth, polls: Polls, database: Database) -> None:
    ballots = [booth.ballot("imola-2021 all-russell", voter(number)) for number in range(9)]
    ballots[4] = forged(ballots[4])
    with capture_logs() as logs:
        outcomes = await asyncio.gather(*(booth.box.cast(ballot) for ballot in ballots), return_exceptions=True)
    assert [(line["event"], line["items"]) for line in logs] == [("write.failed", 1)]
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
    forgetting = asyncio.create_task(booth.box.forget(voters.pseudonym(AL), PIT_WALL))
    assert await forgetting == Forgotten(votes=2, chat=False)
    assert before.done()
    assert await voters.votes_of(voters.pseudonym(AL)) == []
    assert (await kept).choice is not None
    assert await tallied(database) == await recounted(database)
    assert sum((await tallied(database)).values()) == 1


async def test_a_vote_after_being_forgotten_counts(booth: Booth, voters: Voters) -> None:
    forgetting = asyncio.create_task(booth.box.forget(voters.pseudonym(AL), PIT_WALL))
    await asyncio.sleep(0)
    receipt = await booth.press("imola-2021 all-russell", AL)
    assert await forgetting == Forgotten(votes=0, chat=False)
    assert receipt.tally.votes == 1


async def test_a_closed_box_has_counted_all_it_took_and_takes_no_more(booth: Booth, voters: Voters) -> None:
    presses = [booth.press("imola-2021 all-russell", voter(number)) for number in range(50)]
    await booth.box.close()
    assert all(press.result().tally.votes == 50 for press in presses)
    with pytest.raises(ClosedError):
        booth.press("imola-2021 all-russell", AL)
    with pytest.raises(ClosedError):
        await booth.box.forget(voters.pseudonym(AL), PIT_WALL)


async def test_whoever_waits_hears_of_it_when_the_writer_is_stopped(
    database: Database, chats: Chats, polls: Polls, voters: Voters
) -> None:
    box = BallotBox(database, chats, HandledUpdates(database))
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
        assert [(line["event"], line["items"]) for line in logs] == [("write.failed", 1_000)]
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
        ("imola-2021", ("all-bottas", "racing-incident", "all-russell", WITHDRAW)),
        ("singapore-2017", ("vettel", "verstappen", "raikkonen", WITHDRAW)),
    )
    for choice in choices
)
PRESS = st.tuples(
    st.sampled_from(PAPERS),
    st.integers(0, 2),
    st.sampled_from(PLACES),
    st.sampled_from((0, 10_000)),
    st.just("") | st.sampled_from("abcdef"),
)


class Model:
    """What a poll is, in a dictionary: one vote a voter and incident, and updates that count once."""

    def __init__(self) -> None:
        self.votes: dict[tuple[User, str], tuple[str, Chat]] = {}
        self.handled: set[tuple[str, str]] = set()

    def press(self, paper: str, user: User, chat: Chat, update: str) -> tuple[str | None, bool]:
        """The choice that stands, and whether the press changed that."""
        incident, choice = paper.split()
        was = self.votes.get((user, incident))
        if not update or (chat.platform, update) not in self.handled:
            self.votes.pop((user, incident), None)
            if choice != WITHDRAW:
                self.votes[user, incident] = choice, chat
        self.handled.add((chat.platform, update))
        stands = self.votes.get((user, incident))
        return stands and stands[0], stands != was


@pytest.mark.parametrize(
    "url",
    ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.exhaustive])],
    indirect=True,
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(batches=st.lists(st.lists(PRESS, min_size=1, max_size=8), max_size=5))
async def test_whatever_is_pressed_the_tallies_are_the_votes_and_each_voter_has_one(
    batches: list[list[tuple[str, int, Chat, int, str]]],
    booth: Booth,
    clock: FakeClock,
    database: Database,
    polls: Polls,
    voters: Voters,
) -> None:
    for person in PEOPLE:
        await booth.box.forget(voters.pseudonym(person), PIT_WALL)
    assert await tallied(database) == {}
    assert await tallied_by_chat(database) == {}
    model, example = Model(), uuid4()  # not drawn: an example that is tried again is to have updates of its own
    for batch in batches:
        presses, expected = [], []
        for paper, number, chat, late, letter in batch:
            update = letter and f"{example} {letter} {paper.partition(' ')[0]}"  # a press is on one incident
            clock.set(APRIL_2021 + dt.timedelta(days=late))
            presses.append(booth.press(paper, PEOPLE[number], chat, update))
            expected.append(model.press(paper, PEOPLE[number], chat, update))
        receipts = await asyncio.gather(*presses)
        assert [(receipt.choice and receipt.choice.key, receipt.changed) for receipt in receipts] == expected
        for (paper, number, *_), receipt in zip(batch, receipts, strict=True):
            assert receipt.tally == await polls.tally(booth.ballot(paper, PEOPLE[number]).poll)
    for person in PEOPLE:
        kept = {vote.incident_id: vote.choice for vote in await voters.votes_of(voters.pseudonym(person))}
        assert kept == {incident: choice for (user, incident), (choice, _) in model.votes.items() if user == person}
    assert await tallied(database) == await recounted(database)
    assert await tallied_by_chat(database) == await recounted_by_chat(database)


@pytest.mark.parametrize("number", [99, 100, 101, 350])
async def test_a_crowd_that_votes_and_thinks_better_of_it_at_once_is_counted_as_one_by_one(
    booth: Booth, database: Database, number: int
) -> None:
    crowd = [*map(voter, range(number))]
    await asyncio.gather(*(booth.press("imola-2021 all-russell", each) for each in crowd))
    third = number // 3
    receipts = await asyncio.gather(
        *(booth.press("imola-2021 racing-incident", each) for each in crowd[:third]),
        *(booth.press("imola-2021 withdraw", each) for each in crowd[third : 2 * third]),
        *(booth.press("imola-2021 all-bottas", voter(-each)) for each in range(1, number + 1)),
    )
    assert all(receipt.changed for receipt in receipts)
    by_side = {"bottas": number, "racing-incident": third, "russell": number - 2 * third}
    assert receipts[0].tally.by_side() == by_side
    assert await tallied(database) == await recounted(database)
    assert await tallied_by_chat(database) == await recounted_by_chat(database)


@pytest.mark.skipif(sys.platform != "linux", reason="open files are listed by /proc")
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_thousand_votes_at_once_need_no_file_beside_the_database(booth: Booth, database: Database) -> None:
    written_to = set[str]()

    def look() -> None:
        for descriptor in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                written_to.add(str(descriptor.readlink()))

    def watch(connection: Connection) -> None:
        own: Any = connection.connection.driver_connection
        own.set_progress_handler(look, 20_000)

    await database.write(watch)
    for some in range(2):
        await asyncio.gather(
            *(booth.press("imola-2021 all-russell", voter(number + 2_000 * some)) for number in range(2_000))
        )
    assert written_to, "nobody looked"
    assert not [file for file in written_to if "etilqs" in file], "SQLite's own files for what does not fit elsewhere"
