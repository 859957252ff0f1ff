"""What is answered where nothing is: that it is not here, and the incidents that come near."""

from dataclasses import dataclass

from bot.cards import incident_text
from bot.i18n import _
from bot.web.pages.frame import SITE, Door, Frame, frame
from bot.web.rendering import rendered
from bot.web.site import Site
from bot.web.visits import Answer, ElsewhereError, NotHereError, Visit

NEAREST = 5
MOST_ASKED = 60
"""Characters of an address that are taken for words of what was meant."""


@dataclass(frozen=True, slots=True)
class MissingView:
    """A friendly dead end."""

    frame: Frame
    near: tuple[Door, ...]


async def nothing_here(_site: Site, visit: Visit) -> Answer:
    """No page has this address. Raises ElsewhereError for one that has a slash too many, else NotHereError."""
    trimmed = visit.path.rstrip("/")
    if trimmed != visit.path and not trimmed.startswith("//"):
        raise ElsewhereError(visit.addresses.page(trimmed or "/"))
    raise NotHereError


def missing_page(site: Site, visit: Visit) -> Answer:
    """That there is no such page, with the nearest incidents."""
    asked = "".join(letter if letter.isalnum() else " " for letter in visit.path[:MOST_ASKED])
    near = site.incidents.nearest(asked, NEAREST)
    doors = tuple(Door(incident_text.title(each), visit.addresses.incident(each.id)) for each in near)
    title = _("Off the track")
    view = MissingView(frame(visit, f"{title} – {SITE}", _("There is no page at this address.")), doors)
    return Answer(rendered("missing.html", view).encode(), status=404, seconds=0)
