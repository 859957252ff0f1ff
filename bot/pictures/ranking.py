"""A ranking in a picture: place, name, a bar, and what it stands for."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from bot.pictures.canvas import MARGIN, RIGHT, Align, Box, Canvas
from bot.pictures.colours import GAIN, INK, LOSS, MUTED
from bot.pictures.fonts import Style, Weight

Row = TypeVar("Row")

SHOWN, ALL = 10, 11
"""Lines that are shown, and how many all of them may be to be shown none the less: as many as there are teams."""

TOP, STEP, END = 184, 44, 584
"""The first line's baseline, at most how far it is to the next, and the lowest that there may be."""

NAME = Style(28, Weight.SEMIBOLD)
NUMBER = Style(28)
NOTE = Style(24)

MOVES, GAPS = 72, 92
"""How much of the bars' room is for places won and lost, and for how far behind the first, where any are known."""

NAMES, NOTES, BARS, BARS_END = MARGIN + 48, 424, 620, RIGHT - 112
"""Where the columns begin, and where the longest bar ends; where there are no notes, bars begin in their place."""


class Line(NamedTuple):
    """A line of a ranking; its bar is that `share` of the longest."""

    place: str
    name: str
    note: str | None
    share: float
    colour: str
    value: str
    climbed: int | None = None
    """Places won since the ranking before, below zero lost; None where that is not known."""

    behind: str = ""
    """How far behind the first, as it is written."""


def first(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of a table that find room: all of `ALL`, and the first `SHOWN` of more."""
    return rows if len(rows) <= ALL else rows[:SHOWN]


def draw_ranking(canvas: Canvas, lines: Sequence[Line], nothing: str) -> None:
    """Draw the first lines below a heading; without any, say so."""
    shown = first(lines)
    step = min(STEP, (END - TOP) // max(1, len(shown) - 1))
    moves = BARS_END - GAPS * any(line.behind for line in shown)
    end = moves - MOVES * any(line.climbed for line in shown)
    for number, line in enumerate(shown):
        _draw(canvas, line, TOP + number * step, (end, moves))
    if not lines:
        canvas.text(nothing, (MARGIN, TOP + STEP), NAME, INK, width=RIGHT - MARGIN)


def moved(climbed: int) -> str:
    """Places won or lost, as short as can be: `▲2`, `▼1`."""
    return f"{'▲' if climbed > 0 else '▼'}{abs(climbed)}"


def _draw(canvas: Canvas, line: Line, baseline: int, ends: tuple[int, int]) -> None:
    """A line on its baseline; `ends` are where the longest bar and the places won end."""
    longest, moves = ends
    bar = NOTES if line.note is None else BARS
    canvas.text(line.place, (MARGIN + 28, baseline), NUMBER, MUTED, width=28, align=Align.RIGHT)
    canvas.text(line.name, (NAMES, baseline), NAME, INK, width=NOTES - NAMES - 20)
    if line.note is not None:
        canvas.text(line.note, (NOTES, baseline), NOTE, MUTED, width=BARS - NOTES - 20)
    end = bar + round((longest - bar) * line.share)
    canvas.bar(Box(bar, baseline - 20, end, baseline + 2), line.colour)
    if line.climbed:
        at, ink = (moves, baseline), GAIN if line.climbed > 0 else LOSS
        canvas.text(moved(line.climbed), at, NOTE, ink, width=MOVES - 12, align=Align.RIGHT)
    canvas.text(line.behind, (BARS_END, baseline), NOTE, MUTED, width=GAPS - 12, align=Align.RIGHT)
    canvas.text(line.value, (RIGHT, baseline), NAME, INK, width=92, align=Align.RIGHT)
