"""The votes, as ballots change them: what `bot.domain.ballots` decides is read and written here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sqlalchemy import CompoundSelect, Connection, FromClause, Select, delete, null, select, true, tuple_, union_all

from bot.domain.ballots import Cast, Receipt, Step, Vote, Voter, fold
from bot.domain.polls import Tally
from storage import tables
from storage.database.base import Database
from storage.database.json_rows import BIGINT, INTEGER, as_json, json_rows
from storage.handled_updates import HandledUpdates
from storage.poll_locks import lock_polls, lock_polls_of

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

VOTER = {"poll_id": INTEGER, "voter": BIGINT}
VOTE = {**VOTER, "choice_id": INTEGER, "chat_id": BIGINT, "cast_at": BIGINT, "after_ruling": INTEGER}

HUNDRED = 100
"""Votes that SQLite is given in one statement as parameters; what is left over of a batch comes as JSON."""

Changing: TypeAlias = Counter[tuple[int, int]]
"""Everyone's votes in a poll, by choice, and after the ruling or not, while ballots on it are counted."""


class Kept(NamedTuple):
    """A vote as it stood before ballots were counted."""

    choice_id: int
    chat_id: int
    after_ruling: int


class Votes:
    """The votes in the database; each method is part of a transaction."""

    def __init__(self, database: Database, handled: HandledUpdates) -> None:
        self._handled = handled
        voters = json_rows(database.dialect, VOTER)
        polls = json_rows(database.dialect, {"poll_id": INTEGER}, given="polls")
        self._find = _votes_and_tallies(voters, polls, database.dialect)
        self._closed = _closed(database.dialect)
        self._delete = delete(tables.vote).where(tuple_(tables.vote.c.poll_id, tables.vote.c.voter).in_(select(voters)))
        votes = json_rows(database.dialect, VOTE)
        # SQLite takes the ON of ON CONFLICT for a join's, unless a WHERE comes before it.
        row = database.insert(tables.vote).from_select([*VOTE], select(votes).where(votes.c.voter.is_not(None)))
        self._upsert = _over_what_was(row)
        self._upsert_hundred = _hundred_upserts(database) if database.dialect == "sqlite" else None

    def count(self, connection: Connection, casts: Sequence[Cast], chat_ids: Sequence[int]) -> list[Receipt]:
        """Turn ballots into votes, in the order in which they were cast; `chat_ids` says where each of them counts."""
        # First, so that whoever else has the same updates in hand waits here, and then reads what became of them.
        first_times = self._handled.first_times(
            connection, [(ballot.chat.platform, ballot.update) for ballot, _at in casts]
        )
        polls = {ballot.poll.id: ballot.poll for ballot, _at in casts}
        lock_polls(connection, polls)
        late = self._too_late(connection, casts, chat_ids)
        # From here on nobody else changes their votes, so a tally will be what it was, with what changes now.
        kept, counts = self._read(connection, {(ballot.poll.id, ballot.voter) for ballot, _at in casts}, polls)
        stances = {voter: (choice_id, chat_id) for voter, (choice_id, chat_id, _after) in kept.items()}
        if late:
            first_times = [first and not too_late for first, too_late in zip(first_times, late, strict=True)]
        steps, votes = fold(zip(casts, chat_ids, first_times, strict=True), stances)
        self._keep(connection, votes)
        recount(counts, kept, votes)
        told = receipts(casts, steps, {poll_id: poll.tally(counts[poll_id]) for poll_id, poll in polls.items()})
        if late:
            return [each.too_late if too_late else each for each, too_late in zip(told, late, strict=True)]
        return told

    def _too_late(self, connection: Connection, casts: Sequence[Cast], chat_ids: Sequence[int]) -> list[bool]:
        """Of each ballot whether another process has closed its poll in its chat; nothing where none is.

        On SQLite there is no other, and the one that there is knows it before.
        """
        if connection.dialect.name == "sqlite":
            return []
        places = [(ballot.poll.id, chat_id) for (ballot, _at), chat_id in zip(casts, chat_ids, strict=True)]
        closed = {(poll_id, chat) for poll_id, chat in connection.execute(self._closed, {"rows": as_json({*places})})}
        return [place in closed for place in places] if closed else []

    def forget(self, connection: Connection, voter: int) -> int:
        """Delete a voter's votes; how many they were."""
        votes = [(poll_id, voter) for poll_id in lock_polls_of(connection, voter)]
        return connection.execute(self._delete, {"rows": as_json(votes)}).rowcount if votes else 0

    def _read(
        self, connection: Connection, voters: Iterable[Voter], polls: Iterable[int]
    ) -> tuple[dict[Voter, Kept], dict[int, Changing]]:
        """The votes that voters have in polls, and everyone's in each of these polls, by its id."""
        kept: dict[Voter, Kept] = {}
        counts: dict[int, Changing] = defaultdict(Counter)
        given = {"rows": as_json(voters), "polls": as_json(polls)}
        for poll_id, voter, choice_id, chat_id, after, votes in connection.execute(self._find, given):
            if voter is None:
                counts[poll_id][choice_id, after] = votes
            else:
                kept[poll_id, voter] = Kept(choice_id, chat_id, after)
        return kept, counts

    def _keep(self, connection: Connection, votes: dict[Voter, Vote | None]) -> None:
        """Write the votes that changed, in the order of their keys, as what is next to each other is written faster."""
        upserts = sorted(vote for vote in votes.values() if vote is not None)
        if self._upsert_hundred:
            whole = len(upserts) - len(upserts) % HUNDRED
            for first in range(0, whole, HUNDRED):
                values = tuple(chain.from_iterable(upserts[first : first + HUNDRED]))
                connection.exec_driver_sql(self._upsert_hundred, values)
            upserts = upserts[whole:]
        if upserts:
            connection.execute(self._upsert, {"rows": as_json(upserts)})
        if withdrawn := sorted(voter for voter, vote in votes.items() if vote is None):
            connection.execute(self._delete, {"rows": as_json(withdrawn)})


def receipts(casts: Sequence[Cast], steps: Sequence[Step], tallies: Mapping[int, Tally]) -> list[Receipt]:
    """What ballots led to, with everyone's votes by then, by their poll's id."""
    return [
        Receipt(ballot.poll.offered(stance[0]) if stance else None, changed, tallies[ballot.poll.id])
        for (ballot, _at), (stance, changed) in zip(casts, steps, strict=True)
    ]


def recount(counts: Mapping[int, Changing], kept: Mapping[Voter, Kept], votes: Mapping[Voter, Vote | None]) -> None:
    """Bring everyone's votes in polls up to date with those that changed, as the triggers do in the database."""
    for voter, vote in votes.items():
        if (was := kept.get(voter)) is not None:
            counts[voter[0]][was.choice_id, was.after_ruling] -= 1
        if vote is not None:
            counts[vote.poll_id][vote.choice_id, vote.after_ruling] += 1


def _over_what_was(row: "postgresql.Insert | sqlite.Insert") -> "postgresql.Insert | sqlite.Insert":
    """An INSERT of votes that changes those that there are."""
    changed = {name: row.excluded[name] for name in VOTE if name not in VOTER}
    return row.on_conflict_do_update(index_elements=[*VOTER], set_=changed)


def _hundred_upserts(database: Database) -> str:
    """A statement for SQLite whose parameters are a hundred votes, one value after the other.

    SQLite takes them in two thirds of the time that it takes to read them from a JSON document.
    """
    from sqlalchemy.dialects.sqlite import dialect  # noqa: PLC0415 - not loaded for PostgreSQL

    one_vote = f"({', '.join('?' * len(VOTE))})"
    upsert_one = str(_over_what_was(database.insert(tables.vote)).compile(dialect=dialect()))
    return upsert_one.replace(one_vote, ", ".join([one_vote] * HUNDRED))


def _closed(dialect: str) -> Select[int, int]:
    """The polls that are closed, of polls in chats, each looked up by its key."""
    given, there = json_rows(dialect, {"poll_id": INTEGER, "chat_id": BIGINT}), tables.chat_poll.c
    its = (there.chat_id == given.c.chat_id) & (there.poll_id == given.c.poll_id)
    closed = select(there.poll_id, there.chat_id).join_from(given, tables.chat_poll, its)
    return closed.where(there.closed_at.is_not(None))


def _votes_and_tallies(voters: FromClause, polls: FromClause, dialect: str) -> CompoundSelect[Any]:
    """The votes that voters have in polls, and then the polls' tallies, which have no voter: one statement for both."""
    tally = tables.poll_tally.c
    tallies = select(tally.poll_id, null(), tally.choice_id, null(), tally.after_ruling, tally.votes)
    return union_all(votes_of(voters, dialect), tallies.where(tally.poll_id.in_(select(polls))))


def votes_of(voters: FromClause, dialect: str) -> Select[Any]:
    """The votes that voters have in polls, each looked up by its key.

    PostgreSQL does not know how many voters will be given: it takes them for a hundred, for whom it would read all of a
    table that is not large. Behind a limit it looks each of them up, as SQLite does anyhow.
    """
    vote = tables.vote.c
    same_voter = (vote.poll_id == voters.c.poll_id) & (vote.voter == voters.c.voter)
    if dialect == "sqlite":
        found = select(vote.poll_id, vote.voter, vote.choice_id, vote.chat_id, vote.after_ruling, null())
        return found.select_from(voters).join(tables.vote, same_voter)
    kept = select(vote.choice_id, vote.chat_id, vote.after_ruling).where(same_voter).limit(1).lateral()
    return select(voters.c.poll_id, voters.c.voter, *kept.c, null()).select_from(voters).join(kept, true())
