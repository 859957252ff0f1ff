"""Plain data, read into values: each field is held to its type, strictly, and all that is wrong is told at once.

Values are dataclasses, or named tuples. Where `closed`, as for files that people write, a key that is no field is a
mistake, so that a typing mistake never goes unnoticed; else it is passed over, as others may tell more than we read.
"""

from collections.abc import Iterable, Mapping
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from bot.forms.mistakes import FormError, Mistake
from bot.forms.plain_types import PLAIN, enumerated, one_of
from bot.forms.rules import First, Key, OrNone
from bot.forms.tables import Reader, Table

Value = TypeVar("Value")


def read(kind: type[Value], said: object, *, closed: bool = False) -> Value:
    """A value of that kind. Raises FormError."""
    whole: Any = kind
    value: Value = _table(whole, closed)(said)
    return value


@cache
def _table(kind: Any, closed: bool) -> Table:
    return Table(kind, partial(_reader, closed=closed), closed=closed)


def _reader(hint: Any, closed: bool) -> Reader:
    """What reads what a type, with its annotations, says."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _ruled(_reader(inner[0], closed), [rule for rule in inner[1:] if not isinstance(rule, Key)])
    if origin in (Union, UnionType):
        return _either([_reader(each, closed) for each in inner if each is not NoneType], NoneType in inner)
    if origin is Literal:
        return one_of(inner)
    if origin in (tuple, list):
        return _listed(origin, _reader(inner[0], closed))
    if origin is not None and issubclass(origin, Mapping):
        return _mapped(_reader(inner[1], closed))
    return PLAIN.get(hint) or enumerated(hint) or _table(hint, closed)


def _ruled(reader: Reader, rules: list[Any]) -> Reader:
    """A reader with what is done before it, and what holds beyond its type."""
    for rule in rules:
        if isinstance(rule, OrNone):
            reader = _or_none(reader)
        elif isinstance(rule, First):
            reader = _in_turn(rule.rule, reader)
        else:
            reader = _in_turn(reader, rule)
    return reader


def _in_turn(first: Reader, then: Reader) -> Reader:
    def read_on(said: object) -> Any:
        try:
            return then(first(said))
        except FormError:
            raise
        except ValueError as error:
            raise FormError.because(str(error)) from None

    return read_on


def _or_none(reader: Reader) -> Reader:
    def read_or_none(said: object) -> Any:
        try:
            return reader(said)
        except FormError:
            return None

    return read_or_none


def _either(readers: list[Reader], with_none: bool) -> Reader:
    """The first kind that fits; where none does, what the first has to say."""
    first, *others = readers

    def read_if_any(said: object) -> Any:
        return None if said is None else first(said)

    def read_either(said: object) -> Any:
        if with_none and said is None:
            return None
        try:
            return first(said)
        except FormError:
            for other in others:
                try:
                    return other(said)
                except FormError:
                    continue
            raise

    return read_either if others else read_if_any


def _listed(kind: type[list[Any] | tuple[Any, ...]], reader: Reader) -> Reader:
    def read_all(said: object) -> Any:
        if not isinstance(said, list | tuple):
            raise FormError.because("Input should be a list")
        try:
            return kind(map(reader, said))
        except FormError:
            raise FormError(_all_wrong(enumerate(said), reader)) from None

    return read_all


def _mapped(reader: Reader) -> Reader:
    def read_all(said: object) -> Any:
        if not isinstance(said, dict):
            raise FormError.because("Input should be a table of keys and values")
        try:
            return {key: reader(value) for key, value in said.items()}
        except FormError:
            raise FormError(_all_wrong(said.items(), reader)) from None

    return read_all


def _all_wrong(said: Iterable[tuple[Any, object]], reader: Reader) -> Iterable[Mistake]:
    """The mistakes of all parts of what is wrong in one."""
    for step, each in said:
        try:
            reader(each)
        except FormError as error:
            yield from error.under(step)
