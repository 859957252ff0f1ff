"""The repositories over one database."""

from typing import NamedTuple

from storage.announcements import Announcements
from storage.championships import Championships
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.forum_posts import ForumPosts
from storage.handled_updates import HandledUpdates
from storage.hidden_tallies import HiddenTallies
from storage.noted_incidents import NotedIncidents
from storage.outbox import Outbox
from storage.polls import Polls
from storage.recorded_sessions import RecordedSessions
from storage.seasons import Seasons
from storage.subscriptions import Subscriptions
from storage.voters import Voters


class Repositories(NamedTuple):
    """The database, and the repositories that read and write it."""

    database: Database
    handled: HandledUpdates
    chats: Chats
    forum_posts: ForumPosts
    polls: Polls
    noted: NotedIncidents
    voters: Voters
    hidden: HiddenTallies
    chat_settings: SettingsStore
    subscriptions: Subscriptions
    seasons: Seasons
    championships: Championships
    announcements: Announcements
    outbox: Outbox
    recorded: RecordedSessions
