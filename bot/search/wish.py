"""A wish: a setting, and what it shall be; and what is said the same way of several settings."""

from collections.abc import Collection
from typing import NamedTuple

from bot.search.limits import Limit
from bot.search.sayings import SHOWING, Said
from bot.search.setting_words import EXCEPT
from bot.search.time_words import nights, span
from bot.search.wordings import alone, is_any


class Wish(NamedTuple):
    """A setting, and what it shall be in the words that `/settings` itself takes; without them, it shall be shown."""

    setting: str
    value: str = ""


NOT_THEN = {Limit.NOT_ONLY, Limit.UNCLEAR}
"""How a value may be limited so that nobody knows what is wished of it."""

_OF_ANOTHER_THING = SHOWING | {"none", "messages"}
"""What is refused by who may well want the value that they name: `don't write, be quiet`, `never turn it off`."""


def as_typed(setting: str, said: Said) -> Wish:
    """A setting and what is not all understood, for the setting to say what it takes."""
    return Wish(setting, " ".join(said.rest) or "?")


def unless_refused(said: Said, wished: tuple[Wish, ...], otherwise: Wish, own: Collection[str]) -> tuple[Wish, ...]:
    """What is wished, with its value; otherwise, if it is refused; and both, where that may be of something else."""
    if not said.negated:
        return wished
    is_clear = said.unwanted.intersection(own) and not said.unwanted & _OF_ANOTHER_THING
    return (otherwise,) if is_clear else (otherwise, *wished)


def spans(said: Said) -> tuple[Wish, ...]:
    """The hours that are named, each as those in which it is quiet; none where something else is said."""
    return tuple(Wish("quiet", f"{clock(start)}-{clock(end)}") for start, end in nights(spanned(said)))


def spanned(said: Said) -> str:
    """From when to when, as it was typed, among whatever else is said, if that excepts nothing; empty for none."""
    return "" if is_any(said.rest, EXCEPT) else alone(said.rest, lambda text: span(text) is not None)


def clock(minute: int) -> str:
    """A minute of the day as `/settings` takes it: `09:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"
