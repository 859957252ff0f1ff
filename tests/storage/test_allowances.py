"""An allowance that several processes share, in a table."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.pacing.window import Allowance
from storage.allowances import Allowances
from storage.database.open import open_database
from tests.support.power_cut import PowerCut, PowerCutError

pytestmark = pytest.mark.postgresql

TELEGRAMS = Allowance(calls=28, seconds=1)


@pytest.fixture
async def processes(postgresql_url: str) -> AsyncIterator[Sequence[Allowances]]:
    databases = [open_database(postgresql_url) for _ in range(3)]
    yield [Allowances(database) for database in databases]
    for database in databases:
        await database.close()


async def test_no_second_has_more_turns_than_it_may_whoever_takes_them(processes: Sequence[Allowances]) -> None:
    grants = await asyncio.gather(
        *(each.take("telegram", TELEGRAMS, 1 + number % 7) for number in range(12) for each in processes)
    )
    turns = sorted(turn for grant in grants for turn in grant.turns)
    assert len(turns) == 3 * sum(1 + number % 7 for number in range(12))
    assert all(later - earlier >= 1 for earlier, later in zip(turns, turns[28:], strict=False))
    assert max(turns) - min(turns) < len(turns) / 28 + 1, "and none is wasted"


async def test_the_first_turns_come_at_once(processes: Sequence[Allowances]) -> None:
    one, two = [await processes[0].take("telegram", TELEGRAMS, 14) for _twice in range(2)]
    assert {*one.turns} == {one.now}
    assert {*two.turns} == {two.now}
    for name, first in (("telegram", one.now + 1), ("discord", 0.0)):
        other = await processes[1].take(name, TELEGRAMS, 1)
        assert other.turns == (max(other.now, first),)


async def test_a_silence_is_everybodys_and_the_longest_counts(processes: Sequence[Allowances]) -> None:
    assert await processes[0].silence("telegram") == 0
    await asyncio.gather(
        *(each.fall_silent("telegram", seconds) for each, seconds in zip(processes, (5, 900, 60), strict=True))
    )
    assert 890 < await processes[2].silence("telegram") <= 900
    grant = await processes[2].take("telegram", TELEGRAMS, 1)
    assert 890 < grant.silent_until - grant.now <= 900
    assert await processes[2].silence("discord") == 0


async def test_what_is_forgotten_begins_anew(processes: Sequence[Allowances]) -> None:
    for name in ("telegram", "telegram: -1001", "telegram: -100_"):
        await processes[0].take(name, TELEGRAMS, 28)
    for _twice in range(2):
        await processes[1].forget("telegram: -100_")
    forgotten = await processes[2].take("telegram: -100_", TELEGRAMS, 28)
    assert set(forgotten.turns) == {forgotten.now}
    for kept in ("telegram", "telegram: -1001"):
        grant = await processes[2].take(kept, Allowance(28, 900), 1)
        assert grant.turns[0] > grant.now + 800


async def test_a_power_cut_takes_no_turns(postgresql_url: str, processes: Sequence[Allowances]) -> None:
    database = open_database(postgresql_url)
    with pytest.raises(PowerCutError):
        await Allowances(PowerCut(1).threaten(database)).take("telegram", TELEGRAMS, 28)
    await database.close()
    grant = await processes[0].take("telegram", TELEGRAMS, 28)
    assert set(grant.turns) == {grant.now}
