"""What looking something up may come to: plain values, for whoever asks in a chat or on the command line."""

import datetime as dt
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """The one that is meant."""

    value: T


@dataclass(frozen=True, slots=True)
class Several(Generic[T]):
    """Two or more that fit about as well, best first."""

    values: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Nothing(Generic[T]):
    """None fits: the nearest candidates, and the circuit, the season and the `days` that were named, if any were.

    `there` counts what happened at that circuit in other seasons; if anything did, these are the nearest. `every_year`,
    the days are one date in all of them. `no_day` is what was typed like a day that no calendar has.
    """

    near: tuple[T, ...] = ()
    place: str = ""
    season: int | None = None
    there: int = 0
    days: tuple[dt.date, ...] = ()
    no_day: str = ""
    every_year: bool = False


@dataclass(frozen=True, slots=True)
class CalledOff(Generic[T]):
    """The one that is meant was to be, and is not held."""

    value: T


@dataclass(frozen=True, slots=True)
class NotKnownYet:
    """The season that was named is not stored, so whether it has what was asked for is known once it was fetched."""

    season: int
