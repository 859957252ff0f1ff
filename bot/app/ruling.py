"""Ruling by hand: what only the FIA's documents have is added to an incident that race control noted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from bot.app.control_socket import Report
from bot.cards import incident_text, ruling_text
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import KeptRuling, NotedRecord
from bot.domain.noted_rulings import ruling_of_document
from bot.forms.mistakes import FormError
from bot.i18n.formats import day
from bot.jobs.race_control.recorder import Recorder
from bot.pacing.clock import Clock
from bot.search.catalogue import Incidents
from bot.search.found import Found, Nothing, Several
from bot.search.words import fold
from storage.noted_incidents import NotedIncidents

OFFERED = 5
"""Incidents that are offered where none has the id that was given."""

KNOWN = "That ruling is known already, so nothing changes."
FOLLOWED = "Every message that shows its poll follows."
NOT_WRITTEN = "Nothing was written."


class CannotRuleError(Exception):
    """What was said makes no ruling; what it is made of are the lines that say why."""


class RulingByHand:
    """Adds rulings to noted incidents on an operator's word; none is ever changed, and the latest stands."""

    def __init__(self, noted: NotedIncidents, incidents: Incidents, recorder: Recorder, clock: Clock) -> None:
        self._noted = noted
        self._incidents = incidents
        self._recorder = recorder
        self._clock = clock

    async def rule(
        self,
        incident: str,
        decision: str,
        link: str,
        *,
        at_fault: Sequence[str] = (),
        reason: str = "",
        by: str = "",
        at: str = "",
        dry_run: bool = False,
    ) -> Report:
        """Add a ruling to the incident of that id, or say what would be added.

        `at_fault` are names, codes or numbers; `at` is ISO 8601, by the clocks at the track unless it names a zone. A
        ruling that says what one says already is none, whenever it was made.
        """
        try:
            record = await self._record(incident.strip().casefold())
            ruling = self._ruling(record.incident, at_fault, at, by=by, decision=decision, reason=reason, link=link)
        except CannotRuleError as error:
            return Report(ok=False, lines=error.args)
        if ruling.is_among(record.rulings):
            return Report(ok=True, lines=(KNOWN,))
        if dry_run:
            return Report(ok=True, lines=(*_told(record.ruled(ruling).incident, ruling), NOT_WRITTEN))
        change = await self._recorder.rule(record.id, ruling)
        if change is None:  # somebody else, in this very moment
            return Report(ok=True, lines=(KNOWN,))
        return Report(ok=True, lines=(*_told(change.record.incident, ruling), FOLLOWED))

    async def _record(self, incident_id: str) -> NotedRecord:
        """The incident as it is stored. Raises CannotRuleError where there is none, or where its story is told."""
        known = self._incidents.get(incident_id)
        if known is not None and not isinstance(known, NotedIncident):
            where = f"storage/incidents/{known.id}.toml"
            raise CannotRuleError(f"{known.title} is told in a file: put the ruling into {where}, and start again.")
        record = await self._noted.get(incident_id)
        if record is None:
            near = (f"{each.id}  {incident_text.title(each)}" for each in self._near(incident_id))
            raise CannotRuleError(f"No incident has the id {incident_id}. Near it:", *near)
        return record

    def _near(self, words: str) -> Sequence[Incident]:
        match self._incidents.look_up(words):
            case Found(incident):
                return (incident,)
            case Several(incidents):
                return incidents[:OFFERED]
            case Nothing(near):
                return near[:OFFERED]

    def _ruling(self, incident: NotedIncident, at_fault: Sequence[str], at: str, **said: str) -> KeptRuling:
        """What was said, as a ruling that can be kept. Raises CannotRuleError."""
        names = filter(None, (name.strip(" ,") for name in at_fault))
        blamed, made_at = [_suspect(incident, name) for name in names], self._moment(incident, at)
        try:
            return ruling_of_document(incident, made_at, at_fault=blamed, **said)
        except FormError as error:
            raise CannotRuleError(*(f"--{each.place[0]}: {each.reason}." for each in error.mistakes)) from None

    def _moment(self, incident: NotedIncident, at: str) -> dt.datetime:
        """When a ruling was made. Raises CannotRuleError."""
        now = self._clock.now()
        if not at.strip():
            return now
        try:
            said = dt.datetime.fromisoformat(at.strip())
        except ValueError:
            raise CannotRuleError("--at: say it like 2025-09-07T18:30, by the clocks at the track.") from None
        moment = said if said.tzinfo else said.replace(tzinfo=incident.zone)
        if moment > now:
            raise CannotRuleError("--at: that is still to come.")
        if moment < incident.case.opened_at:
            noted = incident.case.opened_at.astimezone(incident.zone)
            raise CannotRuleError(f"--at: the incident was noted later, on {_clock(noted)} at the track.")
        return moment


def _suspect(incident: NotedIncident, name: str) -> str:
    """The id of the driver that somebody names. Raises CannotRuleError."""
    for suspect in incident.suspects:
        called = (suspect.id, suspect.name, suspect.surname, suspect.code, str(suspect.number))
        if fold(name) in map(fold, called):
            return suspect.id
    names = incident_text.listed([*incident.button_names.values()])
    raise CannotRuleError(f"--at-fault: {name} was not in it; {names} were.")


def _told(incident: NotedIncident, ruling: KeptRuling) -> list[str]:
    """What an incident's rulings are once one was added: what it says, and which stands."""
    added = ruling.ruling(incident, ())
    when = _clock(added.made_at.astimezone(incident.zone))
    blamed = [incident.button_names[each] for each in added.at_fault]
    lines = [
        incident_text.title(incident),
        f"{added.decision}: {ruling_text.judges(added.by)}, {when} at the track.",
        f"It blames {incident_text.listed(blamed) or 'nobody'}.",
        *filter(None, [added.reason]),
    ]
    in_force = incident.ruling or added
    if replace(in_force, replaced=()) != added:
        lines.append(f"A later one stands: {ruling_text.decision(incident, in_force)}.")
    elif in_force.replaced:
        lines.append(f"It takes the place of: {ruling_text.decision(incident, in_force.replaced[0])}.")
    return lines


def _clock(moment: dt.datetime) -> str:
    return f"{day(moment.date())}, {moment:%H:%M}"
