import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.buttons import BUTTON_DATA_BYTES, BUTTON_LABEL, Button, Row, fitted, parse_data, sendable
from bot.chat.text_limits import UnsendableError
from tests.support.replies import buttons


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


def row(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(label, "crash", label) for label in labels)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([row("Next", "Back", "All")], [row("Next", "Back", "All")]),
        (
            [row("Imola 2021", "Monza 2021", "Spa 2012", "Baku")],
            [row("Imola 2021", "Monza 2021", "Spa 2012"), row("Baku")],
        ),
        (
            [row("The story", "Did they get it right?", "Back")],
            [row("The story", "Did they get it right?"), row("Back")],
        ),
        ([row("x" * 30, "Back")], [row("x" * 30), row("Back")]),
        ([row("One", "Two"), row("x" * 25, "y")], [row("One", "Two"), row("x" * 25), row("y")]),
    ],
)
def test_a_row_is_no_wider_than_a_phone_shows(given: list[Row], shown: list[Row]) -> None:
    assert fitted(tuple(given)) == tuple(shown)


def test_rows_stay_as_they_are_where_there_would_be_too_many() -> None:
    many = tuple(row(*(f"{number} {place}" for place in "abcd")) for number in range(5))
    assert fitted(many) == many


def test_rows_that_were_looked_at_once_are_the_same_again_and_refused_ones_refused_again() -> None:
    fine = (row("One", "Two"), row("x" * 25, "y"))
    assert sendable(fine) is sendable((row("One", "Two"), row("x" * 25, "y")))
    assert sendable(fine) == fitted(fine)
    for _again in range(2):
        with pytest.raises(UnsendableError):
            sendable((row("One"), row("One")))
        with pytest.raises(UnsendableError):
            sendable((row(),))
