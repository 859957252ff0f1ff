"""The languages that answers come in: what is being answered knows its language, and `_` puts a text into it.

English is what the source says and costs a look at a context variable; any other language is read when it is first
spoken, from `catalogues/<code>.po` beside this module.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Babel is loaded with the first language that is not English
    from bot.i18n.language import Language

ENGLISH = "en"

LANGUAGES = {ENGLISH: "English", "de": "Deutsch", "es": "Español"}
"""By their codes, the names they give themselves."""

SPOKEN: "ContextVar[Language | None]" = ContextVar("language", default=None)
"""The language that is spoken; None while that is English. Set by `speaking`, except where each microsecond counts."""

_known: "dict[str, Language | None]" = {}


@contextmanager
def speaking(code: str | None) -> Iterator[None]:
    """Put everything into a language while this lasts; into English where it is None or unknown."""
    token = SPOKEN.set(None if code is None else learnt(code))
    try:
        yield
    finally:
        SPOKEN.reset(token)


def spoken() -> "Language | None":
    """The language that is spoken; None while that is English."""
    return SPOKEN.get()


def spoken_code() -> str:
    """The code of the language that is spoken."""
    language = SPOKEN.get()
    return ENGLISH if language is None else language.code


def _(text: str) -> str:
    """A text in the language that is spoken; as it is, where that has no words for it."""
    language = SPOKEN.get()
    return text if language is None else language.texts.get(text, text)


def counted(one: str, many: str, number: int, **values: str) -> str:
    """What is counted, in the form that the number takes: `{number} vote`, `{number} votes` → `1,204 votes`."""
    language = SPOKEN.get()
    if language is None:
        return (one if number == 1 else many).format(number=f"{number:,}", **values)
    return language.form(one, many, number).format(number=language.number(number), **values)


def marked(text: str) -> str:
    """A text that waits in a constant; listed for translators by this, put into words by `_` when it is said."""
    return text


def learnt(code: str) -> "Language | None":
    """A language by its code, read when it is first spoken; None for English, and where there is none."""
    if code == ENGLISH or code not in LANGUAGES:
        return None
    if code not in _known:
        from bot.i18n.language import read_language  # noqa: PLC0415 - Babel is loaded with the first language

        _known[code] = read_language(code)
    return _known[code]
