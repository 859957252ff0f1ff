"""How cattrs reads what has no fields: strictly, with what annotations add, and telling what was expected.

A hook makes a value of what was said, and is told its type as well; a factory makes the hook for a type.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from enum import Enum, StrEnum
from functools import partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from cattrs import BaseValidationError, Converter
from cattrs.cols import homogenous_tuple_structure_factory, list_structure_factory, mapping_structure_factory

from bot.forms.mistakes import FormError
from bot.forms.rules import First, Key, OrNone

Hook: TypeAlias = Callable[[Any, Any], Any]

REFUSED = (ValueError, BaseValidationError)
"""What a hook raises where what was said does not have its form."""

A_LIST = "Input should be a list"
A_TABLE = "Input should be a table of keys and values"


def make_strict(converter: Converter) -> None:
    """Have a converter take only what is of a type already, or what stands for it in JSON."""
    strict: dict[Any, Hook] = {
        str: plain(str, "string"),
        int: plain(int, "integer"),  # True is none
        bool: plain(bool, "boolean"),
        float: plain(float, "number", int, float),
        dt.date: plain(dt.date, "date", str, dt.date.fromisoformat),
        dt.datetime: plain(dt.datetime, "datetime", str, dt.datetime.fromisoformat),
        dt.time: plain(dt.time, "time", str, dt.time.fromisoformat),
        Enum: _member,
        StrEnum: _member,  # and not as any text
    }
    composed: dict[Any, Callable[[Any], Hook]] = {
        list: lambda kind: _held_to((list, tuple), A_LIST, list_structure_factory(kind, converter)),
        tuple: lambda kind: _held_to((list, tuple), A_LIST, homogenous_tuple_structure_factory(kind, converter)),
        Mapping: lambda kind: _held_to(dict, A_TABLE, mapping_structure_factory(kind, converter)),
        Literal: lambda kind: _one_of(get_args(kind)),
        Union: lambda kind: _either(kind, converter),
        UnionType: lambda kind: _either(kind, converter),
        Annotated: lambda kind: _ruled(kind, converter),
    }
    for kind, hook in strict.items():
        converter.register_structure_hook(kind, hook)
    for origin, factory in composed.items():
        converter.register_structure_hook_factory(partial(_is_of, origin), factory)
    converter.register_structure_hook_func(lambda kind: kind is object, lambda said, _: said)


def _is_of(origin: Any, kind: Any) -> bool:
    return get_origin(kind) is origin


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
    try:
        return kind(said)
    except ValueError:
        raise _none_of(member.value for member in kind) from None


def _one_of(words: tuple[object, ...]) -> Hook:
    def read(said: object, _: object) -> object:
        if said not in words:
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
