"""Cases become incidents: stored, known to whoever looks one up or votes, and told to whoever shows them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

import structlog

from bot.domain.cases import DRIVERS, Case
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import KeptRuling, NotedChange, NotedRecord
from bot.domain.race_control import Noticed, Session
from bot.events import CaseChanged, Events, RulingMade
from bot.jobs.race_control.heard import HeardSession
from bot.pacing.clock import Clock, SystemClock
from bot.pacing.outages import Outages
from bot.search.catalogue import Incidents
from bot.search.drafts import Drafts
from storage.database.base import reason
from storage.database.faults import is_the_databases
from storage.noted_incidents import NotedIncidents
from storage.noticed_messages import HeardOtherwiseError
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
        self._turn = asyncio.Lock()
        self._unknown = Outages[str]()

    async def record_heard(self, session: Session, heard: HeardSession) -> list[NotedChange]:
        """Record all cases of a session as they are by what was heard of it; what is new or has changed.

        What was kept of it when it was heard before, by this process or another, is recalled.
        """

        async def record(noticed: Noticed) -> list[NotedChange]:
            return await self.record(session, heard.cases, len(noticed.messages), noticed)

        return await _in_agreement(session, heard, record)

    async def record(
        self, session: Session, cases: Iterable[Case], notices: int, noticed: Noticed | None = None
    ) -> list[NotedChange]:
        """Record all cases of a session as they are after so many of its notices; what is new or has changed.

        Once this returns, what changed is committed, found and shown. The same again, or an older view, changes
        nothing. Of cases that are not about blame none is taken up; one that turns out so later is kept up to date.
        Raises HeardOtherwiseError where more was `noticed` before, or under other numbers.
        """
        async with self._turn:
            changes = await self._noted.record(self._incidents_of(session, cases), notices, noticed)
            self._take_up([change.record for change in changes])
        for change in changes:
            self._tell(change)
        return changes

    async def record_past(self, session: Session, heard: HeardSession, *, whole: bool) -> list[NotedChange]:
        """Record a session that is over, of which nobody is told but who shows what has changed.

        Where it is the `whole` of it, so that nothing more is to come, that is recorded with it.
        """

        async def record(noticed: Noticed) -> list[NotedChange]:
            incidents, notices = self._incidents_of(session, heard.cases), len(noticed.messages)
            if whole:
                return await self._noted.record_whole(session.key, incidents, notices, noticed)
            return await self._noted.record(incidents, notices, noticed)

        async with self._turn:
            changes = await _in_agreement(session, heard, record)
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
        async with self._turn:
            change = await self._noted.rule(incident_id, ruling)
            if change is not None:
                self._take_up([change.record])
        if change is not None:
            self._tell(change)
        return change

    async def run(self) -> None:
        """Know what other processes record, until cancelled."""
        while True:
            await self._clock.sleep(REFRESHED_EVERY)
            try:
                await self.refresh()
                self._unknown.ends("others")
            except Exception as error:
                if self._unknown.begins("others"):
                    # A trace tells nothing of a database that is away.
                    trace = not is_the_databases(error)
                    log.warning("noted_incidents.not_refreshed", reason=reason(error), exc_info=trace)

    async def refresh(self) -> None:
        """Know what other processes have recorded since the last look."""
        # What is read while something is written would be taken up after it, and be older: so they take turns.
        async with self._turn:
            now = self._clock.now()
            changed = self._take_up(await self._noted.changed_since(int(self._looked_at.timestamp())))
            self._looked_at = now
        for record in changed:
            self._events.publish(CaseChanged(record.id))

    def _take_up(self, records: Sequence[NotedRecord]) -> list[NotedRecord]:
        """Let incidents be found and voted on; those that were not known so before."""
        self._polls.take_up(records)
        return self._incidents.take_up(records)

    def _tell(self, change: NotedChange) -> None:
        if change.new or change.corrected:
            self._events.publish(CaseChanged(change.record.id))
        if change.ruled:
            self._events.publish(RulingMade(change.record.id))


async def _in_agreement(
    session: Session, heard: HeardSession, record: Callable[[Noticed], Awaitable[list[NotedChange]]]
) -> list[NotedChange]:
    """Record what was heard of a session, after recalling what was kept of it as long as that is something else."""
    while True:
        try:
            return await record(heard.noticed(session.key))
        except HeardOtherwiseError as other:
            heard.recall(other.kept)
            log.info("race_control.recalled", session=session.key, messages=len(other.kept))
