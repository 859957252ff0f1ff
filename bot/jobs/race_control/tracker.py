"""What a source of race control tells, kept: each session's cases become incidents as it goes."""

import asyncio
from collections.abc import Sequence

import structlog

from bot.domain.race_control import Message, Session
from bot.feeds.race_control.source import CarsSeen, MessagesSeen, SessionSeen, Update
from bot.jobs.race_control.heard import HeardSession
from bot.jobs.race_control.recorder import Recorder
from bot.measures import UNMEASURED, Measures
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered

log = structlog.get_logger(__name__)

SESSIONS = 8
"""Upper bound of sessions that are known at a time; a weekend has five."""

FOLLOWED = {"Race", "Sprint"}
"""The sessions whose incidents are taken up; elsewhere nobody fights for a place."""

LOOKED_AT_EVERY = 60.0
"""Seconds between two looks at whether a session's verdicts are all given."""

NEWS = 300.0
"""Seconds after which a message that is told says nothing of how fast the line is."""

BACKOFF = Backoff(first=1.0, longest=60.0)
"""Between two attempts to record what the database did not take."""


class Tracker:
    """Hears updates at once, and records what they make of each session; what cannot be recorded is tried again.

    So a database that is out of reach holds up no message, and loses none: all of a session is recorded anew.
    """

    def __init__(
        self, recorder: Recorder, clock: Clock, backoff: Backoff = BACKOFF, measures: Measures = UNMEASURED
    ) -> None:
        self._measures = measures
        self._recorder = recorder
        self._clock = clock
        self._backoff = backoff
        self._sessions: Remembered[str, HeardSession] = Remembered(SESSIONS)
        self._changed: dict[str, HeardSession] = {}
        self._due = asyncio.Event()

    async def hear(self, update: Update) -> None:
        """Take up what a source tells; nothing is awaited."""
        match update:
            case SessionSeen(session):
                self._begin(session)
            case CarsSeen(key, cars):
                self._heard(key).cars = cars
                self._note(key)
            case MessagesSeen(key, messages):
                heard = self._heard(key)
                unknown = heard.unknown
                heard.hear(messages)
                self._measure(messages)
                if heard.has_ended(self._clock.now()):
                    heard.end()
                if heard.unknown > unknown:
                    log.warning("race_control.unknown_template", session=key, unknown=heard.unknown)
                self._note(key)

    async def run(self) -> None:
        """Record what was heard, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch_the_end(), name="end of sessions")
            failures = 0
            while True:
                await self._due.wait()
                self._due.clear()
                failures = 0 if await self._record(first=not failures) else failures + 1
                if failures:
                    await self._clock.sleep(self._backoff.after(failures))
                    self._due.set()

    async def _record(self, *, first: bool) -> bool:
        """Record every session that has changed; whether the database took all of them."""
        while self._changed:
            key, heard = next(iter(self._changed.items()))
            del self._changed[key]
            if heard.session is None or heard.session.name not in FOLLOWED:
                continue
            try:
                changes = await self._recorder.record_heard(heard.session, heard)
            except Exception:
                if first:  # said once, however long the database is out of reach
                    log.exception("race_control.not_recorded", session=key)
                self._changed.setdefault(key, heard)
                return False
            for change in changes:
                log.info("race_control.recorded", incident=change.record.id, new=change.new, ruled=change.ruled)
        return True

    async def _watch_the_end(self) -> None:
        """Say of sessions that are over that no verdict follows; the cases that are open then stay without one."""
        while True:
            now = self._clock.now()
            for key, heard in list(self._sessions.items()):
                if heard.has_ended(now) and heard.end():
                    self._note(key)
            await self._clock.sleep(LOOKED_AT_EVERY)

    def _begin(self, session: Session) -> None:
        """Know which session is heard; the one before it is over, unless the source comes back to it before its end."""
        for key, heard in list(self._sessions.items()):
            if key != session.key and heard.session is not None and heard.end():
                self._note(key)
        heard = self._heard(session.key)
        heard.session = session
        if heard.is_over and not heard.has_ended(self._clock.now()):
            heard.go_on()
        self._note(session.key)

    def _measure(self, messages: Sequence[Message]) -> None:
        """Say how long the newest message took, unless it is old: whoever connects is told all of the session."""
        delay = (self._clock.now() - max(message.at for message in messages)).total_seconds()
        if delay < NEWS:
            self._measures.heard(delay)

    def _heard(self, key: str) -> HeardSession:
        return self._sessions.setdefault(key, HeardSession())

    def _note(self, key: str) -> None:
        self._changed[key] = self._heard(key)
        self._due.set()
