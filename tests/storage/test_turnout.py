"""Who came to a poll, on both databases: as a recount has it, without anybody in it, and by an index."""

import asyncio

import pytest

from bot.domain.places import ChatKind, Platform
from bot.domain.polls import Question
from bot.domain.turnout import MINUTE, OnlyHere, Turnout
from storage import turnout
from storage.database.base import CannotOpenError, Database
from storage.database.open import open_database
from storage.turnout import Polled, read_polled, read_turnout
from tests.storage.booth import GRANDSTAND, PADDOCK, PIT_WALL, Booth, voter
from tests.storage.test_scans import grow, recorded, scans
from tests.support.clock import FakeClock

RUSSELL, BOTTAS = "imola-2021 all-russell", "imola-2021 all-bottas"


async def looked(database: Database, places: int = 5) -> Turnout:
    found = await read_turnout(database, "imola-2021", Question.BLAME, places)
    assert found
    return found


@pytest.fixture
async def evening(booth: Booth, clock: FakeClock) -> int:
    """Twelve who only vote on Imola, at once; and, two minutes later, twenty who vote on Monza too; when it began."""
    began = int(clock.now().timestamp()) // MINUTE
    await asyncio.gather(*(booth.press(RUSSELL, voter(number), PIT_WALL) for number in range(12)))
    clock.pass_by(2 * MINUTE)
    for number in range(100, 120):
        await booth.press(BOTTAS if number % 2 else RUSSELL, voter(number), PADDOCK)
        await booth.press("monza-2021 all-verstappen", voter(number), PADDOCK)
    await booth.press(BOTTAS, voter(200), GRANDSTAND)
    return began


async def test_votes_are_told_by_place_and_minute(database: Database, evening: int) -> None:
    found = await looked(database)
    assert (found.votes, found.looked_at) == (33, 33)
    assert found.by_minute == {evening: 12, evening + 2: 21}
    paddock, pit_wall = found.largest(5)  # and not the one with a single vote
    assert (paddock.platform, pit_wall.platform) == (Platform.DISCORD, Platform.TELEGRAM)
    assert {paddock.kind, pit_wall.kind} == {ChatKind.GROUP}
    assert found.peak(pit_wall)[:2] == (evening, 12)
    assert found.peak(pit_wall).agreed == 1
    assert found.peak(paddock).agreed == 0.5
    assert found.only_here == {pit_wall: OnlyHere(12, 12), paddock: OnlyHere(0, 20), None: OnlyHere(1, 1)}


async def test_a_vote_that_moves_is_told_where_and_when_it_counts(
    database: Database, booth: Booth, clock: FakeClock
) -> None:
    await booth.press(RUSSELL, voter(1), PIT_WALL)
    clock.pass_by(MINUTE)
    await booth.press(RUSSELL, voter(1), PADDOCK)
    found = await looked(database)
    assert {place.platform for place in found.by_place} == {Platform.DISCORD}
    await booth.press("imola-2021 withdraw", voter(1), PADDOCK)
    assert (await looked(database)).looked_at == 0


@pytest.mark.usefixtures("evening")
async def test_of_many_votes_some_are_drawn_and_stand_for_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turnout, "LOOKED_AT", 11)
    found = await looked(database)
    assert (found.votes, found.looked_at) == (33, 11)
    assert found.by_minute.total() == 11
    assert found.estimated(11) == 33


@pytest.mark.usefixtures("evening")
async def test_polls_are_listed_by_their_votes(database: Database) -> None:
    imola, monza = await read_polled(database, 5)
    assert imola == Polled("imola-2021", Question.BLAME, 33)
    assert monza == Polled("monza-2021", Question.BLAME, 20)
    assert await read_polled(database, 1) == [imola]


async def test_what_nobody_asked_is_no_poll(database: Database) -> None:
    assert await read_turnout(database, "nowhere-2021", Question.BLAME) is None


async def test_without_tables_there_is_a_sentence(empty_url: str) -> None:
    database = open_database(empty_url)
    with pytest.raises(CannotOpenError):
        await read_polled(database, 1)
    await database.close()


@pytest.mark.exhaustive
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("evening")
async def test_no_large_table_is_read_as_a_whole(database: Database) -> None:
    with recorded() as statements:
        await looked(database)
        await read_polled(database, 5)
    assert len(statements) == 6
    await grow(database)
    assert await database.read(lambda connection: scans(connection, statements)) == {}
