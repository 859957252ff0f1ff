import ast
from functools import cache
from importlib import resources
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.chat.buttons import BUTTON_LABEL
from bot.chat.replies import NOTICE
from bot.i18n import ENGLISH, LANGUAGES
from tests.i18n.source import calls, texts, trees, within

CODES = sorted(LANGUAGES.keys() - {ENGLISH})
EVERY_CATALOGUE = pytest.mark.parametrize("code", CODES)


@cache
def catalogue(code: str) -> Catalog:
    """A catalogue as translators have it."""
    with (resources.files("bot.i18n") / "catalogues" / f"{code}.po").open("rb") as lines:
        return read_po(lines, code)


def messages(code: str) -> list[Message]:
    return [message for message in catalogue(code) if message.id]


def forms(message: Message) -> tuple[str, ...]:
    """What stands in a catalogue for a text, in all its forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def original(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _form, _conversion in Formatter().parse(text) if name is not None}


def test_a_language_that_can_be_chosen_has_a_catalogue_and_no_other_has() -> None:
    files = (file.name for file in (resources.files("bot.i18n") / "catalogues").iterdir())
    assert [name.removesuffix(".po") for name in sorted(files) if name.endswith(".po")] == CODES


@EVERY_CATALOGUE
def test_a_catalogue_has_what_the_source_says_and_nothing_else(code: str) -> None:
    there = {original(message) for message in messages(code)}
    assert sorted(texts() - there) == [], "make messages adds what is missing"
    assert sorted(there - texts()) == [], "make messages takes away what is said no more"
    assert catalogue(code).obsolete == {}


@EVERY_CATALOGUE
def test_everything_is_translated_and_nothing_is_a_guess(code: str) -> None:
    assert [message.id for message in messages(code) if not all(forms(message)) or message.fuzzy] == []


@EVERY_CATALOGUE
def test_every_form_that_a_number_takes_is_there(code: str) -> None:
    plurals = catalogue(code).num_plurals
    assert [message.id for message in messages(code) if message.pluralizable and len(forms(message)) != plurals] == []


@EVERY_CATALOGUE
def test_what_is_put_into_a_text_is_put_into_its_translation(code: str) -> None:
    assert [
        (message.id, form)
        for message in messages(code)
        for form in forms(message)
        if placeholders(form) != placeholders(original(message)[-1])
    ] == []


@EVERY_CATALOGUE
def test_no_translation_shouts_or_ends_otherwise_than_its_text(code: str) -> None:
    ends = [(form, original(message)[-1][-1]) for message in messages(code) for form in forms(message)]
    assert [form for form, _end in ends if "!" in form or form != form.strip()] == []
    assert [form for form, end in ends if end in ".?:" and not form.endswith(end)] == []


@EVERY_CATALOGUE
@pytest.mark.parametrize(
    ("callers", "most"), [(("Button",), BUTTON_LABEL), (("UserError", "NotYetError", "notice"), NOTICE)]
)
def test_what_has_little_room_is_short(code: str, callers: tuple[str, ...], most: int) -> None:
    short = within(*callers)
    assert short
    translated = {text: forms(message) for message in messages(code) for text in original(message)}
    assert [form for text in short for form in translated[text] if len(form) > most] == []


@pytest.mark.parametrize(("code", "never"), [("es", ("crónica", "recordatorio", "apagad")), ("de", ("abstimmungen",))])
def test_one_thing_is_called_by_one_word(code: str, never: tuple[str, ...]) -> None:
    """In Spanish that is a resumen, an aviso, and what is desactivado; in German an Umfrage."""
    said = " ".join(form for message in messages(code) for form in forms(message)).casefold()
    assert [word for word in never if word in said] == []


def test_no_text_hides_where_extraction_does_not_look() -> None:
    """Before Python 3.12 an f-string is one token to Babel, and what is called within it is not seen."""
    hidden = [
        ast.unparse(inner)
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in {"_", "counted"}
        if inner.args and isinstance(inner.args[0], ast.Constant)
    ]
    assert hidden == []


def test_no_text_hides_in_what_chooses_one() -> None:
    """Of `_(TITLES.get(kind, "The grid"))` Babel sees no text: it is never translated, and nobody misses it."""
    hidden = [
        node.value
        for tree in trees()
        for call in calls(tree, "_")
        if not isinstance(call.args[0], ast.Constant)
        for node in ast.walk(call.args[0])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _says_something(node.value)
    ]
    assert sorted({*hidden} - {text for said in texts() for text in said}) == []


def _says_something(text: str) -> bool:
    """Whether there are words in a text, and not only what is put into it."""
    return any(letter.isalpha() for said, *_name in Formatter().parse(text) for letter in said)
