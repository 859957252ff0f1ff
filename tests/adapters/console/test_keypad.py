"""Numbers rise in the order in which buttons are shown, and stay what they were."""

from bot.adapters.console.keypad import Keypad
from bot.adapters.console.questions import PRESSED
from bot.chat.buttons import Button
from bot.domain.places import Post

POLL = [Button(label, "vote", label) for label in ("left", "middle", "right")]
NEXT = [Button("The verdict", "verdict"), Button("Take it back", "back")]


def test_a_receipts_buttons_are_counted_in_the_order_in_which_they_are_shown() -> None:
    keypad = Keypad(PRESSED)
    keypad.replace(POLL)
    assert keypad.add([*NEXT, *POLL]) == [4, 5, 6, 7, 8]
    assert [keypad.press(number) for number in (1, 6)] == [("vote left", PRESSED)] * 2


def test_the_same_buttons_once_more_have_the_same_numbers() -> None:
    keypad = Keypad(PRESSED)
    keypad.replace(POLL)
    assert [keypad.add([*NEXT, *POLL]) for _ in range(2)] == [[4, 5, 6, 7, 8]] * 2
    assert keypad.add(POLL) == [1, 2, 3]


def test_a_button_more_leaves_the_others_their_numbers() -> None:
    keypad = Keypad(PRESSED)
    message = Post(PRESSED.chat, "sent-1")
    assert keypad.add(POLL[:2], message) == [1, 2]
    keypad.add(NEXT)
    assert keypad.add(POLL, message) == [1, 2, 5]
    assert keypad.press(5) == ("vote right", message)


def test_where_numbers_have_three_digits_they_begin_anew() -> None:
    keypad = Keypad(PRESSED)
    for number in range(33):
        keypad.add([Button(each.label, "vote", f"{number} {each.label}") for each in POLL])
    assert keypad.add([Button("One", "one")]) == [1]
    assert keypad.press(2) is None
