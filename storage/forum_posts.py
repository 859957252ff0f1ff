"""The posts of races in forums: which one is a race's, and who is making it."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select, update

from bot.domain.places import Chat, Platform
from storage import tables
from storage.chat_rows import lock_chat
from storage.chats import Chats
from storage.database.base import Database

FORUM_POST, CHAT = tables.forum_post, tables.chat

A_MINUTE = dt.timedelta(minutes=1)
"""For how long whoever makes a post is waited for; then another one does it."""


class ForumPost(NamedTuple):
    """How it stands with a race's post in a forum.

    `thread` is the platform's own id of the post, None while there is none. `starter` tells the message from all others
    that it begins with. Where it is `mine` to make, somebody who died or hangs may have `begun`, and perhaps made it;
    `claim` tells then by whose leave it is made, until somebody else has another one.
    """

    thread: str | None
    starter: str
    mine: bool = False
    begun: bool = False
    claim: int = 0


class ForumPosts:
    """A race has one post in a forum, whoever makes it. The forum is a chat, and these posts are none of their own."""

    def __init__(self, database: Database, chats: Chats) -> None:
        self._database = database
        self._chats = chats

    async def begin(self, forum: Chat, race: str, starter: str, now: dt.datetime, lost: str | None = None) -> ForumPost:
        """The post of a race, or that it is the asker's to make, to begin with the message `starter`.

        One that is `lost`, as somebody deleted it, is made anew. What somebody has begun, they may go on with at once,
        and everybody else after a minute.
        """

        def begin(connection: Connection) -> ForumPost:
            chat_id = self._chats.rows.id_in(connection, forum)  # locked, so that two take turns
            begun_at = int(now.timestamp())
            row = connection.execute(select(FORUM_POST).where(_is_of(chat_id, race))).first()
            if row is None:
                new = {"chat_id": chat_id, "race": race, "starter": starter, "begun_at": begun_at}
                connection.execute(FORUM_POST.insert().values(new))
                return ForumPost(None, starter, mine=True, claim=begun_at)
            if row.thread is not None and row.thread != lost:
                return ForumPost(row.thread, row.starter)
            is_others = row.starter != starter and now < _moment(row.begun_at) + A_MINUTE
            if row.thread is None and is_others:
                return ForumPost(None, row.starter)
            first = row.starter if row.thread is None else starter  # what may be there begins with the earlier one
            claim = max(begun_at, row.begun_at + 1)  # another than whoever may hang has
            again = {"thread": None, "starter": first, "begun_at": claim}
            connection.execute(update(FORUM_POST).where(_is_of(chat_id, race)).values(again))
            return ForumPost(None, first, mine=True, begun=row.thread is None, claim=claim)

        return await self._database.write(begin)

    async def start_with(self, forum: Chat, race: str, starter: str, claim: int) -> None:
        """Note which message a post that is not there begins with, before it is made by that claim."""
        await self._note(forum, race, claim, starter=starter)

    async def made(self, forum: Chat, race: str, thread: str, starter: str) -> ForumPost:
        """Note where a race's post is and what it begins with; the post that the race has.

        It is another one where somebody else's was noted before, as whoever made this one had hung for a while.
        """

        def note(connection: Connection) -> ForumPost:
            chat_id = lock_chat(connection, forum)
            if chat_id is None:
                return ForumPost(thread, starter)
            first = _is_of(chat_id, race) & FORUM_POST.c.thread.is_(None)
            connection.execute(update(FORUM_POST).where(first).values(thread=thread, starter=starter))
            row = connection.execute(select(FORUM_POST).where(_is_of(chat_id, race))).first()
            return ForumPost(thread, starter) if row is None else ForumPost(row.thread, row.starter)

        return await self._database.write(note)

    async def let_go(self, forum: Chat, race: str, claim: int) -> None:
        """Leave a post that could not be made by that claim to whoever is next."""
        await self._note(forum, race, claim, begun_at=0)

    async def _note(self, forum: Chat, race: str, claim: int, **values: str | int) -> None:
        def note(connection: Connection) -> None:
            chat_id = lock_chat(connection, forum)
            if chat_id is not None:
                mine = _is_of(chat_id, race) & FORUM_POST.c.thread.is_(None) & (FORUM_POST.c.begun_at == claim)
                connection.execute(update(FORUM_POST).where(mine).values(values))

        await self._database.write(note)

    async def forum_of(self, platform: Platform, thread: str) -> Chat | None:
        """The forum in which a thread is a race's post; None for any other thread."""
        its = select(CHAT.c.external).join(FORUM_POST).where(FORUM_POST.c.thread == thread, CHAT.c.platform == platform)
        external = await self._database.read(lambda connection: connection.scalar(its))
        return None if external is None else Chat(platform, external)


def _is_of(chat_id: int, race: str) -> ColumnElement[bool]:
    return (FORUM_POST.c.chat_id == chat_id) & (FORUM_POST.c.race == race)


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
