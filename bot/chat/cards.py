"""The one shape an answer has, and its parts: plain text, within what every platform can show.

The limits below are the tightest of all platforms'. They are enforced where a value is made.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.chat.instants import Text, as_written, text_of
from bot.chat.screens import LINES, PEEK, SCREEN, Seen
from bot.chat.text_limits import UnsendableError, check, units, weight
from bot.chat.votes import Votes

TITLE = 250
"""Weight of a title or a field's name; a Discord embed allows 256."""

FIELD = 1000
"""Weight of a field's value; a Discord embed allows 1024."""

FIELDS = 12
CARD = 3800
"""Weight of a whole card; Telegram allows 4096 in a message, Discord 4096 in an embed's description."""

_ELEMENT = 48
"""What a renderer may add around one element: marks, brackets, blank lines."""

_BETWEEN = 16
"""What a renderer may show around one element: marks, blank lines."""


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
    dated: str = ""
    """When what is there was published, for who sees links a line each; empty where that is not known."""

    def __post_init__(self) -> None:
        check(self.label, TITLE, "a link's label")
        if self.dated:
            check(self.dated, TITLE, "a link's date")
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
    fields: tuple[Field, ...] = ()
    votes: tuple[Votes, ...] = ()
    folded: tuple[str, ...] = ()
    """Paragraphs that belong below the fold: seen once somebody asks for more."""

    links: tuple[Link, ...] = ()
    footer: Text = ""
    clock: str = ""
    """By whose clock instants are written: said only where they are shown as they are written."""

    tone: Tone = Tone.NEUTRAL

    def __post_init__(self) -> None:
        check(self.title, TITLE, "a card's title")
        for paragraph in (*self.paragraphs, *self.folded):
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
        if self.folded and not (seen := self.seen_at_first()).fits:
            raise UnsendableError(
                f"{seen.units} units in {seen.lines} lines are seen of a folded card; {SCREEN} in {LINES} fit"
            )

    def seen_at_first(self, quotations: Sequence[Quotation] = (), *, folds: bool = False) -> Seen:
        """What is seen of it on a screen before anybody unfolds it; its links are folded with what is folded.

        With the quotations, and as a card that `folds`, it is seen as it would be if it had them and did.
        """
        folds = folds or bool(self.folded)
        seen = Seen.of(self._at_first((*self.quotations, *quotations), folds=folds))
        return seen.beside(PEEK) if folds else seen

    def _at_first(self, quotations: Sequence[Quotation], *, folds: bool) -> Iterator[str]:
        """The texts that are seen at first one below the other, with the blank lines between them."""
        yield self.title
        yield from filter(None, [self.subtitle])
        for paragraph in self.paragraphs:
            yield from ("", as_written(paragraph))
        for quotation in quotations:
            source = f", {quotation.source.label}" if quotation.source else ""
            yield from (f"❝ {quotation.words} ❞", f"— {quotation.by}{source}")
        if not quotations and (self.fields or folds):
            yield ""
        yield from (f"{as_written(fact.name)}: {as_written(fact.value)}" for fact in self.fields)
        for votes in self.votes:
            yield from (*([] if folds else [""]), votes.name, *votes.lines)
        if self.links and not folds:
            yield from ("", " · ".join(link.label for link in self.links))
        if self.footer:
            yield from ("", as_written(self.footer))

    @property
    def seen(self) -> int:
        """Upper bound of the card's UTF-16 units on a screen: links count by their labels, not by their addresses."""
        return sum(units(text) + _BETWEEN for text in self._texts()) - self._unseen()

    def seen_with(self, fields: Iterable[Field]) -> int:
        """What `seen` would be with these facts beside those that it has, before there is such a card."""
        return self.seen + sum(units(fact.name) + units(fact.value) + _BETWEEN for fact in fields)

    def _unseen(self) -> int:
        """The units of its links' addresses."""
        quoted = (quotation.source for quotation in self.quotations if quotation.source)
        return sum(units(link.url) for link in (*self.links, *quoted))

    def _texts(self) -> Iterator[Text]:
        yield self.title + self.subtitle
        yield from self.paragraphs
        for quotation in self.quotations:
            yield quotation.words + quotation.by
            if quotation.source:
                yield quotation.source.label + quotation.source.url
        for fact in self.fields:
            yield text_of(fact.name, fact.value)
        for votes in self.votes:
            yield from (votes.name, *votes.lines)
        yield from self.folded
        for link in self.links:
            yield link.label + link.url
        yield self.footer
        if self.clock:
            yield self.clock
