import asyncio
import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from functools import partial
from itertools import chain, compress
from random import Random

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from bot.domain.places import Platform
from bot.domain.voters import Forgotten
from storage import tables
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import CHUNK, FORGOTTEN_EVERY, KEPT, HandledUpdates
from storage.polls import Polls
from storage.voters import Voters
from tests.storage.booth import PIT_WALL, Booth, recounted, recounted_by_chat, tallied, tallied_by_chat, voter
from tests.storage.test_ballot_box import forged
from tests.support.clock import FakeClock, HeldClock

TELEGRAM, DISCORD = Platform.TELEGRAM, Platform.DISCORD
SECOND = dt.timedelta(seconds=1)


async def first_time(database: Database, handled: HandledUpdates, update: str, platform: str = TELEGRAM) -> bool:
    return await database.write(lambda connection: handled.first_time(connection, platform, update))


async def number_of(database: Database) -> int:
    """How many ids are kept."""
    every = select(func.count()).select_from(tables.handled_update)
    return await database.read(lambda connection: connection.scalar(every) or 0)


async def test_an_update_is_new_once(database: Database) -> None:
    handled = HandledUpdates(database)
    assert [await first_time(database, handled, "812") for _ in range(3)] == [True, False, False]
    assert await first_time(database, handled, "813")


async def test_it_is_so_after_a_restart(database: Database) -> None:
    assert await first_time(database, HandledUpdates(database), "812")
    assert not await first_time(database, HandledUpdates(database), "812")


async def test_each_platform_counts_its_own(database: Database) -> None:
    handled = HandledUpdates(database)
    assert await first_time(database, handled, "812", TELEGRAM)
    assert await first_time(database, handled, "812", DISCORD)


async def test_what_has_no_id_is_always_new_and_not_kept(database: Database) -> None:
    handled = HandledUpdates(database)
    assert [await first_time(database, handled, "") for _ in range(2)] == [True, True]
    assert await number_of(database) == 0


async def test_several_are_looked_at_together(database: Database) -> None:
    handled = HandledUpdates(database)
    await first_time(database, handled, "2")
    odd = 'it\'s "odd"'
    some = [(TELEGRAM, "1"), (TELEGRAM, "2"), (DISCORD, "2"), (TELEGRAM, ""), (TELEGRAM, "1")]
    some += [(TELEGRAM, odd), (TELEGRAM, "")]
    both = [await database.write(lambda connection: handled.first_times(connection, some)) for _ in range(2)]
    assert both == [[True, False, True, True, False, True, True], [False, False, False, True, False, False, True]]
    assert await database.write(lambda connection: handled.first_times(connection, [])) == []


async def test_a_transaction_that_fails_leaves_the_update_new(database: Database) -> None:
    handled = HandledUpdates(database)

    def dies(connection: Connection) -> None:
        assert handled.first_time(connection, TELEGRAM, "812")
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await database.write(dies)
    assert await first_time(database, handled, "812")


async def test_of_many_that_handle_an_update_at_once_one_acts(database: Database) -> None:
    handled = HandledUpdates(database)
    assert sorted(await asyncio.gather(*(first_time(database, handled, "812") for _ in range(20)))) == [
        *[False] * 19,
        True,
    ]


async def test_batches_with_the_same_updates_in_any_order_wait_for_each_other_and_share_them(
    database: Database,
) -> None:
    handled, random = HandledUpdates(database), Random(1989)
    updates = [(TELEGRAM, str(number)) for number in range(300)]
    batches = [random.sample(updates, 200) for _ in range(12)]
    firsts = await asyncio.gather(*(database.write(partial(handled.first_times, updates=batch)) for batch in batches))
    new = [each for batch, first in zip(batches, firsts, strict=True) for each in compress(batch, first)]
    assert sorted(new) == sorted(set().union(*batches))


async def test_ids_go_when_no_platform_delivers_them_again(database: Database, clock: FakeClock) -> None:
    handled = HandledUpdates(database, clock)
    await first_time(database, handled, "old")
    clock.pass_by(KEPT)
    await first_time(database, handled, "young")
    await handled.forget_some()
    assert not await first_time(database, handled, "old"), "26 hours are just over"
    clock.pass_by(1)
    await handled.forget_some()
    assert await number_of(database) == 1
    assert not await first_time(database, handled, "young")
    assert await first_time(database, handled, "old")


async def test_many_go_some_at_a_time(database: Database, clock: FakeClock) -> None:
    handled = HandledUpdates(database, clock)
    many = [(TELEGRAM, str(number)) for number in range(2 * CHUNK + 1)]
    await database.write(lambda connection: handled.first_times(connection, many))
    clock.pass_by(KEPT + SECOND)
    left = [(await handled.forget_some(), await number_of(database)) for _ in range(3)]
    assert left == [(True, CHUNK + 1), (True, 1), (False, 0)]


@pytest.fixture
async def held(database: Database) -> AsyncIterator[HeldClock]:
    """The clock of ids that are being forgotten from time to time."""
    held = HeldClock()
    running = asyncio.create_task(HandledUpdates(database, held).run())
    yield held
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_old_ids_are_looked_for_from_time_to_time(database: Database, held: HeldClock) -> None:
    await first_time(database, HandledUpdates(database, held), "812")
    held.pass_by(KEPT + SECOND)
    await held.wake()
    await held.wake()
    assert await number_of(database) == 0
    assert set(held.slept) == {FORGOTTEN_EVERY}


class TestOnSQLite:
    """What can be seen of one file alone."""

    @pytest.fixture
    def url(self, sqlite_url: str) -> str:
        return f"{sqlite_url}?timeout=0.01"

    async def test_nothing_is_read_but_what_goes(self, database: Database) -> None:
        def plan(connection: Connection) -> list[str]:
            statement = HandledUpdates(database)._forget.compile(connection)
            given = tuple(statement.params[name] or 0 for name in statement.positiontup or ())
            return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]

        steps = await database.read(plan)
        assert any("INDEX ix_handled_update_handled_at (handled_at<?)" in step for step in steps)
        assert [step for step in steps if step.startswith("SCAN handled_update")] == []

    async def test_a_file_that_is_locked_now_is_tried_again_later(
        self, database: Database, held: HeldClock, sqlite_url: str
    ) -> None:
        await first_time(database, HandledUpdates(database, held), "812")
        held.pass_by(KEPT + SECOND)
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with capture_logs() as logs:
                await held.wake()
                await held.wake()
            other.execute("ROLLBACK")
        assert {line["event"] for line in logs} == {"handled_updates.not_forgotten"}
        await held.wake()
        await held.wake()
        assert await number_of(database) == 0


class TestBallots:
    """A ballot and its update's id are committed together."""

    async def test_an_update_that_could_not_be_counted_is_new_when_it_comes_again(
        self, booth: Booth, database: Database
    ) -> None:
        ballot = booth.ballot("imola-2021 all-russell", voter(7), update="812")
        with pytest.raises(IntegrityError), capture_logs():
            await booth.box.cast(forged(ballot))
        assert await number_of(database) == 0
        assert (await booth.box.cast(ballot)).changed
        assert not (await booth.box.cast(ballot)).changed

    async def test_ballots_without_an_update_keep_no_id(self, booth: Booth, database: Database) -> None:
        await booth.press("imola-2021 all-russell", voter(7))
        assert await number_of(database) == 0

    async def test_two_processes_that_take_the_same_presses_count_each_once(
        self, database: Database, chats: Chats, polls: Polls, voters: Voters
    ) -> None:
        boxes = [BallotBox(database, chats, HandledUpdates(database)) for _ in range(2)]
        papers = ("imola-2021 all-russell", "imola-2021 all-bottas", "monza-2021 all-hamilton", "imola-2021 withdraw")
        random = Random(1990)
        async with asyncio.TaskGroup() as group:
            for box in boxes:
                group.create_task(box.run())
            orders = [random.sample(range(300), 300) for _ in boxes]
            presses = [
                Booth(box, polls, voters).press(papers[number % 4], voter(number // 3), update=str(number))
                for box, order in zip(boxes, orders, strict=True)
                for number in order
            ]
            receipts = await asyncio.gather(*presses)
            for box in boxes:
                await box.close()
        counted = [number for number, receipt in zip(chain(*orders), receipts, strict=True) if receipt.changed]
        assert len(counted) == len(set(counted)), "none by both"
        assert len({number // 3 for number in counted}) == 100, "somebody's at least"
        assert await number_of(database) == 300
        assert await tallied(database) == await recounted(database)
        assert await tallied_by_chat(database) == await recounted_by_chat(database)

    async def test_a_request_to_be_forgotten_that_comes_again_deletes_no_later_vote(
        self, booth: Booth, voters: Voters
    ) -> None:
        al = voters.pseudonym(voter(7))
        await booth.press("imola-2021 all-russell", voter(7), update="1")
        assert await booth.box.forget(al, PIT_WALL, "2") == Forgotten(votes=1, chat=False)
        await booth.press("imola-2021 all-bottas", voter(7), update="3")
        assert await booth.box.forget(al, PIT_WALL, "2") is None
        assert not (await booth.press("imola-2021 all-russell", voter(7), update="1")).changed
        assert [vote.choice for vote in await voters.votes_of(al)] == ["all-bottas"]
