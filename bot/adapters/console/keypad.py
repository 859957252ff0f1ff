"""The buttons that can be pressed in the terminal, by their numbers, and the messages that they are below."""

from collections.abc import Iterable, Sequence

from bot.chat.buttons import Button
from bot.domain.places import Post

DIGITS = 2
"""Digits of a button's number at most; a longer number is a season."""


class Keypad:
    """Numbered buttons from 1 on; those without a message of their own are below the latest answer, `screen`."""

    def __init__(self, screen: Post) -> None:
        self.buttons: list[Button] = []
        self._screen = screen
        self._posts: dict[str, Post] = {}
        self._rows: dict[int, int] = {}

    def replace(self, buttons: Iterable[Button]) -> list[int]:
        """Have these buttons and no others; their numbers."""
        self.buttons, self._posts, self._rows = list(buttons), {}, {}
        return [*range(1, len(self.buttons) + 1)]

    def add(self, buttons: Iterable[Button], post: Post | None = None) -> list[int]:
        """Have these as well, at the end; their numbers, which rise in the order in which they are shown.

        One that has a number keeps that where it is the order's, so that a number that is pressed twice does the same
        twice. `post` is the message that they are below. Where there would be too many numbers, the older buttons go.
        """
        buttons = list(buttons)
        numbers = self.numbers(buttons)
        if self._too_many(self._in_order(buttons)):
            self.replace(buttons)
        for number, button in zip(numbers, buttons, strict=True):
            if number > len(self.buttons):
                self.buttons.append(button)
        if post is not None:
            self._posts |= dict.fromkeys((button.data for button in buttons), post)
        return numbers

    def numbers(self, buttons: Sequence[Button]) -> list[int]:
        """The numbers that these get once they are added; nothing is added yet."""
        numbers = self._in_order(buttons)
        return [*range(1, len(buttons) + 1)] if self._too_many(numbers) else numbers

    def _too_many(self, numbers: Sequence[int]) -> bool:
        """Whether one of the numbers, which rise, has too many digits."""
        return bool(numbers) and numbers[-1] >= 10**DIGITS

    def _in_order(self, buttons: Iterable[Button]) -> list[int]:
        """The numbers of buttons, each above the one before: its own where it has such a one, else the next free."""
        numbers = [0]
        for button in buttons:
            later = enumerate(self.buttons[numbers[-1] :], numbers[-1] + 1)
            own = (number for number, each in later if each.data == button.data)
            numbers.append(next(own, max(len(self.buttons), numbers[-1]) + 1))
        return numbers[1:]

    def seen(self, numbers: Iterable[int], row: int) -> None:
        """Take note that the buttons of these numbers were shown last when so many rows had been printed."""
        self._rows |= dict.fromkeys(numbers, row)

    def in_sight(self, row: int) -> range:
        """The numbers of the latest buttons that were shown from a row on, without a gap; empty where none was."""
        last = first = len(self.buttons)
        while first and self._rows.get(first, 0) >= row:
            first -= 1
        return range(first + 1, last + 1)

    def press(self, number: int) -> tuple[str, Post] | None:
        """The data of the button of that number, and the message that it is below; None where there is none."""
        if not 1 <= number <= len(self.buttons):
            return None
        data = self.buttons[number - 1].data
        return data, self._posts.get(data, self._screen)
