import pytest

from bot.cards import closed_poll
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import NotedRecord, document_of
from bot.domain.noted_rulings import rulings_of
from bot.domain.polls import Tally
from bot.i18n import speaking
from tests.support.cases import VER, draft, noted, penalised
from tests.support.conversation import fields

NO_VOTES = Tally((), (), ())


@pytest.fixture
def ruled() -> NotedIncident:
    """An incident that race control noted, and the stewards ruled on."""
    bare = draft(penalised(noted(), VER, 14))
    return NotedRecord.of(bare.id, document_of(bare), tuple(rulings_of(bare))).incident


def test_a_noted_incident_is_named_in_the_language_that_is_spoken(ruled: NotedIncident) -> None:
    with speaking("de"):
        closed, opened = closed_poll.closed(ruled), closed_poll.opened(ruled)
        result = closed_poll.result(ruled, NO_VOTES, NO_VOTES)
    for reply in (closed, opened, result):
        assert reply.card.title.endswith(": Verstappen und Norris, Kurve 4, Monza 2025")
    assert fields(result) == {"Die Rennkommissare": "10 Sekunden Zeitstrafe für Verstappen"}
