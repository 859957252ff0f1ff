"""`/data`: the open data, where it is, and what its columns mean."""

from dataclasses import dataclass

from bot.cards.open_data import COLUMNS
from bot.i18n import _
from bot.web.pages.columns import MEANINGS
from bot.web.pages.frame import SITE, Door, Frame, frame
from bot.web.pages.verdict import Said
from bot.web.rendering import rendered
from bot.web.site import Site
from bot.web.visits import Answer, Visit


@dataclass(frozen=True, slots=True)
class DataView:
    """What the page on the data shows."""

    frame: Frame
    title: str
    said: str
    files: tuple[Door, ...]
    columns: tuple[Said, ...]


async def data_page(_site: Site, visit: Visit) -> Answer:
    """The page on the data."""
    title = _("Open data")
    said = _("All incidents, rulings, votes and ratings, always current. Nobody who votes is in it, and no chat.")
    files = (
        Door("CSV", "/data/incidents.csv"),
        Door("JSON", "/data/incidents.json"),
        Door("API (OpenAPI)", "/api/openapi.json"),
        Door("Atom", visit.addresses.page("/feed.atom")),
    )
    columns = tuple(Said(name, _(MEANINGS[name])) for name in COLUMNS)
    view = DataView(frame(visit, f"{title} – {SITE}", said), title, said, files, columns)
    return Answer(rendered("data.html", view).encode(), seconds=3600)
