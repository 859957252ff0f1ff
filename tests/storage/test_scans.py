"""What people start reads no large table as a whole, however large it has become: the databases' own plans say so.

SQLite plans alike whatever is in a file, as the bot never has it ANALYZE one. PostgreSQL plans by the sizes that it
sees and by its statistics, so there a million votes are put in first, and it is asked what it would do.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.domain.deliveries import Outcome, PollShown, State
from bot.domain.places import Post
from bot.search.catalogue import Incidents
from storage.chats import Chats
from storage.database.base import Database
from storage.polls import Polls
from storage.posts import Edited, Gone, Posts, Shows
from tests.storage.booth import GRANDSTAND, PIT_WALL, Booth, voter
from tests.storage.test_redelivery import everything
from tests.support.bare_settings import settings_in
from tests.support.conversation import Conversation, conversation
from tests.support.overheard import overheard
from tests.support.sorting_office import RACE_DAY, SortingOffice

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(300)]  # a million votes take their time on a busy machine

LARGE = {"vote", "post", "delivery", "chat"}
"""The tables that grow with people, chats and time."""


WHEN_IT_BEGINS = ("WHERE NOT chat.polls OR", "ON now.id = chat.moved_to \nWHERE true")
"""Parts of what a process reads whole when it begins, or may not have heard what others changed: no one's wish."""


@contextmanager
def recorded() -> Iterator[dict[str, Any]]:
    """All statements while this lasts, each with the parameters that it ran with last."""
    statements: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        asked = statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
        if asked and not any(part in statement for part in WHEN_IT_BEGINS):
            statements[statement] = parameters[0] if many else parameters

    with overheard("before_cursor_execute", note):
        yield statements


def scanned_by_sqlite(connection: Connection, statement: str, parameters: Any) -> set[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return {scan[1] for row in rows if (scan := re.match(r"SCAN (\w+)", row[3]))}


def scanned_by_postgresql(connection: Connection, statement: str, parameters: Any) -> set[str]:
    found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    (plan,) = json.loads(found) if isinstance(found, str) else found
    return {*_scanned(plan["Plan"])}


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    if "Scan" in plan["Node Type"] and "Relation Name" in plan and not _is_led(plan):
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _scanned(part)


def _is_led(plan: dict[str, Any]) -> bool:
    """Whether an index leads to the rows; a bitmap is made by one or several below."""
    return "Index Cond" in plan or any(_is_led(part) for part in plan.get("Plans", ()))


def scans(connection: Connection, statements: dict[str, Any]) -> dict[str, set[str]]:
    """Which large tables each statement reads as a whole, where it does."""
    scanned = scanned_by_sqlite if connection.dialect.name == "sqlite" else scanned_by_postgresql
    found = {statement: scanned(connection, statement, given) & LARGE for statement, given in statements.items()}
    return {statement: tables for statement, tables in found.items() if tables}


MANY, SOME = 100_000, 1_000
"""Chats of all fans, and of a community: with fewer rows plans are others."""

AT_SCALE = (
    "SET LOCAL session_replication_role = replica",  # neither triggers nor foreign keys: a tenth of the time
    """INSERT INTO chat (id, platform, external, kind)
       SELECT 1000000 + n, (ARRAY['telegram', 'discord'])[1 + n % 2], 'at scale ' || n, 'group'
       FROM generate_series(1, :chats) n""",
    """INSERT INTO chat_settings (chat_id, zone, closing_hours)
       SELECT 1000000 + n, 'Europe/Berlin', CASE WHEN n % 50 = 0 THEN 24 END FROM generate_series(1, :chats / 5) n""",
    """INSERT INTO poll (id, incident, question)
       SELECT 1000000 + n, 'at scale ' || n, 'blame' FROM generate_series(1, :chats / 100) n""",
    """INSERT INTO vote (poll_id, voter, choice_id, chat_id, cast_at, after_ruling)
       SELECT poll_id, n, id, 1000001 + n % :chats, 1700000000, 0
       FROM generate_series(1, 10 * :chats) n
       JOIN (SELECT *, row_number() OVER () - 1 AS number, count(*) OVER () AS choices FROM choice) offered
       ON number = n % choices""",
    """INSERT INTO post (poll_id, chat_id, platform, message, used_at)
       SELECT poll.id, 1000001 + n % :chats, (ARRAY['telegram', 'discord'])[1 + n % 2], 'at scale ' || n, 1700000000 + n
       FROM generate_series(1, 2 * :chats) n
       JOIN (SELECT id, row_number() OVER () - 1 AS number, count(*) OVER () AS polls FROM poll) poll
       ON number = n % polls""",
    """INSERT INTO announcement (id, key, topic, kind, subject, made_at)
       SELECT 1000000 + n, 'at scale ' || n, 'recaps', 'recap', '{}', 1700000000 FROM generate_series(1, 5) n""",
    """INSERT INTO delivery (announcement_id, chat_id, platform, state, due_at, attempts, settled_at, message)
       SELECT 1000000 + each, 1000000 + n, (ARRAY['telegram', 'discord'])[1 + n % 2], 1, 1700000000, 0, 1700000000, n
       FROM generate_series(1, 5) each, generate_series(1, :chats) n""",
    "INSERT INTO subscription (topic, chat_id) SELECT 'recaps', 1000000 + n FROM generate_series(1, :chats) n",
    "INSERT INTO subscriber (chat_id, person) SELECT 1000000 + n, n / 3 FROM generate_series(1, :chats) n",
    "ANALYZE",
)
"""What so many chats with ten votes each leave in PostgreSQL's tables, and in its statistics."""


async def grow(database: Database, chats: int = MANY) -> None:
    """Let the tables become large, where plans depend on it."""
    if database.dialect == "postgresql":

        def put_in(connection: Connection) -> None:
            for statement in AT_SCALE:
                connection.exec_driver_sql(statement.replace(":chats", str(chats)))

        await database.write(put_in)


@pytest.fixture
async def bot(
    url: str, tmp_path: Path, incidents: Incidents, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Conversation]:
    monkeypatch.chdir(tmp_path)  # where there is no .env
    async with conversation(settings_in(tmp_path, database_url=url), incidents) as bot:
        yield bot


async def test_nothing_that_people_ask_reads_a_large_table_as_a_whole(bot: Conversation) -> None:
    with recorded() as statements:
        async for _updates in everything(bot, behind=True):
            pass
    assert any("DELETE FROM vote" in statement for statement in statements)
    assert len(statements) > 40
    await grow(bot.core.stored.database)
    explained = await bot.core.stored.database.read(lambda connection: scans(connection, statements))
    assert explained == {}


async def test_nothing_that_follows_votes_and_deliveries_does_either(
    database: Database, chats: Chats, polls: Polls, office: SortingOffice
) -> None:
    posts, (imola, *_others) = Posts(database, chats), polls
    await office.subscribe(PIT_WALL, GRANDSTAND)
    await office.tell()
    with recorded() as statements:
        due = await office.due()
        outcomes = [Outcome(each, State.SENT, RACE_DAY, "1", shows=PollShown(imola.incident_id)) for each in due]
        await asyncio.gather(*map(office.outbox.settle, outcomes))
        shown, gone = Post(PIT_WALL, "2"), Post(GRANDSTAND, "1")
        await posts.note(Shows(shown, imola, 7), Edited(Post(PIT_WALL, "1"), imola, 8), Gone(gone))
        first = await posts.showing(imola, PIT_WALL.platform)
        await posts.showing(imola, PIT_WALL.platform, first[-1].number)
        assert imola.id in await posts.polls_shown()
        await posts.shown_in(PIT_WALL)
        await posts.forget_some()
        await posts.forget_chat(PIT_WALL)
    assert len(statements) > 12
    await grow(database)
    assert await database.read(lambda connection: scans(connection, statements)) == {}


async def test_a_press_reads_no_other_votes_while_there_are_few(database: Database, booth: Booth) -> None:
    with recorded() as statements:
        await booth.press("imola-2021 racing-incident", voter(1))
    await grow(database, SOME)
    assert await database.read(lambda connection: scans(connection, statements)) == {}


async def test_a_scan_would_be_seen(bot: Conversation) -> None:
    whole = {"SELECT cast_at FROM vote": (), "SELECT id FROM chat WHERE id = 7": ()}
    await grow(bot.core.stored.database)
    seen = await bot.core.stored.database.read(lambda connection: scans(connection, whole))
    assert seen == {"SELECT cast_at FROM vote": {"vote"}}
