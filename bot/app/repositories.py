"""The database and its repositories, opened from where the settings say it is."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

from bot.app.settings import Settings
from bot.events import Events
from bot.pacing.clock import Clock
from bot.search.catalogue import Incidents
from storage.announcements import Announcements
from storage.championships import Championships
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import CannotOpenError, Database, opening
from storage.database.open import open_database
from storage.database_clock import DatabaseClock
from storage.forum_posts import ForumPosts
from storage.handled_updates import HandledUpdates
from storage.hidden_tallies import HiddenTallies
from storage.noted_incidents import NotedIncidents
from storage.outbox import Outbox
from storage.polls import Polls
from storage.private_files import make_folder
from storage.recorded_sessions import RecordedSessions
from storage.repositories import Repositories
from storage.seasons import Seasons
from storage.subscriptions import Subscriptions
from storage.voter_secret import check_secret, check_strength, has_votes, load_secret
from storage.voters import Voters


class Readers(NamedTuple):
    """The database, and what it takes to look incidents and their votes up."""

    database: Database
    handled: HandledUpdates
    chats: Chats
    polls: Polls
    noted: NotedIncidents


async def open_repositories(
    settings: Settings, incidents: Incidents, stack: AsyncExitStack, clock: Clock, events: Events | None = None
) -> Repositories:
    """Open the database and bring it up to date; `stack` closes it. Raises CannotOpenError, SecretError.

    The noted incidents that are kept there join `incidents`. What changes of chats is published among `events`.
    """
    database, handled, chats, polls, noted = await open_readers(settings, incidents, stack, clock, events)
    with opening():
        voters = Voters(database, await _secret(database, settings))
    return Repositories(
        database=database,
        handled=handled,
        chats=chats,
        forum_posts=ForumPosts(database, chats),
        polls=polls,
        noted=noted,
        chat_settings=SettingsStore(database, chats, handled),
        subscriptions=Subscriptions(database, chats, handled),
        voters=voters,
        hidden=HiddenTallies(chats, voters),
        seasons=Seasons(database),
        championships=Championships(database),
        announcements=Announcements(database),
        outbox=Outbox(database),
        recorded=RecordedSessions(database),
    )


async def open_readers(
    settings: Settings, incidents: Incidents, stack: AsyncExitStack, clock: Clock, events: Events | None = None
) -> Readers:
    """Open the database for who looks incidents and votes up, and knows no voter; `stack` closes it.

    It is brought up to date as well, and the noted incidents join `incidents`. Raises CannotOpenError.
    """
    if settings.database_url is None or settings.data_dir.is_dir():
        _make_folder(settings.data_dir)
    database = open_database(settings.database, settings.database_limits)
    stack.push_async_callback(database.close)
    await database.upgrade()
    await _set(clock, database, stack)
    handled = HandledUpdates(database, clock)
    with opening():
        polls, noted = await Polls.open(database, incidents.told), NotedIncidents(database, incidents.told, clock)
        chats = await Chats.open(database, handled, events)  # which know what is closed of polls as they are by now
        records = await noted.all()
    incidents.take_up(records)
    polls.take_up(records)
    return Readers(database, handled, chats, polls, noted)


async def open_visitor(
    settings: Settings, incidents: Incidents, stack: AsyncExitStack, clock: Clock
) -> tuple[Database, Polls, NotedIncidents]:
    """Open a server's database for who only looks incidents and votes up; `stack` closes it.

    Nothing is brought up to date, recorded or migrated, and nothing of chats or voters is read. The noted incidents
    join `incidents`. Raises CannotOpenError.
    """
    database = open_database(settings.database, settings.database_limits)
    stack.push_async_callback(database.close)
    await database.look()
    await _set(clock, database, stack)
    noted = NotedIncidents(database, incidents.told, clock)
    with opening():
        polls, records = await Polls.read(database, incidents.told), await noted.all()
    incidents.take_up(records)
    polls.take_up(records)
    return database, polls, noted


async def _set(clock: Clock, database: Database, stack: AsyncExitStack) -> None:
    """Have the database set a clock that follows one, until `stack` is left. Raises CannotOpenError."""
    if isinstance(clock, DatabaseClock):  # a test's own goes as the test lets it
        await stack.enter_async_context(clock.following(database))


async def _secret(database: Database, settings: Settings) -> bytes:
    """The secret behind the pseudonyms, which the database knows again. Raises SecretError."""
    given = settings.voter_secret.revealed() if settings.voter_secret else None
    new = given is None and not await has_votes(database)
    secret = load_secret(given, settings.data_dir / "voter-secret", make=new or given is not None)
    if given is not None:
        await check_strength(database, given, secret)
    await check_secret(database, secret)
    return secret


def _make_folder(folder: Path) -> None:
    """Make the data folder, or close the one that is there, for its owner alone. Raises CannotOpenError."""
    try:
        make_folder(folder)
    except OSError as error:
        raise CannotOpenError(
            f"The folder {folder} cannot be made: {error.strerror}. Set DATA_DIR to another."
        ) from error
