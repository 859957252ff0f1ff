"""A power cut: from a certain commit on, nothing is committed any more; or what each would have left, of one life."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, Row, Table, delete, exists, insert, select

from storage.database.base import Database, Result, Transaction
from storage.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


class PowerCutError(Exception):
    """Nothing was committed."""


class PowerCut:
    """Happens as the n-th transaction is about to be committed; that one and all later ones are rolled back."""

    def __init__(self, at_commit: int) -> None:
        self._commits_left = at_commit - 1
        self.happened = False

    def threaten(self, database: Database) -> Database:
        """The same database, at the mercy of this power cut."""
        return (_DoomedSQLite if database.dialect == "sqlite" else _DoomedPostgreSQL)(database, self)

    def commit(self) -> None:
        """Let one more transaction be committed. Raises PowerCutError."""
        if not self._commits_left:
            self.happened = True
            raise PowerCutError
        self._commits_left -= 1


Stored: TypeAlias = Mapping[Table, Sequence[Row[Any]]]
"""All rows of all tables that have any, in the order in which they can be written."""


class Moment(NamedTuple):
    """A moment just before a commit: what was committed by then, and how many steps had been taken."""

    stored: Stored
    steps: int


class PowerCuts:
    """All power cuts that could have happened while one process lives on, without any.

    A power cut leaves what was committed before it. So that is noted at each commit, to be put back for a process that
    starts then; nothing of what led there is done again.
    """

    def __init__(self, stored: Stored) -> None:
        self.moments: list[Moment] = []
        self.steps = 0
        """How many steps were taken, as the test counts them."""

        self._committed = stored

    def watch(self, database: Database) -> Database:
        """The same database, of whose commits each is noted."""
        return (_WatchedSQLite if database.dialect == "sqlite" else _WatchedPostgreSQL)(database, self)

    def committed(self, stored: Stored) -> None:
        """Note that the database came to hold this by a commit."""
        self.moments.append(Moment(self._committed, self.steps))
        self._committed = stored

    def end(self) -> Moment:
        """The moment after the last commit."""
        return Moment(self._committed, self.steps)


def all_rows(connection: Connection) -> Stored:
    """What is stored now."""
    filled = connection.execute(_FILLED).one()
    return {
        table: connection.execute(rows).all()
        for (table, rows), any_row in zip(_IN_ORDER.items(), filled, strict=True)
        if any_row
    }


def put_back(connection: Connection, stored: Stored) -> None:
    """Have the tables hold this, and nothing else; the next number of a row stays one that was never given."""
    for table in reversed([*all_rows(connection)]):
        connection.execute(delete(table))
    for table, rows in stored.items():
        connection.execute(insert(table), [{**row._mapping} for row in rows])


_IN_ORDER = {table: select(table).order_by(*table.primary_key) for table in metadata.sorted_tables}
_FILLED = select(*(exists(select(1).select_from(table)) for table in _IN_ORDER))


class _Beside(Database):
    """A database that does what another one does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        return self._database.insert(table)

    async def read(self, transaction: Transaction[Result]) -> Result:
        return await self._database.read(transaction)

    async def migrate(self, transaction: Transaction[Result]) -> Result:
        return await self._database.migrate(transaction)

    async def scrub(self) -> None:
        await self._database.scrub()

    async def close(self) -> None:
        await self._database.close()


class _Doomed(_Beside):
    def __init__(self, database: Database, cut: PowerCut) -> None:
        super().__init__(database)
        self._cut = cut

    async def write(self, transaction: Transaction[Result]) -> Result:
        def until_commit(connection: Connection) -> Result:
            result = transaction(connection)
            self._cut.commit()
            return result

        return await self._database.write(until_commit)


class _Watched(_Beside):
    def __init__(self, database: Database, cuts: PowerCuts) -> None:
        super().__init__(database)
        self._cuts = cuts

    async def write(self, transaction: Transaction[Result]) -> Result:
        def looked_at(connection: Connection) -> tuple[Result, Stored]:
            return transaction(connection), all_rows(connection)

        result, stored = await self._database.write(looked_at)
        self._cuts.committed(stored)
        return result


class _DoomedSQLite(_Doomed):
    dialect = "sqlite"


class _DoomedPostgreSQL(_Doomed):
    dialect = "postgresql"


class _WatchedSQLite(_Watched):
    dialect = "sqlite"


class _WatchedPostgreSQL(_Watched):
    dialect = "postgresql"
