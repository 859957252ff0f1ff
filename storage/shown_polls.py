"""Messages that show polls, noted many at a time as part of a transaction: with their deliveries, or as they appear."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Executable, FromClause, Table, bindparam, case, select
from sqlalchemy.types import TypeEngine

from bot.domain.places import ChatKind
from bot.domain.polls import Question
from storage import tables
from storage.database.base import Database
from storage.database.json_rows import BIGINT, TEXT, as_json, json_rows
from storage.poll_clocks import OPEN
from storage.private_chats import NOT_FORGOTTEN

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

CHAT, POLL, POST = tables.chat, tables.poll, tables.post
CHAT_POLL, SETTINGS = tables.chat_poll, tables.chat_settings
NOW = bindparam("now", type_=BIGINT)


class ShownPoll(NamedTuple):
    """A message that shows a poll; `chat_id` is its chat's short id, `shown` the digest of what it shows now.

    None where that is as it was before.
    """

    incident: str
    question: Question
    chat_id: int
    message: str
    shown: int | None


_SHOWN: dict[str, TypeEngine[Any]] = {
    "incident": TEXT,
    "question": TEXT,
    "chat_id": BIGINT,
    "message": TEXT,
    "shown": BIGINT,
}


class ShownPolls:
    """Notes messages that show polls; where a group closes polls on blame by the clock, their time runs then."""

    def __init__(self, database: Database) -> None:
        self._note = _noting(database.dialect, database.insert)
        self._start_clock = _starting(database.dialect, database.insert)

    def note(self, connection: Connection, shown: Iterable[ShownPoll], now: int) -> None:
        """Note messages, of several notes on one the last; `now` is in seconds since 1970.

        So it may be by two names of a chat: what was in a group may be called as what is in the one that it became.
        A message that showed another poll shows that no more. The clocks run in chats that have a closing time, and not
        again where they run already: so polls that were shown before are not all closed once a chat has one.
        """
        last = {(each.chat_id, each.message): each for each in shown}
        in_order = [last[message] for message in sorted(last)]  # as whoever else notes them does
        given = {"rows": as_json(in_order), "now": now}
        connection.execute(self._note, given)
        connection.execute(self._start_clock, given)


@lru_cache(maxsize=2)  # putting it together takes longer than running it, and it is needed in several places
def _noting(dialect: str, insert: "Callable[[Table], sqlite.Insert | postgresql.Insert]") -> Executable:
    given = json_rows(dialect, _SHOWN)
    posts = (
        select(POLL.c.id, CHAT.c.id, CHAT.c.platform, given.c.message, given.c.shown, NOW)
        .select_from(given)
        .join(POLL, _asked(given))
        .join(CHAT, CHAT.c.id == given.c.chat_id)
        .where(NOT_FORGOTTEN)
    )
    names = ["poll_id", "chat_id", "platform", "message", "shown", "used_at"]
    row = insert(POST).from_select(names, posts)
    # Of one that is only used, as it was pressed, all else stays. What is being edited at this moment shows nobody
    # knows what.
    is_used = (POST.c.poll_id == row.excluded.poll_id) & row.excluded.shown.is_(None)
    is_known = POST.c.shown.is_not(None) | POST.c.claimed_by.is_(None)
    return row.on_conflict_do_update(
        index_elements=["chat_id", "message"],
        set_={
            "poll_id": row.excluded.poll_id,
            "used_at": row.excluded.used_at,
            "shown": case((is_used, POST.c.shown), (is_known, row.excluded.shown)),
            **{name: case((is_used, POST.c[name])) for name in ("claimed_by", "claimed_until")},
        },
    )


@lru_cache(maxsize=2)
def _starting(dialect: str, insert: "Callable[[Table], sqlite.Insert | postgresql.Insert]") -> Executable:
    given = json_rows(dialect, _SHOWN)
    closes = SETTINGS.c.chat_id == given.c.chat_id, SETTINGS.c.closing_hours.is_not(None)
    group = CHAT.c.id == given.c.chat_id, CHAT.c.kind == ChatKind.GROUP
    its = _asked(given), POLL.c.question == Question.BLAME, *closes, *group
    begun = select(CHAT.c.id, POLL.c.id, NOW).where(*its)
    clock = insert(CHAT_POLL).from_select(["chat_id", "poll_id", "opened_at"], begun.distinct())
    return clock.on_conflict_do_update(
        index_elements=["chat_id", "poll_id"],
        set_={"opened_at": clock.excluded.opened_at},
        where=OPEN & CHAT_POLL.c.opened_at.is_(None),
    )


def _asked(given: FromClause) -> ColumnElement[bool]:
    return (given.c.incident == POLL.c.incident) & (given.c.question == POLL.c.question)
