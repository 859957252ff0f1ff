"""A chat is spoken to in the language that somebody chose there, or in the one that its platform knows of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.languages import Languages, code_of
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.i18n import LANGUAGES

AL = User(Platform.TELEGRAM, "7")
ALONE = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
GROUP = Chat(Platform.DISCORD, "555")


def request(chat: Chat, locale: str | None = None, group_locale: str | None = None) -> Request:
    return Request("crash", "", AL, chat, locale, group_locale=group_locale)


@pytest.mark.parametrize(
    ("locale", "code"),
    [("de", "de"), ("de-AT", "de"), ("es-419", "es"), ("es-ES", "es"), ("DE_de", "de"), ("en-GB", "en"), ("fr", None)],
)
def test_a_persons_own_language_is_spoken_in_private(locale: str, code: str | None) -> None:
    languages = Languages(lambda _chat: None)
    assert languages.hear(request(ALONE, locale)) == code
    assert languages.of(ALONE) == code, "what moves there later says so too"


def test_what_a_member_has_set_says_nothing_of_a_group() -> None:
    languages = Languages(lambda _chat: None)
    assert languages.hear(request(GROUP, "de")) is None
    assert languages.hear(request(GROUP, "es-ES", "de")) == "de"
    assert languages.of(GROUP) == "de"


def test_what_an_admin_chose_wins() -> None:
    languages = Languages({ALONE: "en", GROUP: "es"}.get)
    assert languages.hear(request(ALONE, "de")) == "en"
    assert languages.hear(request(GROUP, group_locale="de")) == "es"
    assert (languages.of(ALONE), languages.of(GROUP)) == ("en", "es")


def test_a_language_that_is_changed_on_the_phone_is_followed() -> None:
    languages = Languages(lambda _chat: None)
    for locale in ("de", "es", "en"):
        assert languages.hear(request(ALONE, locale)) == locale
        assert languages.of(ALONE) == locale


@given(st.text())
def test_whatever_a_platform_says_is_a_language_or_none(locale: str) -> None:
    assert code_of(locale) in {*LANGUAGES, None}
