"""Claims: of all processes that could change a message which shows a poll, one does, and another once that is dead.

Moments are by the clock of the database (`storage.database_clock`), by which each process is set.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, null, select, update

from bot.domain.places import Post
from bot.domain.polls import Poll
from bot.pacing.clock import Clock
from storage import tables
from storage.chat_rows import key
from storage.chats import Chats
from storage.database.base import Database
from storage.database.json_rows import BIGINT, TEXT, as_json, json_rows
from storage.leases import holder

POST = tables.post

CLAIM = 120
"""Seconds for which a message is left to whoever claimed it; what a process had in hand as it died waits so long."""


class Claimed(NamedTuple):
    """What became of messages that a process wanted to change; those that show what they should are in none."""

    ours: frozenset[Post]
    """To be changed by this process, within `CLAIM` seconds."""

    others: frozenset[Post]
    """Being changed by another process at present, perhaps to what was so a moment before."""

    unknown: frozenset[Post]
    """Not stored as messages that show the poll."""


class PostClaims:
    """One process's claims, under its name."""

    def __init__(self, database: Database, chats: Chats, clock: Clock) -> None:
        self.holder = holder(database)
        self._database = database
        self._chats = chats
        self._clock = clock
        given = json_rows(database.dialect, {"chat_id": BIGINT, "message": TEXT})
        same = (POST.c.chat_id == given.c.chat_id) & (POST.c.message == given.c.message)
        columns = (POST.c.chat_id, POST.c.message, POST.c.poll_id, POST.c.shown)
        claims = (POST.c.claimed_by, POST.c.claimed_until)
        # In the order in which whoever else notes them does.
        in_order = select(*columns, *claims).join(given, same).order_by(POST.c.chat_id, POST.c.message)
        self._look = in_order.with_for_update(of=POST)
        taken = {"claimed_by": self.holder, "claimed_until": bindparam("until", type_=BIGINT), "shown": null()}
        self._take = update(POST).where(same).values(taken)

    async def claim(self, poll: Poll, wanted: Mapping[Post, int]) -> Claimed:
        """Claim the messages that show something else than they should, each by the digest of what it should show.

        What each shows counts as unknown from then on: the process may die before it tells.
        """
        return await self._database.write(lambda connection: self._claim(connection, poll, wanted))

    def _claim(self, connection: Connection, poll: Poll, wanted: Mapping[Post, int]) -> Claimed:
        now = int(self._clock.now().timestamp())
        ids = self._chats.rows.known_in(connection, {post.chat for post in wanted})
        posts = {(ids[key(post.chat)], post.message): post for post in wanted if key(post.chat) in ids}
        found = connection.execute(self._look, {"rows": as_json(sorted(posts))}).all()
        showing = {posts[row.chat_id, row.message]: row for row in found if row.poll_id == poll.id}
        behind = {post: row for post, row in showing.items() if row.shown != wanted[post]}
        others = frozenset(post for post, row in behind.items() if self._is_anothers(row, now))
        ours = behind.keys() - others
        if ours:
            rows = [(behind[post].chat_id, behind[post].message) for post in ours]
            connection.execute(self._take, {"rows": as_json(sorted(rows)), "until": now + CLAIM})
        return Claimed(frozenset(ours), others, frozenset(wanted) - showing.keys())

    def _is_anothers(self, row: Any, now: int) -> bool:
        return row.claimed_by not in (None, self.holder) and (row.claimed_until or 0) > now
