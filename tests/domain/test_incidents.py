from dataclasses import replace

import pytest

from bot.domain.incidents import Incident, Suspect
from bot.forms.mistakes import FormError
from bot.forms.reading import read
from bot.forms.writing import names
from bot.search.catalogue import Incidents


def suspect(name: str, called: str | None = None) -> Suspect:
    return Suspect(id="somebody", name=name, team="A team", case="He was late.", called=called)


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
    brothers = (hamilton, replace(hamilton, id="nicolas", name="Nicolas Hamilton"))
    assert replace(incident, suspects=brothers).button_names == {
        "hamilton": "Lewis Hamilton",
        "nicolas": "Nicolas Hamilton",
    }


@pytest.mark.parametrize("word", ["withdraw", "racing-incident", "stewards", "others"])
def test_a_suspects_id_is_no_word_that_means_something_else(incidents: Incidents, word: str) -> None:
    monza = incidents.get("monza-2021")
    assert monza is not None
    suspects = (monza.suspects[0], replace(monza.suspects[1], id=word))
    whole = {name: getattr(monza, name) for name in names(Incident)}
    with pytest.raises(FormError, match=f"suspects.id means something else: {word}"):
        read(Incident, {**whole, "suspects": suspects, "ruling": None})


def test_an_incident_knows_its_sides(incidents: Incidents) -> None:
    incident = incidents.get("monza-2021")
    assert incident is not None
    assert {said.speaker for said in incident.side("hamilton")} == {"Lewis Hamilton"}
    assert incident.suspect("nobody") is None
