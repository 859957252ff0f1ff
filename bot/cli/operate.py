"""Orders given on the command line: the running bot carries them out, or this process where none is running."""

import sys
from contextlib import AsyncExitStack
from typing import Any

from bot.app.compose import open_feed
from bot.app.control_socket import NotHeardError, Report, tell
from bot.app.news import News
from bot.app.operator_commands import Operators
from bot.app.repositories import open_repositories
from bot.app.ruling import RulingByHand
from bot.app.season import Following
from bot.app.settings import Settings
from bot.events import Events
from bot.jobs.race_control.recorder import Recorder
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from bot.search.drafts import Drafts
from storage.database.base import CannotOpenError, InUseElsewhereError
from storage.database.open import database_file
from storage.incidents.reading import read_circuits, read_drivers
from storage.race_stories import RaceStories
from storage.voter_secret import SecretError

NOBODY_RUNS = "No bot is running here. What is on its way goes out as soon as one does."
DEAF = (
    "Another Racing Incident is using the database, and takes no orders here. It is a chat in a terminal, or runs with"
    " another DATA_DIR, or could not open its socket (control_socket.unavailable in its log). Set DATA_DIR to its own,"
    " or stop it first."
)


async def give(settings: Settings, name: str, **wishes: Any) -> int:
    """Have an order carried out, and print its report; the exit code is 1 where it was not carried out."""
    try:
        report = await tell(settings.control_socket, name, **wishes) or await _carried_out_here(settings, name, wishes)
    except InUseElsewhereError:
        report = Report(ok=False, lines=(DEAF,))
    except (NotHeardError, CannotOpenError, SecretError) as error:
        report = Report(ok=False, lines=(str(error),))
    print("\n".join(report.lines), file=sys.stdout if report.ok else sys.stderr)
    return 0 if report.ok else 1


async def _carried_out_here(settings: Settings, name: str, wishes: dict[str, Any]) -> Report:
    """Do it in this process, on the stored data. Raises CannotOpenError, SecretError."""
    _check_there(settings)
    async with AsyncExitStack() as stack:
        operators = await _operators(settings, stack)
        report = await operators.orders[name](**wishes)
    return Report(report.ok, (*report.lines, NOBODY_RUNS)) if report.ok else report


async def _operators(settings: Settings, stack: AsyncExitStack) -> Operators:
    """Whoever carries orders out, on what is stored; `stack` closes it."""
    incidents, clock, events = Incidents.load(), SystemClock(), Events()
    stored = await open_repositories(settings, incidents, stack, clock)
    feed = await stack.enter_async_context(open_feed(settings, clock))
    announcing = None
    if feed is not None:
        stories = RaceStories(stored.seasons, stored.polls, incidents)
        news = News(stored, incidents, events, clock)
        announcing = Following(stored, feed, stories, news, events, clock).announcing
    drafts = Drafts(read_circuits(), read_drivers())
    recorder = Recorder(stored.noted, incidents, stored.polls, drafts, events)
    ruling = RulingByHand(stored.noted, incidents, recorder, clock)
    return Operators(announcing, ruling, stored.outbox, clock)


def _check_there(settings: Settings) -> None:
    """Make no database where there is none: it would be another one than the bot's. Raises CannotOpenError."""
    file = database_file(settings.database)
    if file is not None and not file.exists():
        raise CannotOpenError(f"Nothing is kept at {file}. Set DATA_DIR or DATABASE_URL to what the bot runs with.")
