"""A moment in a card's text is a value, so that each reader can be shown it by their own clock.

A `Text` is a plain string, or one with instants in it. Where a platform shows no reader's clock, an instant stands
there as it was written: by the chat's clock, in the answer's language.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from string import Formatter
from typing import TypeAlias, overload

LAST = 2**31
"""Seconds since 1970 that Telegram counts up to."""


class Shown(Enum):
    """How much of a moment a reader's clock shows."""

    DAY_AND_TIME = auto()
    """The day of the week with its date, and the time: for what is near."""

    DATE_AND_TIME = auto()
    DATE = auto()
    TO_THE_SECOND = auto()
    """The time alone, with its seconds: for what followed within minutes."""

    FROM_NOW = auto()
    """How long it is until then, or since: `in 3 days`, `2 hours ago`."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment, aware of its zone, as it is written where no reader's clock is shown, and how such a clock shows it.

    What is written may say more than a clock would, such as a preposition: it is replaced as a whole.
    """

    at: dt.datetime
    written: str
    shown: Shown = Shown.DAY_AND_TIME

    @property
    def unix(self) -> int | None:
        """The moment in seconds since 1970; None where readers' clocks do not reach it, and it is only written."""
        seconds = int(self.at.timestamp())
        return seconds if 0 < seconds < LAST else None


@dataclass(frozen=True, slots=True)
class Timed:
    """A text with instants in it, made by `text_of`: never without one, no two strings side by side, none empty."""

    parts: tuple[str | Instant, ...]


Text: TypeAlias = str | Timed


@overload
def text_of(*parts: str) -> str: ...
@overload
def text_of(*parts: Text | Instant) -> Text: ...
def text_of(*parts: Text | Instant) -> Text:
    """The parts in a row as one text; a plain string where no instant is among them."""
    row: list[str | Instant] = []
    for part in (piece for each in parts for piece in pieces(each)):
        if isinstance(part, str) and row and isinstance(row[-1], str):
            row[-1] += part
        elif part:
            row.append(part)
    return Timed(tuple(row)) if any(isinstance(part, Instant) for part in row) else "".join(map(as_written, row))


def pieces(text: Text | Instant) -> tuple[str | Instant, ...]:
    """A text's strings and instants, from first to last."""
    return text.parts if isinstance(text, Timed) else (text,)


def as_written(text: Text | Instant) -> str:
    """A text with its instants as they are written."""
    if isinstance(text, str):
        return text
    return "".join(part if isinstance(part, str) else part.written for part in pieces(text))


@overload
def filled(pattern: str, **values: str) -> str: ...
@overload
def filled(pattern: str, **values: Text | Instant) -> Text: ...
def filled(pattern: str, **values: Text | Instant) -> Text:
    """A pattern, such as a translation, with texts in its braces' places, as `str.format` has it for strings."""
    parts: list[Text | Instant] = []
    for literal, name, _form, _conversion in Formatter().parse(pattern):
        parts += [literal, *([values[name]] if name is not None else [])]
    return text_of(*parts)


@overload
def joined(separator: str, texts: Iterable[str]) -> str: ...
@overload
def joined(separator: str, texts: Iterable[Text | Instant]) -> Text: ...
def joined(separator: str, texts: Iterable[Text | Instant]) -> Text:
    """Texts with a separator between them, as `str.join` has it for strings."""
    parts = [part for text in texts for part in (separator, text)]
    return text_of(*parts[1:])
