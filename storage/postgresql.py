"""PostgreSQL: a server, for communities that outgrow one machine."""

from sqlalchemy import URL, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import Database, Result, Transaction


class PostgreSQL(Database):
    """A server, reached over asyncpg."""

    dialect = "postgresql"

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url.set(drivername="postgresql+asyncpg"), pool_pre_ping=True, hide_parameters=True
        )

    def insert(self, table: Table) -> postgresql.Insert:
        return postgresql.insert(table)

    async def read(self, transaction: Transaction[Result]) -> Result:
        async with self._engine.connect() as connection:
            return await connection.run_sync(transaction)

    async def write(self, transaction: Transaction[Result]) -> Result:
        async with self._engine.begin() as connection:
            return await connection.run_sync(transaction)

    async def migrate(self, transaction: Transaction[Result]) -> Result:
        return await self.write(transaction)

    async def close(self) -> None:
        await self._engine.dispose()
