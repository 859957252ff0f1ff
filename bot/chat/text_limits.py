"""What a text weighs on the tightest platform, and which texts could not be sent."""

import unicodedata

from bot.chat.instants import Instant, Text, as_written, pieces

CLOCK = 16
"""Characters that an instant takes where each reader's clock shows it: `<t:2147483647:F>`."""

_ESCAPED = b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


class UnsendableError(ValueError):
    """A reply, or a part of it, that some platform would refuse."""


def weight(text: Text | Instant) -> int:
    """How much of a limit a text takes up: its UTF-16 units, those that may be escaped counted twice.

    An instant takes up as much as it is written with, or what stands for it where a clock is shown, if that is more.
    """
    if not isinstance(text, str):
        return sum(weight(part) if isinstance(part, str) else max(weight(part.written), CLOCK) for part in pieces(text))
    encoded = text.encode("utf-8", "surrogatepass")
    return units(text) + len(encoded) - len(encoded.translate(None, _ESCAPED))


def units(text: Text) -> int:
    """A text's length in UTF-16 units, in which platforms count, its instants as they are written."""
    text = as_written(text)
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def check(text: Text, most: int, what: str) -> None:
    """Raises UnsendableError for a text that is empty to the eye, holds control characters, or weighs too much.

    Each of its instants is looked at by itself as well.
    """
    if not isinstance(text, str):
        for part in pieces(text):
            if isinstance(part, Instant):
                check(part.written, most, f"an instant in {what}")
        if weight(text) > most:
            raise UnsendableError(f"{what} weighs {weight(text)}; at most {most} fit")
        text = as_written(text)
    shown = text.replace("\n", "")
    if not shown.isprintable():
        for character in set(shown):
            if unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}:
                raise UnsendableError(f"{what} holds the character U+{ord(character):04X}")
    # Most texts are seen not to be empty at their first character.
    if not shown[:1].isalnum() and not any(unicodedata.category(character)[0] in "LNPS" for character in shown):
        raise UnsendableError(f"{what} is empty")
    if 2 * len(text) > most and weight(text) > most:
        raise UnsendableError(f"{what} weighs {weight(text)}; at most {most} fit")
