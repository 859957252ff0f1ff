"""How ballots become votes: one vote a poll and voter, changed by another choice, withdrawn by the same again."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, select, tuple_

from bot.domain.ballots import Cast, Receipt
from bot.domain.places import polling_place
from bot.domain.polls import Choice
from storage import tables
from storage.chats import Ids, key
from storage.database.base import Database
from storage.database.json_rows import BIGINT, INTEGER, as_json, json_rows
from storage.polls import read_tallies

VOTER = {"poll_id": INTEGER, "voter": BIGINT}
VOTE = {**VOTER, "choice_id": INTEGER, "chat_id": INTEGER, "cast_at": BIGINT, "after_ruling": INTEGER}

Voter = tuple[int, int]
"""A poll's id and a pseudonym: what there is one vote of."""

Standing = tuple[int, int]
"""A vote as it stands: the ids of its choice and its chat."""

Row = tuple[int, int, int, int, int, int]
"""A vote in the order of the table's columns."""


class Votes:
    """The votes in the database; each method is part of a transaction."""

    def __init__(self, database: Database) -> None:
        voters = json_rows(database.dialect, VOTER)
        same_voter = (tables.vote.c.poll_id == voters.c.poll_id) & (tables.vote.c.voter == voters.c.voter)
        self._find = (
            select(tables.vote.c.poll_id, tables.vote.c.voter, tables.vote.c.choice_id, tables.vote.c.chat_id)
            .select_from(voters)
            .join(tables.vote, same_voter)
        )
        self._delete = delete(tables.vote).where(tuple_(tables.vote.c.poll_id, tables.vote.c.voter).in_(select(voters)))
        votes = json_rows(database.dialect, VOTE)
        # SQLite takes the ON of ON CONFLICT for a join's, unless a WHERE comes before it.
        row = database.insert(tables.vote).from_select([*VOTE], select(votes).where(votes.c.voter.is_not(None)))
        self._upsert = row.on_conflict_do_update(
            index_elements=[*VOTER], set_={name: row.excluded[name] for name in VOTE if name not in VOTER}
        )

    def count(self, connection: Connection, casts: Sequence[Cast], chat_ids: Ids) -> list[Receipt]:
        """Turn ballots into votes, in the order in which they were cast."""
        voters = as_json({(ballot.poll.id, ballot.voter) for ballot, _ in casts})
        steps, rows = fold(casts, chat_ids, self._standing(connection, voters))
        if upserts := [row for row in rows.values() if row is not None]:
            connection.execute(self._upsert, {"rows": as_json(upserts)})
        if withdrawn := [voter for voter, row in rows.items() if row is None]:
            connection.execute(self._delete, {"rows": as_json(withdrawn)})
        tallies = read_tallies(connection, {ballot.poll.id: ballot.poll for ballot, _ in casts})
        return [
            Receipt(choice, ballot.poll.offered(was[0]) if was else None, tallies[ballot.poll.id])
            for (ballot, _), (choice, was) in zip(casts, steps, strict=True)
        ]

    def forget(self, connection: Connection, voter: int) -> int:
        """Delete a voter's votes; how many they were."""
        polls = select(tables.poll.c.id)
        mine = tables.vote.c.poll_id.in_(polls) & (tables.vote.c.voter == voter)
        return connection.execute(delete(tables.vote).where(mine)).rowcount

    def _standing(self, connection: Connection, voters: str) -> dict[Voter, Standing]:
        found = connection.execute(self._find, {"rows": voters})
        return {(poll_id, voter): (choice_id, chat_id) for poll_id, voter, choice_id, chat_id in found}


def fold(
    casts: Iterable[Cast], chat_ids: Ids, standing: dict[Voter, Standing]
) -> tuple[list[tuple[Choice | None, Standing | None]], dict[Voter, Row | None]]:
    """Several ballots of one voter become one row.

    What stands after each ballot and what stood before it; and each voter's row at the end, None where withdrawn.
    `standing` is brought up to date on the way.
    """
    steps: list[tuple[Choice | None, Standing | None]] = []
    rows: dict[Voter, Row | None] = {}
    for (poll, choice, pseudonym, chat), at in casts:
        voter = (poll.id, pseudonym)
        vote = (choice.id, chat_ids[key(polling_place(chat))])
        was = standing.pop(voter, None)
        if vote == was:
            rows[voter] = None
            steps.append((None, was))
        else:
            standing[voter] = vote
            rows[voter] = (*voter, *vote, at, int(poll.ruled_by(at)))
            steps.append((choice, was))
    return steps, rows
