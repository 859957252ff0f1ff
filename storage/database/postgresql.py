"""PostgreSQL: a server, for communities that outgrow one machine."""

import structlog
from sqlalchemy import URL, Connection, Table, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from storage.database.base import CannotOpenError, Database, Result, Transaction, in_words, opening, what_to_do_about
from storage.database.connecting import Connections
from storage.database.faults import is_anothers_turn, is_the_databases, sqlstate
from storage.database.limits import DEFAULT, Limits
from storage.database.notifications import Notifications
from storage.database.remedies import LOOK
from storage.database.rights import READ_ONLY, lacking_rights, takes_nothing_new
from storage.database.upgrades import revision
from storage.database.vigil import vigil
from storage.tables import metadata

log = structlog.get_logger(__name__)

MIGRATING = 1_950
"""The advisory lock of whoever migrates: of several processes that start at once, each waits for the one before."""

OLDEST = (11,)
"""The oldest version of PostgreSQL that knows all that our statements say."""

UNREACHED = (None, "08003", "08006")
"""The SQLSTATE of a server that says nothing, or no more."""

CORRECT = "Look at DATABASE_URL, and at the server's log."

UNICODE = "UTF8"
NARROW = (
    "The database's encoding is {encoding}, which does not have all that people are called, and say."
    " Make another one: createdb --template=template0 --encoding=UTF8 --locale=C."
)

AGAIN = 4
"""How often a transaction is run again that the server undid in favour of another one."""


class PostgreSQL(Database):
    """A server, reached over asyncpg."""

    dialect = "postgresql"

    def __init__(self, url: URL, limits: Limits = DEFAULT) -> None:
        _make_indexes_partial()
        address = url.set(drivername="postgresql+asyncpg")
        try:
            self._connections = Connections(address, limits)
        except ModuleNotFoundError as error:
            raise CannotOpenError(f"{error.name} is missing: run make setup in the clone, which brings it.") from error
        self.notifications = Notifications(self._connections.engine)

    @staticmethod
    def insert(table: Table) -> postgresql.Insert:
        """An INSERT that knows ON CONFLICT."""
        return postgresql.insert(table)

    async def read(self, transaction: Transaction[Result]) -> Result:
        """Run a function that only reads on a connection of the pool, once there is one."""
        return await self.write_each(transaction)

    async def write_each(self, statements: Transaction[Result]) -> Result:
        """Run a function on a connection of the pool; each of its statements is a transaction of its own."""
        async with self._connections.connection(by_statement=True) as connection:
            return await connection.run_sync(statements)

    async def write(self, transaction: Transaction[Result]) -> Result:
        """Run a function in a transaction (READ COMMITTED) on a connection of the pool; its result, once committed.

        Where the server undoes it in favour of another one, it is run again, a few times.
        """
        return await self._run(transaction)

    async def _run(self, transaction: Transaction[Result], *, hurries: bool = True) -> Result:
        for _ in range(AGAIN):
            try:
                return await self._write(transaction, hurries)
            except DBAPIError as error:
                if not is_anothers_turn(error):
                    raise
                log.info("database.conflicted", sqlstate=sqlstate(error))
        return await self._write(transaction, hurries)

    async def _write(self, transaction: Transaction[Result], hurries: bool) -> Result:
        async with self._connections.connection(hurries=hurries) as connection, connection.begin():
            return await connection.run_sync(transaction)

    async def migrate(self, transaction: Transaction[Result]) -> Result:
        """Run a function that may change the tables, one process at a time, for as long as the server is at it.

        Raises CannotOpenError, also where the user lacks a right on what is there.
        """
        if await self._takes_nothing_new():
            raise CannotOpenError(READ_ONLY)

        def alone(connection: Connection) -> Result:
            watch.over(connection)
            for timeout in (
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
            ):  # whoever migrates first may take its time
                connection.execute(select(func.set_config(timeout, "0", True)))
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            if lacking := lacking_rights(connection):
                raise CannotOpenError(lacking)
            encoding = connection.scalar(select(func.current_setting("server_encoding")))
            if encoding != UNICODE and revision(connection) is None:  # one that has tables is as it is
                raise CannotOpenError(NARROW.format(encoding=encoding))
            return transaction(connection)

        async with vigil(self.read) as watch:
            return await self._run(alone, hurries=False)

    def settle(self, connection: Connection) -> None:
        """Have the sequences go on after the highest ids, and the planner know of what came, in a transaction."""
        for table in metadata.sorted_tables:
            column = table.autoincrement_column
            if column is not None:
                sequence = func.pg_get_serial_sequence(table.name, column.name)
                following = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(sequence, following, False)))
        connection.exec_driver_sql("ANALYZE")

    async def look(self) -> None:
        """Look whether the server lets us in and read, and has the tables of this version. Raises CannotOpenError."""
        await self._takes_nothing_new()
        with opening():
            lacking = await self.read(lambda connection: lacking_rights(connection, for_pages=True))
        if lacking:
            raise CannotOpenError(lacking)
        await super().look()

    async def _takes_nothing_new(self) -> bool:
        """Whether the server, which lets us in and is new enough, can only be read. Raises CannotOpenError."""
        try:
            async with self._connections.connection() as connection:
                version = connection.dialect.server_version_info or OLDEST
                read_only = await connection.run_sync(takes_nothing_new)
        except Exception as error:  # the system's, the driver's own, or SQLAlchemy's
            if is_the_databases(error) and sqlstate(error) in UNREACHED:
                raise CannotOpenError(f"The database server is not reached: {in_words(error)}. {LOOK}") from error
            known = what_to_do_about(error) or CORRECT
            raise CannotOpenError(f"The database server does not let us in: {in_words(error)}. {known}") from error
        if version < OLDEST:
            raise CannotOpenError(f"The database server is PostgreSQL {version[0]}; {OLDEST[0]} or newer is needed.")
        return read_only

    async def close(self) -> None:
        """Close the pool's connections, once those are done who use them."""
        await self._connections.close()


def _make_indexes_partial() -> None:
    """What is partial on SQLite is so here; the tables do not name this dialect, as that loads it wherever they are."""
    for table in metadata.tables.values():
        for index in table.indexes:
            index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
