"""`/oembed`: how a site that is given a page's address shows it, as oEmbed has it."""

import json
from http import HTTPStatus
from urllib.parse import urlsplit

from markupsafe import Markup

from bot.cards import incident_text
from bot.i18n import LANGUAGES
from bot.web.machines.open_data import ANYBODY
from bot.web.pages.frame import SITE
from bot.web.site import Site
from bot.web.visits import Answer, NotHereError, Visit

JSON = "application/json"
HEEDED = ("url", "format", "maxwidth", "maxheight")
WIDTH, HEIGHT = 600, 360
"""Pixels that the frame has, where the asking site has them."""


async def oembed_answer(site: Site, visit: Visit) -> Answer:
    """A frame with an incident's bars. Raises NotHereError for what is no incident's page."""
    steps = _steps(visit.query.get("url", ""), site.addresses.public)
    if visit.query.get("format", "json") != "json":
        said = json.dumps({"error": "Only JSON is spoken here."}).encode()
        return Answer(said, JSON, HTTPStatus.NOT_IMPLEMENTED, seconds=0, headers=ANYBODY)
    addresses = site.addresses
    if steps[0] in LANGUAGES:
        addresses, steps = addresses.speaking(steps[0]), steps[1:]
    incident = site.incidents.get(steps[0]) if len(steps) == 1 else None
    if incident is None or not incident.poll:
        raise NotHereError
    title = incident_text.title(incident)
    width, height = _within(visit.query.get("maxwidth"), WIDTH), _within(visit.query.get("maxheight"), HEIGHT)
    frame = Markup('<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" style="border:0"></iframe>')
    answer = {
        "version": "1.0",
        "type": "rich",
        "provider_name": SITE,
        "provider_url": site.addresses.public,
        "title": title,
        "html": str(frame.format(addresses.whole(addresses.embedded(incident.id)), width, height, title)),
        "width": width,
        "height": height,
    }
    return Answer(json.dumps(answer).encode(), JSON, headers=ANYBODY)


def _steps(url: str, public: str) -> list[str]:
    """The steps of a path on our site. Raises NotHereError for an address that is none, or another site's."""
    try:
        asked, ours = urlsplit(url), urlsplit(public)
    except ValueError:
        raise NotHereError from None
    if (asked.scheme, asked.netloc.casefold()) != (ours.scheme, ours.netloc.casefold()):
        raise NotHereError
    return asked.path.strip("/").split("/")


def _within(most: str | None, usual: int) -> int:
    """The usual size, or less where there is less room."""
    return min(int(most), usual) if most and most.isascii() and most.isdigit() else usual
