"""The messages of ours that show a poll, so that they can be edited when its tally moves."""

from sqlalchemy import Connection, delete, func, select, true

from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.domain.polls import Poll, Question
from bot.pacing.clock import Clock, SystemClock
from storage import tables
from storage.chats import Chats, id_of
from storage.database.base import Database
from storage.poll_clocks import start_clock


class Posts:
    """Which messages show which poll."""

    def __init__(self, database: Database, chats: Chats, clock: Clock | None = None) -> None:
        self._database = database
        self._chats = chats
        self._clock = clock or SystemClock()

    async def remember(self, poll: Poll, post: Post) -> None:
        """Note that a message shows a poll, and no other any more.

        In a group that has a closing time, that of a poll on blame runs now; ratings are never closed.
        """
        await self._database.write(lambda connection: self._remember(connection, poll, post))

    def _remember(self, connection: Connection, poll: Poll, post: Post) -> None:
        chat_id = self._chats.id_in(connection, post.chat)
        row = self._database.insert(tables.post).values(poll_id=poll.id, chat_id=chat_id, message=post.message)
        note = row.on_conflict_do_update(index_elements=["chat_id", "message"], set_={"poll_id": row.excluded.poll_id})
        connection.execute(note)
        if post.chat.kind is ChatKind.GROUP and poll.question is Question.BLAME:
            start_clock(self._database, connection, chat_id, poll.id, int(self._clock.now().timestamp()))

    async def forget(self, post: Post) -> None:
        """Forget a message that is gone, or shows something else than a poll now."""
        gone = delete(tables.post).where(
            tables.post.c.chat_id == id_of(post.chat), tables.post.c.message == post.message
        )
        await self._database.write(lambda connection: connection.execute(gone))

    async def forget_chat(self, chat: Chat) -> None:
        """Forget all messages of a chat, as they are out of reach."""
        gone = delete(tables.post).where(tables.post.c.chat_id == id_of(chat))
        await self._database.write(lambda connection: connection.execute(gone))

    async def polls_shown(self) -> set[int]:
        """The ids of the polls that some message shows."""
        shown = select(tables.post.c.poll_id).distinct()
        return set(await self._database.read(lambda connection: connection.scalars(shown).all()))

    async def shown_in(self, chat: Chat) -> list[int]:
        """The ids of the polls that messages of a chat show, those of the newest messages first."""
        mine = select(tables.post.c.poll_id).where(tables.post.c.chat_id == id_of(chat))
        newest_first = mine.group_by(tables.post.c.poll_id).order_by(func.max(tables.post.c.id).desc())
        return list(await self._database.read(lambda connection: connection.scalars(newest_first).all()))

    async def showing(self, poll: Poll, before: int | None = None, limit: int = 100) -> list[tuple[int, Post]]:
        """At most `limit` messages that show a poll, newest first, each with its number, which falls.

        `before` is the last number of the page before; without it this is the first page.
        """
        page = (
            select(
                tables.post.c.id,
                tables.chat.c.platform,
                tables.chat.c.external,
                tables.chat.c.kind,
                tables.post.c.message,
            )
            .join(tables.chat, tables.chat.c.id == tables.post.c.chat_id)
            .where(tables.post.c.poll_id == poll.id, true() if before is None else tables.post.c.id < before)
            .order_by(tables.post.c.id.desc())
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(page).all())
        return [
            (number, Post(Chat(Platform(platform), external, ChatKind(kind)), message))
            for number, platform, external, kind, message in rows
        ]
