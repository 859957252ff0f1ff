"""Orders given on the command line: the running bot carries them out, or this process where none is running."""

import sys
from contextlib import AsyncExitStack, aclosing
from typing import Any

from bot.app.control_socket import PATIENCE, NotHeardError, Report, Watch, carried_out, tell
from bot.app.importing import Importing
from bot.app.news import News
from bot.app.operator_commands import Operators
from bot.app.repositories import open_repositories
from bot.app.ruling import RulingByHand
from bot.app.season import Following
from bot.app.season_feeds import open_feed
from bot.app.settings import Settings
from bot.app.starts import StartsByHand
from bot.events import Events
from bot.jobs.race_control.recorder import Recorder
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from bot.search.drafts import Drafts
from storage.database.base import CannotOpenError, InUseElsewhereError
from storage.database.open import database_file, is_there
from storage.database_clock import DatabaseClock
from storage.incidents.reading import read_circuits, read_drivers
from storage.race_stories import RaceStories
from storage.voter_secret import SecretError

NOBODY_RUNS = "No bot is running here. What is on its way goes out as soon as one does."
DEAF = (
    "Another Racing Incident is using the database, and takes no orders here. It is a chat in a terminal, or runs with"
    " another DATA_DIR, or could not open its socket (control_socket.unavailable in its log). Set DATA_DIR to its own,"
    " or stop it first."
)


WRONG = 2
"""The exit code for what the person who typed the command can mend."""

BEGINS = "import"
"""The order that is of use before there is a database."""


async def give(settings: Settings, name: str, **arguments: Any) -> int:
    """Have an order carried out, and print what came of it; the exit code is that of `print_report`."""
    return print_report(await ordered(settings, name, **arguments))


async def ordered(
    settings: Settings, name: str, *, watch: Watch | None = None, patience: float = PATIENCE, **arguments: Any
) -> Report:
    """Have an order carried out; what came of it.

    `watch` is told how far it has come; `patience` are the seconds that a running bot has for each step.
    """
    try:
        report = await tell(settings.control_socket, name, patience=patience, watch=watch, **arguments)
        return report or await _carried_out_here(settings, name, arguments, watch)
    except InUseElsewhereError:
        return Report(ok=False, lines=(DEAF,))
    except (NotHeardError, CannotOpenError, SecretError) as error:
        return Report(ok=False, lines=(str(error),))


def print_report(report: Report) -> int:
    """Print what came of an order; the exit code is 1 where it was not carried out, and 2 where it never can be."""
    print("\n".join(report.lines), file=sys.stdout if report.ok else sys.stderr)
    return WRONG if report.mistyped else 0 if report.ok else 1


async def _carried_out_here(settings: Settings, name: str, arguments: dict[str, Any], watch: Watch | None) -> Report:
    """Do it in this process, on the stored data. Raises CannotOpenError, SecretError."""
    if name != BEGINS:
        _check_there(settings)
    async with AsyncExitStack() as stack:
        operators = await _operators(settings, stack)
        saying = await stack.enter_async_context(aclosing(carried_out(operators.orders[name], arguments)))
        async for said in saying:
            if isinstance(said, Report):
                return _done_here(settings, name, said)
            if watch is not None:
                watch(said)
    raise AssertionError("an order ends with a report")


def _done_here(settings: Settings, name: str, report: Report) -> Report:
    """What came of it, and what follows from no bot's running."""
    if not report.ok:
        return report
    file = database_file(settings.database)
    kept = NOBODY_RUNS if name != BEGINS else f"No bot is running here. Kept in {file or 'the database'}."
    return Report(report.ok, (*report.lines, kept))


async def _operators(settings: Settings, stack: AsyncExitStack) -> Operators:
    """Whoever carries orders out, on what is stored; `stack` closes it."""
    clock, events = DatabaseClock(SystemClock()), Events()
    incidents = Incidents.load(clock)
    stored = await open_repositories(settings, incidents, stack, clock)
    feed = await stack.enter_async_context(open_feed(settings, clock))
    announcing = None
    if feed is not None or settings.f1db_url is not None:
        stories = RaceStories(stored.seasons, stored.championships, stored.polls, incidents)
        news = News(stored, incidents, events, clock)
        announcing = Following(stored, feed, None, stories, news, events, clock).announcing
    circuits = read_circuits()
    drafts = Drafts(circuits, read_drivers())
    recorder = Recorder(stored.noted, incidents, stored.polls, drafts, events, clock)
    ruling = RulingByHand(stored.noted, incidents, recorder, clock)
    importing = Importing(settings.race_control_archive_url, recorder, stored.recorded, circuits, clock)
    starts = StartsByHand(stored.seasons, circuits, events, clock)
    return Operators(announcing, importing, ruling, starts, stored.outbox, clock)


def _check_there(settings: Settings) -> None:
    """Make no database where there is none: it would be another one than the bot's. Raises CannotOpenError."""
    file = database_file(settings.database)
    if file is not None and not is_there(file):
        raise CannotOpenError(f"Nothing is kept at {file}. Set DATA_DIR or DATABASE_URL to what the bot runs with.")
