"""Ballots: what a voter presses, what that does to their vote, and what they are told of it."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from bot.domain.places import Chat
from bot.domain.polls import Choice, Poll, Tally

Voter: TypeAlias = tuple[int, int]
"""A poll's id and a pseudonym: what there is one vote of."""

Stance: TypeAlias = tuple[int, int]
"""A vote as it stands: the ids of its choice, and of the chat that it counts in."""


class Ballot(NamedTuple):
    """A voter's press on a choice, in a chat; on none, to take their vote back. `voter` is a pseudonym.

    `update` is the platform's id of the press; empty where a platform has none.
    """

    poll: Poll
    choice: Choice | None
    voter: int
    chat: Chat
    update: str = ""


class Receipt(NamedTuple):
    """What a ballot led to: the choice that stands then, whether the ballot changed anything, and everyone's tally.

    Where the poll was `closed` in the ballot's chat before it was counted, nothing is said of either.
    """

    choice: Choice | None
    changed: bool
    tally: Tally
    closed: bool = False

    @property
    def too_late(self) -> "Receipt":
        """What it is where the poll was closed before: nothing is said then of anybody's vote."""
        return Receipt(None, changed=False, tally=self.tally, closed=True)


class Cast(NamedTuple):
    """A ballot and when it was cast, in seconds since 1970."""

    ballot: Ballot
    at: int


class Vote(NamedTuple):
    """A vote as it is kept; `cast_at` in seconds since 1970, `after_ruling` 0 or 1."""

    poll_id: int
    voter: int
    choice_id: int
    chat_id: int
    cast_at: int
    after_ruling: int


class Step(NamedTuple):
    """What a ballot led to: the vote that stands then, if there is one, and whether the ballot changed that."""

    stance: Stance | None
    changed: bool


def fold(
    casts: Iterable[tuple[Cast, int, bool]], stances: dict[Voter, Stance]
) -> tuple[list[Step], dict[Voter, Vote | None]]:
    """Count ballots in the order in which they were cast.

    Each comes with the id of the chat that it counts in, and whether its update is handled for the first time; one that
    is not changes nothing, and neither does the same choice in the same chat again. What each led to is told; and, for
    each voter whose vote changed, how it is to be kept in the end: None where it was taken back. `stances` is brought
    up to date on the way.
    """
    steps: list[Step] = []
    votes: dict[Voter, Vote | None] = {}
    for ((poll, choice, pseudonym, _chat, _update), at), chat_id, first_time in casts:
        voter = (poll.id, pseudonym)
        was = stances.get(voter)
        wanted = None if choice is None else (choice.id, chat_id)
        if wanted == was or not first_time:
            steps.append(Step(was, False))
        elif wanted is None:
            del stances[voter]
            votes[voter] = None
            steps.append(Step(None, True))
        else:
            stances[voter] = wanted
            votes[voter] = Vote(*voter, *wanted, at, int(poll.ruled_by(at)))
            steps.append(Step(wanted, True))
    return steps, votes
