"""The votes, as ballots change them: what `bot.domain.ballots` decides is read and written here."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, FromClause, Select, delete, select, true, tuple_

from bot.domain.ballots import Cast, Receipt, Standing, Vote, Voter, fold
from storage import tables
from storage.database.base import Database
from storage.database.json_rows import BIGINT, INTEGER, as_json, json_rows
from storage.handled_updates import HandledUpdates
from storage.poll_locks import hold_polls, hold_polls_of
from storage.polls import read_tallies

VOTER = {"poll_id": INTEGER, "voter": BIGINT}
VOTE = {**VOTER, "choice_id": INTEGER, "chat_id": BIGINT, "cast_at": BIGINT, "after_ruling": INTEGER}


class Votes:
    """The votes in the database; each method is part of a transaction."""

    def __init__(self, database: Database, handled: HandledUpdates) -> None:
        self._handled = handled
        voters = json_rows(database.dialect, VOTER)
        self._find = _votes_of(voters, database.dialect)
        self._delete = delete(tables.vote).where(tuple_(tables.vote.c.poll_id, tables.vote.c.voter).in_(select(voters)))
        votes = json_rows(database.dialect, VOTE)
        # SQLite takes the ON of ON CONFLICT for a join's, unless a WHERE comes before it.
        row = database.insert(tables.vote).from_select([*VOTE], select(votes).where(votes.c.voter.is_not(None)))
        self._upsert = row.on_conflict_do_update(
            index_elements=[*VOTER], set_={name: row.excluded[name] for name in VOTE if name not in VOTER}
        )

    def count(self, connection: Connection, casts: Sequence[Cast], chat_ids: Sequence[int]) -> list[Receipt]:
        """Turn ballots into votes, in the order in which they were cast; `chat_ids` says where each of them counts."""
        # First, so that whoever else has the same updates in hand waits here, and then reads what became of them.
        first_times = self._handled.first_times(
            connection, [(ballot.chat.platform, ballot.update) for ballot, _at in casts]
        )
        hold_polls(connection, (ballot.poll.id for ballot, _at in casts))
        voters = as_json({(ballot.poll.id, ballot.voter) for ballot, _at in casts})
        standing = self._standing(connection, voters)
        steps, votes = fold(zip(casts, chat_ids, first_times, strict=True), standing)
        self._keep(connection, votes)
        tallies = read_tallies(connection, {ballot.poll.id: ballot.poll for ballot, _at in casts})
        return [
            Receipt(ballot.poll.offered(stands[0]) if stands else None, changed, tallies[ballot.poll.id])
            for (ballot, _at), (stands, changed) in zip(casts, steps, strict=True)
        ]

    def forget(self, connection: Connection, voter: int) -> int:
        """Delete a voter's votes; how many they were."""
        votes = [(poll_id, voter) for poll_id in hold_polls_of(connection, voter)]
        return connection.execute(self._delete, {"rows": as_json(votes)}).rowcount if votes else 0

    def _standing(self, connection: Connection, voters: str) -> dict[Voter, Standing]:
        found = connection.execute(self._find, {"rows": voters})
        return {(poll_id, voter): (choice_id, chat_id) for poll_id, voter, choice_id, chat_id in found}

    def _keep(self, connection: Connection, votes: dict[Voter, Vote | None]) -> None:
        """Write the votes that changed, in the order of their keys, as what is next to each other is written faster."""
        if upserts := sorted(vote for vote in votes.values() if vote is not None):
            connection.execute(self._upsert, {"rows": as_json(upserts)})
        if withdrawn := sorted(voter for voter, vote in votes.items() if vote is None):
            connection.execute(self._delete, {"rows": as_json(withdrawn)})


def _votes_of(voters: FromClause, dialect: str) -> Select[Any]:
    """The votes that voters have in polls, each looked up by its key.

    PostgreSQL does not know how many voters will be given: it takes them for a hundred, for whom it would read all of a
    table that is not large. Behind a limit it looks each of them up, as SQLite does anyhow.
    """
    vote = tables.vote.c
    same_voter = (vote.poll_id == voters.c.poll_id) & (vote.voter == voters.c.voter)
    if dialect == "sqlite":
        found = select(vote.poll_id, vote.voter, vote.choice_id, vote.chat_id)
        return found.select_from(voters).join(tables.vote, same_voter)
    standing = select(vote.choice_id, vote.chat_id).where(same_voter).limit(1).lateral()
    found = select(voters.c.poll_id, voters.c.voter, standing.c.choice_id, standing.c.chat_id)
    return found.select_from(voters).join(standing, true())
