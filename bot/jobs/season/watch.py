"""The season as it goes: keeps calendars, results and standings fresh, so that nobody who asks waits for a feed."""

import datetime as dt
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog

from bot.domain.calendar_doubts import CONFIRMED_AFTER
from bot.domain.season import Championship, Race
from bot.domain.sessions import LASTS, Session, SessionKind
from bot.feeds import FeedError, QuestionFailedError
from bot.jobs.season.intake import SeasonIntake
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from bot.pacing.remembered import Remembered
from storage.championships import Championships
from storage.seasons import Seasons

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)

ROUND = 5 * MINUTE
"""Time between two looks at what is due, and the first rest of a question that had no answer yet."""

OVERDUE = 2 * DAY
"""A result that is not there so long after the end is asked for less and less, down to once a day."""

CHECKED_HOURLY = 26
"""Hours after its end in which a session's result is fetched again: stewards decide in the night, or the day after."""

CHECKED_AGAIN = (*(hours * HOUR for hours in range(1, CHECKED_HOURLY + 1)), 3 * DAY, 7 * DAY)
"""How long after its end a session's result is fetched again: it is provisional, and stewards take their time."""

RESULT_AGE, RESULT_AGE_IN_SEASON = 30 * DAY, 7 * DAY
"""A result that was fetched so long ago is fetched again: appeals are decided months later."""

CALENDAR_AGE, CALENDAR_AGE_AT_WEEKENDS = DAY, HOUR
"""A calendar that was fetched so long ago is fetched again; starts move at short notice around the sessions."""

CALENDAR_IN_DOUBT = 12 * HOUR
"""How long a calendar that lost a race is read as often: feeds lose things for a moment, and cancellations are news."""

STANDINGS_AGE = DAY
"""Championships that were fetched so long ago are fetched again."""

MOST_RESTING = 500
"""Questions of which is remembered how often they were asked in vain: more than two seasons have."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """How often a question was asked in vain, and until when it is left alone."""

    times: int
    until: dt.datetime


class SeasonWatch:
    """Has what is due fetched and stored."""

    def __init__(
        self,
        intake: SeasonIntake,
        seasons: Seasons,
        championships: Championships,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._intake = intake
        self._seasons = seasons
        self._championships = championships
        self._clock = clock
        self._pauses = Backoff(2 * ROUND.total_seconds(), HOUR.total_seconds(), random=jitter)
        self._unfresh = Outages[str]()
        self._resting: Remembered[tuple[str, str], _Rest] = Remembered(MOST_RESTING)
        self._out_of_reach = False

    async def follow(self) -> None:
        """Keep everything fresh until cancelled, round after round; pauses grow while feed or database fail."""
        failures = 0
        while True:
            try:
                await self.refresh()
                failures = 0
                self._unfresh.ends("season")
            except FeedError:
                failures += 1  # the feed's own line of the log says why
            except Exception:
                failures += 1
                if self._unfresh.begins("season"):
                    log.exception("season.refresh_failed")
            await self._clock.sleep(self._pauses.after(failures) or ROUND.total_seconds())

    async def refresh(self) -> None:
        """Ask for all that is due, the newest first, until the feed gives no answer.

        A year without a race so far is still about the season before; one without a race to come is about the next.
        """
        year, self._out_of_reach = self._clock.now().year, False
        if not await self._refresh_season(year):
            await self._refresh_season(year - 1)
        calendar = await self._seasons.schedule(year)
        if calendar and all(race.race.over_at <= self._clock.now() for race in calendar):
            await self._refresh_calendar(year + 1)

    async def _refresh_season(self, season: int) -> bool:
        """Ask for what is due of a season; whether any of its races is over."""
        await self._refresh_calendar(season)
        calendar = await self._seasons.schedule(season)
        ended = self._ended(calendar)
        in_season = any(race.race.over_at > self._clock.now() for race in calendar)
        for race, session in ended:
            await self._refresh_classification(race, session, RESULT_AGE_IN_SEASON if in_season else RESULT_AGE)
        races = [race for race, session in ended if session.kind is SessionKind.RACE]
        if races:
            await self._refresh_standings(season, races)
        return bool(races)

    def _ended(self, races: Iterable[Race]) -> list[tuple[Race, Session]]:
        """The sessions that have results and are over, with their races, the latest first."""
        sessions = [(race, session) for race in races for session in race.sessions if session.kind in LASTS]
        ended = [(race, session) for race, session in sessions if session.over_at <= self._clock.now()]
        return sorted(ended, key=lambda pair: pair[1].over_at, reverse=True)

    async def _refresh_calendar(self, season: int) -> None:
        races = await self._seasons.schedule(season)
        fetched_at = await self._seasons.updated(races[0]) if races else None
        today = self._clock.now().date()
        near = any(abs(session.day - today) <= DAY for race in races for session in race.sessions)
        lost = await self._seasons.cancelled(season)
        moving = near or any(self._since(gone.since) < CALENDAR_IN_DOUBT for gone in lost)
        age = CALENDAR_AGE_AT_WEEKENDS if moving else CALENDAR_AGE
        if await self._seasons.in_doubt(season):
            age = CONFIRMED_AFTER
        if fetched_at is None or self._since(fetched_at) >= age:
            await self._ask(("calendar", str(season)), partial(self._intake.calendar, season), longest=DAY)

    async def _refresh_classification(self, race: Race, session: Session, stale: dt.timedelta) -> None:
        """A result that is another than was known makes the championships due at once, however long they rest."""
        known = await self._seasons.classification(race.key, session.kind)
        fetched_at = await self._seasons.asked(known) if known else None
        if fetched_at is None or self._since(fetched_at) >= stale or self._due_again(fetched_at, session):
            fetch = partial(self._intake.classification, race, session.kind)
            found = await self._ask((race.key, session.kind), fetch, self._longest_rest(session))
            if found is not None and found != known:
                for question in [each for each in self._resting if each[0] == _tables_of(race.season)]:
                    del self._resting[question]

    async def _refresh_standings(self, season: int, races: list[Race]) -> None:
        """The championships: as they stand, and after every round whose table does not fit its results.

        A result that was corrected changes the table after it, and then all later ones, so the oldest comes first. The
        round before the latest is always known, as it tells what the latest brought.
        """
        raced = [race for race in races if await self._is_counted(race)]
        if not raced:
            return
        rounds = await self._championships.rounds(season, raced)
        latest, *earlier = raced
        for kind in Championship:
            for race in reversed(earlier):
                is_known = (kind, race.round) in rounds.tables
                if not rounds.fits(race, kind) and (is_known or race is earlier[0]):
                    fetch = partial(self._intake.standings_after, race, kind)
                    await self._ask((_tables_of(season), f"{kind} {race.key}"), fetch, DAY)
            await self._refresh_latest_standings(season, kind, raced, fits=rounds.fits(latest, kind))

    async def _refresh_latest_standings(
        self, season: int, kind: Championship, raced: list[Race], *, fits: bool
    ) -> None:
        """A championship as it stands: while it does not fit the latest result, whenever that is checked, and daily."""
        latest = raced[0]
        known = await self._seasons.standings(season, kind, latest.round) if fits else None
        fetched_at = await self._seasons.updated(known) if known else None
        fresh = fetched_at is not None and self._since(fetched_at) < STANDINGS_AGE
        if fetched_at is None or not fresh or self._due_again(fetched_at, latest.race):
            fetch = partial(self._intake.latest_standings, season, kind, raced)
            await self._ask((_tables_of(season), kind), fetch, self._longest_rest(latest.race))

    async def _is_counted(self, race: Race) -> bool:
        """Whether a race that is over may be in the standings: its result is known, or should have been long ago."""
        return self._longest_rest(race.race) > HOUR or await self._seasons.classification(race.key) is not None

    def _due_again(self, fetched_at: dt.datetime, session: Session) -> bool:
        """Whether what was fetched then has not been checked since a session's result may have changed."""
        return any(fetched_at < session.over_at + after <= self._clock.now() for after in CHECKED_AGAIN)

    def _since(self, moment: dt.datetime) -> dt.timedelta:
        return self._clock.now() - moment

    def _longest_rest(self, session: Session) -> dt.timedelta:
        """The longest gap between two questions about a session that is over."""
        return HOUR if self._since(session.over_at) < OVERDUE else DAY

    async def _ask(
        self, question: tuple[str, str], fetch: Callable[[], Awaitable[Answer]], longest: dt.timedelta
    ) -> Answer | None:
        """Fetch an answer, unless the question rests; it does for growing gaps while there is none, or nothing yet.

        A question without an answer holds up no other: only where that happens twice in a row the archive is out of
        reach, and FeedError is raised.
        """
        rest = self._resting.get(question)
        if rest is not None and self._clock.now() < rest.until:
            return None
        times = rest.times if rest else 0
        self._resting[question] = _Rest(times + 1, self._clock.now() + _rest(times + 1, HOUR))
        try:
            answer = await fetch()
        except QuestionFailedError:
            return None  # the feed's own line of the log says why
        except FeedError:
            if self._out_of_reach:
                raise
            self._out_of_reach = True
            return None
        self._out_of_reach = False
        if answer:
            self._resting.pop(question, None)
        else:
            self._resting[question] = _Rest(times + 1, self._clock.now() + _rest(times + 1, longest))
        return answer


def _tables_of(season: int) -> str:
    """What questions for a season's championships begin with."""
    return f"championships {season}"


def _rest(times: int, longest: dt.timedelta) -> dt.timedelta:
    """How long a question rests that was asked so often in vain; it is asked in rounds, so jitter would be no use."""
    return dt.timedelta(seconds=Backoff(ROUND.total_seconds(), longest.total_seconds(), jitter=0).after(times))
