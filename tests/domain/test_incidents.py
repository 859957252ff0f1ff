import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.incidents import Quotation, Suspect
from bot.search.catalogue import Incidents

WORDS = "There was room enough."


def suspect(name: str, called: str | None = None) -> Suspect:
    return Suspect(id="somebody", name=name, team="A team", case="He was late.", called=called)


def quotation(words: str = WORDS, speaker: str = "Dan Dale", occasion: str = "after the race") -> Quotation:
    return Quotation.model_validate(
        {
            "speaker": speaker,
            "side": "dale",
            "words": words,
            "occasion": occasion,
            "date": "2021-04-18",
            "link": "https://example.org/",
        }
    )


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("George Russell", "Russell"),
        ("Carlos Sainz Jr", "Sainz"),
        ("Carlos Sainz Jr.", "Sainz"),
        ("Nyck de Vries", "de Vries"),
        ("Paul di Resta", "di Resta"),
        ("Haas", "Haas"),
    ],
)
def test_a_button_says_the_surname(name: str, surname: str) -> None:
    assert suspect(name).surname == surname


def test_a_button_says_what_the_file_wants() -> None:
    assert suspect("Zhou Guanyu", called="Zhou").surname == "Zhou"


def test_brothers_are_told_apart(incidents: Incidents) -> None:
    incident = incidents.get("monza-2021")
    assert incident is not None
    hamilton, _ = incident.suspects
    brothers = (hamilton, hamilton.model_copy(update={"id": "nicolas", "name": "Nicolas Hamilton"}))
    assert incident.model_copy(update={"suspects": brothers}).button_names == {
        "hamilton": "Lewis Hamilton",
        "nicolas": "Nicolas Hamilton",
    }


def test_an_incident_knows_its_sides(incidents: Incidents) -> None:
    incident = incidents.get("monza-2021")
    assert incident is not None
    assert {said.speaker for said in incident.side("hamilton")} == {"Lewis Hamilton"}
    assert incident.suspect("nobody") is None


def test_a_quotations_key_is_about_who_and_what_alone() -> None:
    assert quotation().key == quotation(occasion="on team radio").key
    assert len({quotation().key, quotation("There was no room at all.").key, quotation(speaker="Harry Hill").key}) == 3


@given(st.text())
def test_a_text_is_one_printable_paragraph_or_refused(words: str) -> None:
    try:
        read = quotation(words).words
    except ValidationError:
        return
    assert read.isprintable()
    assert read == " ".join(words.split())
    assert 8 <= len(read) <= 480
