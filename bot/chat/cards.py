"""The one shape an answer has, and its parts: plain text, within what every platform can show.

The limits below are the tightest of all platforms'. They are enforced where a value is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.chat.instants import Text, text_of
from bot.chat.text_limits import UnsendableError, check, units, weight

TITLE = 250
"""Weight of a title or a field's name; a Discord embed allows 256."""

FIELD = 1000
"""Weight of a field's value; a Discord embed allows 1024."""

FIELDS = 12
CARD = 3800
"""Weight of a whole card; Telegram allows 4096 in a message, Discord 4096 in an embed's description."""

_ELEMENT = 48
"""What a renderer may add around one element: marks, brackets, blank lines, a bar's blocks."""

_BETWEEN = 16
"""What a renderer may show around one element: marks, blank lines, a bar's blocks."""


class Tone(StrEnum):
    """What a card is about, for platforms that colour it: grey unless somebody was punished."""

    NEUTRAL = "neutral"
    PENALTY = "penalty"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Link:
    """A web address with the text that stands for it."""

    label: str
    url: str

    def __post_init__(self) -> None:
        check(self.label, TITLE, "a link's label")
        check(self.url, 2 * TITLE, "a link's address")
        if not self.url.startswith(("https://", "http://")) or any(mark in self.url for mark in ' <>"\n'):
            raise UnsendableError("a link's address is not a web address")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's words, and below them who said them, where and when."""

    words: str
    by: str
    source: Link | None = None

    def __post_init__(self) -> None:
        check(self.words, FIELD, "a quotation")
        check(self.by, TITLE, "a quotation's speaker")


@dataclass(frozen=True, slots=True)
class Bar:
    """One side's votes; `share` of all, 0 to 1, is the bar's length."""

    label: str
    votes: int
    share: float
    written: str = ""
    """The votes as they are shown, in the answer's language; in English where nothing is given."""

    def __post_init__(self) -> None:
        check(self.label, TITLE, "a bar's label")
        if self.written:
            check(self.written, TITLE, "a bar's number")
        else:
            object.__setattr__(self, "written", f"{self.votes:,}")
        if self.votes < 0 or not 0 <= self.share <= 1:
            raise UnsendableError("a bar's votes or share are out of range")


@dataclass(frozen=True, slots=True)
class Field:
    """A fact with its name: `Stewards` – `racing incident, no further action`."""

    name: Text
    value: Text

    def __post_init__(self) -> None:
        check(self.name, TITLE, "a field's name")
        check(self.value, FIELD, "a field's value")


@dataclass(frozen=True, slots=True)
class Card:
    """The one shape an answer has; it is read from top to bottom in the order of its fields."""

    title: str
    subtitle: str = ""
    paragraphs: tuple[Text, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    bars: tuple[Bar, ...] = ()
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    footer: Text = ""
    clock: str = ""
    """By whose clock instants are written: said only where they are shown as they are written."""

    tone: Tone = Tone.NEUTRAL

    def __post_init__(self) -> None:
        check(self.title, TITLE, "a card's title")
        for paragraph in self.paragraphs:
            check(paragraph, CARD, "a paragraph")
        for line in (self.subtitle, self.footer, self.clock):
            if line:
                check(line, FIELD, "a card's subtitle, footer or clock")
        if len(self.fields) > FIELDS:
            raise UnsendableError(f"a card has {len(self.fields)} fields; at most {FIELDS} fit")
        texts = tuple(self._texts())
        frame = _ELEMENT * len(texts)
        plain = sum(len(text) if isinstance(text, str) else CARD for text in texts)
        if 2 * plain + frame > CARD and (whole := frame + sum(map(weight, texts))) > CARD:
            raise UnsendableError(f"a card weighs {whole}; at most {CARD} fit")

    @property
    def seen(self) -> int:
        """Upper bound of the card's UTF-16 units on a screen: links count by their labels, not by their addresses."""
        links = [*self.links, *(quotation.source for quotation in self.quotations if quotation.source)]
        return sum(units(text) + _BETWEEN for text in self._texts()) - sum(units(link.url) for link in links)

    def _texts(self) -> Iterator[Text]:
        yield self.title + self.subtitle
        yield from self.paragraphs
        for quotation in self.quotations:
            yield quotation.words + quotation.by
            if quotation.source:
                yield quotation.source.label + quotation.source.url
        for bar in self.bars:
            yield bar.label + bar.written
        for fact in self.fields:
            yield text_of(fact.name, fact.value)
        for link in self.links:
            yield link.label + link.url
        yield self.footer
        if self.clock:
            yield self.clock
