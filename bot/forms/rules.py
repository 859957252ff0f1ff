"""What an annotation may add to a type: another key, what is done before it is read, what it must be beyond its type.

A rule is a function from a value to a value that raises ValueError with its reason.
"""

import datetime as dt
import re
from collections.abc import Callable, Sized
from dataclasses import dataclass
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)
Several = TypeVar("Several", bound=Sized)


class Key:
    """The key of a field that is not called as the field is; of several names the first that is there."""

    def __init__(self, *names: str) -> None:
        self.names = names


@dataclass(frozen=True)
class First:
    """What is done to what was said before it is held against its type."""

    rule: Callable[[Any], Any]


class OrNone:
    """That what does not have its form is taken for None."""


def within(least: Number | None = None, most: Number | None = None) -> Callable[[Number], Number]:
    """A number from `least` to `most`; where one of them is None there is no such bound."""

    def bounded(value: Number) -> Number:
        if least is not None and not value >= least:  # what is no number is refused as well
            raise ValueError(f"Input should be greater than or equal to {least}")
        if most is not None and not value <= most:
            raise ValueError(f"Input should be less than or equal to {most}")
        return value

    return bounded


def items(least: int, most: int | None = None) -> Callable[[Several], Several]:
    """So many of them: at least, and at most if there is such a bound."""
    allowed = f"{least} or more" if most is None else f"{least} to {most}"

    def counted(value: Several) -> Several:
        if len(value) < least or (most is not None and len(value) > most):
            raise ValueError(f"there are {len(value)}; allowed are {allowed}")
        return value

    return counted


def at_most(characters: int) -> Callable[[str], str]:
    """A text of at most so many characters."""

    def measured(value: str) -> str:
        if len(value) > characters:
            raise ValueError(f"{len(value)} characters; allowed are {characters} at most")
        return value

    return measured


def written_as(pattern: str, told: str) -> Callable[[str], str]:
    """Refuses what is not written so, and tells how it is."""
    form = re.compile(pattern)

    def checked(value: str) -> str:
        if form.fullmatch(value) is None:
            raise ValueError(told)
        return value

    return checked


def zoned(moment: dt.datetime) -> dt.datetime:
    """A moment that says by which clock."""
    if moment.tzinfo is None:
        raise ValueError("Input should have timezone info")
    return moment
