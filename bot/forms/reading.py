"""Plain data, read into values: each field is held to its type, strictly, and all that is wrong is told at once.

Values are dataclasses, or named tuples, and cattrs reads them. Where `closed`, as for files that people write, a key
that is no field is a mistake, so that a typing mistake never goes unnoticed; else it is passed over, as others may
tell more than we read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, get_type_hints

from cattrs import (
    ClassValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.cols import is_namedtuple, namedtuple_dict_structure_factory
from cattrs.gen import make_dict_structure_fn, override

from bot.forms.hooks import A_TABLE, REFUSED, Hook, StrictConverter
from bot.forms.mistakes import FormError, Mistake
from bot.forms.rules import Key

Value = TypeVar("Value")


def read(kind: type[Value], said: object, *, closed: bool = False) -> Value:
    """A value of that kind. Raises FormError."""
    try:
        value: Value = _converter(closed).get_structure_hook(kind)(said, kind)
    except REFUSED as error:
        raise FormError(_mistakes(error, {})) from None
    return value


@cache
def _converter(closed: bool) -> StrictConverter:
    return StrictConverter(_table, closed=closed)


def _table(kind: Any, converter: Converter) -> Hook:
    """A factory for hooks that make an object of a table of keys and values."""
    hints = get_type_hints(kind, include_extras=True)
    names = kind._fields if is_namedtuple(kind) else [each.name for each in fields(kind)]
    keys = {name: _keys(hints[name]) or (name,) for name in names}
    several = [known for known in keys.values() if len(known) > 1]

    @cache
    def filled() -> Hook:
        """Made when it is first needed, as a class may be a part of itself."""
        as_said: Any = {
            name: override(rename=keys[name][0], struct_hook=converter.get_structure_hook(hints[name]))
            for name in names
        }
        if not is_namedtuple(kind):
            return make_dict_structure_fn(kind, converter, _cattrs_use_linecache=False, **as_said)
        return namedtuple_dict_structure_factory(kind, converter, True, converter.forbid_extra_keys, False, **as_said)

    def read_table(said: object, _: object) -> object:
        if isinstance(said, kind):
            return said
        if not isinstance(said, dict):
            raise FormError.because(A_TABLE)
        try:
            value = filled()(_with_first_keys(said, several) if several else said, kind)
        except ClassValidationError as error:
            said_as = {name: next((key for key in known if key in said), known[0]) for name, known in keys.items()}
            raise FormError(_mistakes(error, said_as)) from None
        if problems := [*value.problems()] if hasattr(kind, "problems") else ():
            raise FormError(Mistake((), problem) for problem in problems)
        return value

    return read_table


def _keys(hint: Any) -> tuple[str, ...]:
    return next((rule.names for rule in getattr(hint, "__metadata__", ()) if isinstance(rule, Key)), ())


def _with_first_keys(said: Mapping[str, object], several: list[tuple[str, ...]]) -> Mapping[str, object]:
    """A table that says under the first of several keys what it says under any of them."""
    told = dict(said)
    for first, *others in several:
        for other in others:
            if other in told:
                told.setdefault(first, told.pop(other))
    return told


def _mistakes(error: Exception, keys: Mapping[str, str]) -> Iterator[Mistake]:
    """What is wrong, of what a hook raised; `keys` are those of a class's fields, as its table has them."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        noted, others = error.group_exceptions()
        for each, note in noted:
            step = note.index if isinstance(note, IterableValidationNote) else keys[note.name]
            yield from (mistake.under(step) for mistake in _mistakes(each, {}))
        for each in others:
            yield from _mistakes(each, {})
    elif isinstance(error, FormError):
        yield from error.mistakes
    elif isinstance(error, ForbiddenExtraKeysError):
        yield from (Mistake((key,), "Extra inputs are not permitted") for key in sorted(error.extra_fields))
    elif isinstance(error, KeyError):
        yield Mistake((), "Field required", missing=True)
    elif isinstance(error, ValueError):
        yield Mistake((), str(error))
    else:
        raise error
