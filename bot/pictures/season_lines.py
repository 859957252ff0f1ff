"""A championship race by race in a picture: a line for each driver or team, with the points after every round."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.domain.season import Championship, Standing, Standings
from bot.i18n import _
from bot.i18n.formats import points, scored
from bot.pictures.canvas import MARGIN, RIGHT, Align, Box, Canvas, Picture
from bot.pictures.colours import INK, LINE, MUTED, team_colour
from bot.pictures.fonts import Style, Weight
from bot.pictures.line_ends import apart

SHOWN = 11
"""Lines that are drawn: as many as there are teams."""

NAME, LABEL = Style(24, Weight.SEMIBOLD), Style(22)
TOP, BOTTOM = 180, 560
"""The height of the most points, and of none."""

LEFT, END, NAMES = MARGIN + 60, 880, 904
"""Where the first round and the last one stand, and where names begin."""

STEP = 36
"""How far it is from one name to the next, at least."""


class Points(NamedTuple):
    """Somebody's points after each round that is known: `(round, points)`, the earliest first."""

    name: str
    colour: str
    after: tuple[tuple[int, float], ...]

    @property
    def now(self) -> float:
        """The points after the latest round."""
        return self.after[-1][1]


def season_lines_picture(tables: tuple[Standings, ...], title: str) -> Picture:
    """The first `SHOWN` of the latest of a season's tables, which come in the order of the rounds."""
    lines = season_lines(tables)
    return _drawn(lines, title, _occasion(tables)).picture(_described(lines, title, _occasion(tables)))


def season_lines(tables: Sequence[Standings]) -> list[Points]:
    """The way of those who lead the latest table, the first of it first; a round without their points is left out."""
    if not tables:
        return []
    points_of = {
        table.round: {entry.id: entry.points for entry in table.entries if entry.points is not None} for table in tables
    }
    found = []
    for entry in tables[-1].entries[:SHOWN]:
        after = tuple((number, had[entry.id]) for number, had in points_of.items() if entry.id in had)
        if after and after[-1][0] == tables[-1].round:
            found.append(Points(entry.name, _colour(entry, tables[-1].kind), ((0, 0.0), *after)))
    return found


def _colour(entry: Standing, kind: Championship) -> str:
    return team_colour(entry.team if kind is Championship.DRIVERS else entry.id)


def _occasion(tables: Sequence[Standings]) -> str:
    if not tables:
        return ""
    return _("Points after each race, to round {round} of {season}").format(
        round=tables[-1].round, season=tables[-1].season
    )


def _drawn(lines: Sequence[Points], title: str, occasion: str) -> Canvas:
    canvas = Canvas()
    canvas.heading(title, occasion)
    most = max((value for line in lines for _round, value in line.after), default=0) or 1
    last = max((number for line in lines for number, _points in line.after), default=1) or 1

    def at(number: int, value: float) -> tuple[int, int]:
        return LEFT + round((END - LEFT) * number / last), BOTTOM - round((BOTTOM - TOP) * value / most)

    canvas.bar(Box(LEFT, BOTTOM + 6, END, BOTTOM + 8), LINE)
    canvas.text(points(most), (LEFT - 14, TOP + 8), LABEL, MUTED, width=LEFT - 14 - MARGIN, align=Align.RIGHT)
    canvas.text("0", (LEFT - 14, BOTTOM + 8), LABEL, MUTED, width=40, align=Align.RIGHT)
    until = _("Round {number}").format(number=last)
    canvas.text(until, (END, BOTTOM + 40), LABEL, MUTED, width=200, align=Align.RIGHT)
    for line in reversed(lines):  # the leader's is drawn last, over the others
        canvas.line([at(*point) for point in line.after], 4, line.colour)
    heights = apart([at(last, line.now)[1] + 8 for line in lines], STEP, TOP, BOTTOM + 40)
    for line, height in zip(lines, heights, strict=True):
        canvas.bar(Box(NAMES - 14, height - 16, NAMES - 6, height + 2), line.colour)
        canvas.text(scored(line.name, line.now), (NAMES, height), NAME, INK, width=RIGHT - NAMES)
    if not lines:
        canvas.text(_("No points yet"), (LEFT, TOP + STEP), NAME, INK, width=RIGHT - LEFT)
    return canvas


def _described(lines: Sequence[Points], title: str, occasion: str) -> str:
    told = ", ".join(scored(line.name, line.now) for line in lines) or _("nobody has any")
    return f"{title}. {occasion}: {told}."
