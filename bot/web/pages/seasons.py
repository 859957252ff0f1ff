"""`/2024`: a season's incidents."""

from bot.i18n import _
from bot.web.pages.frame import Door
from bot.web.pages.listing import Topic, list_page
from bot.web.site import Site
from bot.web.visits import Answer, NotHereError, Visit


async def season_page(site: Site, visit: Visit) -> Answer:
    """A season's incidents. Raises NotHereError where it has none."""
    season, seasons = season_named(visit), site.incidents.seasons
    if season not in seasons:
        raise NotHereError
    others = tuple(Door(f"{each}", visit.addresses.page(f"/{each}"), each == season) for each in seasons)
    topic = Topic(_("Incidents of {season}").format(season=season), others=others)
    return await list_page(site, visit, site.incidents.in_season(season), topic)


def season_named(visit: Visit) -> int:
    """The season that an address names. Raises NotHereError for one with zeros before it: a page has one address."""
    season = int(visit.named["season"])
    if f"{season}" not in visit.path.replace(".", "/").split("/"):
        raise NotHereError
    return season


async def all_incidents(site: Site, visit: Visit) -> Answer:
    """All incidents, the latest first."""
    seasons = site.incidents.seasons
    others = tuple(Door(f"{each}", visit.addresses.page(f"/{each}")) for each in seasons)
    ids = [each for season in seasons for each in site.incidents.in_season(season)]
    return await list_page(site, visit, ids, Topic(_("All incidents"), others=others))
