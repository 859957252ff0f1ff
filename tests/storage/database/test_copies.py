import asyncpg  # type: ignore[import-untyped]
import pytest

from tests.support.postgresql_copies import Copies

pytestmark = pytest.mark.postgresql

CHAT = "INSERT INTO chat (platform, external, kind) VALUES ('telegram', '-1', 'group') RETURNING id"
CHANGES = (
    *("CREATE TABLE more (id INT)", "CREATE INDEX more ON chat (kind)", "ALTER TABLE chat ADD COLUMN more INT"),
    *("ALTER TABLE chat DISABLE TRIGGER ALL", "TRUNCATE chat CASCADE", "ANALYZE chat", "DROP TABLE chat CASCADE"),
    *("UPDATE alembic_version SET version_num = '0001'", "DELETE FROM alembic_version"),
    "GRANT CREATE ON SCHEMA public TO public",
    "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET default_transaction_read_only = on'; END $$",
)


@pytest.fixture
async def copies(postgresql_server: str, postgresql_template: str) -> Copies:
    return await Copies.of(postgresql_server, postgresql_template)


async def test_a_database_is_had_again_without_what_was_written(copies: Copies) -> None:
    async with copies.one() as first:
        left = await asyncpg.connect(first)
        assert await left.fetchval(CHAT) == 1
        await left.execute("BEGIN; UPDATE chat SET kind = 'private'")
    async with copies.one() as second:
        assert second == first
        connection = await asyncpg.connect(second)
        assert await connection.fetchval("SELECT count(*) FROM chat") == 0
        assert await connection.fetchval("SELECT count(*) FROM alembic_version") == 1
        assert await connection.fetchval(CHAT) == 1, "numbers begin anew"
        await connection.close()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):  # who was left was thrown out
        await left.execute("COMMIT")
    await left.close()
    await copies.close()


async def test_two_at_once_have_one_each(copies: Copies) -> None:
    async with copies.one() as here, copies.one() as there:
        assert here != there
    await copies.close()


@pytest.mark.parametrize("change", CHANGES)
async def test_what_was_changed_otherwise_is_not_had_again(copies: Copies, change: str) -> None:
    async with copies.one() as first:
        connection = await asyncpg.connect(first)
        await connection.execute(change)
        await connection.close()
    async with copies.one() as second:
        assert second != first
        connection = await asyncpg.connect(second)
        assert await connection.fetchval(CHAT) == 1
        await connection.close()
    await copies.close()


async def test_nor_is_what_grew(copies: Copies) -> None:
    async with copies.one() as first:
        connection = await asyncpg.connect(first)
        await connection.execute(
            "INSERT INTO chat (platform, external, kind) SELECT 'telegram', repeat('1', 99) || i, 'group'"
            " FROM generate_series(1, 9000) AS all_of (i)"
        )
        await connection.close()
    async with copies.one() as second:
        assert second != first
    await copies.close()
