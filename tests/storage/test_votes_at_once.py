"""Ballots counted at once on PostgreSQL: where anything else happened to the same votes, nothing is, and then they are.

What counting leads to is asked of both databases beside, in `test_ballot_box`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot.domain.ballots import Ballot, Cast, Receipt
from storage import tables
from storage.ballot_box import BallotBox
from storage.chat_rows import key
from storage.chats import Chats
from storage.database.base import Database
from storage.database.faults import is_anothers_turn
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.voters import Voters
from storage.votes_at_once import VotesAtOnce
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
from tests.support.overheard import overheard

pytestmark = pytest.mark.postgresql

AL, BO = voter(7), voter(8)


@pytest.fixture
def url(postgresql_url: str) -> str:
    return postgresql_url


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """The statements of all connections, by their first words."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(" ".join(statement.split()[:2]))

    with overheard("before_cursor_execute", note):
        yield said


@asynccontextmanager
async def somebody_else(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A transaction of another process that has locked all polls; committed in the end."""
    other = await asyncpg.connect(url)
    async with other.transaction():
        await other.execute("SELECT FROM poll ORDER BY id FOR NO KEY UPDATE")
        yield other
    await other.close()


async def waited_for(other: asyncpg.Connection) -> None:
    """Come back once somebody waits for another's transaction."""
    async with asyncio.timeout(30):
        while not await other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            pass


async def counted(database: Database, chats: Chats, *ballots: Ballot) -> list[Receipt]:
    """What ballots lead to that are counted at once."""
    ids = await chats.ids([ballot.chat for ballot in ballots])
    casts = [Cast(ballot, 1_618_758_000) for ballot in ballots]
    chat_ids = [ids[key(ballot.chat)] for ballot in ballots]
    return await database.write_each(lambda connection: VotesAtOnce().count(connection, casts, chat_ids))


async def handled(database: Database) -> int:
    number = select(func.count()).select_from(tables.handled_update)
    return await database.read(lambda connection: connection.scalar(number)) or 0


async def agree(database: Database) -> bool:
    """Whether both tallies are what a recount says."""
    by_chat = await tallied_by_chat(database) == await recounted_by_chat(database)
    return by_chat and await tallied(database) == await recounted(database)


async def test_a_vote_takes_two_statements(booth: Booth, statements: list[str]) -> None:
    await booth.press("imola-2021 all-russell", AL)
    statements.clear()
    await booth.press("imola-2021 all-bottas", AL, update="1")
    assert statements == ["SELECT given.poll_id,", "SELECT poll_id,"]


async def test_votes_are_gained_moved_and_withdrawn_together(booth: Booth, database: Database, chats: Chats) -> None:
    await counted(database, chats, booth.ballot("imola-2021 all-russell", AL, update="1"))
    receipts = await counted(
        database,
        chats,
        booth.ballot("imola-2021 all-bottas", BO, GRANDSTAND, update="2"),
        booth.ballot("imola-2021 mostly-russell", AL, GRANDSTAND, update="3"),
        booth.ballot("monza-2021 all-hamilton", AL),
        booth.ballot("monza-2021 withdraw", AL),
        booth.ballot("imola-2021 withdraw", BO, update="4"),
    )
    assert [receipt.choice and receipt.choice.key for receipt in receipts] == [
        "all-bottas",
        "mostly-russell",
        "all-hamilton",
        None,
        None,
    ]
    assert all(receipt.changed for receipt in receipts)
    assert [receipt.tally.votes for receipt in receipts] == [1, 1, 0, 0, 1]
    assert await agree(database)
    assert await handled(database) == 4


MEANWHILE = {
    "moved": "UPDATE vote SET chat_id = (SELECT min(id) FROM chat)",
    "moved to another choice": """UPDATE vote SET choice_id =
        (SELECT id FROM choice WHERE key = 'racing-incident' AND poll_id = vote.poll_id)""",
    "withdrawn": "DELETE FROM vote",
}
"""What becomes of the votes between being read and being written."""


@pytest.mark.parametrize("statement", MEANWHILE.values(), ids=MEANWHILE)
@pytest.mark.parametrize("wanted", ["mostly-russell", "withdraw"])
async def test_nothing_is_counted_where_a_vote_has_changed_since_it_was_read(
    booth: Booth, database: Database, chats: Chats, url: str, wanted: str, statement: str
) -> None:
    await chats.ids([GRANDSTAND])
    await booth.press("imola-2021 all-russell", AL)
    ballots = [booth.ballot(f"imola-2021 {wanted}", AL, update="1"), booth.ballot("imola-2021 all-bottas", BO)]
    async with somebody_else(url) as other:
        counting = asyncio.create_task(counted(database, chats, *ballots))
        await waited_for(other)
        await other.execute(statement)
    with pytest.raises(DBAPIError) as undone:
        await counting
    assert is_anothers_turn(undone.value)
    assert await handled(database) == 0
    assert (await booth.box.cast(ballots[1])).changed
    assert await agree(database)


async def test_nothing_is_counted_where_somebody_has_voted_since_it_was_read(
    booth: Booth, database: Database, chats: Chats, url: str
) -> None:
    await booth.press("imola-2021 all-russell", AL)
    ballot = booth.ballot("imola-2021 all-bottas", BO, update="1")
    async with somebody_else(url) as other:
        counting = asyncio.create_task(counted(database, chats, ballot))
        await waited_for(other)
        mine = "INSERT INTO vote SELECT poll_id, $1, choice_id, chat_id, cast_at, after_ruling FROM vote"
        await other.execute(mine, ballot.voter)
    with pytest.raises(DBAPIError) as undone:
        await counting
    assert is_anothers_turn(undone.value)
    assert await agree(database)


async def test_what_changed_since_it_was_read_is_read_again_and_counted(
    booth: Booth, database: Database, voters: Voters, url: str
) -> None:
    await booth.press("imola-2021 all-russell", AL)
    async with somebody_else(url) as other:
        waiting = booth.press("imola-2021 withdraw", AL, update="1"), booth.press("imola-2021 all-bottas", BO)
        await waited_for(other)
        await other.execute(MEANWHILE["moved to another choice"])
    receipts = await asyncio.gather(*waiting)
    assert [receipt.changed for receipt in receipts] == [True, True]
    assert [receipt.tally.votes for receipt in receipts] == [1, 1]
    assert await voters.votes_of(voters.pseudonym(AL)) == []
    assert await agree(database)


@pytest.mark.parametrize("together", [True, False])
async def test_an_update_that_is_delivered_twice_counts_once(
    booth: Booth, database: Database, chats: Chats, *, together: bool
) -> None:
    twice = [
        booth.ballot("imola-2021 all-russell", AL, update="1"),
        booth.ballot("imola-2021 all-bottas", AL, update="1"),
    ]
    if together:
        receipts = await asyncio.gather(*map(booth.box.cast, twice))
    else:
        receipts = [await booth.box.cast(ballot) for ballot in twice]
        with pytest.raises(DBAPIError) as undone:
            await counted(database, chats, twice[0])
        assert is_anothers_turn(undone.value)
    assert [(receipt.choice and receipt.choice.key, receipt.changed) for receipt in receipts] == [
        ("all-russell", True),
        ("all-russell", False),
    ]
    assert await agree(database)
    assert await handled(database) == 1


async def test_two_processes_count_the_same_updates_and_voters_once(booth: Booth, database: Database, url: str) -> None:
    """Each of a hundred presses is delivered to both processes, beside presses of the same people on other choices."""
    other = open_database(url)
    chats = await Chats.open(other, HandledUpdates(other))
    box = BallotBox(other, chats, HandledUpdates(other))
    running = asyncio.create_task(box.run())
    papers = ("all-russell", "mostly-bottas", "withdraw", "racing-incident")
    ballots = [
        booth.ballot(
            f"imola-2021 {papers[number % 4]}", voter(number % 9), (PIT_WALL, GRANDSTAND)[number % 2], str(number)
        )
        for number in range(100)
    ]
    ours = [booth.box.cast(ballot) for ballot in ballots]
    theirs = [box.cast(ballot) for ballot in reversed(ballots)]
    await asyncio.gather(*ours, *theirs)
    assert await handled(database) == 100
    assert await agree(database)
    await box.close()
    await running
    await other.close()
