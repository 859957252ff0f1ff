"""How types are read that have nothing in them: texts, numbers, days and moments, words of a set."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Any

from bot.forms.mistakes import FormError

Reader = Callable[[Any], Any]


def _exactly(kind: type[Any], what: str) -> Reader:
    """What is of a type already, as True is no number."""

    def read(said: object) -> Any:
        if type(said) is not kind:
            raise FormError.because(f"Input should be a valid {what}")
        return said

    return read


def _number(said: object) -> float:
    if type(said) not in (float, int):
        raise FormError.because("Input should be a valid number")
    return float(said)  # type: ignore[arg-type]  # one of the two


def _written(kind: type[Any], what: str) -> Reader:
    """What TOML reads by itself, and JSON has as text in the order of ISO 8601."""

    def read(said: object) -> Any:
        if type(said) is kind:
            return said
        try:
            return kind.fromisoformat(said)
        except (TypeError, ValueError):
            raise FormError.because(f"Input should be a valid {what}") from None

    return read


def _anything(said: object) -> object:
    return said


PLAIN: Mapping[Any, Reader] = {
    str: _exactly(str, "string"),
    int: _exactly(int, "integer"),
    bool: _exactly(bool, "boolean"),
    float: _number,
    dt.date: _written(dt.date, "date"),
    dt.datetime: _written(dt.datetime, "datetime"),
    dt.time: _written(dt.time, "time"),
    object: _anything,
    Any: _anything,
}
EXACT = frozenset({str, int, bool, float})
"""The types that JSON has as well."""


def one_of(words: Collection[Any]) -> Reader:
    """What is among some words."""
    *most, last = map(repr, words)
    told = f"Input should be {', '.join(most)} or {last}" if most else f"Input should be {last}"

    def read(said: object) -> Any:
        if said not in words:
            raise FormError.because(told)
        return said

    return read


def enumerated(kind: type[Any]) -> Reader | None:
    """A member of an enumeration by its value; None for another kind."""
    if not issubclass(kind, Enum):
        return None
    members = {member.value: member for member in kind}
    check = one_of([*members])

    def read(said: object) -> Any:
        return said if isinstance(said, kind) else members[check(said)]

    return read
