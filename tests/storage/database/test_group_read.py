import asyncio
from collections.abc import Sequence
from contextvars import ContextVar

import pytest

from storage.database.group_read import GroupRead


class Shelf:
    """Reads numbers as words, and remembers what was asked for together; holds no 13."""

    def __init__(self) -> None:
        self.reads: list[list[int]] = []
        self.begun = asyncio.Event()

    async def read(self, numbers: Sequence[int]) -> list[str]:
        self.reads.append([*numbers])
        self.begun.set()
        await asyncio.sleep(0)
        if 13 in numbers:
            raise LookupError("unlucky")
        return [str(number) for number in numbers]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def together(shelf: Shelf) -> GroupRead[int, str]:
    return GroupRead(shelf.read)


async def test_what_is_asked_at_once_is_read_together_and_answered_each_with_its_own(
    together: GroupRead[int, str], shelf: Shelf
) -> None:
    assert await asyncio.gather(*map(together.get, (1, 2, 2, 3))) == ["1", "2", "2", "3"]
    assert shelf.reads == [[1, 2, 2, 3]]


async def test_whoever_asks_while_others_are_read_is_told_what_is_there_by_then(
    together: GroupRead[int, str], shelf: Shelf
) -> None:
    first = asyncio.create_task(together.get(1))
    await shelf.begun.wait()
    assert await together.get(2) == "2"
    assert await first == "1"
    assert shelf.reads == [[1], [2]]


async def test_a_read_that_fails_fails_for_all_who_asked_and_for_nobody_later(together: GroupRead[int, str]) -> None:
    failed = await asyncio.gather(*map(together.get, (1, 13)), return_exceptions=True)
    assert [type(each) for each in failed] == [LookupError, LookupError]
    assert await together.get(1) == "1"


async def test_whoever_gives_up_takes_nobody_along(together: GroupRead[int, str], shelf: Shelf) -> None:
    first, second = asyncio.create_task(together.get(1)), asyncio.create_task(together.get(2))
    await shelf.begun.wait()
    first.cancel()
    assert await second == "2"
    assert first.cancelled()


async def test_a_read_that_is_cancelled_before_it_begins_is_nobodys_later(together: GroupRead[int, str]) -> None:
    others = asyncio.all_tasks()
    asking = asyncio.create_task(together.get(1))
    await asyncio.sleep(0)
    for task in asyncio.all_tasks() - others - {asking}:
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await together.get(2) == "2"


async def test_a_read_is_in_nobodys_name() -> None:
    asker = ContextVar[str]("asker", default="nobody")

    async def read(numbers: Sequence[int]) -> list[str]:
        return [asker.get() for _ in numbers]

    asker.set("Al")
    assert await GroupRead(read).get(1) == "nobody"
