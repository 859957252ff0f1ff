"""A card in plain lines, for where nothing can be drawn: an operator's terminal, a log."""

import re
from collections.abc import Iterator

from bot.chat.cards import Card
from bot.chat.instants import Text, as_written, joined

_PERCENT = re.compile(r"(?<=\d) %")


def plainly(card: Card) -> tuple[str, ...]:
    """A card's lines from top to bottom, with a blank one between its parts; without its links' addresses."""
    return (card.title, *filter(None, [card.subtitle]), *_below(card))


def _below(card: Card) -> Iterator[str]:
    parts = (
        *([as_written(paragraph)] for paragraph in card.paragraphs),
        [f"❝ {quotation.words} ❞ — {quotation.by}" for quotation in card.quotations],
        [f"{as_written(fact.name)}: {as_written(fact.value)}" for fact in card.fields],
        [f"{votes.name}: {votes.in_words}" for votes in card.votes],
        *([paragraph] for paragraph in card.folded),
        [link.label for link in card.links],
        [*filter(None, [small_print(card)])],
    )
    for lines in filter(None, parts):
        yield ""
        yield from lines


def small_print(card: Card) -> str:
    """What stands below a card where its instants are shown as they are written: by whose clock, and its footer."""
    lines: tuple[Text, ...] = (card.clock, card.footer)
    return as_written(joined(" · ", filter(None, lines)))


def amount(number: int, one: str, many: str) -> str:
    """A number with its noun, for operators: `1 chat`, `1,204 chats`."""
    return f"{number:,} {one if number == 1 else many}"


def unbroken(text: str) -> str:
    """A text in which no line ends between a number and its `%`."""
    return _PERCENT.sub("\u00a0%", text)
