"""A quotation of an incident: somebody's own words, and where to check them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated, Literal

from bot.domain.fields import Label, Link, Name, SuspectId, count_words, text_of
from bot.domain.shortened import misquoted

QUOTATION_WORDS = range(3, 61)

GLANCE = 180
"""Characters of a quotation that a phone shows beside another without scrolling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Somebody's own words, to be served word for word with who, when, where and the link to check them."""

    speaker: Name
    side: SuspectId | Literal["stewards", "others"]
    """The suspect whose side this is, `stewards`, or `others` (witnesses, rivals, officials)."""

    words: Annotated[str, text_of(8, 480)]
    short: Annotated[str, text_of(0, GLANCE)] = ""
    """The same words with some left out, each gap marked by an ellipsis (…); empty where `words` is not shortened."""

    occasion: Label
    """Where it was said, to follow the name: `to the media after the race`, `on team radio`."""

    date: dt.date
    link: Link
    translated_from: Name | None = None
    """The language the words were spoken in, where `words` is a translation."""

    def problems(self) -> Iterator[str]:
        """What is wrong with it although each of its parts may be so."""
        count = count_words(self.words)
        if count not in QUOTATION_WORDS:
            yield f"{count} words; a quotation has {QUOTATION_WORDS.start} to {QUOTATION_WORDS.stop - 1} of them"
        if self.short and len(self.short) >= len(self.words):
            yield "short is no shorter than words"
        elif self.short and (problem := misquoted(self.short, self.words)):
            yield f"short: {problem}"

    @property
    def key(self) -> int:
        """A number that stays the same when the file around the words changes (48 bits)."""
        return int.from_bytes(blake2b(f"{self.speaker}|{self.words}".encode(), digest_size=6).digest(), "big")
