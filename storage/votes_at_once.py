"""Ballots counted in two statements, on PostgreSQL: what stands is read, and what changes is written if it still does.

Each statement is a transaction of its own, so no poll is locked while this process thinks, or while a message is on its
way. What the second does stands in the database, as `count_ballots`, since only there it takes a single message.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import repeat

from sqlalchemy import Connection, text

from bot.domain.ballots import Cast, Receipt, Stance, Vote, Voter, fold
from bot.pacing.clock import Clock, SystemClock
from storage.database.json_rows import as_json, json_rows
from storage.votes import VOTER, Changing, receipts, votes_of

COUNT = text("""
    SELECT poll_id, choice_id, after_ruling, votes FROM count_ballots(
        CAST(:updates AS jsonb), CAST(:polls AS jsonb), CAST(:gained AS jsonb), CAST(:moved AS jsonb),
        CAST(:withdrawn AS jsonb), :at
    )
""")
"""Writes what changes, and reads the tallies of the polls by then."""


class VotesAtOnce:
    """Counts ballots where nothing else happens to the same votes, and says so where something did."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._find = votes_of(json_rows("postgresql", VOTER), "postgresql")

    def count(self, connection: Connection, casts: Sequence[Cast], chat_ids: Sequence[int]) -> list[Receipt]:
        """Turn ballots into votes, in the order in which they were cast; `chat_ids` says where each of them counts.

        Raises DBAPIError, with the SQLSTATE of a transaction that was undone in favour of another one, where an update
        has been handled before, or a vote has changed since it was read. Nothing is counted then: it takes a
        transaction, which locks first and reads afterwards.
        """
        polls = {ballot.poll.id: ballot.poll for ballot, _at in casts}
        kept = self._kept(connection, {(ballot.poll.id, ballot.voter) for ballot, _at in casts})
        steps, votes = fold(zip(casts, chat_ids, repeat(True)), dict(kept))
        updates = sorted((ballot.chat.platform, ballot.update) for ballot, _at in casts if ballot.update)
        counts: dict[int, Changing] = defaultdict(Counter)
        given = {"updates": as_json(updates), "polls": as_json(polls), "at": int(self._clock.now().timestamp())}
        for poll_id, choice_id, after, number in connection.execute(COUNT, given | _changes(kept, votes)):
            counts[poll_id][choice_id, after] = number
        return receipts(casts, steps, {poll_id: poll.tally(counts[poll_id]) for poll_id, poll in polls.items()})

    def _kept(self, connection: Connection, voters: Iterable[Voter]) -> dict[Voter, Stance]:
        """The votes that voters have in polls."""
        rows = connection.execute(self._find, {"rows": as_json(voters)})
        return {(poll_id, voter): (choice_id, chat_id) for poll_id, voter, choice_id, chat_id, *_rest in rows}


def _changes(kept: dict[Voter, Stance], votes: dict[Voter, Vote | None]) -> dict[str, str]:
    """Votes that are gained, moved from what was kept, and withdrawn from that, each in the order of their keys."""
    gained, moved, withdrawn = list[Vote](), list[tuple[int, ...]](), list[tuple[int, ...]]()
    for voter, vote in votes.items():
        was = kept.get(voter)
        if vote is None:
            if was is not None:
                withdrawn.append((*voter, *was))
        elif was is None:
            gained.append(vote)
        else:
            moved.append((*vote, *was))
    return {"gained": as_json(sorted(gained)), "moved": as_json(sorted(moved)), "withdrawn": as_json(sorted(withdrawn))}
