"""Cards as they are where no reader's clock is shown, to be compared with what is expected of them."""

from dataclasses import replace

from bot.chat.cards import Card, Field
from bot.chat.instants import as_written


def written_card(card: Card) -> Card:
    """The card with each of its instants as it is written."""
    return replace(
        card,
        paragraphs=tuple(map(as_written, card.paragraphs)),
        fields=tuple(Field(as_written(fact.name), as_written(fact.value)) for fact in card.fields),
        footer=as_written(card.footer),
    )
