"""Cases become incidents: stored, known to whoever looks one up or votes, and told to whoever shows them."""

from collections.abc import Iterable, Sequence

import structlog

from bot.domain.cases import DRIVERS, Case
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import KeptRuling, NotedChange, NotedRecord
from bot.domain.race_control import Session
from bot.events import CaseChanged, Events, RulingMade
from bot.pacing.clock import Clock, SystemClock
from bot.search.catalogue import Incidents
from bot.search.drafts import Drafts
from storage.noted_incidents import NotedIncidents
from storage.polls import Polls

log = structlog.get_logger(__name__)

REFRESHED_EVERY = 10.0
"""Seconds after which another process on the same database knows what this one recorded, at most."""


class Recorder:
    """The one way by which incidents are noted while the bot runs."""

    def __init__(
        self,
        noted: NotedIncidents,
        incidents: Incidents,
        polls: Polls,
        drafts: Drafts,
        events: Events,
        clock: Clock | None = None,
    ) -> None:
        """`clock` is the one that `noted` stamps what it writes by: the system's, where nothing is given."""
        self._noted = noted
        self._incidents = incidents
        self._polls = polls
        self._drafts = drafts
        self._events = events
        self._clock = clock or SystemClock()
        self._looked_at = self._clock.now()

    async def record(self, session: Session, cases: Iterable[Case], heard: int, unknown: int = 0) -> list[NotedChange]:
        """Record all cases of a session as they are after `heard` of its messages; what is new or has changed.

        Once this returns, what changed is committed, found and shown. The same again, or an older view, changes
        nothing. Of cases that are not about blame none is taken up; one that turns out so later is kept up to date.
        `unknown` is how many of the messages follow no template that is known: they are counted.
        """
        if unknown:
            await self._noted.count_unknown(session.key, unknown)
        changes = await self._noted.record(self._incidents_of(session, cases), heard)
        self._take_up([change.record for change in changes])
        for change in changes:
            self._tell(change)
        return changes

    async def record_past(
        self, session: Session, cases: Iterable[Case], heard: int, *, whole: bool
    ) -> list[NotedChange]:
        """Record a session that is over, of which nobody is told but who shows what has changed.

        Where it is the `whole` of it, so that nothing more is to come, that is recorded with it.
        """
        incidents = self._incidents_of(session, cases)
        if whole:
            changes = await self._noted.record_whole(session.key, incidents, heard)
        else:
            changes = await self._noted.record(incidents, heard)
        self._take_up([change.record for change in changes])
        for change in changes:
            if not change.new:
                self._events.publish(CaseChanged(change.record.id))
        await self._incidents.read()
        return changes

    def _incidents_of(self, session: Session, cases: Iterable[Case]) -> list[NotedIncident]:
        return [self._drafts.of(session, case) for case in cases if len(case.cars) >= DRIVERS]

    async def rule(self, incident_id: str, ruling: KeptRuling) -> NotedChange | None:
        """Add a ruling that race control's messages do not have; None where there is no such noted incident.

        None as well where one that it has says the same.
        """
        change = await self._noted.rule(incident_id, ruling)
        if change is not None:
            self._take_up([change.record])
            self._tell(change)
        return change

    async def run(self) -> None:
        """Know what other processes record, until cancelled."""
        while True:
            await self._clock.sleep(REFRESHED_EVERY)
            try:
                await self.refresh()
            except Exception:
                log.exception("noted_incidents.not_refreshed")

    async def refresh(self) -> None:
        """Know what other processes have recorded since the last look."""
        now = self._clock.now()
        for record in self._take_up(await self._noted.changed_since(int(self._looked_at.timestamp()))):
            self._events.publish(CaseChanged(record.id))
        self._looked_at = now

    def _take_up(self, records: Sequence[NotedRecord]) -> list[NotedRecord]:
        """Let incidents be found and voted on; those that were not known so before."""
        self._polls.take_up(records)
        return self._incidents.take_up(records)

    def _tell(self, change: NotedChange) -> None:
        if change.new or change.corrected:
            self._events.publish(CaseChanged(change.record.id))
        if change.ruled:
            self._events.publish(RulingMade(change.record.id))
