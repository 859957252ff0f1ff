"""Writers side by side: what has one number keeps its order, and whoever has their turn has it with all of them."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from structlog.testing import capture_logs

from storage.database.faults import ClosedError
from storage.database.writers import Writers


class Ledger:
    """What is written, batch by batch; nothing is while it is `shut`."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.opened = asyncio.Event()
        self.opened.set()
        self.broken = False

    async def commit(self, items: Sequence[int]) -> Sequence[int]:
        self.batches.append([*items])
        await self.opened.wait()
        if self.broken:
            raise OSError("no route to the database")
        return [*items]


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
async def writers(ledger: Ledger) -> AsyncIterator[Writers[int, int]]:
    writers = Writers("numbers", ledger.commit, 3)
    running = asyncio.create_task(writers.run())
    yield writers
    ledger.opened.set()
    await writers.close()
    await running


async def test_what_has_the_same_number_is_committed_in_its_order_and_the_rest_side_by_side(
    ledger: Ledger, writers: Writers[int, int]
) -> None:
    assert await asyncio.gather(*(writers.put(item, item % 5) for item in range(10))) == [*range(10)]
    assert sorted(ledger.batches) == [[0, 3, 5, 8], [1, 4, 6, 9], [2, 7]]


async def test_a_turn_comes_after_all_that_was_queued_and_before_what_comes_later(
    ledger: Ledger, writers: Writers[int, int]
) -> None:
    async def look() -> list[int]:
        await asyncio.sleep(0)
        return sorted(item for batch in ledger.batches for item in batch)

    before = [writers.put(item, item) for item in range(6)]
    turn = asyncio.create_task(writers.in_turn(look))
    await asyncio.sleep(0)
    later = [writers.put(item, item) for item in range(6, 12)]
    assert await turn == [*range(6)]
    assert all(each.done() for each in before)
    assert await asyncio.gather(*later) == [*range(6, 12)]


async def test_turns_that_are_wanted_at_once_are_taken_one_after_the_other(writers: Writers[int, int]) -> None:
    at_it, most = 0, 0

    async def work() -> None:
        nonlocal at_it, most
        at_it += 1
        most = max(most, at_it)
        await asyncio.sleep(0)
        at_it -= 1

    await asyncio.gather(*(writers.in_turn(work) for _ in range(5)))
    assert most == 1


async def test_whose_turn_was_promised_has_it_though_they_are_closed_meanwhile(
    ledger: Ledger, writers: Writers[int, int]
) -> None:
    async def work() -> str:
        return "done"

    ledger.opened.clear()
    waiting = [writers.put(item, item) for item in range(3)]
    turn = asyncio.create_task(writers.in_turn(work))
    await asyncio.sleep(0)
    closing = asyncio.create_task(writers.close())
    await asyncio.sleep(0)
    ledger.opened.set()
    await closing
    assert await turn == "done"
    assert await asyncio.gather(*waiting) == [0, 1, 2]
    for number in range(3):
        with pytest.raises(ClosedError):
            writers.put(1, number)


async def test_an_outage_is_told_once_by_all_of_them(ledger: Ledger, writers: Writers[int, int]) -> None:
    ledger.broken = True
    with capture_logs() as logs:
        await asyncio.gather(*(writers.put(item, item) for item in range(9)), return_exceptions=True)
        ledger.broken = False
        assert await asyncio.gather(*(writers.put(item, item) for item in range(3))) == [0, 1, 2]
    assert [(line["event"], line["what"]) for line in logs] == [
        ("write.failed", "numbers"),
        ("write.recovered", "numbers"),
    ]
    assert logs[1]["failed"] == 9
