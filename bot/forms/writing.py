"""Values, written as JSON: dataclasses by their fields, named tuples as lists, moments as ISO 8601 has them."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, get_type_hints

TIMES = frozenset({dt.datetime, dt.date, dt.time})


def as_json(value: object, plain: Callable[[Any], object] | None = None) -> str:
    """A value in one line; `plain` says what stands for what JSON does not know, and is `plain` of this module if None.

    The same for equal values, in every version: what is stored is held against it.
    """
    return _encoder(plain or plainly).encode(value)


@cache
def _encoder(plain: Callable[[Any], object]) -> json.JSONEncoder:
    return json.JSONEncoder(default=plain, ensure_ascii=False, check_circular=False, separators=(",", ":"))


def plainly(value: Any) -> object:
    """What JSON knows of a value: its outermost layer."""
    kind: Any = type(value)
    if kind in TIMES:
        written: str = value.isoformat()
        return f"{written[:-6]}Z" if written.endswith("+00:00") else written
    said = {name: getattr(value, name) for name in names(kind)}
    for name in _fractions(kind):
        if type(said[name]) is int:
            said[name] = float(said[name])
    return said


@cache
def names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass, in their order. Raises TypeError for what is none."""
    return tuple(each.name for each in fields(kind))


@cache
def _fractions(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass that are numbers with a fraction, also where it is none: 25 points are 25.0."""
    hints = get_type_hints(kind)
    return tuple(name for name in names(kind) if hints[name] in (float, float | None))
