"""`/`: what this is in one screen, and the latest and the most disputed incidents with their bars."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.platform import Way
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import is_running
from bot.domain.opinions import Opinion, disputes
from bot.i18n import _
from bot.web.addresses import Addresses
from bot.web.pages.entries import Entry, entries
from bot.web.pages.frame import SITE, Door, Frame, frame
from bot.web.rendering import rendered
from bot.web.site import Site
from bot.web.visits import Answer, Visit
from storage.opinions import read_opinions

LATEST, DISPUTED = 6, 6
"""Incidents of each sort that the first page shows."""

A_SESSION = dt.timedelta(days=1)
"""How long ago, by days, a session may have begun whose incidents are looked at right now."""


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the first page shows; `running` are those of a session whose verdicts are not all given yet."""

    frame: Frame
    running: str
    """HTML of our own making."""

    live: str
    """Where those are told as they change."""

    latest: tuple[Entry, ...]
    disputed: tuple[Entry, ...]
    invitations: tuple[Door, ...]


@dataclass(frozen=True, slots=True)
class RunningView:
    """The incidents that are looked at right now."""

    running: tuple[Entry, ...]


async def home_page(site: Site, visit: Visit) -> Answer:
    """The first page."""
    newest = [each for each in site.incidents.newest_first[: 2 * LATEST] if each.poll and not is_running(each)]
    known = {each.id: each for each in (*newest, *site.incidents.told) if each.poll}
    opinions = await read_opinions(site.polls, known.get, known)
    running = await running_part(site, visit.addresses)
    return Answer(rendered("home.html", home_view(newest[:LATEST], opinions, running, site.ways(), visit)).encode())


def home_view(
    latest: Sequence[Incident], opinions: Sequence[Opinion], running: str, ways: Sequence[Way], visit: Visit
) -> HomeView:
    """What the first page shows, in the language that is spoken."""
    tallies = {each.incident.id: each.blame for each in opinions}
    disputed = [each.incident for each in disputes(opinions) if not each.against.is_small][:DISPUTED]
    described = _("Every Formula 1 crash, both sides in their own words, the stewards' ruling, and what the fans say.")
    addresses, title = visit.addresses, _("Who was to blame?")
    return HomeView(
        frame(visit, f"{SITE} – {title}", described),
        running,
        addresses.live(),
        tuple(entries(latest, tallies, addresses)),
        tuple(entries(disputed, tallies, addresses)),
        tuple(Door(_("Add to {platform}").format(platform=way.platform), way.invitation) for way in ways),
    )


async def running_part(site: Site, addresses: Addresses) -> str:
    """The incidents of a session whose verdicts are not all given yet, as HTML; nothing where there are none."""
    today = site.clock.now().date()
    found = [each for each in site.incidents.between(today - A_SESSION, today) if is_running(each) and each.poll]
    opinions = await read_opinions(site.polls, site.incidents.get, [each.id for each in found])
    tallies = {each.incident.id: each.blame for each in opinions}
    return rendered("running.html", RunningView(tuple(entries(found, tallies, addresses))))
