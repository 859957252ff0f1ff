"""What of an incident a phone shows without scrolling: its crash in short, short quotations, and what fits of the rest.

What is shortened is told in full below the fold. A summary is never cut within a sentence, and words that are left out
of a quotation leave an ellipsis.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.cards.incident_text import quotation, speaker
from bot.chat.cards import Card, Quotation
from bot.chat.text_limits import UnsendableError
from bot.domain.fields import count_words
from bot.domain.incidents import LEDE_WORDS, Incident
from bot.domain.quotations import GLANCE
from bot.domain.quotations import Quotation as Quoted
from bot.domain.shortened import MARK

VOICES = 3
"""Sides heard on the story's card; the others are one press away."""

ROOMS = (GLANCE, 150, 130, 110, 90, 75, 60)
"""Characters that a quotation has at most, the more crowded a card is the fewer."""

ENOUGH = 90
"""Characters that do for most quotations: for more of them, votes are told in sums."""

A_SENTENCE = 20
"""Characters of whole sentences that say something by themselves."""

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=…|[\"“‘(]?[A-ZÀ-Þ0-9])")
_ABBREVIATED = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|vs|Jr|Sr)\.$")


class View(NamedTuple):
    """A way to show a card: what of it is seen at first, and the paragraphs that then belong below the fold.

    Its quotations are put on the card once it is seen that there is room for them.
    """

    card: Card
    folded: tuple[str, ...]
    quotations: tuple[Quotation, ...] = ()

    @property
    def fits_screen(self) -> bool:
        """Whether a phone shows what is seen of it at first without scrolling."""
        return self.card.seen_at_first(self.quotations, folds=bool(self.folded)).fits

    def holding(self, kept: int) -> Card | None:
        """The card with its quotations and so many of what it folds, or None where no message holds that much."""
        try:
            return replace(self.card, quotations=(*self.card.quotations, *self.quotations), folded=self.folded[:kept])
        except UnsendableError:
            return None


def on_one_screen(views: Iterable[View]) -> Card:
    """The first of a card's views, fullest first, that one screen holds; the first of all where none is.

    What a message cannot hold below the fold is left out, from its end: it is the least, and a press away.
    """
    first: View | None = None
    for view in views:  # made one by one, as most cards are shown in one of the first
        first = first or view
        if not view.fits_screen:
            continue
        for kept in range(len(view.folded), min(1, len(view.folded)) - 1, -1):
            if (card := view.holding(kept)) is not None:
                return card
    if first is None:
        raise ValueError("a card without a view")
    return first.holding(0) or first.card


def lede(incident: Incident) -> str:
    """The crash in short: as it was written, or as many whole sentences of the summary as a first look has room for."""
    return incident.lede or " ".join(_first_sentences(incident.summary, LEDE_WORDS))


def voices(incident: Incident) -> list[tuple[Quoted, ...]]:
    """What each side says, in the file's order, of as many sides as are heard."""
    return [side for suspect in incident.suspects if (side := incident.side(suspect.id))][:VOICES]


def short_quotation(side: Sequence[Quoted], room: int, *, brief: bool = False) -> tuple[Quoted, Quotation]:
    """What a side says in at most `room` characters, with who said it and the link to check it; and where it is from.

    It is the first that fits as its author left it, or the first whose first sentences do, or the beginning of the
    first. `brief`, where and when it was said is left to the fold, and the link to all of a side's quotations.
    """
    ways = (_as_written, _first_whole, _begun)
    quoted, words = next((each, said) for way in ways for each in side if (said := way(each, room)))
    return quoted, Quotation(words, quoted.speaker) if brief else quotation(quoted, words)


def quoted_in_full(quoted: Quoted) -> str:
    """Somebody's whole words in a paragraph below the fold."""
    return f"❝ {quoted.words} ❞\n— {speaker(quoted)}"


def _first_sentences(text: str, words: int) -> Iterator[str]:
    """As many of a text's sentences as have so many words together; one at least."""
    for number, sentence in enumerate(_sentences(text)):
        words -= count_words(sentence)
        if number and words < 0:
            return
        yield sentence


def _sentences(text: str) -> Iterator[str]:
    """A text's sentences, whole; what looks like an end after an initial or an abbreviation is none."""
    begun = ""
    for part in _parts(text):
        begun = f"{begun} {part}".strip()
        if not _ABBREVIATED.search(begun):
            yield begun
            begun = ""
    if begun:
        yield begun


def _parts(text: str) -> list[str]:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [text[start:end].strip() for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _as_written(quoted: Quoted, room: int) -> str:
    """Somebody's words, or as their author has shortened them; empty where that is too long."""
    return next((words for words in (quoted.words, quoted.short) if 0 < len(words) <= room), "")


def _first_whole(quoted: Quoted, room: int) -> str:
    """As many whole sentences as fit, and an ellipsis; empty where they would say little."""
    kept = ""
    for sentence in _sentences(quoted.short or quoted.words):
        longer = f"{kept} {sentence}".strip()
        if len(longer) + len(f" {MARK}") > room:
            break
        kept = longer
    return f"{kept.removesuffix(MARK).rstrip()} {MARK}" if len(kept) >= A_SENTENCE else ""


def _begun(quoted: Quoted, room: int) -> str:
    """As many clauses as fit, or else as many words, and an ellipsis."""
    words = quoted.short or quoted.words
    begun = words[: room - len(f" {MARK}")]
    clause = max(begun.rfind(mark) for mark in (", ", "; ", ": ", " – ", f" {MARK}"))
    end = clause if clause > room // 2 else begun.rfind(" ")
    return f"{begun[:end].rstrip(',;:–— ')} {MARK}"
