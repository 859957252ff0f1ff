"""Databases with their tables, each for one test after another as long as it can be had as it was: empty."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple, Self

import asyncpg  # type: ignore[import-untyped]

from tests.support.postgresql import connected, copied, dropped, named

OURS = 16384
"""The first number that PostgreSQL gives to what is not its own."""

GROWN = 2**20
"""Bytes that tables and indexes may grow by, before a new copy takes less than to go on looking through dead rows."""

OF_ROWS = "count(*), max(xmin::text::bigint)"
CATALOGUES = {
    "pg_class": ("oid", f"{OF_ROWS}, sum(reltuples), sum(relpages)"),
    "pg_attribute": ("attrelid", OF_ROWS),
    "pg_index": ("indexrelid", OF_ROWS),
    **dict.fromkeys(
        ("pg_attrdef", "pg_constraint", "pg_extension", "pg_proc", "pg_trigger", "pg_type"),
        ("oid", OF_ROWS),
    ),
}
"""What tells of each, by the numbers of what is in it, whether anything was made, changed, dropped or analysed."""

OF_IT = """SELECT ROW(datconnlimit, datallowconn, datacl, count(setconfig))::text FROM pg_database
    LEFT JOIN pg_db_role_setting ON setdatabase = oid WHERE datname = current_database() GROUP BY oid"""
"""What is set for a database itself."""

LEAVE = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> $1"
SIZE = "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE oid >= $1 AND relkind IN ('r', 'i')"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
SEQUENCES = "SELECT sequencename, start_value FROM pg_sequences WHERE schemaname = 'public'"


class _Template(NamedTuple):
    """What a copy is like before a test has had it, and what makes it so again: where a superuser asks."""

    name: str
    stands: str
    looks: str
    size: int
    emptied: str

    @classmethod
    async def of(cls, address: str, name: str) -> Self:
        connection = await connected(address, name)
        try:
            tables = [row["tablename"] for row in await connection.fetch(TABLES)]
            filled = [each for each in tables if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {each})")]  # noqa: S608
            looked = [
                f"({OF_IT})",
                *(
                    f"(SELECT ROW({what})::text FROM {each} WHERE {number} >= {OURS})"  # noqa: S608
                    for each, (number, what) in CATALOGUES.items()
                ),
                *(f"(SELECT ROW({OF_ROWS})::text FROM {each})" for each in ("pg_namespace", "pg_default_acl", *filled)),  # noqa: S608
            ]
            stands = f"SELECT concat_ws(';', {', '.join(looked)})"
            sequences = await connection.fetch(SEQUENCES)
            emptied = [
                "SET session_replication_role = replica",  # no trigger is to do anything
                *(f"DELETE FROM {each}" for each in tables if each not in filled),  # noqa: S608
                *(f"SELECT setval('{each['sequencename']}', {each['start_value']}, false)" for each in sequences),
            ]
            looks = await connection.fetchval(stands)
            return cls(name, stands, looks, await connection.fetchval(SIZE, OURS), ";".join(emptied))
        finally:
            await connection.close()


class Copies:
    """Copies of one database on a server; to make and drop one takes it longer than most tests take.

    Each keeps the connection by which it is looked after, as all that a new one has to read first takes as long.
    """

    def __init__(self, address: str, template: _Template) -> None:
        self._address = address
        self._template = template
        self._free: list[tuple[str, asyncpg.Connection]] = []

    @classmethod
    async def of(cls, address: str, name: str) -> Self:
        """Those of the database of that name, which nobody is connected to."""
        return cls(address, await _Template.of(address, name))

    @asynccontextmanager
    async def one(self) -> AsyncIterator[str]:
        """The address of one that nobody else has while this lasts."""
        name, keeper = self._free.pop() if self._free else await self._made()
        yield named(self._address, name)
        if await self._is_as_it_was(keeper):
            self._free.append((name, keeper))
        else:
            await self._drop(name, keeper)

    async def _made(self) -> tuple[str, asyncpg.Connection]:
        name = await copied(self._address, self._template.name)
        return name, await connected(self._address, name)

    async def _drop(self, name: str, keeper: asyncpg.Connection) -> None:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):  # it may have been thrown out as well
            await keeper.close()
        await dropped(self._address, name)

    async def _is_as_it_was(self, keeper: asyncpg.Connection) -> bool:
        """Throw everybody out and empty the tables; False where more was changed than what these had in them."""
        try:
            await keeper.fetch(LEAVE, keeper.get_server_pid())
            grown = await keeper.fetchval(SIZE, OURS) - self._template.size
            if grown > GROWN or await keeper.fetchval(self._template.stands) != self._template.looks:
                return False
            await keeper.execute(self._template.emptied)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return False
        return True

    async def close(self) -> None:
        """Drop all that are left."""
        while self._free:
            await self._drop(*self._free.pop())
