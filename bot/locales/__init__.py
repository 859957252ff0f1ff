"""The languages that answers come in: what is being answered knows its language, and `_` puts a text into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ENGLISH = "en"

LANGUAGES = {ENGLISH: "English"}
"""By their codes, the names they give themselves."""

_SPOKEN: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Put everything into a language while this lasts; into English where it is None or unknown."""
    token = _SPOKEN.set(language if language in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def _(text: str) -> str:
    """A text in the language that is spoken."""
    return text
