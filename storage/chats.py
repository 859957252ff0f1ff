"""The chats that the bot knows: their short ids, and what every answer needs to know of them."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, ScalarSelect, func, or_, select, true
from sqlalchemy import update as change_rows

from bot.domain.chat_settings import Spoilers
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.events import ChatChanged, Events
from bot.pacing.remembered import Remembered
from storage import tables
from storage.database.base import Database, Result, Transaction
from storage.database.json_rows import BIGINT, TEXT, as_json, json_rows
from storage.handled_updates import HandledUpdates

REMEMBERED = 100_000
"""Upper bound of short ids in memory, one a chat."""

MANY = 100
"""Chats beyond which all are read again rather than each by its name."""

HIDING = (Spoilers.VEILED.value, Spoilers.HELD.value)
"""What a chat's column of spoilers says where results are hidden there."""

Key = tuple[str, str]
"""What tells a chat from all others: its platform, and its id there."""

Ids = dict[Key, int]


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


def key(chat: Chat) -> Key:
    """A chat's key."""
    return chat.platform, chat.id


def is_chat(chat: Chat) -> ColumnElement[bool]:
    """The condition that a row of the table is a chat's."""
    return (tables.chat.c.platform == chat.platform) & (tables.chat.c.external == chat.id)


NOW = func.coalesce(tables.chat.c.moved_to, tables.chat.c.id)
"""The short id of what a chat goes on as."""


def id_of(chat: Chat) -> ScalarSelect[int]:
    """The short id of what a chat goes on as, as a subquery for a statement; null where the chat has no row."""
    return select(NOW).where(is_chat(chat)).scalar_subquery()


def hold(connection: Connection, chat: Chat) -> int | None:
    """The short id of what a chat goes on as, or None where it is not known; locked until the transaction ends.

    Whoever changes what a chat wants locks its row first, so that two who do so at once take turns on PostgreSQL too.
    Votes are not kept waiting: they refer to the row, and that needs no more than its id.
    """
    ids = select(tables.chat.c.id, tables.chat.c.moved_to)
    row = connection.execute(ids.where(is_chat(chat)).with_for_update(key_share=True)).first()
    if row is None or row.moved_to is None:
        return None if row is None else int(row.id)
    now: int | None = connection.scalar(ids.where(tables.chat.c.id == row.moved_to).with_for_update(key_share=True))
    return now


class Chats:
    """Which chats there are.

    In memory are the short ids of those that were met last, as every vote needs one, and the preferences of those that
    have any, as every answer needs them: a closed poll takes some 60 bytes a chat. That they changed is published as
    ChatChanged; what another process changed is known once it is read again.
    """

    def __init__(
        self,
        database: Database,
        handled: HandledUpdates,
        preferences: Mapping[Key, Preferences],
        moved: Mapping[Key, Chat],
        events: Events,
    ) -> None:
        self._database = database
        self._events = events
        self._ids: Remembered[Key, int] = Remembered(REMEMBERED)
        self._preferences = dict(preferences)
        self._moved = dict(moved)
        self._handled = handled
        self._closing = {name for name, each in preferences.items() if each.closed}
        self._remembering = asyncio.Lock()
        given = json_rows(database.dialect, {"platform": TEXT, "external": TEXT})
        self._insert = database.insert(tables.chat).on_conflict_do_nothing()
        # Looked up one by one: where PostgreSQL has no statistics yet, it would read all chats for a join.
        same = (tables.chat.c.platform == given.c.platform) & (tables.chat.c.external == given.c.external)
        self._find = select(given.c.platform, given.c.external, select(NOW).where(same).scalar_subquery())

    @classmethod
    async def open(cls, database: Database, handled: HandledUpdates, events: Events | None = None) -> "Chats":
        """The chats of a database; the preferences of all that have any are in memory from the start."""
        preferences, moved = await database.read(_read_all)
        return cls(database, handled, preferences, moved, events or Events())

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

    async def set_polls(self, chat: Chat, update: str = "", *, on: bool) -> None:
        """Turn a chat's polls on or off, unless the update was handled before."""

        def set_polls(connection: Connection) -> None:
            if self._handled.first_time(connection, chat.platform, update):
                mine = tables.chat.c.id == self.id_in(connection, chat)
                connection.execute(change_rows(tables.chat).where(mine).values(polls=on))

        await self.write(set_polls, chat)

    async def write(self, transaction: Transaction[Result], *chats: Chat) -> Result:
        """Run a transaction that may change what these chats want or how they are called, and remember what it left.

        It is not cancelled halfway: what is committed is remembered, even where nobody waits for it any more.
        """
        return await asyncio.shield(self._write(transaction, chats))

    async def _write(self, transaction: Transaction[Result], chats: Sequence[Chat]) -> Result:
        async with self._remembering:  # so that what is remembered last was committed last
            names = {*chats, *map(self.goes_on_as, chats)}
            mine = or_(*map(is_chat, names))
            result, left, moved = await self._database.write(
                lambda connection: (
                    transaction(connection),
                    _read_preferences(connection, mine),
                    _read_moved(connection, mine),
                )
            )
            for chat in self._remember(names, left, moved):
                self._events.publish(ChatChanged(chat))
        return result

    async def read_again(self, chats: Collection[Chat] | None = None) -> None:
        """Remember what another process may have changed of these chats, or of all."""
        async with self._remembering:
            if chats is None or len(chats) > MANY:
                preferences, moved = await self._database.read(_read_all)
                self._preferences, self._moved = dict(preferences), dict(moved)
                self._closing = {name for name, each in preferences.items() if each.closed}
                self._ids.clear()  # a group may have become another one
                return
            mine = or_(*map(is_chat, chats))
            left, moved = await self._database.read(
                lambda connection: (_read_preferences(connection, mine), _read_moved(connection, mine))
            )
            self._remember(chats, left, moved)

    def _remember(
        self, chats: Iterable[Chat], left: Mapping[Key, Preferences], moved: Mapping[Key, Chat]
    ) -> list[Chat]:
        """Keep in memory what was read of chats; those of which that is news."""
        changed = []
        for chat in chats:
            name, wanted = key(chat), left.get(key(chat), NO_PREFERENCES)
            if name in moved or wanted != self.preferences(chat):
                changed.append(chat)
            if name not in left or name in moved:
                self._ids.pop(name, None)
            self._preferences.pop(name, None)
            self._closing.discard(name)
            if wanted.closed:
                self._closing.add(name)
            if wanted != NO_PREFERENCES:
                self._preferences[name] = wanted
        self._moved.update(moved)
        return changed

    async def ids(self, chats: Iterable[Chat]) -> Ids:
        """The short ids of groups and polling places; unknown ones are recorded first.

        Not for private chats: theirs is another one after they were forgotten, see `id_in`.
        """
        wanted = {key(chat): chat for chat in chats}
        known = {name: self._ids[name] for name in wanted if name in self._ids}
        if new := [chat for name, chat in wanted.items() if name not in known]:
            async with self._remembering:
                recorded = await self._database.write(lambda connection: self._record(connection, new))
                self._ids.update(recorded)
            known |= recorded
        return known

    def id_in(self, connection: Connection, chat: Chat) -> int:
        """A chat's short id, its row locked until the transaction ends; an unknown chat is recorded first."""
        while (chat_id := hold(connection, chat)) is None:  # again, where it is forgotten at this very moment
            self._record(connection, [chat])
        return chat_id

    def ids_in(self, connection: Connection, chats: Collection[Chat]) -> Ids:
        """The short ids of groups, their rows locked until the transaction ends; unknown ones are recorded first."""
        missing, found = list(chats), Ids()
        while missing:  # again, where one goes on as another at this very moment
            known = self._record(connection, missing)
            ids = select(json_rows(connection.dialect.name, {"id": BIGINT}))
            locked = select(tables.chat.c.id).where(tables.chat.c.id.in_(ids)).order_by(tables.chat.c.id)
            connection.execute(locked.with_for_update(key_share=True), {"rows": as_json(known.values())})
            found |= self.known_in(connection, missing)
            missing = [chat for chat in missing if found.get(key(chat)) != known.get(key(chat))]
        return found

    def known_in(self, connection: Connection, chats: Collection[Chat]) -> Ids:
        """The short ids of those chats that have a row."""
        if not chats:
            return {}
        found = connection.execute(self._find, {"rows": as_json(map(key, chats))})
        return {(platform, external): chat_id for platform, external, chat_id in found if chat_id is not None}

    def _record(self, connection: Connection, chats: Sequence[Chat]) -> Ids:
        """Insert the chats that are missing, in one order whoever does so, and give the ids of all of them.

        They are looked for first: on PostgreSQL an insert uses up an id, also where there is such a chat.
        """
        known = self.known_in(connection, chats)
        if new := sorted((chat for chat in chats if key(chat) not in known), key=key):
            rows = [{"platform": chat.platform, "external": chat.id, "kind": chat.kind} for chat in new]
            connection.execute(self._insert, rows)
            known |= self.known_in(connection, new)
        return known


def _read_all(connection: Connection) -> tuple[dict[Key, Preferences], dict[Key, Chat]]:
    """The preferences of all chats that have any, and what all that are others by now go on as."""
    settings, closed = tables.chat_settings, tables.chat_poll.c.poll_id.is_not(None)
    special = settings.c.blind | (settings.c.delay_seconds > 0) | (settings.c.spoilers.in_(HIDING))
    chosen = ~tables.chat.c.polls | settings.c.language.is_not(None) | special | closed
    return _read_preferences(connection, chosen), _read_moved(connection, true())


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
