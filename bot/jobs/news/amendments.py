"""What recaps lack, or show otherwise than it is known by now: where it is no news, it is edited into them."""

import datetime as dt

from bot.domain.announcements import Announcement, Kind
from bot.domain.championships import Rounds
from bot.domain.sessions import SessionKind
from bot.jobs.news.results import RESULT_EXPIRES, told_last
from bot.pacing.clock import Clock
from storage.announcements import Announcements
from storage.championships import Championships
from storage.seasons import Seasons
from storage.told_recaps import ToldRecap, ToldRecaps
from storage.told_seasons import ToldSeasons

AMENDED_FOR = dt.timedelta(days=30)
"""How long after it was announced a recap is amended: an appeal may change a result weeks later."""


class Amendments:
    """Has the championships that came after their recap, and small changes of a result, edited into it."""

    def __init__(
        self,
        recaps: ToldRecaps,
        told: ToldSeasons,
        seasons: Seasons,
        championships: Championships,
        announcements: Announcements,
        clock: Clock,
    ) -> None:
        self._recaps = recaps
        self._told = told
        self._seasons = seasons
        self._championships = championships
        self._announcements = announcements
        self._clock = clock

    async def amend(self) -> None:
        """Announce an amendment of each recap that would be another if it were written now.

        Those of a season are looked at together. One told by a version that did not note what it showed stays as it is.
        """
        recaps = await self._recaps.since(self._clock.now() - AMENDED_FOR)
        noted = [each for each in recaps if "shown" in each.last.subject]
        for season in sorted({int(each.recap.subject["race"][:4]) for each in noted}):
            keys = {each.recap.subject["race"] for each in noted}
            races = [race for race in await self._seasons.schedule(season) if race.key in keys]
            rounds = await self._championships.rounds(season, races)
            # Read after the results: one that was stored meanwhile may be worth a correction, which comes first.
            changed = {(each.race.key, each.kind) for each, _document in await self._told.changed_results()}
            for each in noted:
                about = each.recap.subject
                if (about["race"], SessionKind(about["session"])) not in changed:
                    await self._amend(each, rounds)

    async def _amend(self, told: ToldRecap, rounds: Rounds) -> None:
        """Two who find a difference at the same moment make one amendment: its key says what it comes after."""
        about, now = told_last(told.last), self._clock.now()
        race, kind = about["race"], SessionKind(about["session"])
        result = rounds.results.get((race, kind))
        shown = rounds.shown(result) if result else about["shown"]
        if shown != about["shown"]:
            subject, key = {**about, "shown": shown}, f"amendment {race} {kind} after {told.last.id}"
            recap, expires_at = told.recap, now + RESULT_EXPIRES
            await self._announcements.announce(
                Announcement(key, recap.topic, Kind.AMENDMENT, subject, now, expires_at, recap.id)
            )
