"""A championship's table in a picture: the first ten, with bars for their points."""

from collections.abc import Sequence

from bot.domain.season import Row, Table, TableKind
from bot.i18n import _
from bot.i18n.formats import points, points_won
from bot.pictures.canvas import MARGIN, RIGHT, Align, Box, Canvas, Picture
from bot.pictures.colours import INK, MUTED, team_colour
from bot.pictures.fonts import Style, Weight

SHOWN = 10
TOP, STEP = 184, 44
"""The first row's baseline, and how far it is to the next."""

NAME = Style(28, Weight.SEMIBOLD)
NUMBER = Style(28)
TEAM = Style(24)

NAMES, TEAMS, BARS, BARS_END = MARGIN + 48, 424, 620, RIGHT - 112
"""Where the columns begin, and where the leader's bar ends; teams' bars begin where drivers' teams stand."""


def standings(table: Table, title: str) -> Picture:
    """The first ten of a drivers' or teams' championship."""
    return _drawn(table, title).picture(_described(table, title))


def _drawn(table: Table, title: str) -> Canvas:
    canvas = Canvas()
    canvas.heading(title, _occasion(table))
    rows = table.rows[:SHOWN]
    most = max((row.points for row in rows), default=0) or 1
    for line, row in enumerate(rows):
        _row(canvas, row, TOP + line * STEP, row.points / most, table.kind)
    if not rows:
        canvas.text(_("No points yet"), (MARGIN, TOP + STEP), NAME, INK, width=RIGHT - MARGIN)
    return canvas


def _row(canvas: Canvas, row: Row, baseline: int, share: float, kind: TableKind) -> None:
    """A line of the table; its bar is that share of the leader's."""
    drivers = kind is TableKind.DRIVERS
    bar = BARS if drivers else TEAMS
    end = bar + round((BARS_END - bar) * share)
    canvas.text(f"{row.position or '–'}", (MARGIN + 28, baseline), NUMBER, MUTED, width=28, align=Align.RIGHT)
    canvas.text(row.name, (NAMES, baseline), NAME, INK, width=TEAMS - NAMES - 20)
    if drivers:
        canvas.text(row.team or "", (TEAMS, baseline), TEAM, MUTED, width=BARS - TEAMS - 20)
    canvas.bar(Box(bar, baseline - 20, end, baseline + 2), team_colour(row.team if drivers else row.id))
    canvas.text(points(row.points), (RIGHT, baseline), NAME, INK, width=92, align=Align.RIGHT)


def _occasion(table: Table) -> str:
    return _("Points after round {round} of {season}").format(round=table.round, season=table.season)


def _described(table: Table, title: str) -> str:
    """The table in words: the leader and by how much, then the others."""
    rows = table.rows[:SHOWN]
    places = ", ".join(f"{row.position or '–'} {row.name} {points(row.points)}" for row in rows)
    told = places or _("nobody has any")
    return f"{title}. {_occasion(table)}: {told}.{_lead(rows)}"


def _lead(rows: Sequence[Row]) -> str:
    """How far the first is ahead of the second; nothing where there is no second."""
    if len(rows) <= 1:
        return ""
    ahead = rows[0].points - rows[1].points
    said = _("{name} leads by {points}.") if ahead else _("The first two are level.")
    return " " + said.format(name=rows[0].name, points=points_won(ahead))
