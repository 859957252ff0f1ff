"""How cattrs reads: strictly, with what annotations add, and telling what was expected.

A hook makes a value of what was said, and is told its type as well; a factory makes the hook for a type.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, is_typeddict

from cattrs import BaseValidationError, Converter
from cattrs.cols import (
    homogenous_tuple_structure_factory,
    is_namedtuple,
    list_structure_factory,
    mapping_structure_factory,
)

from bot.forms.mistakes import FormError
from bot.forms.rules import First, Key, OrNone

Hook: TypeAlias = Callable[[Any, Any], Any]

REFUSED = (ValueError, BaseValidationError)
"""What a hook raises where what was said does not have its form."""

A_LIST = "Input should be a list"
A_TABLE = "Input should be a table of keys and values"


class StrictConverter(Converter):
    """Takes only what is of a type already, or what stands for it in JSON.

    All is read by the hooks here, and nothing by those that cattrs has by itself: they would make an integer of "3",
    and a list of the letters of a text. What no hook here reads is a mistake of whoever wrote the form.
    """

    def __init__(self, table: Callable[[Any, Converter], Hook], *, closed: bool) -> None:
        """`table` makes hooks for what has fields; where `closed`, a key that is no field is a mistake."""
        super().__init__(forbid_extra_keys=closed)
        self._table = table
        self._hooks: dict[Any, Hook] = dict(STRICT)

    def get_structure_hook(self, kind: Any, cache_result: bool = True) -> Hook:
        """The hook for a type. Raises TypeError where there is none."""
        del cache_result  # each is kept
        if kind not in self._hooks:
            self._hooks[kind] = self._made(kind)
        return self._hooks[kind]

    def _made(self, kind: Any) -> Hook:
        origin, args = get_origin(kind), get_args(kind)
        if origin is tuple and args[1:] == (...,):
            return _held_to((list, tuple), A_LIST, homogenous_tuple_structure_factory(kind, self))
        if args and origin in COMPOSED:
            return COMPOSED[origin](kind, self)
        if origin is not None or kind is Any or not isinstance(kind, type) or is_typeddict(kind):
            raise TypeError(f"no form is read by {kind}")
        if issubclass(kind, Enum):
            return _member
        if is_dataclass(kind) or is_namedtuple(kind):
            return self._table(kind, self)
        return plain(kind, kind.__name__)


def plain(kind: Any, name: str, other: Any = None, made_of: Callable[[Any], Any] = str) -> Hook:
    """A hook for what is of a type already, or is made of what is of another one."""
    expected = f"Input should be a valid {name}"

    def read(said: object, _: object) -> object:
        if type(said) is kind:
            return said
        if type(said) is not other:
            raise FormError.because(expected)
        try:
            return made_of(said)
        except (ValueError, OverflowError):
            raise FormError.because(expected) from None

    return read


def _member(said: object, kind: type[Enum]) -> Enum:
    with suppress(ValueError):
        member = kind(said)
        if member is said or type(member.value) is type(said):  # 1 is no True, though they are equal
            return member
    raise _none_of(member.value for member in kind)


def _one_of(words: tuple[object, ...]) -> Hook:
    types = {type(word) for word in words}

    def read(said: object, _: object) -> object:
        if type(said) not in types or said not in words:
            raise _none_of(words)
        return said

    return read


def _none_of(words: Iterable[object]) -> FormError:
    *most, last = map(repr, words)
    return FormError.because(f"Input should be {', '.join(most)} or {last}" if most else f"Input should be {last}")


def _held_to(kinds: Any, expected: str, hook: Hook) -> Hook:
    """A hook for what has parts, which cattrs would read out of whatever has any."""

    def read(said: object, kind: object) -> object:
        if not isinstance(said, kinds):
            raise FormError.because(expected)
        return hook(said, kind)

    return read


def _either(kind: Any, converter: Converter) -> Hook:
    """The first type that fits; where none does, what the first has to say."""
    types = [each for each in get_args(kind) if each is not NoneType]
    (first, hook), *others = [(each, converter.get_structure_hook(each)) for each in types]
    may_be_none = NoneType in get_args(kind)

    def read(said: object, _: object) -> object:
        if said is None and may_be_none:
            return None
        try:
            return hook(said, first)
        except REFUSED:
            for other, its_hook in others:
                with suppress(*REFUSED):
                    return its_hook(said, other)
            raise

    return read


def _ruled(kind: Any, converter: Converter) -> Hook:
    """A type with what is done before it is read, and what holds beyond it."""
    inner, *rules = get_args(kind)
    hook = converter.get_structure_hook(inner)
    before = [rule.rule for rule in rules if isinstance(rule, First)]
    after = [rule for rule in rules if not isinstance(rule, First | Key | OrNone)]
    or_none = any(isinstance(rule, OrNone) for rule in rules)

    def read(said: Any, _: object) -> object:
        try:
            for rule in before:
                said = rule(said)
            said = hook(said, inner)
            for rule in after:
                said = rule(said)
        except REFUSED:
            if or_none:
                return None
            raise
        return said

    return read


STRICT: dict[Any, Hook] = {
    str: plain(str, "string"),
    int: plain(int, "integer"),  # True is none
    bool: plain(bool, "boolean"),
    float: plain(float, "number", int, float),
    dt.date: plain(dt.date, "date", str, dt.date.fromisoformat),
    dt.datetime: plain(dt.datetime, "datetime", str, dt.datetime.fromisoformat),
    dt.time: plain(dt.time, "time", str, dt.time.fromisoformat),
    Path: plain(type(Path()), "path", str, Path),  # each is of a class of its system
    object: lambda said, _: said,
}
"""The hooks for what has no parts. Any other class is read where it is there already, as a rule may have made it."""

COMPOSED: dict[Any, Callable[[Any, Converter], Hook]] = {
    list: lambda kind, converter: _held_to((list, tuple), A_LIST, list_structure_factory(kind, converter)),
    Mapping: lambda kind, converter: _held_to(dict, A_TABLE, mapping_structure_factory(kind, converter)),
    Literal: lambda kind, _: _one_of(get_args(kind)),
    Union: _either,
    UnionType: _either,
    Annotated: _ruled,
}
"""What makes the hooks for types with parts, by what they are put together by."""
