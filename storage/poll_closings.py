"""Closing polls: in one chat, by its admins or by the clock, with the result told there once.

A closing, its result and the result's announcement are one transaction, in turn with the ballots: what was queued
before is in the result, and what comes later is counted nowhere. Another process may be counting at that moment: it
waits for the poll, which is locked, and then looks whether it is closed where it has not heard of that.
"""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Table, select, true
from sqlalchemy import update as change_rows

from bot.domain.announcements import FOR_ONE_CHAT, Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from bot.domain.places import Chat, ChatKind, Platform
from bot.domain.polls import Poll
from bot.pacing.clock import Clock
from storage import tables
from storage.announcements import Announcements
from storage.ballot_box import BallotBox
from storage.chat_settings import COLUMNS, read_settings
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.poll_clocks import OPEN, start_clock
from storage.poll_locks import lock_polls

HOUR = 3600

RESULT_EXPIRES = dt.timedelta(days=2)
"""How long after a poll was closed its result is still delivered."""

CHAT, POLL, CHAT_POLL, SETTINGS = tables.chat, tables.poll, tables.chat_poll, tables.chat_settings


class DueClosing(NamedTuple):
    """A poll whose time in a chat is up."""

    chat: Chat
    incident_id: str


class PollClosings:
    """Which polls are closed in which chats. That a poll is closed is in `Chats`' memory as soon as it is so."""

    def __init__(
        self, database: Database, chats: Chats, ballot_box: BallotBox, announcements: Announcements, clock: Clock
    ) -> None:
        self._database = database
        self._chats = chats
        self._ballot_box = ballot_box
        self._announcements = announcements
        self._clock = clock
        self._handled = HandledUpdates(database, clock)

    async def close(self, chat: Chat, poll: Poll, update: str = "") -> bool:
        """Close a poll in a chat and have its result told there at once; whether that was done.

        It is not where the poll is closed there already, or the update was handled before. Raises ClosedError.
        """

        def close(connection: Connection) -> bool:
            if not self._handled.first_time(connection, chat.platform, update):
                return False
            chat_id = self._locked(connection, chat, poll)
            row = self._database.insert(CHAT_POLL).values(chat_id=chat_id, poll_id=poll.id)
            connection.execute(row.on_conflict_do_nothing())
            return self._close(connection, chat, chat_id, poll, by_the_clock=False)

        return await self._ballot_box.in_turn(lambda: self._chats.write(close, chat))

    async def close_in_time(self, chat: Chat, poll: Poll) -> bool:
        """Close a poll in a chat if its time there is up, and have its result told after quiet hours; whether it was.

        Raises ClosedError.
        """

        def close(connection: Connection) -> bool:
            chat_id = self._locked(connection, chat, poll)
            return self._close(connection, chat, chat_id, poll, by_the_clock=True)

        return await self._ballot_box.in_turn(lambda: self._chats.write(close, chat))

    async def open(self, chat: Chat, poll: Poll, update: str = "") -> None:
        """Open a poll again that is closed in a chat; where the chat has a closing time it begins anew.

        An update that was handled before changes nothing.
        """

        def open_again(connection: Connection) -> None:
            if not self._handled.first_time(connection, chat.platform, update):
                return
            chat_id = self._chats.rows.id_in(connection, chat)
            closed = change_rows(CHAT_POLL).where(_is(chat_id, poll), ~OPEN)
            if connection.execute(closed.values(closed_at=None, opened_at=None)).rowcount:
                start_clock(self._database, connection, chat_id, poll.id, self._now())

        await self._chats.write(open_again, chat)

    async def due(self, platforms: Collection[Platform]) -> list[DueClosing]:
        """The polls whose time is up in chats of these platforms, those first that have waited longest."""
        overdue = (
            select(CHAT.c.platform, CHAT.c.external, CHAT.c.kind, POLL.c.incident)
            .select_from(CHAT_POLL)
            .join(CHAT, CHAT.c.id == CHAT_POLL.c.chat_id)
            .join(POLL, POLL.c.id == CHAT_POLL.c.poll_id)
            .join(SETTINGS, SETTINGS.c.chat_id == CHAT_POLL.c.chat_id)
            .where(
                OPEN,
                _is_up(SETTINGS.c.closing_hours, self._now()),
                CHAT.c.platform.in_([platform.value for platform in platforms]),
            )
            .order_by(CHAT_POLL.c.opened_at)
        )
        rows = await self._database.read(lambda connection: connection.execute(overdue).all())
        return [
            DueClosing(Chat(Platform(platform), external, ChatKind(kind)), incident)
            for platform, external, kind, incident in rows
        ]

    def _locked(self, connection: Connection, chat: Chat, poll: Poll) -> int:
        """A chat's short id, with its row and the poll locked: what others count is in the result, or too late."""
        chat_id = self._chats.rows.id_in(connection, chat)
        lock_polls(connection, [poll.id])
        return chat_id

    def _close(self, connection: Connection, chat: Chat, chat_id: int, poll: Poll, *, by_the_clock: bool) -> bool:
        now = self._now()
        hours = select(SETTINGS.c.closing_hours).where(SETTINGS.c.chat_id == chat_id).scalar_subquery()
        is_due = _is_up(hours, now) if by_the_clock else true()
        closed = change_rows(CHAT_POLL).where(_is(chat_id, poll), OPEN, is_due)
        closed = closed.values(closed_at=now, closings=CHAT_POLL.c.closings + 1)
        closings = connection.scalar(closed.returning(CHAT_POLL.c.closings))
        if closings is None:
            return False
        moment = dt.datetime.fromtimestamp(now, dt.UTC)
        due_at = _settings(connection, chat_id).may_be_told_at(moment) if by_the_clock else moment
        subject = {"incident": poll.incident_id, **_result(connection, chat_id, poll)}
        announcement = Announcement(
            f"result of {poll.incident_id} in chat {chat_id}, {closings}",
            FOR_ONE_CHAT,
            Kind.POLL_RESULT,
            subject,
            moment,
            expires_at=due_at + RESULT_EXPIRES,
        )
        self._announcements.announce_to(connection, announcement, chat_id, chat.platform, due_at)
        return True

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _is(chat_id: int, poll: Poll) -> ColumnElement[bool]:
    return (CHAT_POLL.c.chat_id == chat_id) & (CHAT_POLL.c.poll_id == poll.id)


def _is_up(hours: ColumnElement[int | None] | ScalarSelect[int | None], now: int) -> ColumnElement[bool]:
    """The condition that a poll has been open for so many hours; the first half is what the index leads along."""
    return (CHAT_POLL.c.opened_at <= now - HOUR) & (CHAT_POLL.c.opened_at + HOUR * hours <= now)


def _result(connection: Connection, chat_id: int, poll: Poll) -> dict[str, list[list[int]]]:
    """A poll's votes as they stand, in a chat and everywhere: choice, after the ruling or not, how many."""
    here, everyone = tables.chat_tally, tables.poll_tally
    return {
        "here": _counts(connection, here, (here.c.chat_id == chat_id) & (here.c.poll_id == poll.id)),
        "everyone": _counts(connection, everyone, everyone.c.poll_id == poll.id),
    }


def _counts(connection: Connection, tally: Table, condition: ColumnElement[bool]) -> list[list[int]]:
    counted = select(tally.c.choice_id, tally.c.after_ruling, tally.c.votes).where(condition, tally.c.votes > 0)
    return [[*row] for row in connection.execute(counted)]


def _settings(connection: Connection, chat_id: int) -> ChatSettings:
    row = connection.execute(select(*COLUMNS).where(SETTINGS.c.chat_id == chat_id)).first()
    return ChatSettings() if row is None else read_settings(*row)
