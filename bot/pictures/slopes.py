"""From the grid to the flag in a picture: a line for each driver, from where they started to where they ended."""

from typing import NamedTuple

from bot.domain.classifications import names, started
from bot.domain.season import PIT_LANE, Classification
from bot.i18n import _
from bot.pictures.canvas import MARGIN, RIGHT, Align, Canvas, Picture
from bot.pictures.colours import GAIN, INK, LINE, LOSS, MUTED
from bot.pictures.fonts import ABOVE, BELOW, Style, Weight
from bot.pictures.line_ends import apart

LABEL, LARGEST = Style(22, Weight.SEMIBOLD), 22
HEADINGS, TOP, BOTTOM, STEP = 158, 186, 628, 34
"""The baseline of the columns' names, of the first and the last line, and at most how far it is to the next."""

PLACES = 36
NAMES_LEFT, NAMES_RIGHT = 360, 930
"""Where names before a line end, and where those after it begin."""

START, END = NAMES_LEFT + PLACES + 20, NAMES_RIGHT - PLACES - 20
FAR = 4
"""So many places won or lost are drawn in a colour; fewer are what happens in every race."""


class Slope(NamedTuple):
    """A driver's way: the row and the text of the start, the same of the end, and the places won between them."""

    name: str
    begun: int
    grid: str
    ended: int
    place: str
    won: int | None


def slopes_picture(classification: Classification, title: str, occasion: str) -> Picture:
    """Everybody of whom it is known where they started, with where they ended; who is out stands below the others."""
    return _drawn(classification, title, occasion).picture(_described(classification, title))


def slopes(classification: Classification) -> list[Slope]:
    """The drivers' ways, in the order of the result; without those whose start or end is not known."""
    called = names(classification)
    shown = [
        finish for finish in classification.finishes if finish.place and finish.grid is not None and started(finish)
    ]
    from_grid = sorted(shown, key=lambda finish: (finish.grid == PIT_LANE, finish.grid))
    begun = {id(finish): row for row, finish in enumerate(from_grid)}
    return [
        Slope(
            called[finish.entrant.driver_id],
            begun[id(finish)],
            _("pit") if finish.grid == PIT_LANE else f"{finish.grid}",
            row,
            finish.place if finish.classified else _("out"),
            finish.gained if finish.classified else None,
        )
        for row, finish in enumerate(shown)
    ]


def _drawn(classification: Classification, title: str, occasion: str) -> Canvas:
    canvas, ways = Canvas(), slopes(classification)
    canvas.heading(title, occasion)
    canvas.text(_("Grid"), (NAMES_LEFT, HEADINGS), LABEL, MUTED, width=200, align=Align.RIGHT)
    canvas.text(_("Flag"), (NAMES_RIGHT, HEADINGS), LABEL, MUTED, width=200)
    size = min(LARGEST, int(_step(len(ways)) / (ABOVE + BELOW)))  # so that no letter reaches into the next line
    name, place = Style(size, Weight.SEMIBOLD), Style(size)
    heights = apart([TOP + row * STEP for row in range(len(ways))], STEP, TOP, BOTTOM)
    for way in sorted(ways, key=lambda way: abs(way.won or 0)):  # who moved furthest is drawn last, over the others
        canvas.line([(START, heights[way.begun] - size // 3), (END, heights[way.ended] - size // 3)], 3, _ink(way))
    for way in ways:
        begun, ended = heights[way.begun], heights[way.ended]
        canvas.text(way.name, (NAMES_LEFT, begun), name, INK, width=NAMES_LEFT - MARGIN, align=Align.RIGHT)
        canvas.text(way.grid, (NAMES_LEFT + PLACES, begun), place, MUTED, width=PLACES - 4, align=Align.RIGHT)
        canvas.text(way.place, (NAMES_RIGHT - PLACES, ended), place, MUTED, width=PLACES - 4)
        canvas.text(_said(way), (NAMES_RIGHT, ended), name, INK, width=RIGHT - NAMES_RIGHT)
    if not ways:
        canvas.text(_("Not known"), (MARGIN, TOP + STEP), LABEL, INK, width=RIGHT - MARGIN)
    return canvas


def _step(lines: int) -> int:
    """How far it is from one line to the next, as `apart` has it."""
    return min(STEP, (BOTTOM - TOP) // max(1, lines - 1))


def _ink(way: Slope) -> str:
    if way.won is None:
        return LINE
    if abs(way.won) < FAR:
        return MUTED
    return GAIN if way.won > 0 else LOSS


def _said(way: Slope) -> str:
    return f"{way.name} {'▲' if way.won > 0 else '▼'}{abs(way.won)}" if way.won else way.name


def _described(classification: Classification, title: str) -> str:
    """Each driver's start and end in words, in the order of the result."""
    told = ", ".join(f"{way.name} {way.grid} → {way.place}" for way in slopes(classification))
    known = told or _("Not known")
    return f"{title}: {known}."
