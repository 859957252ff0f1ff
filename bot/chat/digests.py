"""What a card says in 64 bits, so that it can be told without the card whether a message shows it already."""

from hashlib import blake2b

from bot.chat.cards import Card


def digest(card: Card) -> int:
    """A card's digest, a signed number of 64 bits; the same in every process of one version of the program."""
    return int.from_bytes(blake2b(repr(card).encode(), digest_size=8).digest(), "big", signed=True)
