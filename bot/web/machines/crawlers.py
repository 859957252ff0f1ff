"""`/robots.txt` and `/sitemap.xml`: what search engines may read, and where it is."""

from xml.etree.ElementTree import Element, SubElement, tostring

from bot.i18n import LANGUAGES
from bot.web.site import Site
from bot.web.visits import Answer, Visit

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
    told = [each.id for each in site.incidents.told]
    noted = [each for season in site.incidents.seasons for each in site.incidents.noted_in(season)]
    seasons = (f"/{season}" for season in site.incidents.seasons)
    paths = [*ALWAYS, *seasons, *(f"/{each}" for each in (*told, *noted))]
    root = Element("urlset", {"xmlns": SITEMAPS})
    for path in paths[: MOST_ADDRESSES // len(LANGUAGES)]:
        for code in LANGUAGES:
            addresses = visit.addresses.speaking(code)
            SubElement(SubElement(root, "url"), "loc").text = addresses.whole(addresses.page(path))
    content = tostring(root, encoding="utf-8", xml_declaration=True)
    return Answer(content, "application/xml", seconds=SECONDS)
