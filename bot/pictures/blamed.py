"""The blame championship in a picture: the first ten, with bars for their points."""

from bot.domain.opinions import Blamed
from bot.i18n import _
from bot.i18n.formats import points
from bot.pictures.canvas import Canvas, Picture
from bot.pictures.colours import team_colour
from bot.pictures.ranking import Line, draw_ranking, first


def blamed_picture(title: str, occasion: str, blamed: tuple[Blamed, ...]) -> Picture:
    """Whom the fans blame most; `occasion` says whose votes these are, and how many."""
    return _drawn(title, occasion, blamed).picture(_described(title, occasion, blamed))


def _drawn(title: str, occasion: str, blamed: tuple[Blamed, ...]) -> Canvas:
    canvas = Canvas()
    canvas.heading(title, occasion)
    most = max((each.points for each in blamed), default=0) or 1
    draw_ranking(canvas, [_line(each, float(each.points / most)) for each in first(blamed)], _("No points yet"))
    return canvas


def _line(blamed: Blamed, share: float) -> Line:
    team = blamed.suspect.team
    return Line(f"{blamed.place}", blamed.suspect.name, team, share, team_colour(team), _points(blamed))


def _described(title: str, occasion: str, blamed: tuple[Blamed, ...]) -> str:
    """The first ten in words."""
    places = ", ".join(f"{each.place} {each.suspect.name} {_points(each)}" for each in first(blamed))
    told = places or _("nobody has any")
    return f"{title}. {occasion}: {told}."


def _points(blamed: Blamed) -> str:
    return points(blamed.rounded)
