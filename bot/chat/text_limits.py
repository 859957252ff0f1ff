"""What a text weighs on the tightest platform, and which texts could not be sent."""

import unicodedata

_ESCAPED = b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


class UnsendableError(ValueError):
    """A reply, or a part of it, that some platform would refuse."""


def weight(text: str) -> int:
    """How much of a limit a text takes up: its UTF-16 units, those that may be escaped counted twice."""
    encoded = text.encode("utf-8", "surrogatepass")
    return units(text) + len(encoded) - len(encoded.translate(None, _ESCAPED))


def units(text: str) -> int:
    """A text's length in UTF-16 units, in which platforms count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def check(text: str, most: int, what: str) -> None:
    """Raises UnsendableError for a text that is empty to the eye, holds control characters, or weighs too much."""
    # Most texts are seen to be fine at their first character; the others are looked at one by one.
    if not (text.isprintable() and (text[:1].isalnum() or (text.isascii() and text.strip()))):
        categories = {character: unicodedata.category(character) for character in set(text) - {"\n"}}
        for character, category in categories.items():
            if category in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}:
                raise UnsendableError(f"{what} holds the character U+{ord(character):04X}")
        if not any(category[0] in "LNPS" for category in categories.values()):
            raise UnsendableError(f"{what} is empty")
    if 2 * len(text) > most and weight(text) > most:
        raise UnsendableError(f"{what} weighs {weight(text)}; at most {most} fit")
