"""All addresses of the site in one table, and what stands before them."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.i18n import ENGLISH, LANGUAGES
from bot.web.front.allowance import Pace, Visitors
from bot.web.front.assets import asset, assets
from bot.web.front.caching import Cache
from bot.web.front.endpoint import Endpoint
from bot.web.front.guard import Guard
from bot.web.front.stream import Stream
from bot.web.machines.api import incident_answer, incidents_answer, openapi_answer
from bot.web.machines.crawlers import robots_answer, sitemap_answer
from bot.web.machines.feed import feed_answer
from bot.web.machines.oembed import HEEDED as OEMBED
from bot.web.machines.oembed import oembed_answer
from bot.web.machines.open_data import open_data_file
from bot.web.machines.passing import Passing
from bot.web.moving import Moving
from bot.web.pages.circuits import circuit_page, circuits_page
from bot.web.pages.data import data_page
from bot.web.pages.drivers import driver_page, drivers_page
from bot.web.pages.fan_seasons import blamed_image, blamed_page, stewards_image, stewards_page
from bot.web.pages.home import home_page
from bot.web.pages.incident import incident_page
from bot.web.pages.index import HEEDED as INDEX
from bot.web.pages.listing import HEEDED as LIST
from bot.web.pages.missing import nothing_here
from bot.web.pages.seasons import all_incidents, season_page
from bot.web.pages.shared import embedded_page, incident_image
from bot.web.site import Site
from bot.web.visits import Maker


class Row(NamedTuple):
    """An address and who makes the page there; `heeds` are the names in a query that it knows."""

    path: str
    make: Maker
    heeds: tuple[str, ...] = ()


PAGES = (
    Row("/", home_page),
    Row("/incidents", all_incidents, LIST),
    Row("/drivers", drivers_page, INDEX),
    Row("/drivers/{driver}", driver_page, LIST),
    Row("/circuits", circuits_page, INDEX),
    Row("/circuits/{circuit}", circuit_page, LIST),
    Row("/stewards", stewards_page),
    Row("/stewards/{season:int}", stewards_page),
    Row("/stewards/{season:int}.png", stewards_image),
    Row("/blamed", blamed_page),
    Row("/blamed/{season:int}", blamed_page),
    Row("/blamed/{season:int}.png", blamed_image),
    Row("/{season:int}", season_page, LIST),
    Row("/data", data_page),
    Row("/feed.atom", feed_answer),
    Row("/{incident}.png", incident_image),
    Row("/{incident}/embed", embedded_page),
    Row("/{incident}", incident_page),
    Row("/{rest:path}", nothing_here),
)
"""What people read: each in every language, and at an address without one."""

FILES = (
    Row("/assets/{name}", asset),
    Row("/data/incidents.{form}", open_data_file),
    Row("/api/incidents", incidents_answer),
    Row("/api/incidents/{incident}", incident_answer),
    Row("/api/openapi.json", openapi_answer),
    Row("/oembed", oembed_answer, OEMBED),
    Row("/robots.txt", robots_answer),
    Row("/sitemap.xml", sitemap_answer),
)
"""What is the same in all languages."""


class Limits(NamedTuple):
    """What one address may have: its pace, and so many pages open that move by themselves; None where it is all one."""

    requests: Pace | None
    open_pages: int | None


LIMITS = Limits(Pace(300, 30.0), 300)
"""An office, or some hundreds of phones that a carrier has behind one address, may follow a link at the same moment.

A page is two requests, itself and what moves on it, as style sheet, script and icon are not counted. What an address
may go on asking for, 30 a second, keeps a twentieth of a core busy, and a fifth where each has to be made anew.
"""


class Pages:
    """The whole site: `app` answers requests as long as `run` goes on."""

    def __init__(self, site: Site, limits: Limits = LIMITS) -> None:
        self._cache = Cache(site.events, site.clock)
        self._moving = Moving(site, limits.open_pages)
        spoken = {code: _router(site, self._cache, self._moving, code) for code in LANGUAGES}
        pages = ByLanguage(spoken, _router(site, self._cache, self._moving, None))
        encrypted = site.addresses.public.startswith("https://")
        uncounted = {site.addresses.asset(name) for name in assets()}
        visitors = Visitors(site.clock, limits.requests)
        self.app = Guard(pages, visitors, site.clock, uncounted=uncounted, encrypted=encrypted)

    async def run(self) -> None:
        """Keep what is shown up to date, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._cache.run())
            group.create_task(self._moving.run())


class ByLanguage:
    """Lets the pages of the language that an address begins with answer, or those that ask the browser."""

    def __init__(self, spoken: Mapping[str, ASGIApp], asking: ASGIApp) -> None:
        self._spoken = spoken
        self._asking = asking

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on."""
        first = scope["path"][1:].partition("/")[0]
        await self._spoken.get(first, self._asking)(scope, receive, send)


def _router(site: Site, cache: Cache, moving: Moving, language: str | None) -> Router:
    """What is read in a language, at addresses that begin with it; without one, also what is the same in all."""
    prefix = f"/{language}" if language else ""
    stream = Stream(site, moving, language)
    routes = [Route(f"{prefix}/live", stream), Route(f"{prefix}/live/{{incident}}", stream)]
    if language is None:
        routes.append(Route("/api/proxy", Passing(encrypted=site.addresses.public.startswith("https://"))))
        routes += [Route(row.path, Endpoint(site, cache, row.make, ENGLISH, row.heeds)) for row in FILES]
    for row in PAGES:
        path = prefix if language and row.path == "/" else f"{prefix}{row.path}"
        routes.append(Route(path, Endpoint(site, cache, row.make, language, row.heeds)))
    return Router(routes, redirect_slashes=False)
