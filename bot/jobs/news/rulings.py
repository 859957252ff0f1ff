"""What is ruled otherwise on a race's cases than its recap told: a penalty after the flag, the FIA's document."""

import datetime as dt

from bot.domain.noted_incidents import NotedIncident
from bot.domain.race_cases import ruled_otherwise, told_rulings
from bot.jobs.news.results import correction
from bot.pacing.clock import Clock
from bot.search.catalogue import Incidents
from storage.announcements import Announcements
from storage.told_recaps import ToldRecap, ToldRecaps

RULINGS_CORRECT = dt.timedelta(days=30)
"""How long after it was announced a recap is corrected by a ruling: reviews may be asked for two weeks after a race."""


class RulingCorrections:
    """Announces what is ruled otherwise, each once.

    Votes are no news: the fans' verdict in a recap is that of the moment in which it was sent, or corrected last. Nor
    is a case that was not told with the recap, as of a session that was imported later.
    """

    def __init__(self, told: ToldRecaps, announcements: Announcements, incidents: Incidents, clock: Clock) -> None:
        self._told = told
        self._announcements = announcements
        self._incidents = incidents
        self._clock = clock

    async def tell_ruled(self) -> None:
        """Announce in which cases something else stands ruled than was told last."""
        for told in await self._told.since(self._clock.now() - RULINGS_CORRECT):
            await self._correct(told)

    async def _correct(self, told: ToldRecap) -> None:
        before: dict[str, str] = told.last.subject.get("rulings", {})
        known = map(self._incidents.get, before)
        now = told_rulings(each for each in known if isinstance(each, NotedIncident))
        if ruled := ruled_otherwise(before, now):
            now_told = {"rulings": {**before, **now}, "ruled": ruled}
            await self._announcements.announce(correction(told.recap, told.last, now_told, self._clock.now()))
