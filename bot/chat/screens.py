"""How much of a phone's screen lines of text take up, and how much of them one screen holds."""

from collections.abc import Iterable
from typing import NamedTuple

from bot.chat.text_limits import units

SCREEN = 900
"""UTF-16 units that are seen at first of a card that folds the rest: what a phone shows without scrolling."""

COLUMNS, LINES = 41, 30
"""Characters in a line, and lines, that a phone of 360 by 650 pixels shows in its usual letters."""


class Seen(NamedTuple):
    """What is seen of a text: its UTF-16 units with its ends of lines, and its lines as a phone breaks them."""

    units: int
    lines: int

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Seen":
        """What is seen of texts one below the other, each of one line or of several; an empty one is a blank line."""
        lengths = [units(line) for text in texts for line in text.split("\n")]
        return cls(sum(lengths) + len(lengths), sum([-(-length // COLUMNS) or 1 for length in lengths]))

    @property
    def fits(self) -> bool:
        """Whether a phone shows it without scrolling."""
        return self.units <= SCREEN and self.lines <= LINES

    def beside(self, other: "Seen") -> "Seen":
        """What is seen of both."""
        return Seen(self.units + other.units, self.lines + other.lines)


PEEK = Seen(60, 3)
"""What is seen at first of what is folded: what it is, and how it begins."""
