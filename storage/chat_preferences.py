"""What every answer needs to know of a chat, of all chats in memory; and how that is read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from bot.domain.chat_settings import Spoilers
from bot.domain.places import Chat, ChatKind, Platform, User
from storage import tables
from storage.chat_rows import Key, is_chat, key

PAGE = 1_000
"""Chats that are read in one go where all are: some milliseconds' work, on PostgreSQL the event loop's own."""

HIDING = (Spoilers.VEILED.value, Spoilers.HELD.value)
"""What a chat's column of spoilers says where results are hidden there."""


class Preferences(NamedTuple):
    """What every answer needs to know of a chat."""

    polls: bool = True
    language: str | None = None
    blind: bool = False
    """Whether how an open poll stands is hidden from who has not voted."""

    veiled: bool = False
    """Whether what gives a result away, and is asked for or moves there, is hidden until somebody taps it.

    So it is where what is pushed is veiled, and where it is held: who asks cannot wait, the others there may want to.
    """

    delay_seconds: int = 0
    """By how much later than the feed the chat sees a running session."""

    closed: frozenset[int] = frozenset()
    """The ids of the polls that are closed there."""


NO_PREFERENCES = Preferences()

Known: TypeAlias = tuple[Mapping[Key, Preferences], Mapping[Key, Chat]]
"""The preferences of chats that have any, and what those that are others by now go on as."""


class ChatPreferences:
    """What all chats want, and what they go on as: from memory, as every answer needs it.

    Only chats that have preferences take room: a closed poll some 60 bytes a chat.
    """

    def __init__(self, known: Known) -> None:
        self._know_all(known)

    def _know_all(self, known: Known) -> None:
        """Keep what was read of all chats, and nothing from before."""
        preferences, moved = known
        self._preferences, self._moved = dict(preferences), dict(moved)
        self._closing = {name for name, each in preferences.items() if each.closed}

    def _know_some(self, known: Known) -> None:
        """Keep what was read of some chats, of which each has a preference, or goes on as another."""
        preferences, moved = known
        self._preferences.update(preferences)
        self._closing.update(name for name, each in preferences.items() if each.closed)
        self._closing.difference_update(name for name, each in preferences.items() if not each.closed)
        self._moved.update(moved)

    def _know(self, chats: Iterable[Chat], known: Known) -> list[Chat]:
        """Keep what was read of these chats; those of which that is news."""
        preferences, moved = known
        changed = []
        for chat in chats:
            name, wanted = key(chat), preferences.get(key(chat), NO_PREFERENCES)
            if name in moved or wanted != self.preferences(chat):
                changed.append(chat)
            self._preferences.pop(name, None)
            self._closing.discard(name)
            if wanted.closed:
                self._closing.add(name)
            if wanted != NO_PREFERENCES:
                self._preferences[name] = wanted
        self._moved.update(moved)
        return changed

    def goes_on_as(self, chat: Chat) -> Chat:
        """What a chat is by now: another one where it was a group that became a supergroup; from memory."""
        return self._moved.get((chat.platform, chat.id), chat)

    def preferences(self, chat: Chat) -> Preferences:
        """What every answer needs to know of a chat; from memory."""
        return self._preferences.get((chat.platform, chat.id), NO_PREFERENCES)

    def delays(self) -> set[int]:
        """By how many seconds chats see a running session later than the feed, each that somebody chose once."""
        return {each.delay_seconds for each in self._preferences.values() if each.delay_seconds}

    def polls_off(self, chat: Chat) -> bool:
        """Whether the chat's admins have turned polls off."""
        return not self.preferences(chat).polls

    def veiled(self, chat: Chat, asker: User) -> bool:
        """Whether what gives a result away is hidden in the answer to somebody until it is tapped.

        Below an inline message, whose chat is not known, their private chat says: that is where they are answered.
        """
        if chat.kind is ChatKind.ELSEWHERE:
            chat = Chat(asker.platform, asker.id, ChatKind.PRIVATE)
        return self.preferences(chat).veiled

    def closed(self, chat: Chat, poll_id: int) -> bool:
        """Whether a poll is closed in a chat."""
        return poll_id in self.preferences(chat).closed

    def language(self, chat: Chat) -> str | None:
        """The language that a chat chose, or None."""
        return self.preferences(chat).language

    @property
    def some_closed(self) -> bool:
        """Whether any poll is closed in any chat; where none is, no vote need be held against that."""
        return bool(self._closing)


def read_all(connection: Connection) -> Known:
    """The preferences of all chats that have any, and what all that are others by now go on as."""
    return _read_preferences(connection, _chosen()), _read_moved(connection, true())


def read_page(connection: Connection, after: int) -> tuple[Known, int | None]:
    """The same of the next chats, whose short ids are higher, and the highest of these; None where there are none."""
    ids = tables.chat.c.id
    following = select(ids).where(ids > after).order_by(ids).limit(PAGE).subquery()
    last = connection.scalar(select(func.max(following.c.id)))
    if last is None:
        return ({}, {}), None
    page = (ids > after) & (ids <= last)
    return (_read_preferences(connection, page & _chosen()), _read_moved(connection, page)), last


def _chosen() -> ColumnElement[bool]:
    """The condition that a chat has any preference."""
    settings, closed = tables.chat_settings, tables.chat_poll.c.poll_id.is_not(None)
    special = settings.c.blind | (settings.c.delay_seconds > 0) | (settings.c.spoilers.in_(HIDING))
    return ~tables.chat.c.polls | settings.c.language.is_not(None) | special | closed


def read(connection: Connection, chats: Collection[Chat]) -> Known:
    """The same of these chats, of which there is at least one."""
    mine = or_(*map(is_chat, chats))
    return _read_preferences(connection, mine), _read_moved(connection, mine)


def _read_moved(connection: Connection, condition: ColumnElement[bool]) -> dict[Key, Chat]:
    """What chats that are others by now go on as."""
    now = tables.chat.alias("now")
    rows = select(tables.chat.c.platform, tables.chat.c.external, now.c.external, now.c.kind).join(
        now, now.c.id == tables.chat.c.moved_to
    )
    return {
        (platform, external): Chat(Platform(platform), becomes, ChatKind(kind))
        for platform, external, becomes, kind in connection.execute(rows.where(condition))
    }


def _read_preferences(connection: Connection, condition: ColumnElement[bool]) -> dict[Key, Preferences]:
    """The preferences of chats; a row for each of their closed polls, one where they have none."""
    chat, settings, poll = tables.chat, tables.chat_settings, tables.chat_poll
    closed_there = (poll.c.chat_id == chat.c.id) & poll.c.closed_at.is_not(None)
    joined = chat.outerjoin(settings).outerjoin(poll, closed_there)
    told = (settings.c.language, settings.c.blind, settings.c.spoilers, settings.c.delay_seconds)
    columns = (chat.c.platform, chat.c.external, chat.c.polls, *told, poll.c.poll_id)
    wanted: dict[Key, tuple[bool, str | None, bool, bool, int]] = {}
    closed: defaultdict[Key, set[int]] = defaultdict(set)
    for platform, external, polls, language, blind, spoilers, delay_seconds, poll_id in connection.execute(
        select(*columns).select_from(joined).where(condition)
    ):
        veiled = spoilers in HIDING
        wanted[platform, external] = (polls, language, bool(blind), veiled, delay_seconds or 0)
        if poll_id is not None:
            closed[platform, external].add(poll_id)
    return {name: Preferences(*those, frozenset(closed.get(name, ()))) for name, those in wanted.items()}
