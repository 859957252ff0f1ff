"""What people start reads no large table as a whole, however large it has become: the databases' own plans say so."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from bot.app.settings import Settings
from bot.search.catalogue import Incidents
from tests.storage.test_redelivery import everything
from tests.support.conversation import Conversation, conversation

LARGE = {"vote", "post", "delivery", "chat"}
"""The tables that grow with people, chats and time."""

AT_THE_START = "SELECT DISTINCT post.poll_id"
"""What the board asks once, when it begins; it may do so while the first people ask."""


@contextmanager
def recorded() -> Iterator[dict[str, Any]]:
    """All statements while this lasts, each with the parameters that it ran with last."""
    statements: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")) and AT_THE_START not in statement:
            statements[statement] = parameters[0] if many else parameters

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def scanned_by_sqlite(connection: Connection, statement: str, parameters: Any) -> set[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return {scan[1] for row in rows if (scan := re.match(r"SCAN (\w+)", row[3]))}


def scanned_by_postgresql(connection: Connection, statement: str, parameters: Any) -> set[str]:
    """On so few rows PostgreSQL reads whole tables, unless it may not where there is any other way."""
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    (plan,) = json.loads(found) if isinstance(found, str) else found
    return {*_scanned(plan["Plan"])}


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    if "Scan" in plan["Node Type"] and "Relation Name" in plan and not _is_led(plan):
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _scanned(part)


def _is_led(plan: dict[str, Any]) -> bool:
    """Whether an index leads to the rows; a bitmap is made by one below."""
    return "Index Cond" in plan or any("Index Cond" in part for part in plan.get("Plans", ()))


def scans(connection: Connection, statements: dict[str, Any]) -> dict[str, set[str]]:
    """Which large tables each statement reads as a whole, where it does."""
    scanned = scanned_by_sqlite if connection.dialect.name == "sqlite" else scanned_by_postgresql
    found = {statement: scanned(connection, statement, given) & LARGE for statement, given in statements.items()}
    return {statement: tables for statement, tables in found.items() if tables}


@pytest.fixture
async def bot(
    url: str, tmp_path: Path, incidents: Incidents, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Conversation]:
    monkeypatch.chdir(tmp_path)  # where there is no .env
    async with conversation(Settings(data_dir=tmp_path, database_url=url), incidents) as bot:
        yield bot


async def test_nothing_that_people_ask_reads_a_large_table_as_a_whole(bot: Conversation) -> None:
    with recorded() as statements:
        async for _updates in everything(bot):
            pass
    assert any("DELETE FROM vote" in statement for statement in statements)
    assert len(statements) > 40
    explained = await bot.core.stored.database.read(lambda connection: scans(connection, statements))
    assert explained == {}


async def test_a_scan_would_be_seen(bot: Conversation) -> None:
    whole = {"SELECT cast_at FROM vote": (), "SELECT id FROM chat WHERE id = 7": ()}
    seen = await bot.core.stored.database.read(lambda connection: scans(connection, whole))
    assert seen == {"SELECT cast_at FROM vote": {"vote"}}
