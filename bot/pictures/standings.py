"""A championship's standings in a picture: the first ten, or all eleven teams, with bars for their points."""

from collections.abc import Sequence

from bot.domain.race_story import StandingsMove
from bot.domain.season import Championship, Standing, Standings
from bot.i18n import _
from bot.i18n.formats import points, points_won, scored
from bot.pictures.canvas import Canvas, Picture
from bot.pictures.colours import team_colour
from bot.pictures.ranking import Line, draw_ranking, first, moved


def standings_picture(standings: Standings, title: str, before: Standings | None = None) -> Picture:
    """A drivers' or teams' championship: the first ten, or all where there are eleven.

    Where the table `before` the last round is known, it shows the places won and lost since.
    """
    move = StandingsMove(standings, before)
    return _drawn(move, title).picture(_described(move, title))


def _drawn(move: StandingsMove, title: str) -> Canvas:
    standings = move.after
    canvas = Canvas()
    canvas.heading(title, _occasion(standings))
    rows = first(standings.entries)
    most = max((standing.points or 0 for standing in rows), default=0) or 1
    lines = [
        _line(standing, (standing.points or 0) / most, standings.kind)._replace(
            climbed=move.climbed(standing), behind=_behind(standing, rows)
        )
        for standing in rows
    ]
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


def _behind(standing: Standing, rows: Sequence[Standing]) -> str:
    """How many points somebody is behind the first: `−17`; nothing of the first, or where it is not known."""
    first_points = rows[0].points if rows[0].position == 1 else None
    if standing.points is None or first_points is None or standing.points >= first_points:
        return ""
    return f"−{points(first_points - standing.points)}"


def _occasion(standings: Standings) -> str:
    return _("Points after round {round} of {season}").format(round=standings.round, season=standings.season)


def _described(move: StandingsMove, title: str) -> str:
    """The standings in words: the leader and by how much, then the others."""
    standings = move.after
    rows = first(standings.entries)
    lines = (f"{scored(row.name, row.points)}{_change(move.climbed(row))}" for row in rows)
    places = ", ".join(f"{standing.position or '–'} {line}" for standing, line in zip(rows, lines, strict=True))
    told = places or _("nobody has any")
    return f"{title}. {_occasion(standings)}: {told}.{_lead(rows)}"


def _change(climbed: int | None) -> str:
    return f" ({moved(climbed)})" if climbed else ""


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
