"""How an object is read from a table of keys and values: a dataclass or a named tuple, by its fields."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cached_property, lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, TypeAlias, Union, get_args, get_origin, get_type_hints

from bot.forms.mistakes import FormError, Mistake
from bot.forms.plain_types import EXACT
from bot.forms.rules import Key

Reader: TypeAlias = Callable[[Any], Any]
"""From what was said to a value. Raises FormError."""

UNKNOWN_KEY = "Extra inputs are not permitted"

ABSENT = type(MISSING)


class _Field(NamedTuple):
    name: str
    keys: tuple[str, ...]
    fitting: frozenset[type[Any]]
    """The types of which whatever is said is as it must be; of most fields, all that is ever said."""

    read: Reader
    required: bool


class Table:
    """Reads tables into objects of a kind; how its fields are read is made up for the first one."""

    def __init__(self, kind: type[Any], reader: Callable[[Any], Reader], *, closed: bool) -> None:
        """`reader` says how a type is read; where `closed`, a key that is no field is a mistake."""
        self._kind = kind
        self._reader = reader
        self._closed = closed
        self._disagrees: Callable[[Any], Iterable[str]] | None = getattr(kind, "problems", None)
        """What is wrong with an object although each of its parts may be so, where that is a question."""

        self._known_types = lru_cache(maxsize=64)(self._judged)

    def __call__(self, said: object) -> Any:
        """An object. Raises FormError."""
        if isinstance(said, self._kind):
            return said
        if not isinstance(said, dict):
            raise FormError.because("Input should be a table of keys and values")
        values, rest = self._at_once(said)
        mistakes = list[Mistake]()
        for name, keys, _types, reader, required in rest:
            for key in keys:
                if key in said:
                    try:
                        values[name] = reader(said[key])
                    except FormError as error:
                        mistakes += error.under(key)
                    break
            else:
                if required:
                    mistakes.append(Mistake(keys[:1], "Field required", missing=True))
        if self._closed:
            mistakes += (Mistake((key,), UNKNOWN_KEY) for key in said if key not in self._known)
        if mistakes:
            raise FormError(mistakes)
        value = self._kind(**values)
        return value if self._disagrees is None else _agreeing(value, self._disagrees(value))

    def _at_once(self, said: Mapping[str, object]) -> tuple[dict[str, Any], Iterable[_Field]]:
        """What need not be looked at field by field, and the fields that must be: all where anything is odd."""
        found = [said.get(key, MISSING) for key in self._plain_keys]
        fitting, whole = self._known_types(tuple(map(type, found)))
        if not fitting:
            return {}, self._fields
        told = zip(self._plain_names, found, strict=True)
        return (dict(told) if whole else {name: each for name, each in told if each is not MISSING}), self._others

    def _judged(self, types: tuple[type[Any], ...]) -> tuple[bool, bool]:
        """Whether all that is said in plain fields is of types that fit, and something is said in each.

        It is kept, as most tables have the same types.
        """
        fitting = all(kind in field.fitting for kind, field in zip(types, self._plain, strict=True))
        return fitting, ABSENT not in types

    @cached_property
    def _fields(self) -> tuple[_Field, ...]:
        hints = get_type_hints(self._kind, include_extras=True)
        return tuple(self._field(name, hints[name], required) for name, required in _names(self._kind))

    def _field(self, name: str, hint: Any, required: bool) -> _Field:
        return _Field(name, _keys(hint) or (name,), _fitting(hint, required), self._reader(hint), required)

    @cached_property
    def _plain(self) -> tuple[_Field, ...]:
        return tuple(field for field in self._fields if field.fitting and len(field.keys) == 1)

    @cached_property
    def _others(self) -> tuple[_Field, ...]:
        return tuple(field for field in self._fields if field not in self._plain)

    @cached_property
    def _plain_keys(self) -> tuple[str, ...]:
        return tuple(field.keys[0] for field in self._plain)

    @cached_property
    def _plain_names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self._plain)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(key for field in self._fields for key in field.keys)


def _fitting(hint: Any, required: bool) -> frozenset[type[Any]]:
    kinds = {*get_args(hint)} if get_origin(hint) in (Union, UnionType) else {hint}
    if not kinds <= EXACT | {NoneType}:
        return frozenset()
    return frozenset(kinds if required else kinds | {ABSENT})


def _names(kind: type[Any]) -> Iterable[tuple[str, bool]]:
    """The names of an object's fields, and whether something has to be said of each."""
    if issubclass(kind, tuple):
        made: Any = kind
        return [(name, name not in made._field_defaults) for name in made._fields]
    return [(each.name, each.default is MISSING and each.default_factory is MISSING) for each in fields(kind)]


def _keys(hint: Any) -> tuple[str, ...]:
    rules = hint.__metadata__ if get_origin(hint) is Annotated else ()
    return next((rule.names for rule in rules if isinstance(rule, Key)), ())


def _agreeing(value: Any, problems: Iterable[str]) -> Any:
    """An object with which nothing is wrong. Raises FormError."""
    if mistakes := [Mistake((), problem) for problem in problems]:
        raise FormError(mistakes)
    return value
