"""Where incidents were is said as people there say it; what nobody knows by heart, and proper names, stay so."""

import pytest

from bot.cards.incident_text import brief_title, title, whereabouts
from bot.i18n import ENGLISH, LANGUAGES, speaking
from bot.i18n.venues import spot, venue_and_season, venue_name
from bot.search.catalogue import Incidents
from bot.search.found import Found


@pytest.mark.parametrize(
    ("language", "called"),
    [
        ("en", ("Brazil 2019 Albon", "Jeddah 2021", "Imola 2021")),
        ("de", ("Brasilien 2019 Albon", "Dschidda 2021", "Imola 2021")),
        ("es", ("Brasil 2019 Albon", "Yeda 2021", "Imola 2021")),
    ],
)
def test_a_place_with_its_season_is_called_as_people_call_it(language: str, called: tuple[str, ...]) -> None:
    with speaking(language):
        assert tuple(map(venue_and_season, ("Brazil 2019 Albon", "Jeddah 2021", "Imola 2021"))) == called
        assert venue_and_season("Lunatic") == venue_name("Lunatic") == "Lunatic"


@pytest.mark.parametrize(
    ("said", "german", "spanish"),
    [
        ("turn 3", "Kurve 3", "curva 3"),
        ("turns 2 and 3", "Kurven 2 und 3", "curvas 2 y 3"),
        ("Copse (turn 9)", "Copse (Kurve 9)", "Copse (curva 9)"),
        (
            "Variante del Rettifilo (turns 1 and 2)",
            "Variante del Rettifilo (Kurven 1 und 2)",
            "Variante del Rettifilo (curvas 1 y 2)",
        ),
        ("the pit lane", "Boxengasse", "calle de boxes"),
        ("braking for turn 3", "beim Bremsen vor Kurve 3", "en la frenada de la curva 3"),
        ("approaching Tamburello (turn 2)",) * 3,
        ("the Hangar Straight, between turns 14 and 15",) * 3,
        ("turn 1, turn 2, turn 3",) * 3,
        ("behind {number}",) * 3,
    ],
)
def test_a_spot_is_said_in_the_language_or_left_as_it_is(said: str, german: str, spanish: str) -> None:
    with speaking(ENGLISH):
        assert spot(said) == said
    with speaking("de"):
        assert spot(said) == german
    with speaking("es"):
        assert spot(said) == spanish


def test_a_title_that_tells_more_than_who_met_is_said_in_the_language(shipped: Incidents) -> None:
    incident = shipped.get("austria-2002")
    assert incident
    with speaking("de"):
        assert title(incident) == "Barrichello lässt Schumacher gewinnen, Österreich 2002"
        assert brief_title(incident) == "Österreich 2002"
        assert whereabouts(incident) == ["Runde 71 von 71", "letzte Kurve"]
    with speaking("es"):
        assert title(incident) == "Barrichello deja ganar a Schumacher, Austria 2002"


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_types_what_a_button_says_is_told_that_incident(shipped: Incidents, language: str) -> None:
    with speaking(language):
        called = {incident.id: brief_title(incident) for incident in shipped.told}
        assert len({*called.values()}) == len(called)
    missed = [
        (said, key)
        for key, said in called.items()
        if not (isinstance(found := shipped.look_up(said), Found) and found.value.id == key)
    ]
    assert missed == []
