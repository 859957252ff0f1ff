"""What looking something up may come to: plain values, for whoever asks in a chat or on the command line."""

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
    """None fits; what comes near, and the circuit that was named where that is all that is known of it."""

    near: tuple[T, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class NotKnownYet:
    """The season that may have it is not stored, so it has to be fetched first."""

    season: int
