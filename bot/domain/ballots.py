"""Ballots: what a voter chose, and what became of it."""

from typing import NamedTuple

from bot.domain.places import Chat
from bot.domain.polls import Choice, Poll, Tally


class Ballot(NamedTuple):
    """A voter's press on a choice, in a chat; `voter` is a pseudonym."""

    poll: Poll
    choice: Choice
    voter: int
    chat: Chat


class Receipt(NamedTuple):
    """What a ballot led to: the choice that stands (None if withdrawn), the one before, and everyone's tally."""

    choice: Choice | None
    before: Choice | None
    tally: Tally


class Cast(NamedTuple):
    """A ballot and when it was cast, in seconds since 1970."""

    ballot: Ballot
    at: int
