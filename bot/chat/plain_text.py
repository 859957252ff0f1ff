"""A card in plain lines, for where nothing can be drawn: an operator's terminal, a log."""

from collections.abc import Iterator

from bot.chat.cards import Card


def plainly(card: Card) -> tuple[str, ...]:
    """A card's lines from top to bottom, with a blank one between its parts; without its links' addresses."""
    return (card.title, *filter(None, [card.subtitle]), *_below(card))


def _below(card: Card) -> Iterator[str]:
    parts = (
        *([paragraph] for paragraph in card.paragraphs),
        [f"❝ {quotation.words} ❞ — {quotation.by}" for quotation in card.quotations],
        [f"{fact.name}: {fact.value}" for fact in card.fields],
        [f"{votes.name}: {votes.in_words}" for votes in card.votes],
        *([paragraph] for paragraph in card.folded),
        [link.label for link in card.links],
        [*filter(None, [card.footer])],
    )
    for lines in filter(None, parts):
        yield ""
        yield from lines


def amount(number: int, one: str, many: str) -> str:
    """A number with its noun, for operators: `1 chat`, `1,204 chats`."""
    return f"{number:,} {one if number == 1 else many}"
