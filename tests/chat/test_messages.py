from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.messages import (
    ALT,
    BUTTON_DATA_BYTES,
    BUTTON_LABEL,
    CARD,
    FIELD,
    FIELDS,
    NOTICE,
    TITLE,
    Attachment,
    Bar,
    Button,
    Card,
    Field,
    Link,
    Quotation,
    Reply,
    notice,
    parse_data,
)
from bot.chat.text_limits import UnsendableError, weight
from tests.support.replies import buttons, replies


def test_a_button_is_the_command_that_could_be_typed_instead() -> None:
    button = Button("Mostly Russell", "vote", "imola-2021 mostly-russell")
    assert button.data == "vote imola-2021 mostly-russell"
    assert parse_data(button.data) == ("vote", "imola-2021 mostly-russell")
    assert parse_data(Button("Help", "help").data) == ("help", "")


@given(buttons())
def test_what_a_button_says_comes_back_when_it_is_pressed(button: Button) -> None:
    assert len(button.data.encode()) <= BUTTON_DATA_BYTES
    assert parse_data(button.data) == (button.command, button.argument)


@given(st.text())
def test_whatever_data_a_stranger_sends_two_strings_come_back(data: str) -> None:
    command, argument = parse_data(data)
    assert " " not in command
    assert data.rstrip(" ") == f"{command} {argument}".rstrip(" ")


def test_data_is_measured_in_bytes_as_telegram_does() -> None:
    room = BUTTON_DATA_BYTES - len("crash ")
    Button("Story", "crash", "x" * room)
    Button("Story", "crash", "é" * (room // 2))
    for argument in ("x" * (room + 1), "é" * (room // 2 + 1)):
        with pytest.raises(UnsendableError, match="longer than 64 bytes"):
            Button("Story", "crash", argument)


@pytest.mark.parametrize("argument", ["two\nlines", "nul\0", "half \ud800", "zero\u200bwidth"])
def test_data_that_could_not_travel_is_refused(argument: str) -> None:
    with pytest.raises(UnsendableError):
        Button("Story", "crash", argument)


def test_a_label_fits_a_phone() -> None:
    Button("x" * BUTTON_LABEL, "help")
    with pytest.raises(UnsendableError, match="41 characters"):
        Button("x" * (BUTTON_LABEL + 1), "help")


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
        lambda: Bar(text, 0, 0),
        lambda: Link(text, "https://example.org"),
        lambda: Button(text, "help"),
    ):
        with pytest.raises(UnsendableError):
            build()


@pytest.mark.parametrize("text", ["Räikkönen", "\N{RIGHT-TO-LEFT MARK}שלום", "👨‍👩‍👧", "two\nlines", "<b>*_`", "★"])
def test_every_script_and_every_mark_is_text(text: str) -> None:
    assert Card(text, paragraphs=(text,)).title == text


def test_weight_counts_as_the_platforms_do() -> None:
    assert weight("abc") == 3
    assert weight("é") == 1
    assert weight("🏁") == 2, "two UTF-16 units"
    assert weight("a*b") == 4, "a star may be escaped"
    assert weight("<&>") == 6


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


@pytest.mark.parametrize(("votes", "share"), [(-1, 0.5), (1, -0.1), (1, 1.1)])
def test_a_bar_is_no_longer_than_itself(votes: int, share: float) -> None:
    with pytest.raises(UnsendableError):
        Bar("Hill", votes, share)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "example.org", "https://a b", 'https://"', "https://<", "tg://x"]
)
def test_a_link_leads_to_the_web(url: str) -> None:
    with pytest.raises(UnsendableError):
        Link("here", url)


def test_buttons_come_in_five_rows_of_five() -> None:
    full = tuple(tuple(Button("x", "crash", f"{row} {place}") for place in range(5)) for row in range(5))
    Reply(Card("Title"), full)
    for rows in ((*full, (Button("x", "help"),)), ((*full[0], Button("x", "help")),), ((),)):
        with pytest.raises(UnsendableError):
            Reply(Card("Title"), rows)


def test_no_two_buttons_of_a_reply_do_the_same() -> None:
    with pytest.raises(UnsendableError, match="do the same"):
        Reply(Card("Title"), ((Button("One", "help"),), (Button("Other", "help"),)))


@pytest.mark.parametrize("alt", ["", " ", "a" * (ALT + 1), "\x00"])
def test_a_picture_says_what_it_shows(alt: str) -> None:
    assert Attachment("verdict.png", b"", "." * ALT).is_picture
    assert not Attachment("votes.json", b"").is_picture
    with pytest.raises(UnsendableError):
        Attachment("verdict.png", b"", alt)


def test_a_notice_is_private_and_short_enough_for_a_toast() -> None:
    reply = notice("x" * NOTICE, [Button("Help", "help"), Button("Start", "start")])
    assert reply.private
    assert len(reply.buttons) == 2
    with pytest.raises(UnsendableError):
        notice("x" * (NOTICE + 1))


@given(st.text(max_size=300))
def test_any_text_makes_a_card_or_is_refused(text: str) -> None:
    with suppress(UnsendableError):
        assert Card(text, subtitle=text, paragraphs=(text,), footer=text).title == text


@given(replies())
def test_whatever_can_be_built_weighs_no_more_than_a_message_holds(reply: Reply) -> None:
    assert sum(map(weight, reply.card._texts())) <= CARD
