"""Deliveries: an announcement on its way to a chat, and what became of it."""

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from bot.domain.chat_settings import ChatSettings
from bot.domain.places import Chat
from bot.domain.polls import Question


class State(IntEnum):
    """Where a delivery is: on its way, there, given up, or no longer wanted."""

    PENDING = 0
    SENT = 1
    DEAD = 2
    DROPPED = 3


Key = tuple[int, int]
"""A delivery's own: the ids of its announcement and its chat."""


class Delivery(NamedTuple):
    """An announcement on its way to a chat; `role` is the one to be pinged, `attempts` how often it failed.

    `follows` is the message by which the chat was told what the announcement follows.
    """

    announcement_id: int
    chat_id: int
    chat: Chat
    settings: ChatSettings
    role: str | None = None
    attempts: int = 0
    follows: str | None = None

    @property
    def key(self) -> Key:
        """What tells it from all others."""
        return self.announcement_id, self.chat_id


class PollShown(NamedTuple):
    """The poll that a message shows; `shown` is the digest of how it stood there."""

    incident: str
    question: Question = Question.BLAME
    shown: int | None = None


class Outcome(NamedTuple):
    """What became of a delivery: `message` is its id where it was sent, `due_at` the next attempt where it was not.

    `attempts` is how often it has failed by now; as often as before where it is None.
    """

    delivery: Delivery
    state: State
    at: dt.datetime
    message: str | None = None
    problem: str | None = None
    due_at: dt.datetime | None = None
    attempts: int | None = None
    shows: PollShown | None = None
    """The poll that the message shows, where it moves with the votes."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A delivery that was given up, for operators."""

    announcement: str
    chat: Chat
    attempts: int
    problem: str
    at: dt.datetime


class Counted(NamedTuple):
    """How many deliveries there are that have not arrived."""

    pending: int
    given_up: int


class Told(NamedTuple):
    """Something that a chat was told, or is to be; `message` is the one that told it."""

    what: str
    state: State
    message: str | None
