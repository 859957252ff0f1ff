"""`/drivers` and `/drivers/russell`: who was in how many incidents, and who blames them."""

from collections import Counter
from collections.abc import Mapping

from bot.cards.racer import blamed_by
from bot.domain.racers import Blame
from bot.domain.season import Championship
from bot.i18n import _
from bot.search.known_names import surname
from bot.search.racer_finder import RacerFinder
from bot.web.pages.index import Named, index_page
from bot.web.pages.listing import Topic, list_page
from bot.web.pages.verdict import Said
from bot.web.site import Site
from bot.web.visits import Answer, NotHereError, Visit
from storage.incidents.reading import read_drivers, read_teams
from storage.opinions import read_opinions


async def drivers_page(site: Site, visit: Visit) -> Answer:
    """Everybody who was in an incident."""
    people = [
        Named(name, visit.addresses.page(f"/drivers/{slug}"), incidents, surname(name))
        for slug, (name, incidents) in involved(site).items()
    ]
    return index_page(visit, _("Drivers"), people)


def involved(site: Site) -> Mapping[str, tuple[str, int]]:
    """Everybody who was in an incident, by their id: their name, and in how many."""
    incidents = Counter(each for one in site.incidents.involving(lambda _seat: True) for each in one.ours)
    return {slug: (name, incidents[slug]) for slug, name in names(site).items() if incidents[slug]}


async def driver_page(site: Site, visit: Visit) -> Answer:
    """A driver's incidents. Raises NotHereError."""
    slug = visit.named["driver"]
    incidents = site.incidents.involving(lambda seat: seat.suspect_id == slug)
    name = names(site).get(slug)
    if name is None or not incidents:
        raise NotHereError
    ids = [each.incident_id for each in incidents]
    opinions = await read_opinions(site.polls, site.incidents.get, ids)
    blame = Blame.of(incidents, {each.incident.id: each.blame for each in opinions})
    facts = tuple(Said(*each) for each in blamed_by(blame).items() if each[1])
    return await list_page(site, visit, ids, Topic(name, facts))


def names(site: Site) -> Mapping[str, str]:
    """The drivers by their ids in incidents."""
    known = RacerFinder(site.incidents, read_drivers(), read_teams()).known(Championship.DRIVERS)
    return {suspect_id: racer.name for racer in known for suspect_id in racer.suspect_ids}
