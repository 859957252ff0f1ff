"""A championship's standings in a picture: the first ten, with bars for their points."""

from collections.abc import Sequence

from bot.domain.season import Championship, Standing, Standings
from bot.i18n import _
from bot.i18n.formats import points, points_won
from bot.pictures.canvas import MARGIN, RIGHT, Align, Box, Canvas, Picture
from bot.pictures.colours import INK, MUTED, team_colour
from bot.pictures.fonts import Style, Weight

SHOWN = 10
TOP, STEP = 184, 44
"""The first standing's baseline, and how far it is to the next."""

NAME = Style(28, Weight.SEMIBOLD)
NUMBER = Style(28)
TEAM = Style(24)

NAMES, TEAMS, BARS, BARS_END = MARGIN + 48, 424, 620, RIGHT - 112
"""Where the columns begin, and where the leader's bar ends; teams' bars begin where drivers' teams stand."""


def standings_picture(standings: Standings, title: str) -> Picture:
    """The first ten of a drivers' or teams' championship."""
    return _drawn(standings, title).picture(_described(standings, title))


def _drawn(standings: Standings, title: str) -> Canvas:
    canvas = Canvas()
    canvas.heading(title, _occasion(standings))
    rows = standings.entries[:SHOWN]
    most = max((standing.points for standing in rows), default=0) or 1
    for line, standing in enumerate(rows):
        _standing(canvas, standing, TOP + line * STEP, standing.points / most, standings.kind)
    if not rows:
        canvas.text(_("No points yet"), (MARGIN, TOP + STEP), NAME, INK, width=RIGHT - MARGIN)
    return canvas


def _standing(canvas: Canvas, standing: Standing, baseline: int, share: float, kind: Championship) -> None:
    """A line of the standings; its bar is that share of the leader's."""
    drivers = kind is Championship.DRIVERS
    bar = BARS if drivers else TEAMS
    end = bar + round((BARS_END - bar) * share)
    canvas.text(f"{standing.position or '–'}", (MARGIN + 28, baseline), NUMBER, MUTED, width=28, align=Align.RIGHT)
    canvas.text(standing.name, (NAMES, baseline), NAME, INK, width=TEAMS - NAMES - 20)
    if drivers:
        canvas.text(standing.team or "", (TEAMS, baseline), TEAM, MUTED, width=BARS - TEAMS - 20)
    canvas.bar(Box(bar, baseline - 20, end, baseline + 2), team_colour(standing.team if drivers else standing.id))
    canvas.text(points(standing.points), (RIGHT, baseline), NAME, INK, width=92, align=Align.RIGHT)


def _occasion(standings: Standings) -> str:
    return _("Points after round {round} of {season}").format(round=standings.round, season=standings.season)


def _described(standings: Standings, title: str) -> str:
    """The standings in words: the leader and by how much, then the others."""
    rows = standings.entries[:SHOWN]
    places = ", ".join(f"{standing.position or '–'} {standing.name} {points(standing.points)}" for standing in rows)
    told = places or _("nobody has any")
    return f"{title}. {_occasion(standings)}: {told}.{_lead(rows)}"


def _lead(rows: Sequence[Standing]) -> str:
    """How far the first is ahead of the second; nothing where there is no second."""
    if len(rows) <= 1:
        return ""
    ahead = rows[0].points - rows[1].points
    said = _("{name} leads by {points}.") if ahead else _("The first two are level.")
    return " " + said.format(name=rows[0].name, points=points_won(ahead))
