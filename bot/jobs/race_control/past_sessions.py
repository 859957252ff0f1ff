"""Past sessions: the archive's races and sprints of a season, recorded one by one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.race_control import Session
from bot.feeds import QuestionFailedError
from bot.jobs.race_control.heard import HeardSession
from bot.jobs.race_control.recorder import Recorder
from bot.jobs.race_control.tracker import FOLLOWED
from bot.pacing.clock import Clock
from bot.search.session_finder import SessionFinder
from storage.recorded_sessions import RecordedSessions

if TYPE_CHECKING:
    from bot.feeds.race_control.archive import Archive, ArchivedSession

SPRINT, FIRST_SPRINTS, CALLED_THEN = "Sprint", 2021, "Sprint Qualifying"
"""A sprint, and what it was called in its first season; later that was the name of what its grid is made in."""

SETTLED = dt.timedelta(hours=12)
"""How long after its published start a session's messages have all been said, however long it was held up."""

A_DAY = dt.timedelta(days=1)


class NoSuchRaceError(Exception):
    """The season has no race of that name; what it is made of are the names of those that it has."""


class Due(NamedTuple):
    """The sessions of a season that are to be recorded, and how many of those that were meant are already."""

    sessions: Sequence["ArchivedSession"]
    recorded: int


class PastSessions:
    """Takes sessions from the archive, and records what is found in them; nobody is told of it."""

    def __init__(
        self, archive: "Archive", recorder: Recorder, recorded: RecordedSessions, finder: SessionFinder, clock: Clock
    ) -> None:
        self._archive = archive
        self._recorder = recorder
        self._recorded = recorded
        self._finder = finder
        self._clock = clock

    async def due(self, season: int, words: Sequence[str], *, again: bool = False) -> Due:
        """The races and sprints of a season, or of the race that words mean, that are not recorded to their end yet.

        All of them where they are fetched `again`, as the archive may have more of them by now. Raises FeedError, and
        NoSuchRaceError where there is no such race.
        """
        listed = [each for each in await self._archive.sessions(season) if is_followed(each.session)]
        meant = self._finder.fitting(words, [each.session for each in listed])
        if not meant:
            raise NoSuchRaceError(*dict.fromkeys(each.session.event for each in listed))
        recorded = set() if again else await self._recorded.among(meant)
        due = [each for each in listed if each.session.key in meant - recorded]
        return Due(due, len(recorded))

    async def record(self, listed: "ArchivedSession") -> int:
        """Fetch a session and record its incidents; how many there are. Raises FeedError.

        In one transaction: where the session is long over, that all of it is recorded is written with its incidents.
        """
        record = await self._archive.fetch(listed)
        if not record.messages:
            raise QuestionFailedError(f"{listed.path}: race control said nothing")
        heard, now = HeardSession(), self._clock.now()
        heard.cars = record.cars
        heard.hear(record.messages)
        whole = now >= (listed.starts_at or _midnight(listed.session.date) + A_DAY) + SETTLED
        if whole or heard.has_ended(now):
            heard.end()
        await self._recorder.record_past(_as_called_today(record.session), heard, whole=whole)
        return sum(case.about_blame for case in heard.cases)


def is_followed(session: Session) -> bool:
    """Whether it is one of the sessions whose incidents are taken up: a race or a sprint."""
    return _as_called_today(session).name in FOLLOWED


def _as_called_today(session: Session) -> Session:
    was_a_sprint = session.date.year == FIRST_SPRINTS and session.name == CALLED_THEN
    return replace(session, name=SPRINT) if was_a_sprint else session


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
