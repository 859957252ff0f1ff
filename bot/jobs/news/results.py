"""What there is to tell of results: recaps once they can be believed, and what is corrected afterwards."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from bot.domain.announcements import Announcement, Kind
from bot.domain.season import Championship, Classification, Race, SessionKind
from bot.domain.topics import RECAPS, SPRINTS
from storage.announcements import Announcements
from storage.seasons import Seasons

TOPICS = {SessionKind.RACE: RECAPS, SessionKind.SPRINT: SPRINTS}

NEWS = dt.timedelta(hours=48)
"""How long after the flag a recap is news; older ones are not pushed."""

STANDINGS_PATIENCE = dt.timedelta(hours=1)
"""How long a race's recap waits for the championships after it."""

WORTH = dt.timedelta(days=3)
"""How long a recap that could not be delivered is still worth it."""

FIRST_TEN = {str(place) for place in range(1, 11)}
LAST = 99
"""Where those without a place stand."""

ABSENT = ("", 0.0)
"""Place and points of who is not in a result."""

Told: TypeAlias = dict[str, tuple[str, float]]
"""A result as it is told: everybody's place and points, by driver."""

Change: TypeAlias = tuple[str, str, float, str, float]
"""What is another for a driver: place and points as they were, place and points as they are."""


class ResultsNews:
    """Announces results and their corrections, each once."""

    def __init__(self, seasons: Seasons, announcements: Announcements, now: Callable[[], dt.datetime]) -> None:
        self._seasons = seasons
        self._announcements = announcements
        self._now = now
        self._waiting: dict[str, dt.datetime] = {}

    async def look(self) -> None:
        """Announce every result that is in, believed and still news."""
        now = self._now()
        for season in sorted({now.year, (now - NEWS).year}):
            for race in await self._seasons.schedule(season):
                for kind in TOPICS:
                    flag = flag_of(race, kind)
                    if flag is not None and flag <= now <= flag + NEWS:
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
        """Whether the championships after a race are known, or were waited for long enough.

        A restart does not begin the wait anew: it began no later than the result was last fetched.
        """
        fetched_at = await self._seasons.updated(classification) or self._now()
        since = self._waiting.setdefault(race.key, fetched_at)
        if self._now() - since >= STANDINGS_PATIENCE:
            return True
        standings = [await self._seasons.standings(race.season, kind, race.round) for kind in Championship]
        return None not in standings

    async def announce(self, classification: Classification) -> Announcement | None:
        """Announce a result, however old it is; None where that was done before."""
        return await self._announcements.announce(self.draft(classification))

    def draft(self, classification: Classification) -> Announcement:
        """A result's announcement, not made yet."""
        race, kind, now = classification.race, classification.kind, self._now()
        subject = {"race": race.key, "session": kind.value, "told": told(classification)}
        key, topic = recap_key(race.key, kind), TOPICS[kind].key
        return Announcement(key, topic, Kind.RECAP, subject, now, expires_at=now + WORTH)

    async def checked(self, classification: Classification) -> None:
        """Announce what has changed since it was told, in the first ten or in the points."""
        recap = await self._announcements.called(recap_key(classification.race.key, classification.kind))
        if recap is None:
            return
        last = await self._announcements.latest_after(recap.id) or recap
        now = told(classification)
        changed = changes(_read(last.subject["told"]), now)
        if not changed:
            return
        subject = {
            "race": classification.race.key,
            "session": classification.kind.value,
            "told": now,
            "changes": changed,
        }
        await self._announcements.announce(
            Announcement(
                f"correction {classification.race.key} {classification.kind} after {last.id}",
                recap.topic,
                Kind.CORRECTION,
                subject,
                self._now(),
                expires_at=self._now() + WORTH,
                follows=recap.id,
            )
        )


def recap_key(race_key: str, kind: SessionKind) -> str:
    """The key of a result's announcement."""
    return f"recap {race_key} {kind}"


def flag_of(race: Race, kind: SessionKind) -> dt.datetime | None:
    """When a session's flag falls, about; None where the weekend has no such session, or nobody knows when it is."""
    session = race.session(kind)
    return None if session is None else session.flag


def told(classification: Classification) -> Told:
    """What is told of a result, to be held against what it says later; of who drove two cars, the better one."""
    lines: Told = {}
    for finish in classification.finishes:
        place = "D" if finish.place.isdecimal() and not finish.classified else finish.place
        lines.setdefault(finish.entrant.driver_id, (place, finish.points))
    return lines


def changes(before: Told, now: Told) -> list[Change]:
    """What is worth telling of what changed: places in the first ten, and points; the highest place first."""
    drivers = dict.fromkeys([*now, *before])
    lines = [(driver, *before.get(driver, ABSENT), *now.get(driver, ABSENT)) for driver in drivers]
    return sorted(filter(_is_worth_telling, lines), key=_prominence)


def _is_worth_telling(change: Change) -> bool:
    _, place, points, new_place, new_points = change
    return points != new_points or (place != new_place and bool(FIRST_TEN & {place, new_place}))


def _prominence(change: Change) -> tuple[int, int]:
    """The highest place that somebody lost or won, and before others who moved up or down with them, the furthest."""
    places = [int(place) if place.isdecimal() else LAST for place in (change[1], change[3])]
    return min(places), -abs(places[0] - places[1])


def _read(lines: Mapping[str, Sequence[Any]]) -> Told:
    return {driver: (place, points) for driver, (place, points) in lines.items()}
