"""The buttons that can be pressed in the terminal, by their numbers, and the messages that they are below."""

from collections.abc import Iterable

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

    def replace(self, buttons: Iterable[Button]) -> None:
        """Have these buttons and no others."""
        self.buttons, self._posts = list(buttons), {}

    def add(self, buttons: Iterable[Button], post: Post | None = None) -> None:
        """Have these as well, at the end, so that a number that is pressed twice does the same twice.

        `post` is the message that they are below. Where there would be too many numbers, the older buttons go.
        """
        buttons = list(buttons)
        there = {button.data for button in self.buttons}
        fresh = [button for button in buttons if button.data not in there]
        if len(self.buttons) + len(fresh) >= 10**DIGITS:
            self.replace(())
            fresh = buttons
        self.buttons += fresh
        if post is not None:
            self._posts |= dict.fromkeys((button.data for button in buttons), post)

    def press(self, number: int) -> tuple[str, Post] | None:
        """The data of the button of that number, and the message that it is below; None where there is none."""
        if not 1 <= number <= len(self.buttons):
            return None
        data = self.buttons[number - 1].data
        return data, self._posts.get(data, self._screen)
