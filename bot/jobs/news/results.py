"""What there is to tell of results: recaps once they can be believed, and what is corrected afterwards."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.domain.announcements import Announcement, Kind
from bot.domain.corrections import changes, told_lines
from bot.domain.race_cases import Dated, noted_in, of_the_weekend, told_rulings
from bot.domain.season import Championship, Classification, Race
from bot.domain.sessions import SessionKind
from bot.domain.topics import QUALIFYING, RECAPS, SPRINTS
from bot.pacing.clock import Clock
from storage.announcements import Announcements
from storage.championships import Championships
from storage.seasons import Seasons
from storage.told_seasons import ChangedResult, ToldSeasons

TOPICS = {SessionKind.RACE: RECAPS, SessionKind.SPRINT: SPRINTS, SessionKind.QUALIFYING: QUALIFYING}

RECAP_IS_NEWS = dt.timedelta(hours=48)
"""How long after the flag a recap is announced; of older races only where an operator says so."""

STANDINGS_WAIT = dt.timedelta(hours=1)
"""How long a race's recap waits for the championships after it, from when its result was first stored."""

RESULT_EXPIRES = dt.timedelta(days=3)
"""How long after it was announced a recap or a correction is still delivered."""


class ResultsNews:
    """Announces results and their corrections, each once.

    What stands ruled on a race's cases is announced with its recap, so that it is known later what was told of it.
    """

    def __init__(
        self,
        seasons: Seasons,
        championships: Championships,
        told: ToldSeasons,
        announcements: Announcements,
        incidents: Dated,
        clock: Clock,
    ) -> None:
        self._seasons = seasons
        self._championships = championships
        self._told = told
        self._announcements = announcements
        self._incidents = incidents
        self._clock = clock

    async def tell_recaps(self) -> None:
        """Announce every result that is in, believed and still news."""
        now = self._clock.now()
        for season in sorted({now.year, (now - RECAP_IS_NEWS).year}):
            for race in await self._seasons.schedule(season):
                for kind in TOPICS:
                    flag = flag_of(race, kind)
                    stale = kind is SessionKind.QUALIFYING and race.race.begun(now)
                    if flag is not None and flag <= now <= flag + RECAP_IS_NEWS and not stale:
                        await self._recap(race, kind)

    async def _recap(self, race: Race, kind: SessionKind) -> None:
        if await self._announcements.called(recap_key(race.key, kind)) is not None:
            return
        classification = await self._seasons.classification(race.key, kind)
        if classification is not None and (
            kind is not SessionKind.RACE or await self._is_counted(race, classification)
        ):
            await self.announce(classification)

    async def _is_counted(self, race: Race, classification: Classification) -> bool:
        """Whether the championships after a race are known and fit it, or were waited for long enough."""
        since = await self._seasons.known_since(classification)
        if since is not None and self._clock.now() - since >= STANDINGS_WAIT:
            return True
        rounds = await self._championships.rounds(race.season, [race])
        return all(rounds.fits(race, kind) for kind in Championship)

    async def announce(self, classification: Classification) -> Announcement | None:
        """Announce a result, however old it is; None where that was done before."""
        return await self._told.announce_result(await self.draft(classification), classification)

    async def draft(self, classification: Classification) -> Announcement:
        """A result's announcement, not made yet."""
        race, kind, now = classification.race, classification.kind, self._clock.now()
        cases = [] if kind is SessionKind.QUALIFYING else noted_in(kind, of_the_weekend(race, self._incidents))
        subject = {
            "race": race.key,
            "session": kind.value,
            "told": told_lines(classification),
            "rulings": told_rulings(cases),
            "shown": await self._championships.shown(classification),
        }
        key, topic = recap_key(race.key, kind), TOPICS[kind].key
        return Announcement(key, topic, Kind.RECAP, subject, now, expires_at=now + RESULT_EXPIRES)

    async def flag(self, announcement: Announcement) -> dt.datetime:
        """When the session ended whose result an announcement gives away.

        The calendar knows it, as results know no session but the race; where even that does not, it is now.
        """
        race = await self._seasons.race(announcement.subject["race"])
        flag = flag_of(race, SessionKind(announcement.subject["session"])) if race else None
        return flag or announcement.made_at

    async def tell_corrections(self) -> None:
        """Announce what has changed in results since they were told, in the first ten or in the points."""
        for result in await self._told.changed_results():
            await self._correct(result)

    async def _correct(self, result: ChangedResult) -> None:
        race, kind = result.classification.race, result.classification.kind
        recap = await self._announcements.called(recap_key(race.key, kind))
        if recap is None:  # it was forgotten
            await self._told.result_compared(result, was_told=False)
            return
        last = await self._announcements.latest_after(recap.id) or recap
        lines = told_lines(result.classification)
        told = {driver: (place, points) for driver, (place, points) in last.subject["told"].items()}
        changed = changes(told, lines, whole=not result.classification.missing)
        if not changed:
            await self._told.result_compared(result, was_told=True)
            return
        shown = await self._championships.shown(result.classification)
        draft = correction(recap, last, {"told": lines, "changes": changed, "shown": shown}, self._clock.now())
        await self._told.announce_result(draft, result.classification, result.document)


def correction(recap: Announcement, last: Announcement, now_told: Mapping[str, Any], now: dt.datetime) -> Announcement:
    """What follows a recap, not made yet: what is told otherwise now; all else stays as it was told last.

    Two who find a difference at the same moment make one correction: its key says what it comes after.
    """
    subject = {**told_last(last), "changes": [], **now_told}
    key = f"correction {subject['race']} {subject['session']} after {last.id}"
    return Announcement(key, recap.topic, Kind.CORRECTION, subject, now, now + RESULT_EXPIRES, recap.id)


def told_last(last: Announcement) -> dict[str, Any]:
    """What was told of a result by its recap, a correction or an amendment, whichever was the last."""
    return {
        name: last.subject[name] for name in ("race", "session", "told", "rulings", "shown") if name in last.subject
    }


def recap_key(race_key: str, kind: SessionKind) -> str:
    """The key of a result's announcement."""
    return f"recap {race_key} {kind}"


def flag_of(race: Race, kind: SessionKind) -> dt.datetime | None:
    """When a session's flag falls, about; None where the weekend has no such session, or nobody knows when it is."""
    session = race.session(kind)
    return None if session is None else session.flag
