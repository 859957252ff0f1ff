"""What may stand in a field of an incident's file: ids, links, and texts of a bounded length."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Annotated, Literal, TypeAlias

from bot.forms.rules import at_most, written_as, zoned


def _link(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("a link starts with https:// (or http:// where the site has nothing else)")
    if not re.fullmatch(r"[^\s/?#]+\.[^\s/?#]+([/?#][^\s<>\"]*)?", value.split("//", 1)[1]):
        raise ValueError("a link is a whole web address, without blanks")
    return value


def _plain(value: str) -> str:
    """One paragraph of text, its line breaks and double blanks folded."""
    folded = " ".join(value.split())
    if not folded.isprintable():
        raise ValueError("the text holds an invisible or control character")
    return folded


def text_of(shortest: int, longest: int) -> Callable[[str], str]:
    """Makes a text one printable paragraph, and refuses it where it has not `shortest` to `longest` characters."""

    def measured(value: str) -> str:
        value = _plain(value)
        if not shortest <= len(value) <= longest:
            raise ValueError(f"{len(value)} characters; allowed are {shortest} to {longest}")
        return value

    return measured


SessionName: TypeAlias = Literal["race", "sprint", "qualifying", "practice"]
Slug: TypeAlias = Annotated[
    str,
    at_most(32),
    written_as(r"[a-z0-9]+(-[a-z0-9]+)*", "an id has small letters and digits, with a hyphen between its words"),
]
SuspectId: TypeAlias = Annotated[
    str,
    at_most(18),
    written_as(r"[a-z]+(-[a-z]+)*", "a suspect's id has small letters, with a hyphen between its words"),
]
Link: TypeAlias = Annotated[str, at_most(300), _link]
Name: TypeAlias = Annotated[str, text_of(2, 48)]
Label: TypeAlias = Annotated[str, text_of(2, 90)]
Sentence: TypeAlias = Annotated[str, text_of(2, 280)]
Passage: TypeAlias = Annotated[str, text_of(2, 480)]
Places: TypeAlias = Annotated[str, text_of(2, 120)]
Story: TypeAlias = Annotated[str, text_of(2, 1500)]
ZonedMoment: TypeAlias = Annotated[dt.datetime, zoned]
"""A moment by a clock whose zone is known."""


def count_words(text: str) -> int:
    """How many words a text has; what is only punctuation is none."""
    return sum(any(character.isalnum() for character in word) for word in text.split())
