"""What a card says in 64 bits, so that it can be told without the card whether a message shows it already."""

from hashlib import blake2b

from bot.chat.cards import Card


def digest(card: Card, marked: str = "") -> int:
    """The digest of a card, and of which button below it is `marked`, where one is: a signed number of 64 bits.

    It is the same in every process of one version of the program.
    """
    return int.from_bytes(blake2b(f"{card!r}{marked}".encode(), digest_size=8).digest(), "big", signed=True)
