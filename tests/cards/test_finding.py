"""What the fans and the ruling say, in one sentence."""

import re
from dataclasses import replace

import pytest

from bot.cards.finding import finding
from bot.cards.incident_text import choice_label
from bot.cards.poll import cases
from bot.cards.receipt import stewards_said
from bot.cards.ruling_text import judges
from bot.cards.tally_text import blame_votes
from bot.domain.incidents import Incident
from bot.domain.polls import Poll, Tally
from bot.i18n import speaking
from bot.search.catalogue import Incidents

CATALOGUE = Incidents.load()


def incident(incident_id: str) -> Incident:
    found = CATALOGUE.get(incident_id)
    assert found is not None
    return found


def found(incident_id: str, *votes: int) -> str:
    """The finding of an incident with so many votes for each of its poll's choices."""
    asked = incident(incident_id)
    poll = Poll.of(asked)
    return finding(asked, Tally(poll.choices, votes, (0,) * len(votes)))


@pytest.mark.parametrize(
    ("incident_id", "votes", "said"),
    [
        ("imola-2021", (1, 2, 3, 8, 6), "Most fans blame Russell; the stewards blamed nobody for it"),
        ("imola-2021", (5, 4, 1, 4, 4), "Fans blame Bottas most often; the stewards blamed nobody for it"),
        ("imola-2021", (1, 2, 9, 2, 1), "Most fans call it a racing incident; the stewards blamed nobody for it"),
        ("imola-2021", (5, 4, 9, 4, 5), "Fans are split between Bottas, a racing incident and Russell"),
        ("imola-2021", (0, 0, 0, 1, 0), "The only vote blames Russell; the stewards blamed nobody for it"),
        ("imola-2021", (0, 1, 0, 1, 2), "3 of 4 votes blame Russell; the stewards blamed nobody for it"),
        ("imola-2021", (0, 0, 0, 0, 0), "No fan has voted yet; the stewards blamed nobody for it"),
        ("jerez-1997", (9, 9, 1, 1, 1), "Most fans blame Schumacher, as did the FIA World Motor Sport Council"),
        (
            "jerez-1997",
            (1, 1, 1, 9, 9),
            "Most fans blame Villeneuve; the FIA World Motor Sport Council blamed Schumacher",
        ),
        ("malaysia-2013", (9, 1, 1, 1), "Most fans blame Vettel"),
    ],
)
def test_the_finding_of_a_poll(incident_id: str, votes: tuple[int, ...], said: str) -> None:
    assert found(incident_id, *votes).startswith(said)


def test_whose_ruling_it_was_is_named_in_every_language() -> None:
    for language in ("de", "es"):
        with speaking(language):
            said = found("suzuka-1989", 9, 9, 1, 1, 1)
        assert "FISA" in said
        assert "blamed" not in said


@pytest.mark.parametrize("by", ["The stewards", "The FIA", "FIA", "the FIA"])
@pytest.mark.parametrize("language", [None, "de", "es"])
def test_who_ruled_is_written_small_within_a_sentence(by: str, language: str | None) -> None:
    told = incident("silverstone-2021")
    assert told.ruling is not None
    ruled = replace(told, ruling=replace(told.ruling, by=by))
    with speaking(language):
        said = [finding(ruled, Tally(Poll.of(told).choices, (9, 9, 1, 1, 1), (0,) * 5)), stewards_said(ruled)]
        assert judges(by) in ("the stewards", "the FIA", "die Rennkommissare", "die FIA", "los comisarios", "la FIA")
    for each in said:
        assert not re.search(r"[;,(] (The|Die|Los|La|FIA) ", each), each


@pytest.mark.parametrize("incident_id", ["monaco-2026", "indianapolis-2005", "abu-dhabi-2021", "spa-2008"])
def test_who_is_no_person_is_written_small_within_a_sentence(incident_id: str) -> None:
    told = incident(incident_id)
    choices = Poll.of(told).choices
    sentences = [stewards_said(told), *(choice_label(told, choice) for choice in choices)]
    for leading in range(len(choices)):
        votes = tuple(9 if number == leading else 0 for number in range(len(choices)))
        tally = Tally(choices, votes, (0,) * len(choices))
        sentences += [finding(told, tally), *(step.label for step in blame_votes(told, tally, "Here").steps)]
    sentences += [str(field.name) for field in cases(told)]
    for each in sentences:
        assert not re.search(r"[A-Za-z;,] (The|Race)\b", each), each


@pytest.mark.parametrize("language", ["de", "es"])
def test_a_court_is_named_in_the_language_that_is_spoken(language: str) -> None:
    with speaking(language):
        assert "the " not in judges("FIA World Motor Sport Council")
    assert judges("FIA Senate") == "the FIA Senate"
    assert judges("FISA") == "FISA"


@pytest.mark.parametrize(
    ("incident_id", "side", "said"),
    [
        ("abu-dhabi-2021", "race-control", "Die meisten Fans geben der Rennleitung die Schuld"),
        ("monaco-2026", "race-control", "Die meisten Fans geben der FIA die Schuld"),
        ("monaco-2026", "timing", "Die meisten Fans geben der Zeitnahme der F1 die Schuld"),
        ("indianapolis-2005", "fia", "Die meisten Fans geben der FIA die Schuld"),
        ("imola-2021", "russell", "Die meisten Fans geben Russell die Schuld"),
    ],
)
def test_who_is_no_person_is_blamed_in_the_languages_grammar(incident_id: str, side: str, said: str) -> None:
    sides = [choice.side for choice in Poll.of(incident(incident_id)).choices]
    with speaking("de"):
        assert found(incident_id, *(12 if each == side else 0 for each in sides)).startswith(said)
