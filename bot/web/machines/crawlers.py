"""`/robots.txt` and `/sitemap.xml`: what search engines may read, and where it is."""

from xml.etree.ElementTree import Element, SubElement

from bot.i18n import LANGUAGES
from bot.web.machines.xml import written
from bot.web.pages.drivers import involved
from bot.web.site import Site
from bot.web.visits import Answer, Visit
from storage.incidents.reading import read_circuits

SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST_ADDRESSES = 50_000
"""That a sitemap may have."""

SECONDS = 600.0
ALWAYS = ("/", "/incidents", "/drivers", "/circuits", "/stewards", "/blamed", "/data")


async def robots_answer(_site: Site, visit: Visit) -> Answer:
    """All may be read but what moves and what is asked of lists."""
    lines = (
        *("User-agent: *", "Disallow: /live", "Disallow: /*/live", "Disallow: /*?", "Allow: /"),
        f"Sitemap: {visit.addresses.whole('/sitemap.xml')}",
    )
    return Answer("".join(f"{line}\n" for line in lines).encode(), "text/plain; charset=utf-8", seconds=SECONDS)


async def sitemap_answer(site: Site, visit: Visit) -> Answer:
    """Every page in every language: the lists, then the told incidents, then those that race control noted."""
    incidents = site.incidents
    seasons = (f"{topic}/{season}" for topic in ("", "/stewards", "/blamed") for season in incidents.seasons)
    drivers = (f"/drivers/{each}" for each in involved(site))
    circuits = (f"/circuits/{each}" for each in read_circuits() if incidents.at(each))
    noted = (each for season in incidents.seasons for each in incidents.noted_in(season))
    told = (each.id for each in incidents.told)
    paths = [*ALWAYS, *seasons, *drivers, *circuits, *(f"/{each}" for each in (*told, *noted))]
    root = Element("urlset", {"xmlns": SITEMAPS})
    for path in paths[: MOST_ADDRESSES // len(LANGUAGES)]:
        for code in LANGUAGES:
            addresses = visit.addresses.speaking(code)
            SubElement(SubElement(root, "url"), "loc").text = addresses.whole(addresses.page(path))
    return Answer(written(root), "application/xml", seconds=SECONDS)
