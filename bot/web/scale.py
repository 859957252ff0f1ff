"""Votes as a page draws them: the parts of a bar as shares of its width, from the same numbers as chats and pictures.

A scale is one bar that leans; a list has a bar for each choice. The drawing itself is in `templates/scale.html`.
"""

from dataclasses import dataclass

from bot.chat.votes import Votes, leaning
from bot.domain.polls import SMALL
from bot.i18n import _

WIDTH = 1000
"""Units of a drawing from its left to its right end."""

SMALLEST = 4
"""Units that are drawn at least where anybody voted for it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A choice, its votes as they are written, and where its bar begins and how long it is."""

    label: str
    written: str
    start: int
    width: int
    kind: str
    """How it is coloured: `left`, `left-pale`, `middle`, `right-pale` `right`; in a list `one`, `another`."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Votes by their parts; `ends` are the names at both ends of a scale, None for a list."""

    name: str
    parts: tuple[Part, ...]
    ends: tuple[str, str] | None
    empty: bool
    few: str
    """That there are few votes, where there are."""

    width: int = WIDTH


def drawing(votes: Votes) -> Drawing:
    """Votes as a page draws them."""
    parts = _list(votes) if votes.ends is None else _scale(votes)
    few = _("Fewer than {small} votes, which say little.").format(small=SMALL) if 0 < votes.cast < SMALL else ""
    return Drawing(votes.name, parts, votes.ends, votes.cast == 0, few)


def _scale(votes: Votes) -> tuple[Part, ...]:
    ends = [WIDTH // 2 + round(WIDTH // 2 * end) for end in leaning([step.votes for step in votes.steps])]
    kinds = _kinds(len(votes.steps))
    return tuple(
        Part(step.label, step.written, start, max(end - start, SMALLEST if step.votes else 0), kind)
        for step, start, end, kind in zip(votes.steps, ends, ends[1:], kinds, strict=False)
    )


def _list(votes: Votes) -> tuple[Part, ...]:
    """Bars one below the other; put into one row, they fill it."""
    parts, start = [], 0
    for number, step in enumerate(votes.steps):
        width = round(WIDTH * step.votes / (votes.cast or 1))
        width = max(width, SMALLEST) if step.votes else 0
        parts.append(Part(step.label, step.written, start, width, ("one", "another")[number % 2]))
        start += width
    return tuple(parts)


def _kinds(steps: int) -> list[str]:
    """The colours of a scale, from its left end over the middle to its right one."""
    middle = steps // 2
    left = ["left", *["left-pale"] * (middle - 1)]
    right = ["right", *["right-pale"] * (middle - 1)]
    return [*left[:middle], "middle", *reversed(right[:middle])]
