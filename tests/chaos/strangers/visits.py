"""What came of strangers: what failed, what of all tables is another than before, and how many were answered."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select
from structlog.testing import capture_logs

from bot.app.compose import open_core
from bot.app.settings import Settings
from bot.app.shared_core import Core
from storage.database.open import open_database
from storage.tables import metadata
from tests.support.conversation import patience
from tests.support.incidents import catalogue

BOOKKEEPING = {"handled_update", "menu", "lease"}
"""Which updates came, which menus were published, who follows the season: true whatever stands in an update."""

A_FRIENDS = {"used_at"}
"""What a friend's press renews: when a button of a message was last pressed."""

Rows = dict[str, set[tuple[Any, ...]]]

VOTE = "vote imola-2021 all-russell"
WISHES = (
    VOTE,
    "rate imola-2021 correct",
    "subscribe recaps",
    "settings language de",
    "polls off",
    "unsubscribe recaps",
)
"""What friends press between strangers, each of which changes something."""


@dataclass
class Visits:
    """Counts of one sort of visitors; `failures` are by the log's event or the exception's name, `rows` by table."""

    strangers: int = 0
    answered: int = 0
    """Calls by which a stranger was told something."""

    unreadable: int = 0
    """Updates that were stepped over, as they are not what the platform says."""

    friends: int = 0
    friends_answered: int = 0
    """People who vote in between as one should, and how many of them were told that it counts."""

    failures: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    """Rows that are new, gone or others than before."""

    @property
    def well(self) -> bool:
        """Whether nothing failed, nothing was changed, and whoever came meanwhile was answered."""
        return not self.failures and not self.rows and self.friends == self.friends_answered


class _Errors(logging.Handler):
    """What libraries log as an error is a failure."""

    def __init__(self, failures: Counter[str]) -> None:
        super().__init__(logging.ERROR)
        self._failures = failures

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record by its logger, and the exception that it comes with."""
        error = record.exc_info[1] if record.exc_info else None
        self._failures[f"{record.name}: {type(error).__name__}"] += 1


@asynccontextmanager
async def counted(visits: Visits) -> AsyncIterator[None]:
    """Count what fails while this lasts: errors in our log and in libraries', and tasks that nobody waited for."""
    loop, root = asyncio.get_running_loop(), logging.getLogger()
    errors, before = _Errors(visits.failures), loop.get_exception_handler()

    def unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        visits.failures[type(context.get("exception")).__name__] += 1

    root.addHandler(errors)
    loop.set_exception_handler(unhandled)
    try:
        with capture_logs() as logs:
            yield
    finally:
        loop.set_exception_handler(before)
        root.removeHandler(errors)
    for line in logs:
        visits.unreadable += line["event"].endswith("_unreadable")
        if line["log_level"] in {"error", "critical"}:
            visits.failures[line["event"]] += 1


@asynccontextmanager
async def a_core(settings: Settings) -> AsyncIterator[Core]:
    """The bot on its file, with all the patience in the world: who is told to slow down gets no further."""
    async with open_core(settings, catalogue(), limits=patience()) as core:
        yield core


async def rows(settings: Settings) -> Rows:
    """All rows of all tables, but for bookkeeping."""

    def read(connection: Connection) -> Rows:
        kept = (table for table in metadata.sorted_tables if table.name not in BOOKKEEPING)
        columns = {table.name: [column for column in table.c if column.name not in A_FRIENDS] for table in kept}
        return {name: {tuple(row) for row in connection.execute(select(*those))} for name, those in columns.items()}

    database = open_database(settings.database)
    try:
        return await database.read(read)
    finally:
        await database.close()


def compared(before: Rows, after: Rows) -> Counter[str]:
    """How many rows of each table are not in both, tables without any left out."""
    return Counter({name: len(before[name] ^ after[name]) for name in before if before[name] != after[name]})
