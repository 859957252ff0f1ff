"""A quotation of an incident: somebody's own words, and where to check them."""

import datetime as dt
from hashlib import blake2b
from typing import Annotated, Literal, Self

from pydantic import model_validator

from bot.domain.fields import Label, Link, Name, Part, SuspectId, count_words, text_of

QUOTATION_WORDS = range(3, 61)


class Quotation(Part):
    """Somebody's own words, to be served word for word with who, when, where and the link to check them."""

    speaker: Name
    side: SuspectId | Literal["stewards", "others"]
    """The suspect whose side this is, `stewards`, or `others` (witnesses, rivals, officials)."""

    words: Annotated[str, text_of(8, 480)]
    occasion: Label
    """Where it was said, to follow the name: `to the media after the race`, `on team radio`."""

    date: dt.date
    link: Link
    translated_from: Name | None = None
    """The language the words were spoken in, where `words` is a translation."""

    @model_validator(mode="after")
    def _short(self) -> Self:
        count = count_words(self.words)
        if count not in QUOTATION_WORDS:
            raise ValueError(
                f"{count} words; a quotation has {QUOTATION_WORDS.start} to {QUOTATION_WORDS.stop - 1} of them"
            )
        return self

    @property
    def key(self) -> int:
        """A number that stays the same when the file around the words changes (48 bits)."""
        return int.from_bytes(blake2b(f"{self.speaker}|{self.words}".encode(), digest_size=6).digest(), "big")
