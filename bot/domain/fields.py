"""What may stand in a field of an incident's file: ids, links, and texts of a bounded length."""

import re
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _link(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("a link starts with https:// (or http:// where the site has nothing else)")
    if not re.fullmatch(r"[^\s/?#]+\.[^\s/?#]+([/?#][^\s<>\"]*)?", value.split("//", 1)[1]):
        raise ValueError("a link is a whole web address, without blanks")
    return value


def written_as(pattern: str, told: str) -> AfterValidator:
    """Refuses what is not written so, and tells how it is; compiled once, and not for each field as pydantic's own."""
    form = re.compile(pattern)

    def checked(value: str) -> str:
        if form.fullmatch(value) is None:
            raise ValueError(told)
        return value

    return AfterValidator(checked)


def _plain(value: str) -> str:
    """One paragraph of text, its line breaks and double blanks folded."""
    folded = " ".join(value.split())
    if not folded.isprintable():
        raise ValueError("the text holds an invisible or control character")
    return folded


def text_of(shortest: int, longest: int) -> AfterValidator:
    """Makes a text one printable paragraph, and refuses it where it has not `shortest` to `longest` characters."""

    def measured(value: str) -> str:
        value = _plain(value)
        if not shortest <= len(value) <= longest:
            raise ValueError(f"{len(value)} characters; allowed are {shortest} to {longest}")
        return value

    return AfterValidator(measured)


SessionName: TypeAlias = Literal["race", "sprint", "qualifying", "practice"]
Slug: TypeAlias = Annotated[
    str,
    Field(max_length=32),
    written_as(r"[a-z0-9]+(-[a-z0-9]+)*", "an id has small letters and digits, with a hyphen between its words"),
]
SuspectId: TypeAlias = Annotated[
    str,
    Field(max_length=18),
    written_as(r"[a-z]+(-[a-z]+)*", "a suspect's id has small letters, with a hyphen between its words"),
]
Link: TypeAlias = Annotated[str, Field(max_length=300), AfterValidator(_link)]
Name: TypeAlias = Annotated[str, text_of(2, 48)]
Label: TypeAlias = Annotated[str, text_of(2, 90)]
Sentence: TypeAlias = Annotated[str, text_of(2, 280)]
Passage: TypeAlias = Annotated[str, text_of(2, 480)]
Places: TypeAlias = Annotated[str, text_of(2, 120)]
Story: TypeAlias = Annotated[str, text_of(2, 1500)]


def count_words(text: str) -> int:
    """How many words a text has; what is only punctuation is none."""
    return sum(any(character.isalnum() for character in word) for word in text.split())


class Part(BaseModel):
    """A part of a file that was read: it never changes, and a key that is not among its fields is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
