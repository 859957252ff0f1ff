import datetime as dt
from dataclasses import replace

import pytest

from bot.cards import closed_poll
from bot.cards.incident import story_reply
from bot.cards.race_cases import case_line
from bot.cards.ruling_text import overturned, ruled
from bot.domain.incidents import Incident, Review
from bot.domain.noted_records import KeptRuling, NotedRecord, document_of
from bot.domain.polls import Poll
from bot.search.catalogue import Incidents
from tests.support.cases import draft, noted


@pytest.fixture
def overturned_in_court(incidents: Incidents) -> Incident:
    """What was ruled on the day, rescinded five days later, and ruled again by a court in autumn."""
    monza = incidents.get("monza-2021")
    assert monza is not None
    assert monza.ruling is not None
    link = "https://example.org/"
    reviews = (
        Review(date=dt.date(2021, 9, 12), by="the stewards", decision="Five seconds for Verstappen.", link=link),
        Review(date=dt.date(2021, 9, 17), by="the stewards, on review", decision="Rescinded after all.", link=link),
    )
    heard = replace(monza.ruling, by="the FIA", date=dt.date(2021, 11, 4), reviews=reviews)
    return replace(monza, ruling=replace(heard, decision="five seconds reinstated"))


def test_a_ruling_in_short_is_the_one_that_stands_with_whose_it_is_and_of_when(overturned_in_court: Incident) -> None:
    stands = "five seconds reinstated (after earlier decisions)"
    assert ruled(overturned_in_court) == f"The FIA, 4 November 2021: {stands}"
    nobody_voted = Poll.of(overturned_in_court).tally({})
    closed = closed_poll.result(overturned_in_court, nobody_voted, nobody_voted)
    for reply in (story_reply(overturned_in_court, None), closed):
        assert [(each.name, each.value) for each in reply.card.fields] == [("The FIA", stands)]


def test_a_ruling_of_the_weekend_has_no_date_and_nothing_before_it(incidents: Incidents) -> None:
    imola, adelaide = incidents.get("imola-2021"), incidents.get("adelaide-1994")
    assert imola is not None
    assert adelaide is not None
    assert ruled(imola) == "The stewards: no further action"
    assert ruled(adelaide) == "No ruling"


def test_of_what_race_control_noted_the_last_ruling_before_the_one_that_stands_is_said() -> None:
    incident = draft(noted())
    at = int(dt.datetime(2025, 9, 7, 18, tzinfo=dt.UTC).timestamp())
    made = [
        KeptRuling(at + number, "the stewards", decision, "", None, "FIA document", "[]", None)
        for number, decision in enumerate(("five seconds for Norris", "Norris is cleared"))
    ]
    ruled = NotedRecord.of(incident.id, document_of(incident), tuple(made)).incident
    assert overturned(ruled) == " (before that: five seconds for Norris)"
    assert case_line(ruled).endswith(": Norris is cleared (before that: five seconds for Norris)")
