import datetime as dt
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.buttons import Button
from bot.chat.cards import (
    CARD,
    FIELD,
    FIELDS,
    TITLE,
    Card,
    Field,
    Link,
    Quotation,
)
from bot.chat.instants import Instant, Text, text_of
from bot.chat.screens import LINES, PEEK, SCREEN
from bot.chat.text_limits import UnsendableError
from bot.chat.votes import Step, Votes

STARTS = Instant(dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC), "Sunday at 15:00")


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "\u200b", "\u3164"[:0], "tab\there", "\x1b[31mred", "half \ud800", "line\u2028line", "\ue000"],
)
def test_text_that_cannot_be_seen_or_sent_is_refused_everywhere(text: str) -> None:
    for build in (
        lambda: Card(text),
        lambda: Card("Title", paragraphs=(text,)),
        lambda: Field(text, "value"),
        lambda: Field("name", text),
        lambda: Quotation(text, "Hill"),
        lambda: Quotation("Words", text),
        lambda: Step(text, 0),
        lambda: Votes(text, (Step("Hill", 0),)),
        lambda: Votes("Here", (Step("Hill", 0),), (text, "Hill")),
        lambda: Link(text, "https://example.org"),
        lambda: Button(text, "help"),
    ):
        with pytest.raises(UnsendableError):
            build()


@pytest.mark.parametrize("text", ["Räikkönen", "\N{RIGHT-TO-LEFT MARK}שלום", "👨‍👩‍👧", "two\nlines", "<b>*_`", "★"])
def test_every_script_and_every_mark_is_text(text: str) -> None:
    assert Card(text, paragraphs=(text,)).title == text


def test_a_card_is_full_at_its_limit_and_not_before() -> None:
    frame = 3 * 48  # the title, one paragraph, the footer
    room = CARD - frame - len("Title")
    Card("Title", paragraphs=("x" * room,))
    Card("Title", paragraphs=("*" * (room // 2),))
    for paragraph in ("x" * (room + 1), "*" * (room // 2 + 1)):
        with pytest.raises(UnsendableError, match="a card weighs"):
            Card("Title", paragraphs=(paragraph,))


def test_every_part_has_its_own_limit() -> None:
    for build in (
        lambda: Card("x" * (TITLE + 1)),
        lambda: Card("Title", footer="x" * (FIELD + 1)),
        lambda: Field("x" * (TITLE + 1), "value"),
        lambda: Field("name", "x" * (FIELD + 1)),
        lambda: Quotation("x" * (FIELD + 1), "Hill"),
        lambda: Card("Title", fields=(Field("name", "value"),) * (FIELDS + 1)),
    ):
        with pytest.raises(UnsendableError):
            build()


def test_of_a_folded_card_one_screen_is_seen_at_first() -> None:
    room = SCREEN - PEEK.units - len("Title\n\n\n\n")
    for text in ("x" * room, "\n".join("x" * (LINES - PEEK.lines - 3))):
        Card("Title", paragraphs=(text,), folded=("y" * 2000,))
        Card("Title", paragraphs=(text + "\nx",))
        with pytest.raises(UnsendableError, match="of a folded card"):
            Card("Title", paragraphs=(text + "\nx",), folded=("The rest.",))


TALL = "a\nb\nc"


@pytest.mark.parametrize(
    "card",
    [
        Card(TALL),
        Card("Title", TALL),
        Card("Title", paragraphs=(TALL,)),
        Card("Title", quotations=(Quotation(TALL, "Hill"),)),
        Card("Title", quotations=(Quotation("Words", TALL),)),
        Card("Title", fields=(Field("name", TALL),)),
        Card("Title", links=(Link(TALL, "https://example.org"),)),
        Card("Title", footer=TALL),
    ],
)
def test_a_text_of_several_lines_takes_as_many_of_a_screen(card: Card) -> None:
    """Wherever it stands on a card."""
    flat = "a b c"
    level = replace(
        card,
        title=card.title.replace(TALL, flat),
        subtitle=card.subtitle.replace(TALL, flat),
        paragraphs=tuple(flat for _each in card.paragraphs),
        quotations=tuple(
            Quotation(each.words.replace(TALL, flat), each.by.replace(TALL, flat)) for each in card.quotations
        ),
        fields=tuple(Field(each.name, flat) for each in card.fields),
        links=tuple(replace(each, label=flat) for each in card.links),
        footer=flat if card.footer else "",
    )
    assert card.seen_at_first().lines == level.seen_at_first().lines + 2
    assert card.seen_at_first().units == level.seen_at_first().units


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "example.org", "https://a b", 'https://"', "https://<", "tg://x"]
)
def test_a_link_leads_to_the_web(url: str) -> None:
    with pytest.raises(UnsendableError):
        Link("here", url)


@given(st.text(max_size=300))
def test_any_text_makes_a_card_or_is_refused(text: str) -> None:
    with suppress(UnsendableError):
        assert Card(text, subtitle=text, paragraphs=(text,), footer=text).title == text


@pytest.mark.parametrize("value", ["Russell", "é👍 and <b>bold</b>", text_of("until ", STARTS)])
def test_what_is_seen_with_more_facts_is_known_before_there_is_such_a_card(value: Text) -> None:
    card, facts = Card("A race", fields=(Field("Won", "Hamilton"),)), (Field("Out", value), Field("Second", value))
    assert card.seen_with(facts) == replace(card, fields=(*card.fields, *facts)).seen
    assert card.seen_with(()) == card.seen
