"""Pages beside the bot, or alone: what they are made from, and the server while it is to run."""

import asyncio
from collections.abc import AsyncIterator, Collection, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from bot.app.repositories import open_readers, open_visitor
from bot.app.roles import AN_ADDRESS
from bot.app.settings import Settings
from bot.chat.platform import Way, ways
from bot.domain.places import Chat
from bot.events import Events
from bot.jobs.race_control.recorder import Recorder
from bot.jobs.relay.bot_addresses import KnownAddresses
from bot.jobs.relay.relay import Relay
from bot.pacing.clock import Clock
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from bot.search.drafts import Drafts
from storage.bot_addresses import BotAddresses
from storage.database.open import database_file
from storage.incidents.reading import read_circuits, read_drivers
from storage.leases import Leases

if TYPE_CHECKING:  # a bot without pages need not know how they are served
    from bot.app.shared_core import Core
    from bot.web.app import Limits, Pages
    from bot.web.site import Site

log = structlog.get_logger(__name__)

NO_ADDRESS = f"WEB_URL is not set: {AN_ADDRESS}."


class NoPagesError(Exception):
    """Pages cannot be served where the settings want them; the text says why, and what to do."""


class NoAddressError(NoPagesError):
    """The settings do not say by which address people know the pages."""


class Serving(NamedTuple):
    """The tasks that serve pages, and the port at which they do; no tasks where there is nothing to serve."""

    tasks: Sequence["asyncio.Task[None]"]
    port: int = 0


@asynccontextmanager
async def pages_beside(settings: Settings, core: "Core", *, must: bool = False) -> AsyncIterator[Serving]:
    """Serve pages beside the bot, where they have an address, or `must` have one. Raises NoPagesError."""
    if settings.web_url is None and must:
        raise NoAddressError(NO_ADDRESS)
    if settings.web_url is None:
        yield Serving(())
        return
    from bot.web.addresses import Addresses  # noqa: PLC0415 - as above
    from bot.web.site import Site  # noqa: PLC0415

    parts = core.parts
    stored = parts.stored
    elsewhere = KnownAddresses(BotAddresses(stored.database), parts.clock)
    site = Site(
        *(parts.incidents, stored.polls, stored.database, parts.painter, parts.events, parts.clock),
        Addresses(settings.web_url),
        lambda: _all_ways(ways(core.adapters.values()), elsewhere()),
    )
    following = [elsewhere.run()] if stored.database.notifications is not None else []
    async with _at_work(*following), serving_pages(settings, site) as served:
        yield served


def _all_ways(here: Sequence[Way], elsewhere: Sequence[Way]) -> list[Way]:
    """How people come to the bots that are connected here, and on other platforms to those that run elsewhere."""
    platforms = {way.platform for way in here}
    return [*here, *(way for way in elsewhere if way.platform not in platforms)]


@asynccontextmanager
async def serving_pages(settings: Settings, site: "Site", limits: "Limits | None" = None) -> AsyncIterator[Serving]:
    """Serve a site until this is left, with `limits` for each address or the usual ones. Raises NoPagesError."""
    from bot.web.app import LIMITS, Pages  # noqa: PLC0415 - as above

    listening = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(_serve(Pages(site, limits or LIMITS), settings, listening))
    port = await listening
    log.info("web.serving", address=settings.web_url, port=port)
    try:
        yield Serving((task,), port)
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _serve(pages: "Pages", settings: Settings, listening: "asyncio.Future[int]") -> None:
    """Serve until cancelled; `listening` becomes the port, or why there is none."""
    from bot.serving import CannotListenError, serving  # noqa: PLC0415 - as above

    try:
        async with serving(
            pages.app, settings.web_host, settings.web_port, proxies=settings.forwarded_allow_ips
        ) as port:
            listening.set_result(port)
            await pages.run()
    except CannotListenError as error:
        listening.set_exception(NoPagesError(f"{error} WEB_HOST and WEB_PORT say where pages are served."))


@asynccontextmanager
async def open_site(settings: Settings, incidents: Incidents, clock: Clock) -> AsyncIterator["Site"]:
    """What pages are made from where no bot runs in this process. Raises CannotOpenError, NoPagesError.

    On PostgreSQL it follows what bots on the same database record and count, and only reads: the user that the address
    names needs no right but SELECT.
    """
    from bot.web.addresses import Addresses  # noqa: PLC0415 - as above
    from bot.web.site import Site  # noqa: PLC0415

    if settings.web_url is None:
        raise NoAddressError(NO_ADDRESS)
    addresses, events = Addresses(settings.web_url), Events()
    async with AsyncExitStack() as stack:
        painter = Painter()
        stack.callback(painter.close)
        if database_file(settings.database) is not None:  # which this process alone has, with nobody beside it
            readers = await open_readers(settings, incidents, stack, clock, events)
            async with _at_work(incidents.read()):
                yield Site(incidents, readers.polls, readers.database, painter, events, clock, addresses, list)
            return
        database, polls, noted = await open_visitor(settings, incidents, stack, clock)
        known = KnownAddresses(BotAddresses(database), clock)
        recorder = Recorder(noted, incidents, polls, Drafts(read_circuits(), read_drivers()), events, clock)
        jobs = [incidents.read(), known.run(), recorder.run()]
        if (told := database.notifications) is not None:
            name = Leases(database, clock).holder()
            jobs.append(Relay(told, events, _no_chats, recorder.refresh, clock, name=name).run())
        async with _at_work(*jobs):
            yield Site(incidents, polls, database, painter, events, clock, addresses, known)


@asynccontextmanager
async def _at_work(*jobs: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let jobs run as long as this lasts."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(job) for job in jobs]
        yield
        for task in tasks:
            task.cancel()


async def _no_chats(_changed: Collection[Chat] | None) -> None:
    """Remember nothing of chats, of which pages know nothing."""
