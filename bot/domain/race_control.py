"""What race control says during a session, before anything is made of it: messages, the session, its cars.

Every source fills these, whether it listens live, asks an archive or reads a recording.
"""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Message:
    """A line from race control, as it was said.

    `index` is its place in the session from 0, and its identity within it: the same index is the same message. `at` is
    aware and in UTC. `lap` is the leader's when it was said (1 before the start), not that of what it is about.
    """

    index: int
    at: dt.datetime
    text: str
    lap: int | None = None
    category: str = ""
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Car:
    """A car of one session by its number there, as drivers change numbers: `code` is three letters."""

    number: int
    code: str
    driver: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Which session messages belong to.

    `key` is its source's own; `event` the event's name, `name` the session's (Race, Sprint, Qualifying …), `date` the
    track's day on which it starts. `place` and `circuit` are the source's words for where it is.
    """

    key: str
    event: str
    name: str
    date: dt.date
    country: str | None = None
    place: str | None = None
    circuit: str | None = None


class Noticed(NamedTuple):
    """What was said of incidents and penalties in a session so far, by its key, each message under its own number.

    `unknown` is how many templates among them are not known.
    """

    session: str
    messages: tuple[Message, ...]
    unknown: int = 0
