import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from storage.database import group_commit
from storage.database.faults import ClosedError
from storage.database.group_commit import GroupCommit


class Ledger:
    """Doubles what is written, in batches that it remembers; refuses a 13, and everything while it is locked."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.locked = False

    async def commit(self, items: Sequence[int]) -> list[int]:
        await asyncio.sleep(0)
        if self.locked:
            raise OperationalError("INSERT", {}, Exception("database is locked"))
        if 13 in items:
            raise ValueError("unlucky")
        self.batches.append([*items])
        return [item * 2 for item in items]


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def unstarted(ledger: Ledger) -> GroupCommit[int, int]:
    return GroupCommit("numbers", ledger.commit)


@pytest.fixture
async def writer(unstarted: GroupCommit[int, int]) -> AsyncIterator[GroupCommit[int, int]]:
    """A writer that is running."""
    running = asyncio.create_task(unstarted.run())
    yield unstarted
    await unstarted.close()
    await running


async def test_what_is_put_in_at_once_is_committed_together_and_answered_each_with_its_own(
    writer: GroupCommit[int, int], ledger: Ledger
) -> None:
    assert await asyncio.gather(*map(writer.put, (1, 2, 3))) == [2, 4, 6]
    assert ledger.batches == [[1, 2, 3]]


async def test_what_arrives_during_a_commit_shares_the_next(writer: GroupCommit[int, int], ledger: Ledger) -> None:
    first = writer.put(1)
    first.add_done_callback(lambda _: later.append(writer.put(4)))
    later = [writer.put(2)]
    assert await first == 2
    assert await asyncio.gather(*later) == [4, 8]
    assert ledger.batches == [[1, 2], [4]]


async def test_no_more_than_fits_goes_into_one_transaction(
    writer: GroupCommit[int, int], ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MOST_AT_ONCE", 2)
    await asyncio.gather(*map(writer.put, range(5)))
    assert ledger.batches == [[0, 1], [2, 3], [4]]


async def test_one_bad_item_fails_alone(writer: GroupCommit[int, int], ledger: Ledger) -> None:
    with capture_logs() as logs:
        outcomes = await asyncio.gather(*map(writer.put, (11, 12, 13, 14, 15)), return_exceptions=True)
    assert [outcome if isinstance(outcome, int) else str(outcome) for outcome in outcomes] == [
        22,
        24,
        "unlucky",
        28,
        30,
    ]
    assert ledger.batches == [[11, 12], [14, 15]]
    assert [(line["event"], line["what"], line["items"]) for line in logs] == [("write.failed", "numbers", 1)]


async def test_where_the_database_is_at_fault_nobody_is_tried_alone(
    writer: GroupCommit[int, int], ledger: Ledger
) -> None:
    ledger.locked = True
    with capture_logs() as logs:
        outcomes = await asyncio.gather(*map(writer.put, range(8)), return_exceptions=True)
    assert all(isinstance(outcome, OperationalError) for outcome in outcomes)
    assert [line["items"] for line in logs] == [8]
    ledger.locked = False
    assert await writer.put(21) == 42


async def test_a_turn_comes_after_what_was_queued_before_it_and_before_what_came_later(
    writer: GroupCommit[int, int], ledger: Ledger
) -> None:
    async def look() -> list[list[int]]:
        return [*ledger.batches]

    before = writer.put(1)
    turn = asyncio.create_task(writer.in_turn(look))
    await asyncio.sleep(0)
    after = writer.put(2)
    assert await turn == [[1]]
    assert (await before, await after) == (2, 4)
    assert ledger.batches == [[1], [2]]


async def test_a_turn_that_fails_is_told_to_whoever_asked_and_the_writer_goes_on(writer: GroupCommit[int, int]) -> None:
    async def fail() -> None:
        raise ValueError("no")

    with capture_logs() as logs, pytest.raises(ValueError, match="no"):
        await writer.in_turn(fail)
    assert [line["event"] for line in logs] == ["write.failed"]
    assert await writer.put(1) == 2


async def test_whoever_gave_up_waiting_keeps_nobody_else_waiting(writer: GroupCommit[int, int], ledger: Ledger) -> None:
    gone, waiting, unlucky = writer.put(1), writer.put(2), writer.put(13)
    gone.cancel()
    unlucky.cancel()
    with capture_logs():
        assert await waiting == 4
    assert ledger.batches == [[1], [2]]


async def test_closed_it_has_committed_all_it_took_and_takes_no_more(
    unstarted: GroupCommit[int, int], ledger: Ledger
) -> None:
    queued = [unstarted.put(number) for number in range(3)]
    running = asyncio.create_task(unstarted.run())
    await unstarted.close()
    assert [done.result() for done in queued] == [0, 2, 4]
    with pytest.raises(ClosedError):
        unstarted.put(1)
    with pytest.raises(ClosedError):
        await unstarted.in_turn(lambda: ledger.commit([1]))
    await running


async def test_to_close_what_has_nothing_to_do_is_no_trouble(unstarted: GroupCommit[int, int]) -> None:
    running = asyncio.create_task(unstarted.run())
    await asyncio.sleep(0)
    await unstarted.close()
    await unstarted.close()
    await running


async def test_stopped_in_the_middle_it_tells_all_who_wait(unstarted: GroupCommit[int, int]) -> None:
    queued = [unstarted.put(number) for number in range(3)]
    running = asyncio.create_task(unstarted.run())
    await asyncio.sleep(0)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    outcomes = await asyncio.gather(*queued, return_exceptions=True)
    assert all(isinstance(outcome, ClosedError) for outcome in outcomes)


async def test_what_is_gathered_shares_a_batch() -> None:
    batches: list[list[int]] = []

    async def commit(items: Sequence[int]) -> Sequence[int]:
        batches.append([*items])
        return items

    writer = GroupCommit("numbers", commit, gather=0.001)
    running = asyncio.create_task(writer.run())
    first = writer.put(1)
    await asyncio.sleep(0)  # the writer has seen it by now, and gathers
    await asyncio.gather(first, writer.put(2))
    await writer.close()
    await running
    assert batches == [[1, 2]]
