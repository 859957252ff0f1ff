import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, Pool, event, func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import tables
from storage.database.base import CannotOpenError, Database
from storage.database.faults import ClosedError
from storage.database.open import open_database
from storage.database.sqlite_connections import WAL_KEPT, WAL_PAGES
from tests.support.hurried import hurried


def count_chats(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(tables.chat)).scalar_one()


async def chats_known(database: Database) -> int:
    return await database.read(count_chats)


def add_chat(connection: Connection, external: str) -> None:
    connection.execute(tables.chat.insert().values(platform="telegram", external=external, kind="group"))


@pytest.mark.parametrize("address", ["mysql://localhost/f1", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_refused(address: str) -> None:
    with pytest.raises(CannotOpenError, match="neither an SQLite file nor a PostgreSQL server"):
        open_database(address)


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def add_and_fail(connection: Connection) -> None:
        add_chat(connection, "1")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(add_and_fail)
    assert await chats_known(database) == 0


async def test_a_reference_to_nothing_is_refused(database: Database) -> None:
    dangling = tables.choice.insert().values(poll_id=404, key="nobody")
    with pytest.raises(IntegrityError):
        await database.write(lambda connection: connection.execute(dangling))


async def test_writers_at_once_follow_each_other(database: Database) -> None:
    chats = [partial(add_chat, external=str(number)) for number in range(20)]
    await asyncio.gather(*map(database.write, chats))
    assert await chats_known(database) == 20


async def test_an_error_does_not_repeat_what_was_written(database: Database) -> None:
    await database.write(lambda connection: add_chat(connection, "very private"))
    with pytest.raises(IntegrityError) as caught:
        await database.write(lambda connection: add_chat(connection, "very private"))
    assert "very private" not in str(caught.value).split("[SQL", 1)[1]


class TestTheFile:
    """What SQLite is told, beyond SQL."""

    async def test_a_commit_that_fails_costs_one_transaction(self, database: Database) -> None:
        def fail_at_the_end(connection: Connection) -> None:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            add_chat(connection, "1")
            connection.execute(tables.choice.insert().values(poll_id=404, key="nobody"))

        with pytest.raises(IntegrityError):
            await database.write(fail_at_the_end)
        await database.write(lambda connection: add_chat(connection, "2"))
        assert await chats_known(database) == 1

    @pytest.fixture
    async def database(self, sqlite_url: str) -> AsyncIterator[Database]:
        database = open_database(sqlite_url)
        await database.upgrade()
        yield database
        await database.close()

    @pytest.fixture
    def _as_a_bot_does(self) -> Iterator[None]:
        """Wait for the disk, as no other test does."""
        event.remove(Pool, "checkout", hurried)
        yield
        event.listen(Pool, "checkout", hurried)

    async def test_what_went_with_a_file_that_is_deleted_meanwhile_is_not_acknowledged(
        self, database: Database, sqlite_url: str
    ) -> None:
        file = Path(sqlite_url.removeprefix("sqlite:///"))

        def deletes_it(connection: Connection) -> None:
            connection.execute(tables.chat.insert().values(platform="telegram", external="-1", kind="group"))
            file.rename(file.with_suffix(".away"))

        with pytest.raises(FileNotFoundError, match="deleted or replaced"):
            await database.write(deletes_it)
        written = await asyncio.gather(*(database.write(deletes_it) for _ in range(5)), return_exceptions=True)
        assert {type(each) for each in written} == {FileNotFoundError}, "nor is anything that comes at once later"
        file.with_suffix(".away").rename(file)
        number = select(func.count()).select_from(tables.chat)
        assert await database.write(lambda connection: connection.scalar(number)) == 1

    @pytest.mark.usefixtures("_as_a_bot_does")
    async def test_what_is_committed_is_on_the_disk(self, sqlite_url: str) -> None:
        database = open_database(sqlite_url)

        def pragma(connection: Connection, name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()

        assert await database.write(lambda connection: pragma(connection, "journal_mode")) == "wal"
        assert await database.write(lambda connection: pragma(connection, "journal_size_limit")) == WAL_KEPT
        assert await database.write(lambda connection: pragma(connection, "wal_autocheckpoint")) == WAL_PAGES
        assert await database.write(lambda connection: pragma(connection, "synchronous")) == 2
        assert await database.write(lambda connection: pragma(connection, "foreign_keys")) == 1
        await database.close()

    async def test_readers_cannot_write(self, database: Database) -> None:
        with pytest.raises(OperationalError, match="readonly"):
            await database.read(lambda connection: add_chat(connection, "1"))
        assert await chats_known(database) == 0

    async def test_many_read_at_once(self, database: Database) -> None:
        await database.write(lambda connection: add_chat(connection, "1"))
        assert set(await asyncio.gather(*(chats_known(database) for _ in range(50)))) == {1}

    async def test_whoever_reads_again_at_once_is_answered_too(self, database: Database) -> None:
        begun, ended, go = threading.Semaphore(0), threading.Semaphore(0), threading.Event()

        def look(_connection: Connection) -> None:
            begun.release()
            go.wait(10)
            ended.release()

        async def look_twice() -> int:
            await database.read(look)
            return await chats_known(database)

        for _ in range(20):
            go.clear()
            twice = asyncio.create_task(look_twice())
            await asyncio.to_thread(begun.acquire)
            once = asyncio.create_task(database.read(look))
            await asyncio.to_thread(begun.acquire)
            go.set()
            for _ in range(2):
                ended.acquire()  # while nothing else happens, so that both answers come at once
            assert await twice == 0
            await once

    async def test_a_read_that_fails_fails_alone(self, database: Database) -> None:
        def fail(_connection: Connection) -> int:
            raise LookupError("no such poll")

        reads = [database.read(fail if number % 2 else count_chats) for number in range(8)]
        answers = await asyncio.gather(*reads, return_exceptions=True)
        assert answers[::2] == [0] * 4
        assert all(isinstance(answer, LookupError) for answer in answers[1::2])

    async def test_who_no_longer_waits_for_a_read_holds_up_nobody(self, database: Database) -> None:
        reads = [asyncio.create_task(chats_known(database)) for _ in range(4)]
        await asyncio.sleep(0)
        reads[0].cancel()
        assert (await asyncio.gather(*reads, return_exceptions=True))[1:] == [0] * 3

    async def test_who_gives_up_while_the_file_is_opened_leaves_it_to_others(self, database: Database) -> None:
        for _ in range(3):
            reading = asyncio.create_task(chats_known(database))
            await asyncio.sleep(0)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
        assert await chats_known(database) == 0

    async def test_what_is_being_read_when_it_is_closed_is_read_to_the_end(self, tmp_path: Path) -> None:
        database = open_database(f"sqlite:///{tmp_path / 'closing.db'}")
        await database.upgrade()
        begun, go = threading.Event(), threading.Event()

        def look(connection: Connection) -> int:
            begun.set()
            go.wait(10)
            return count_chats(connection)

        reading = asyncio.create_task(database.read(look))
        await asyncio.to_thread(begun.wait)
        closing = asyncio.create_task(database.close())
        await asyncio.sleep(0)
        go.set()
        assert await reading == 0
        await closing

    @pytest.mark.parametrize("ticks", [1, 5])
    async def test_a_file_that_is_being_opened_for_nobody_any_more_is_closed_too(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ticks: int
    ) -> None:
        database = open_database(f"sqlite:///{tmp_path / 'closing.db'}")
        await database.upgrade()
        go, opened, closed = threading.Event(), list[Connection](), list[Connection]()
        connect, close = Engine.connect, Connection.close

        def slowly(engine: Engine) -> Connection:
            go.wait(10)
            opened.append(connect(engine))
            return opened[-1]

        def noted(connection: Connection) -> None:
            close(connection)
            closed.append(connection)

        monkeypatch.setattr(Engine, "connect", slowly)
        monkeypatch.setattr(Connection, "close", noted)
        reading = asyncio.create_task(chats_known(database))
        for _ in range(ticks):
            await asyncio.sleep(0)
        reading.cancel()
        closing = asyncio.create_task(database.close())
        await asyncio.sleep(0)
        go.set()
        await closing
        assert opened == closed

    async def test_what_cannot_be_opened_cannot_be_read(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_engine: Engine) -> Connection:
            raise OperationalError("unable to open database file", None, Exception())

        with monkeypatch.context() as patched:
            patched.setattr(Engine, "connect", refuse)
            with pytest.raises(OperationalError, match="unable to open"):
                await chats_known(database)
        assert await chats_known(database) == 0

    async def test_who_reads_does_not_wait_for_who_writes(self, database: Database) -> None:
        written, committed = threading.Event(), threading.Event()

        def slowly(connection: Connection) -> None:
            add_chat(connection, "1")
            written.set()
            committed.wait()

        writing = asyncio.create_task(database.write(slowly))
        await asyncio.to_thread(written.wait)
        assert await chats_known(database) == 0
        committed.set()
        await writing
        assert await chats_known(database) == 1

    def test_a_file_that_cannot_be_made_is_named(self) -> None:
        with pytest.raises(CannotOpenError, match=r"/dev/null/racing.db cannot be opened: Not a directory\."):
            open_database("sqlite:////dev/null/racing.db")

    @pytest.mark.parametrize(
        "content", [b"a recipe for plum cake\n" * 100, b"SQLite format 3\0" + bytes(range(256)) * 9]
    )
    async def test_a_file_that_is_no_database_is_told_in_a_sentence_and_left_alone(
        self, tmp_path: Path, content: bytes
    ) -> None:
        file = tmp_path / "racing.db"
        file.write_bytes(content)
        database = open_database(f"sqlite:///{file}")
        with pytest.raises(
            CannotOpenError, match=r"racing\.db cannot be opened: .*\. (Put|It is damaged: .* put) back a b"
        ):
            await database.upgrade()
        await database.close()
        assert file.read_bytes() == content

    async def test_a_file_is_had_by_one_bot_at_a_time(self, tmp_path: Path) -> None:
        address = f"sqlite:///{tmp_path / 'shared.db'}"
        first = open_database(address)
        with pytest.raises(CannotOpenError, match="Stop it first"):
            open_database(address)
        await first.close()
        await open_database(address).close()


async def test_how_long_a_locked_file_is_waited_for_is_as_its_address_says_also_once_the_wal_was_emptied(
    sqlite_url: str,
) -> None:
    database = open_database(f"{sqlite_url}?timeout=0.25")
    await database.upgrade()
    await database.scrub()
    patience = await database.write(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one())
    await database.close()
    assert patience == 250


async def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    database = open_database("postgresql://racing:a-password@127.0.0.1:1/incidents")
    with pytest.raises(
        CannotOpenError, match=r"^The database server is not reached: .*\. Look whether it is up"
    ) as told:
        await database.upgrade()
    assert "a-password" not in str(told.value)
    await database.close()


async def test_a_database_that_is_closed_takes_nothing_more_and_opens_nothing_anew(database: Database) -> None:
    threads = threading.active_count()
    await database.close()
    for ask in (database.read, database.write):
        with pytest.raises(ClosedError):
            await ask(count_chats)
    assert threading.active_count() <= threads


async def test_what_is_being_read_when_a_database_is_closed_is_read_to_its_end(database: Database) -> None:
    reading = asyncio.create_task(chats_known(database))
    await asyncio.sleep(0)  # it has asked
    await database.close()
    assert await reading == 0


@pytest.mark.postgresql
async def test_nobody_is_told_anything_by_a_database_that_is_closed(postgresql_url: str) -> None:
    database = open_database(postgresql_url)
    told = database.notifications
    assert told
    await database.close()
    with pytest.raises(ClosedError):
        await told.tell(["anything"])
    with pytest.raises(ClosedError):
        async with told.listening():
            pass
