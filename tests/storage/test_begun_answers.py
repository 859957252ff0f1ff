import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager

import pytest
from sqlalchemy import Connection
from structlog.testing import capture_logs

from bot.domain.places import Platform
from storage.begun_answers import BegunAnswers
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from tests.storage.test_handled_updates import first_time, number_of
from tests.support.overheard import overheard
from tests.support.power_cut import PowerCut, PowerCutError

TELEGRAM, DISCORD = Platform.TELEGRAM, Platform.DISCORD


@asynccontextmanager
async def noting(database: Database) -> AsyncIterator[BegunAnswers]:
    """A process that notes answers."""
    answers = BegunAnswers(database, HandledUpdates(database))
    running = asyncio.create_task(answers.run())
    yield answers
    await answers.close()
    await running


@pytest.fixture
async def answers(database: Database) -> AsyncIterator[BegunAnswers]:
    async with noting(database) as answers:
        yield answers


@contextmanager
def commits() -> Iterator[list[Connection]]:
    """The transactions that are committed while this lasts, by their connections."""
    seen = list[Connection]()

    def note(connection: Connection) -> None:
        seen.append(connection)

    with overheard("commit", note):
        yield seen


async def test_an_answer_is_begun_once_whoever_asks_and_whatever_was_restarted(database: Database) -> None:
    async with noting(database) as here, noting(database) as there:
        begun = await asyncio.gather(*(each.begin_answer(TELEGRAM, "812") for each in (here, there) * 10))
    assert sorted(begun) == [*[False] * 19, True]
    async with noting(database) as later:
        assert not await later.begin_answer(TELEGRAM, "812")
        assert await later.begin_answer(DISCORD, "812")
        assert await later.begin_answer(TELEGRAM, "813")


async def test_many_that_are_begun_at_once_share_a_transaction(database: Database, answers: BegunAnswers) -> None:
    with commits() as seen:
        begun = await asyncio.gather(*(answers.begin_answer(TELEGRAM, str(number)) for number in range(500)))
    assert begun == [True] * 500
    assert len(seen) <= 2
    assert await number_of(database) == 500


async def test_what_an_update_asks_for_and_its_answer_are_two_things(database: Database, answers: BegunAnswers) -> None:
    handled = HandledUpdates(database)
    assert await first_time(database, handled, "812")
    assert await answers.begin_answer(TELEGRAM, "812")
    assert not await first_time(database, handled, "812")


async def test_what_has_no_id_is_always_answered(database: Database, answers: BegunAnswers) -> None:
    assert [await answers.begin_answer(TELEGRAM, "") for _ in range(2)] == [True, True]
    assert await number_of(database) == 0


async def test_an_answer_is_not_begun_where_that_is_not_committed(database: Database) -> None:
    async with noting(PowerCut(1).threaten(database)) as cut_off:
        with pytest.raises(PowerCutError):
            await cut_off.begin_answer(TELEGRAM, "812")
    async with noting(database) as answers:
        assert await answers.begin_answer(TELEGRAM, "812")


async def test_who_is_about_to_stop_answers_all_the_same(answers: BegunAnswers) -> None:
    await answers.close()
    assert await answers.begin_answer(TELEGRAM, "812")


class TestOnSQLite:
    """What can be seen of one file alone."""

    @pytest.fixture
    def url(self, sqlite_url: str) -> str:
        return f"{sqlite_url}?timeout=0.01"

    async def test_while_the_file_is_locked_everybody_is_answered_and_the_log_says_so_once(
        self, answers: BegunAnswers, sqlite_url: str
    ) -> None:
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with capture_logs() as logs:
                assert [await answers.begin_answer(TELEGRAM, "812") for _ in range(2)] == [True, True]
            other.execute("ROLLBACK")
        assert [(line["event"], line["what"]) for line in logs] == [("write.failed", "answers")]
        assert [await answers.begin_answer(TELEGRAM, "812") for _ in range(2)] == [True, False]
