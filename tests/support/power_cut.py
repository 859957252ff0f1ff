"""A power cut: from a certain commit on, nothing is committed any more."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table

from storage.database.base import Database, Result, Transaction

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


class _Doomed(Database):
    def __init__(self, database: Database, cut: PowerCut) -> None:
        self._database = database
        self._cut = cut

    def insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        return self._database.insert(table)

    async def read(self, transaction: Transaction[Result]) -> Result:
        return await self._database.read(transaction)

    async def write(self, transaction: Transaction[Result]) -> Result:
        def until_commit(connection: Connection) -> Result:
            result = transaction(connection)
            self._cut.commit()
            return result

        return await self._database.write(until_commit)

    async def scrub(self) -> None:
        await self._database.scrub()

    async def migrate(self, transaction: Transaction[Result]) -> Result:
        return await self._database.migrate(transaction)

    async def close(self) -> None:
        await self._database.close()


class _DoomedSQLite(_Doomed):
    dialect = "sqlite"


class _DoomedPostgreSQL(_Doomed):
    dialect = "postgresql"
