"""What recaps lack, or show otherwise than it is known by now: where it is no news, it is edited into them."""

import datetime as dt

from bot.domain.announcements import Announcement, Kind
from bot.domain.season import SessionKind
from bot.jobs.news.results import RESULT_EXPIRES, told_last
from bot.pacing.clock import Clock
from storage.announcements import Announcements
from storage.championships import Championships
from storage.seasons import Seasons
from storage.told_recaps import ToldRecap, ToldRecaps

AMENDED_FOR = dt.timedelta(days=30)
"""How long after it was announced a recap is amended: an appeal may change a result weeks later."""


class Amendments:
    """Has the championships that came after their recap, and small changes of a result, edited into it."""

    def __init__(
        self,
        told: ToldRecaps,
        seasons: Seasons,
        championships: Championships,
        announcements: Announcements,
        clock: Clock,
    ) -> None:
        self._told = told
        self._seasons = seasons
        self._championships = championships
        self._announcements = announcements
        self._clock = clock

    async def amend(self) -> None:
        """Announce an amendment of each recap that would be another if it were written now."""
        for told in await self._told.since(self._clock.now() - AMENDED_FOR):
            await self._amend(told)

    async def _amend(self, told: ToldRecap) -> None:
        """Two who find a difference at the same moment make one amendment: its key says what it comes after."""
        about, now = told_last(told.last), self._clock.now()
        if "shown" not in about:  # it was told by a version that did not note it
            return
        race, kind = about["race"], SessionKind(about["session"])
        classification = await self._seasons.classification(race, kind)
        if classification is None:
            return
        shown = await self._championships.shown(classification)
        if shown != about["shown"]:
            subject, key = {**about, "shown": shown}, f"amendment {race} {kind} after {told.last.id}"
            recap, expires_at = told.recap, now + RESULT_EXPIRES
            await self._announcements.announce(
                Announcement(key, recap.topic, Kind.AMENDMENT, subject, now, expires_at, recap.id)
            )
