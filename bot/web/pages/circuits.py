"""`/circuits` and `/circuits/imola`: what happened where."""

from bot.i18n import _
from bot.i18n.countries import country_name
from bot.web.pages.index import Named, index_page
from bot.web.pages.listing import Topic, list_page
from bot.web.site import Site
from bot.web.visits import Answer, NotHereError, Visit
from storage.incidents.reading import read_circuits


async def circuits_page(site: Site, visit: Visit) -> Answer:
    """All places where something happened."""
    places = [
        Named(circuit.name, visit.addresses.page(f"/circuits/{slug}"), len(ids), circuit.name)
        for slug, circuit in read_circuits().items()
        if (ids := site.incidents.at(slug))
    ]
    return index_page(visit, _("Circuits"), places)


async def circuit_page(site: Site, visit: Visit) -> Answer:
    """The incidents at a circuit. Raises NotHereError where there are none."""
    slug = visit.named["circuit"]
    circuit, ids = read_circuits().get(slug), site.incidents.at(slug)
    if circuit is None or not ids:
        raise NotHereError
    return await list_page(site, visit, ids, Topic(f"{circuit.name}, {country_name(circuit.country)}"))
