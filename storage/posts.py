"""The messages of ours that show a poll, so that they can be edited when its tally moves."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, bindparam, delete, func, select, true, update

from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.domain.polls import Poll
from bot.pacing.clock import Clock, SystemClock
from storage import tables
from storage.chat_rows import id_of, key
from storage.chats import Chats
from storage.database.base import Database
from storage.post_claims import PostClaims
from storage.shown_polls import ShownPoll, ShownPolls

POST, CHAT = tables.post, tables.chat

KEPT = dt.timedelta(days=90)
"""How long a message follows its poll after it was sent, or a button of it was pressed."""

RESTS = 3
"""Seconds after its last edit for which a message is left to the process that made it, whose rhythm that is."""

CHUNK = 1_000
"""Messages that are forgotten in a transaction, so that no vote waits for long."""


class Shows(NamedTuple):
    """A message shows a poll, and no other any more; `shown` is the digest of what it shows, None if as before."""

    post: Post
    poll: Poll
    shown: int | None = None


class Edited(NamedTuple):
    """A message that was claimed was edited, if it shows the poll still; `shown` is None if nobody knows whether."""

    post: Post
    poll: Poll
    shown: int | None


class Gone(NamedTuple):
    """A message is gone, or shows something else than a poll now."""

    post: Post


Note: TypeAlias = Shows | Edited | Gone
"""What is to be known of a message."""


class Showing(NamedTuple):
    """A message that shows a poll, and the digest of what it shows; `number` is higher for later ones."""

    number: int
    post: Post
    shown: int | None


class Posts:
    """Which messages show which poll, and in what state."""

    def __init__(self, database: Database, chats: Chats, clock: Clock | None = None) -> None:
        self._database = database
        self._chats = chats
        self._clock = clock or SystemClock()
        self._shown = ShownPolls(database)
        self.claims = PostClaims(database, chats, self._clock)
        mine = (POST.c.chat_id == bindparam("chat")) & (POST.c.message == bindparam("its_message"))
        claimed = (POST.c.poll_id == bindparam("poll")) & (POST.c.claimed_by == self.claims.holder)
        self._edit = (
            update(POST)
            .where(mine, claimed)
            .values(shown=bindparam("its_state"), claimed_by=bindparam("whose"), claimed_until=bindparam("until"))
        )
        self._delete = delete(POST).where(mine)
        old = select(POST.c.id).where(POST.c.used_at < bindparam("before")).order_by(POST.c.used_at).limit(CHUNK)
        self._old = old.with_for_update(skip_locked=True)

    async def note(self, *notes: Note) -> None:
        """Put down what is to be known of messages, in one transaction; of several notes on one the last one counts.

        An inline message is not noted: its id holds the number of whoever posted it.
        In a group that has a closing time, that of a poll on blame runs now; ratings are never closed.
        """
        now = int(self._clock.now().timestamp())
        kept = _in_the_end(note for note in notes if note.post.chat.kind is not ChatKind.ELSEWHERE)
        if kept:
            await self._database.write(lambda connection: self._note(connection, kept, now))

    def _note(self, connection: Connection, notes: Sequence[Note], now: int) -> None:
        shows = [note for note in notes if isinstance(note, Shows)]
        ids = self._chats.rows.ids_in(connection, {note.post.chat for note in shows})
        others = {note.post.chat for note in notes} - {note.post.chat for note in shows}
        ids |= self._chats.rows.known_in(connection, others)
        known = ((ids[key(note.post.chat)], note) for note in notes if key(note.post.chat) in ids)
        stored = sorted(known, key=lambda each: (each[0], each[1].post.message))  # as whoever else notes them does
        edited = [self._edited(chat, note, now) for chat, note in stored if isinstance(note, Edited)]
        gone = [{"chat": chat, "its_message": note.post.message} for chat, note in stored if isinstance(note, Gone)]
        if shows:
            self._shown.note(connection, (_row(chat, note) for chat, note in stored if isinstance(note, Shows)), now)
        if edited:
            connection.execute(self._edit, edited)
        if gone:
            connection.execute(self._delete, gone)

    def _edited(self, chat_id: int, note: Edited, now: int) -> dict[str, object]:
        """What is put down of a message that was edited, or could not be: for that another may try at once."""
        rests = note.shown is not None
        whose, until = (self.claims.holder, now + RESTS) if rests else (None, None)
        message = {"chat": chat_id, "its_message": note.post.message, "poll": note.poll.id}
        return {**message, "its_state": note.shown, "whose": whose, "until": until}

    async def forget_chat(self, chat: Chat) -> None:
        """Forget all messages of a chat, as they are out of reach."""
        gone = delete(POST).where(POST.c.chat_id == id_of(chat))
        await self._database.write(lambda connection: connection.execute(gone))

    async def forget_some(self) -> bool:
        """Forget messages of which no button was pressed for long, the oldest first; whether there may be more."""
        before = {"before": int((self._clock.now() - KEPT).timestamp())}

        def forget(connection: Connection) -> int:
            old = [{"old": post_id} for post_id in connection.scalars(self._old, before)]
            if old:
                connection.execute(delete(POST).where(POST.c.id == bindparam("old")), old)
            return len(old)

        return await self._database.write(forget) == CHUNK

    async def polls_shown(self) -> set[int]:
        """The ids of the polls that some message shows; looked up poll by poll, as there are more messages by far."""
        its_posts = select(POST.c.id).where(POST.c.poll_id == tables.poll.c.id)
        # In the index's order: PostgreSQL would else look for one through the table, which is long where there is none.
        first = its_posts.order_by(POST.c.platform, POST.c.id).limit(1).scalar_subquery()
        shown = select(tables.poll.c.id).where(first.is_not(None))
        return set(await self._database.read(lambda connection: connection.scalars(shown).all()))

    async def shown_in(self, chat: Chat) -> list[int]:
        """The ids of the polls that messages of a chat show, those of the newest messages first."""
        mine = select(POST.c.poll_id).where(POST.c.chat_id == id_of(chat))
        newest_first = mine.group_by(POST.c.poll_id).order_by(func.max(POST.c.id).desc())
        return list(await self._database.read(lambda connection: connection.scalars(newest_first).all()))

    async def showing(
        self, poll: Poll, platform: Platform, before: int | None = None, limit: int = 100
    ) -> list[Showing]:
        """At most `limit` messages on a platform that show a poll, newest first.

        `before` is the last number of the page before; without it this is the first page.
        """
        page = (
            select(POST.c.id, CHAT.c.external, CHAT.c.kind, POST.c.message, POST.c.shown)
            .join(CHAT, CHAT.c.id == POST.c.chat_id)
            .where(POST.c.poll_id == poll.id, POST.c.platform == platform)
            .where(true() if before is None else POST.c.id < before)
            .order_by(POST.c.id.desc())
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(page).all())
        return [
            Showing(number, Post(Chat(platform, external, ChatKind(kind)), message), shown)
            for number, external, kind, message, shown in rows
        ]


def _in_the_end(notes: Iterable[Note]) -> list[Note]:
    """One note a message: the last one, or what an edit has made of the one before."""
    last: dict[Post, Note] = {}
    for note in notes:
        before = last.get(note.post)
        if not isinstance(note, Edited) or before is None:
            last[note.post] = note
        elif not isinstance(before, Gone) and before.poll.id == note.poll.id:
            last[note.post] = before._replace(shown=note.shown)
    return list(last.values())


def _row(chat_id: int, note: Shows) -> ShownPoll:
    return ShownPoll(note.poll.incident_id, note.poll.question, chat_id, note.post.message, note.shown)
