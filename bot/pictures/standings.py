"""A championship's standings in a picture: the first ten, or all eleven teams, with bars for their points."""

from collections.abc import Sequence

from bot.domain.season import Championship, Standing, Standings
from bot.i18n import _
from bot.i18n.formats import points, points_won, scored
from bot.pictures.canvas import Canvas, Picture
from bot.pictures.colours import team_colour
from bot.pictures.ranking import Line, draw_ranking, first


def standings_picture(standings: Standings, title: str) -> Picture:
    """A drivers' or teams' championship: the first ten, or all where there are eleven."""
    return _drawn(standings, title).picture(_described(standings, title))


def _drawn(standings: Standings, title: str) -> Canvas:
    canvas = Canvas()
    canvas.heading(title, _occasion(standings))
    rows = first(standings.entries)
    most = max((standing.points or 0 for standing in rows), default=0) or 1
    lines = [_line(standing, (standing.points or 0) / most, standings.kind) for standing in rows]
    draw_ranking(canvas, lines, _("No points yet"))
    return canvas


def _line(standing: Standing, share: float, kind: Championship) -> Line:
    """A line of the standings; its bar is that share of the leader's."""
    drivers = kind is Championship.DRIVERS
    return Line(
        f"{standing.position or '–'}",
        standing.name,
        (standing.team or "") if drivers else None,
        share,
        team_colour(standing.team if drivers else standing.id),
        "" if standing.points is None else points(standing.points),
    )


def _occasion(standings: Standings) -> str:
    return _("Points after round {round} of {season}").format(round=standings.round, season=standings.season)


def _described(standings: Standings, title: str) -> str:
    """The standings in words: the leader and by how much, then the others."""
    rows = first(standings.entries)
    lines = (scored(standing.name, standing.points) for standing in rows)
    places = ", ".join(f"{standing.position or '–'} {line}" for standing, line in zip(rows, lines, strict=True))
    told = places or _("nobody has any")
    return f"{title}. {_occasion(standings)}: {told}.{_lead(rows)}"


def _lead(rows: Sequence[Standing]) -> str:
    """How far the first is ahead of the second; nothing where either, or their points, are not known."""
    match rows:
        case [
            Standing(position=1, points=float() | int() as most),
            Standing(position=1 | 2, points=float() | int() as others),
            *_,
        ]:
            ahead = most - others
            said = _("{name} leads by {points}.") if ahead else _("The first two are level.")
            return " " + said.format(name=rows[0].name, points=points_won(ahead))
        case _nobody_is_known_to_lead:
            return ""
