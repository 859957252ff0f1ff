"""The incidents that race control noted, their rulings and their polls, written together.

What is given is held against what is stored in the transaction that writes it, and what differs is what has changed.
So the same cases twice, or by two at once, change nothing; nor does an older view of a session than was stored. What
race control said of incidents is kept in that transaction as well, so that a case is one whoever hears it again.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, select, update
from sqlalchemy.types import TypeEngine

from bot.domain.incidents import Incident
from bot.domain.noted_ids import first_free
from bot.domain.noted_incidents import NotedIncident, retracted
from bot.domain.noted_records import KeptRuling, NotedChange, NotedRecord, document_of
from bot.domain.noted_rulings import rulings_of
from bot.domain.race_control import Noticed
from bot.pacing.clock import Clock, SystemClock
from storage import tables
from storage.database.base import Database
from storage.database.json_rows import BIGINT, INTEGER, TEXT, as_json, json_rows
from storage.noted_reading import read_noted
from storage.noticed_messages import keep
from storage.poll_records import record_polls
from storage.recorded_sessions import mark_recorded
from storage.unknown_templates import count_unknown

NOTED, RULING = tables.noted_incident, tables.ruling
COLUMNS: dict[str, TypeEngine[Any]] = {
    "id": TEXT,
    "session": TEXT,
    "opened": INTEGER,
    "season": INTEGER,
    "document": TEXT,
    "heard": INTEGER,
    "changed_at": BIGINT,
}
OVERLAP = 300
"""Seconds by which the clocks of two processes on one database may differ."""


class Stored(NamedTuple):
    """An incident as it is stored, when so many messages were `heard`."""

    id: str
    opened: int
    document: str
    heard: int

    @property
    def incident(self) -> NotedIncident:
        """What is known of it but for its rulings."""
        return NotedRecord.of(self.id, self.document).incident


class NotedIncidents:
    """What is kept of noted incidents."""

    def __init__(self, database: Database, told: Iterable[Incident] = (), clock: Clock | None = None) -> None:
        """`told` are the incidents whose ids are taken; those that one of them takes over are asked about there."""
        self._database = database
        self._clock = clock or SystemClock()
        taken = {incident.id: incident.takes_over for incident in told}
        self._told, self._taken_over = set(taken), set(filter(None, taken.values()))
        given = json_rows(database.dialect, COLUMNS)
        # SQLite takes the ON of ON CONFLICT for a join's, unless a WHERE comes before it.
        row = database.insert(NOTED).from_select([*COLUMNS], select(given).where(given.c.id.is_not(None)))
        self._insert = row.on_conflict_do_nothing().returning(NOTED.c.opened)

    async def all(self) -> list[NotedRecord]:
        """Every incident that was ever noted."""
        return await self._database.read(read_noted)

    async def get(self, incident_id: str) -> NotedRecord | None:
        """The incident of that id, or None."""
        found = await self._database.read(lambda connection: read_noted(connection, NOTED.c.id == incident_id))
        return found[0] if found else None

    async def changed_since(self, moment: int) -> list[NotedRecord]:
        """The incidents written since a moment, in seconds since 1970, by whatever process; and some before it."""
        recent = NOTED.c.changed_at >= moment - OVERLAP
        return await self._database.read(lambda connection: read_noted(connection, recent))

    async def record(
        self, incidents: Sequence[NotedIncident], heard: int, noticed: Noticed | None = None
    ) -> list[NotedChange]:
        """Store all of a session's incidents as they are after `heard` notices; what is new or has changed.

        Only those about blame are taken up. One that is new gets the id that it wishes for, or one like it; later on
        it is known by the message that opened it, and keeps its id. What is `noticed` in the session is kept with them;
        an incident of which race control's messages, as they are known by now, tell no more is retracted.

        Raises HeardOtherwiseError where more is kept of what was noticed, or under other numbers.
        """
        if not incidents and noticed is None:
            return []
        return await self._database.write(lambda connection: self._record(connection, incidents, heard, noticed))

    async def record_whole(
        self, session_key: str, incidents: Sequence[NotedIncident], heard: int, noticed: Noticed | None = None
    ) -> list[NotedChange]:
        """Store the incidents of a session of which nothing more is to come, and that it is recorded to its end.

        Raises HeardOtherwiseError as `record` does.
        """

        def record(connection: Connection) -> list[NotedChange]:
            changes = self._record(connection, incidents, heard, noticed)
            mark_recorded(self._database, connection, session_key, self._now())
            return changes

        return await self._database.write(record)

    async def rule(self, incident_id: str, ruling: KeptRuling) -> NotedChange | None:
        """Add a ruling; None where there is no such incident, or where one of its rulings says the same."""
        return await self._database.write(lambda connection: self._rule(connection, incident_id, ruling))

    def _record(
        self, connection: Connection, incidents: Sequence[NotedIncident], heard: int, noticed: Noticed | None
    ) -> list[NotedChange]:
        if noticed is not None:
            keep(self._database, connection, noticed.session, noticed.messages)
            count_unknown(self._database, connection, noticed.session, noticed.unknown)
        session = noticed.session if noticed else next((each.session_key for each in incidents), "")
        stored = self._stored(connection, session)
        given, new = _by_first_message(incidents, stored), set[int]()
        while missing := {each for each in given if given[each].case.about_blame} - stored.keys():
            new |= self._put_down(connection, [given[opened] for opened in sorted(missing)], heard)
            stored = self._stored(connection, session)
            given = _by_first_message(incidents, stored)
        given |= _retracted([stored[opened] for opened in stored.keys() - given.keys()], noticed)
        current = {opened: given[opened] for opened in given.keys() & stored.keys() if stored[opened].heard <= heard}
        corrected = {opened for opened in current if stored[opened].document != document_of(current[opened])}
        self._correct(connection, [(stored[opened].id, current[opened]) for opened in corrected], heard)
        ruled = self._keep_rulings(connection, {stored[opened].id: rulings_of(current[opened]) for opened in current})
        ids = {stored[opened].id: opened for opened in current}
        changed = {each for each, opened in ids.items() if opened in new | corrected or each in ruled}
        records = self._with_polls(connection, changed)
        return [
            NotedChange(record, ids[record.id] in new, ids[record.id] in corrected - new, record.id in ruled)
            for record in sorted(records, key=lambda record: ids[record.id])
        ]

    def _rule(self, connection: Connection, incident_id: str, ruling: KeptRuling) -> NotedChange | None:
        connection.execute(select(NOTED.c.id).where(NOTED.c.id == incident_id).with_for_update())
        found = read_noted(connection, NOTED.c.id == incident_id)
        if not found or ruling.is_among(found[0].rulings):
            return None
        connection.execute(RULING.insert(), [{"incident": incident_id, **ruling._asdict()}])
        (record,) = self._with_polls(connection, {incident_id})
        return NotedChange(record, ruled=True)

    def _stored(self, connection: Connection, session: str) -> dict[int, Stored]:
        """A session's incidents by the message that opened them; nobody else changes them in the meantime."""
        columns = select(NOTED.c.id, NOTED.c.opened, NOTED.c.document, NOTED.c.heard)
        rows = columns.where(NOTED.c.session == session).order_by(NOTED.c.opened).with_for_update()
        return {row.opened: Stored(*row) for row in connection.execute(rows)}

    def _put_down(self, connection: Connection, incidents: Sequence[NotedIncident], heard: int) -> set[int]:
        """Insert incidents under ids that nobody has, but those that somebody else inserts at the same time."""
        season = incidents[0].season
        taken = {*connection.scalars(select(NOTED.c.id).where(NOTED.c.season == season)), *self._told}
        rows = []
        for incident in incidents:
            own = first_free(incident.id, taken)
            taken.add(own)
            session, opened = incident.session_key, incident.case.opened
            rows.append((own, session, opened, season, document_of(incident), heard, self._now()))
        return {*connection.scalars(self._insert, {"rows": as_json(rows)})}

    def _correct(self, connection: Connection, incidents: Sequence[tuple[str, NotedIncident]], heard: int) -> None:
        if incidents:
            change = update(NOTED).where(NOTED.c.id == bindparam("of"))
            connection.execute(
                change.values(document=bindparam("becomes"), heard=heard),
                [{"of": own, "becomes": document_of(incident)} for own, incident in sorted(incidents)],
            )

    def _keep_rulings(self, connection: Connection, made: dict[str, list[KeptRuling]]) -> set[str]:
        """Keep what race control's messages rule, as it is known by now; withdraw what they turn out to say of others.

        What comes back are the incidents on which something changed.
        """
        columns = [RULING.c.incident, RULING.c.withdrawn, *(RULING.c[name] for name in KeptRuling._fields)]
        ours = RULING.c.incident.in_(made), RULING.c.message.is_not(None)
        known: dict[tuple[str, int | None], tuple[KeptRuling, bool]] = {}
        for incident, withdrawn, *ruling in connection.execute(select(*columns).where(*ours)):
            kept = KeptRuling(*ruling)
            known[incident, kept.message] = kept, withdrawn
        ruled = {(incident, ruling.message): ruling for incident, rulings in made.items() for ruling in rulings}
        added = [{"incident": of, **ruling._asdict()} for (of, by), ruling in ruled.items() if (of, by) not in known]
        today = {key: (ruled.get(key, kept), key not in ruled) for key, (kept, _withdrawn) in known.items()}
        changed = {key: ruling for key, ruling in today.items() if ruling != known[key]}
        if added:
            connection.execute(self._database.insert(RULING).on_conflict_do_nothing(), added)
        if changed:
            its = (RULING.c.incident == bindparam("of")) & (RULING.c.message == bindparam("by"))
            values: dict[str, BindParameter[Any]] = {
                name: bindparam(f"new_{name}") for name in (*KeptRuling._fields, "withdrawn")
            }
            connection.execute(
                update(RULING).where(its).values(values),
                [
                    {"of": of, "by": by, "new_withdrawn": withdrawn}
                    | {f"new_{name}": value for name, value in ruling._asdict().items()}
                    for (of, by), (ruling, withdrawn) in changed.items()
                ],
            )
        return {*(each["incident"] for each in added), *(of for of, _by in changed)}

    def _with_polls(self, connection: Connection, ids: Collection[str]) -> list[NotedRecord]:
        """Stamp incidents that changed, and bring their polls up to date; what is kept of them then, polls and all."""
        if not ids:
            return []
        connection.execute(update(NOTED).where(NOTED.c.id.in_(ids)).values(changed_at=self._now()))
        incidents = [record.incident for record in read_noted(connection, NOTED.c.id.in_(ids))]
        asked = [incident for incident in incidents if incident.poll and incident.id not in self._taken_over]
        record_polls(self._database, connection, asked)
        return read_noted(connection, NOTED.c.id.in_(ids))

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _by_first_message(incidents: Iterable[NotedIncident], stored: Collection[int]) -> dict[int, NotedIncident]:
    """Incidents by the message that opened them; by the one that is stored, where an earlier one turned up later."""
    known = {}
    for incident in incidents:
        case = incident.case
        ours = sorted(stage.index for stage in case.stages if stage.index in stored)
        known[case.opened if case.opened in stored or not ours else ours[0]] = incident
    return known


def _retracted(stored: Iterable[Stored], noticed: Noticed | None) -> dict[int, NotedIncident]:
    """Those incidents whose first message is known, and opens no case between two drivers any more."""
    known = {message.index for message in noticed.messages} if noticed else set()
    return {each.opened: retracted(each.incident) for each in stored if each.opened in known}
