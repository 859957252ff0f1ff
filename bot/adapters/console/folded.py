"""What a low window does not hold of an answer: more pages of its card, and the buttons that come after the last."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.console import RenderableType

from bot.chat.buttons import Button
from bot.domain.places import Post


class Folded(NamedTuple):
    """Pages that are shown one by one, then buttons, as many at once as fit; `post` is the message that has them."""

    pages: Sequence[RenderableType]
    buttons: Sequence[Button] = ()
    post: Post | None = None

    def below(self, more: Button, fits: Callable[[Sequence[Button]], bool]) -> list[Button]:
        """The buttons below the next page: those that fit, and `more` for the rest; without a page one at least."""
        if len(self.pages) > 1:
            return [more]
        if not self.buttons or fits(self.buttons):
            return [*self.buttons]
        for number in range(len(self.buttons) - 1, 0, -1):
            some = [*self.buttons[:number], more]
            if fits(some):
                return some
        return [more] if self.pages else [self.buttons[0], *([more] if self.buttons[1:] else [])]

    def after(self, shown: Sequence[Button]) -> "Folded":
        """What is left once a page was shown with these buttons."""
        return Folded(self.pages[1:], [button for button in self.buttons if button not in shown], self.post)
