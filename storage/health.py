"""How what is kept is doing: whether it can be read, is up to date, and what is in it."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, distinct, func, select

from bot.domain.noted_records import NotedRecord
from bot.domain.places import Chat, ChatKind, Platform
from storage import tables
from storage.database.base import MALFORMED, CannotOpenError, Reader, Result, Transaction, in_words
from storage.database.limits import DEFAULT, Limits
from storage.database.open import database_file, open_database
from storage.database.read_only import SQLiteVisitor
from storage.database.rights import READ_ONLY, lacking_rights, takes_nothing_new
from storage.database.upgrades import misfit
from storage.noted_reading import read_noted
from storage.outbox import DEAD, PENDING
from storage.unknown_templates import Unknown, all_unknown
from storage.voter_secret import counted, refusal

DELIVERY, SUBSCRIPTION = tables.delivery, tables.subscription

AT_A_GLANCE = Limits(connections=2, statement_timeout=5.0, lock_timeout=2.0, patience=4.0)
"""For who only has a moment: a server that does not serve by then says why, where it would be waited for else."""

OVERDUE = 3600
"""Seconds after which a delivery should have gone out, wherever a bot is running."""


VOTES = select(func.coalesce(func.sum(tables.poll_tally.c.votes), 0))
"""How many votes there are."""


class MisfitError(CannotOpenError):
    """The tables are not of this version of the program; the text is whole sentences that say why, and what to do."""


class Closed(NamedTuple):
    """A chat in which the bot may not post, as an admin was told; `problem` is what came of the last delivery."""

    chat: Chat
    problem: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a database; `fetched_at` is when a calendar last was, in seconds since 1970."""

    votes: int
    subscribed: int
    pending: int
    overdue: int
    given_up: int
    fetched_at: int | None


class Health:
    """Looks at a database without changing it, on SQLite also beside the bot that has it.

    Raises CannotOpenError throughout.
    """

    def __init__(self, url: str, limits: Limits = DEFAULT) -> None:
        """`limits` are for a server."""
        file = database_file(url)
        self._visitor = SQLiteVisitor(file) if file is not None else None
        self.reader: Reader = self._visitor or open_database(url, limits)

    async def fits(self) -> bool:
        """Whether this version of the program works on the tables as they are."""
        return await self._read(misfit) is None

    async def check(self) -> None:
        """Look whether this version works on the tables as they are. Raises MisfitError as well."""
        why = await self._read(misfit)
        if why is not None:
            raise MisfitError(why)

    async def check_writable(self) -> None:
        """Look whether a server takes anything new. Raises MisfitError as well."""
        if await self._read(takes_nothing_new):
            raise MisfitError(READ_ONLY)

    async def lacking_rights(self, *, for_pages: bool = False) -> str | None:
        """Which rights a server's user lacks, of all or of those `for_pages`, in whole sentences; None for none."""
        return await self._read(lambda connection: lacking_rights(connection, for_pages=for_pages))

    async def flaws(self, within: float) -> list[str] | None:
        """What is wrong with an SQLite file; None where looking takes longer. A server looks after itself."""
        return await self._visitor.flaws(within) if self._visitor else []

    async def contents(self, now: int) -> Contents:
        """What is in it; a delivery is overdue `OVERDUE` seconds after it could have gone out."""
        return await self._read(lambda connection: _contents(connection, now))

    async def votes(self) -> int:
        """How many votes there are, for who may read no more than tallies."""
        return await self._read(lambda connection: int(connection.scalar(VOTES) or 0))

    async def counted_with(self, secret: bytes) -> bool | None:
        """Whether the votes were counted with this secret; None where there are none."""
        return await self._read(lambda connection: counted(connection, secret))

    async def refusal(self, secret: bytes) -> str | None:
        """Why this secret cannot be used here, and what to do; None where it can."""
        return await self._read(lambda connection: refusal(connection, secret))

    async def closed(self) -> list[Closed]:
        """The groups in which the bot may not post."""
        return await self._read(_closed)

    async def unknown_templates(self) -> Unknown:
        """How many templates of the stewards' messages nobody knows."""
        return await self._read(all_unknown)

    async def noted(self) -> list[NotedRecord]:
        """What race control noted."""
        return await self._read(read_noted)

    async def close(self) -> None:
        """Let go of the connections."""
        await self.reader.close()

    async def _read(self, transaction: Transaction[Result]) -> Result:
        try:
            return await self.reader.read(transaction)
        except UnicodeError as error:  # what SQLite reads from a page of noise may be no text at all
            raise CannotOpenError(MALFORMED) from error
        except Exception as error:
            raise CannotOpenError(in_words(error)) from error


def _contents(connection: Connection, now: int) -> Contents:
    counted = (
        VOTES,
        select(func.count(distinct(SUBSCRIPTION.c.chat_id))),
        select(func.count()).select_from(DELIVERY).where(PENDING),
        select(func.count()).select_from(DELIVERY).where(PENDING, DELIVERY.c.due_at < now - OVERDUE),
        select(func.count()).select_from(DELIVERY).where(DEAD),
    )
    votes, subscribed, on_the_way, overdue, given_up = (int(connection.scalar(each) or 0) for each in counted)
    fetched_at = connection.scalar(select(func.max(tables.race.c.fetched_at)))
    return Contents(votes, subscribed, on_the_way, overdue, given_up, fetched_at)


def _closed(connection: Connection) -> list[Closed]:
    chat, warned = tables.chat, select(SUBSCRIPTION.c.chat_id).where(SUBSCRIPTION.c.warned)
    last = (
        select(DELIVERY.c.problem)
        .where(DELIVERY.c.chat_id == chat.c.id, DEAD)
        .order_by(DELIVERY.c.announcement_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = select(chat.c.platform, chat.c.external, chat.c.kind, last.label("problem")).where(chat.c.id.in_(warned))
    rows = connection.execute(found.order_by(chat.c.id))
    return [Closed(Chat(Platform(row.platform), row.external, ChatKind(row.kind)), row.problem or "") for row in rows]
