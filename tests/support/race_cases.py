"""Cases as a recap tells them: noted, ruled on and voted on, put together without a database."""

from bot.domain.cases import Case
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import KeptRuling, NotedRecord, document_of
from bot.domain.noted_rulings import rulings_of
from bot.domain.polls import Poll, Tally
from bot.domain.race_control import Session
from tests.support.cases import MONZA, draft


def known(case: Case, *documents: KeptRuling, session: Session = MONZA) -> NotedIncident:
    """The incident that a case is, with the rulings that race control's messages say and those of documents."""
    incident = draft(case, session)
    rulings = (*rulings_of(incident), *documents)
    return NotedRecord.of(incident.id, document_of(incident), rulings).incident


def voted(incident: Incident, **votes: int) -> tuple[Incident, Tally]:
    """An incident with so many votes for each of its poll's choices, whose keys have _ for -, before any ruling."""
    poll = Poll.of(incident)
    counts = {(choice.id, 0): votes.get(choice.key.replace("-", "_"), 0) for choice in poll.choices}
    return incident, poll.tally(counts)
