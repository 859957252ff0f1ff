"""What is ruled on a noted incident: by race control's messages, message by message, or by a document."""

import datetime as dt
import json
from collections.abc import Collection, Iterator

from bot.domain.cases import Case, Penalty, Stage, StageKind
from bot.domain.noted_incidents import DOCUMENT, RACE_CONTROL, NotedIncident, NotedRuling
from bot.domain.noted_records import KeptRuling
from bot.forms.reading import read

STEWARDS = "the stewards"

NO_FURTHER = ("no further action", "no further investigation", "no investigation necessary")
"""How race control says that somebody goes unpunished."""

LONGEST_DECISION = 90
"""Characters of a ruling in a line."""


def rulings_of(incident: NotedIncident) -> list[KeptRuling]:
    """The rulings that race control's messages say, in their order; each says all penalties that there were by then.

    On an incident that was retracted they say none, as they are about something else; nor does one whose penalty is
    taken back by a later one.
    """
    if incident.retracted:
        return []
    case = incident.case
    return [
        KeptRuling(
            int(stage.at.timestamp()),
            STEWARDS,
            decision_of(incident, stage)[:LONGEST_DECISION],
            (_reason(case, stage) or "").lower(),
            None,
            RACE_CONTROL,
            json.dumps(list(dict.fromkeys(_blamed(incident, stage)))),
            stage.index,
        )
        for stage in case.stages
        if stage.kind is StageKind.NO_FURTHER or (stage.kind is StageKind.PENALTY and penalties_by(case, stage.index))
    ]


def ruling_of_document(
    incident: NotedIncident,
    made_at: dt.datetime,
    *,
    decision: str,
    link: str,
    at_fault: Collection[str] = (),
    reason: str = "",
    by: str = "",
) -> KeptRuling:
    """A ruling that a document says; `at_fault` are suspects' ids, and nobody else ruled than the stewards if not `by`.

    Raises FormError where a text or the link is not what a ruling's may be.
    """
    known = {name: text for name, text in (("reason", reason), ("by", by)) if text}
    ruling = read(
        NotedRuling,
        {
            "date": made_at.astimezone(incident.zone).date(),
            "decision": decision,
            "link": link,
            "at_fault": [suspect.id for suspect in incident.suspects if suspect.id in at_fault],
            "made_at": made_at,
            "source": DOCUMENT,
            **known,
        },
    )
    moment, blamed = int(made_at.timestamp()), json.dumps(ruling.at_fault)
    return KeptRuling(moment, ruling.by, ruling.decision, ruling.reason, ruling.link, ruling.source, blamed, None)


def penalties_by(case: Case, message: int) -> list[Penalty]:
    """The penalties that a case had led to by race control's message of that number."""
    return [penalty for penalty in case.penalties if penalty.index <= message]


def standing_penalties(incident: NotedIncident) -> list[Penalty]:
    """The penalties that the ruling that stands imposes, as far as race control's messages say them."""
    ruling = incident.ruling
    if ruling is None or ruling.message is None or ruling.decision in NO_FURTHER:
        return []
    return penalties_by(incident.case, ruling.message)


def decision_of(incident: NotedIncident, stage: Stage) -> str:
    """A ruling in a line: `10s time penalty for Verstappen`, `no further action`."""
    if stage.kind is StageKind.PENALTY and (penalties := penalties_by(incident.case, stage.index)):
        names = {suspect.number: suspect.surname for suspect in incident.suspects}
        return "; ".join(f"{each.kind} for {names.get(each.car.number, each.car.code)}" for each in penalties)
    return next((said for said in NO_FURTHER if said.upper() in stage.text), NO_FURTHER[0])


def _blamed(incident: NotedIncident, stage: Stage) -> Iterator[str]:
    ids = {suspect.number: suspect.id for suspect in incident.suspects}
    if stage.kind is StageKind.PENALTY:
        yield from (ids[each.car.number] for each in penalties_by(incident.case, stage.index) if each.car.number in ids)


def _reason(case: Case, stage: Stage) -> str | None:
    if stage.kind is StageKind.NO_FURTHER:
        return case.reason
    return next((each.reason for each in reversed(penalties_by(case, stage.index)) if each.reason), case.reason)
