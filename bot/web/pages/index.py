"""Names in a list, each with how many incidents are behind it: drivers, circuits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.i18n import _
from bot.i18n.formats import written
from bot.search.words import joined
from bot.web.pages.frame import SITE, Frame, frame
from bot.web.pages.listing import Option
from bot.web.rendering import rendered
from bot.web.visits import Answer, Visit

HEEDED = ("q", "sort")
NAME, INCIDENTS = "name", "incidents"


class Named(NamedTuple):
    """Somebody or some place, where their page is, and their incidents; `sorts_as` is what they stand in a list by."""

    name: str
    path: str
    incidents: int
    sorts_as: str


class Line(NamedTuple):
    """The same as it is shown."""

    name: str
    path: str
    incidents: str


@dataclass(frozen=True, slots=True)
class IndexView:
    """What an index shows."""

    frame: Frame
    title: str
    lines: tuple[Line, ...]
    path: str
    asked: str
    options: tuple[Option, ...]


def index_page(visit: Visit, title: str, named: Sequence[Named]) -> Answer:
    """The names that begin with what the query asks for, or have a word that does, in the order that it asks for."""
    asked, order = visit.query.get("q", ""), visit.query.get("sort", NAME)
    found = [each for each in named if joined(asked) in joined(each.name)]
    found.sort(key=lambda each: (joined(each.sorts_as), joined(each.name)))
    if order == INCIDENTS:
        found.sort(key=lambda each: each.incidents, reverse=True)
    lines = tuple(Line(each.name, each.path, written(each.incidents)) for each in found)
    labels = ((NAME, _("By name")), (INCIDENTS, _("Most incidents first")))
    options = tuple(Option(value, label, value == order) for value, label in labels)
    path = visit.addresses.page(visit.path)
    view = IndexView(frame(visit, f"{title} – {SITE}", title), title, lines, path, asked, options)
    return Answer(rendered("index.html", view).encode())
