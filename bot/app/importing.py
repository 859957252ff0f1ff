"""Importing past sessions because an operator says so: fetched from the archive, recorded, and told to nobody."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import structlog

from bot.app.control_socket import Report, Said, Step
from bot.chat.plain_text import amount
from bot.domain.names import Circuit
from bot.feeds import FeedError, QuestionFailedError
from bot.jobs.race_control.past_sessions import Due, NoSuchRaceError, PastSessions
from bot.jobs.race_control.recorder import Recorder
from bot.pacing.clock import Clock
from bot.search.circuit_finder import CircuitFinder
from bot.search.race_finder import season_and_words
from bot.search.session_finder import SessionFinder
from storage.recorded_sessions import RecordedSessions

if TYPE_CHECKING:
    from bot.feeds.race_control.archive import ArchivedSession

log = structlog.get_logger(__name__)

FIRST_SEASON = 2018
"""Race control's archive begins with it."""

ARCHIVE_GONE = 3
"""How many sessions in a row get no answer until the archive counts as away, and the others are left for later."""

LATER = "What is recorded stays; the same command goes on from there."


class Importing:
    """Imports seasons, or races, on an operator's word."""

    def __init__(
        self,
        url: str,
        recorder: Recorder,
        recorded: RecordedSessions,
        circuits: Mapping[str, Circuit],
        clock: Clock,
    ) -> None:
        self._url = url
        self._recorder = recorder
        self._recorded = recorded
        self._finder = SessionFinder(CircuitFinder(circuits))
        self._clock = clock

    async def import_sessions(self, season: int, race: str = "", *, again: bool = False) -> Said:
        """Record the races and sprints of a season, or of one race of it, session by session; one odd one costs itself.

        Those that are recorded to their end are left out, unless they are to be fetched `again`: what the archive has
        more of by now, or otherwise, is then taken up; what it has no more stays.
        Whoever stops it between two steps, or in one, loses nothing: at most that session is fetched again.
        """
        from bot.feeds.race_control.archive import Archive  # noqa: PLC0415 - a bot need not know how one is read

        if not FIRST_SEASON <= season <= self._clock.now().year:
            yield Report(
                ok=False, lines=(f"The archive has the seasons from {FIRST_SEASON} to this one.",), mistyped=True
            )
            return
        async with Archive(self._url, self._clock) as archive:
            past = PastSessions(archive, self._recorder, self._recorded, self._finder, self._clock)
            try:
                due = await past.due(season, season_and_words(race)[1], again=again)
            except (NoSuchRaceError, FeedError) as error:
                yield Report(ok=False, lines=(_why_not(error, season, race),))
                return
            tally = _Tally(past, due)
            yield Step(0, len(due.sessions), str(season))
            for listed in due.sessions:
                yield await tally.take(listed)
                if tally.is_archive_gone:
                    break
            yield tally.report(season)


class _Tally:
    """Records what is due, one session after the other, and counts what became of each."""

    def __init__(self, past: PastSessions, due: Due) -> None:
        self._past = past
        self._due = due
        self._recorded = self._incidents = self._failed = self._unanswered = 0

    @property
    def is_archive_gone(self) -> bool:
        """Whether several sessions in a row got no answer."""
        return self._unanswered >= ARCHIVE_GONE

    async def take(self, listed: "ArchivedSession") -> Step:
        """Record one more session; what became of it."""
        try:
            incidents = await self._past.record(listed)
        except Exception as error:
            self._failed += 1
            no_answer = isinstance(error, FeedError) and not isinstance(error, QuestionFailedError)
            self._unanswered = self._unanswered + 1 if no_answer else 0
            return self._step(listed, _problem(error), ok=False)
        self._recorded += 1
        self._incidents += incidents
        self._unanswered = 0
        return self._step(listed, amount(incidents, "incident", "incidents"), ok=True)

    def _step(self, listed: "ArchivedSession", became: str, *, ok: bool) -> Step:
        line = f"{listed.session.event}, {listed.session.name.lower()}: {became}"
        return Step(self._recorded + self._failed, len(self._due.sessions), line, ok)

    def report(self, season: int) -> Report:
        """What came of it all."""
        sessions = amount(self._recorded, "session", "sessions")
        lines = [f"{season}: {sessions} imported with {amount(self._incidents, 'incident', 'incidents')}."]
        if before := self._due.recorded:
            lines.append(f"{amount(before, 'session was', 'sessions were')} recorded before.")
        if self.is_archive_gone:
            lines.append(f"The archive answers no more. {LATER}")
        elif self._failed:
            lines.append(f"{amount(self._failed, 'session', 'sessions')} could not be imported. {LATER}")
        return Report(ok=not self._failed, lines=tuple(lines))


def _problem(error: Exception) -> str:
    if isinstance(error, FeedError):
        return str(error)
    log.error("race_control.not_imported", exc_info=error)
    return "could not be recorded; the log says why"


def _why_not(error: NoSuchRaceError | FeedError, season: int, race: str) -> str:
    if isinstance(error, NoSuchRaceError):
        return f"{season} has no race called {race}. There are: {', '.join(error.args)}."
    return f"The archive does not list {season}: {error}. Try again later."
