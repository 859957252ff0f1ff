"""Races are called in each language as people there call them; what is not known by heart stays as it is."""

import pytest

from bot.i18n import ENGLISH, LANGUAGES, speaking
from bot.i18n.races import NAMES, race_name, short_race_name
from bot.search.catalogue import Incidents


@pytest.mark.parametrize(
    ("language", "called", "short"),
    [
        ("en", "Austrian Grand Prix", "Austrian GP"),
        ("de", "Großer Preis von Österreich", "GP von Österreich"),
        ("es", "Gran Premio de Austria", "GP de Austria"),
    ],
)
def test_a_race_is_called_as_people_call_it(language: str, called: str, short: str) -> None:
    with speaking(language):
        assert (race_name("Austrian Grand Prix"), short_race_name("Austrian Grand Prix")) == (called, short)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_race_that_nobody_knows_yet_keeps_its_name(language: str) -> None:
    with speaking(language):
        assert race_name("Rwandan Grand Prix") == "Rwandan Grand Prix"
        assert short_race_name("Rwandan Grand Prix") == "Rwandan GP"
        assert race_name("Indianapolis 500") == short_race_name("Indianapolis 500") == "Indianapolis 500"


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {ENGLISH}))
def test_no_two_races_are_called_alike(language: str) -> None:
    with speaking(language):
        called = [race_name(name) for name in NAMES]
        assert len({*called, *map(short_race_name, NAMES)}) == 2 * len(NAMES)
        assert {*called}.isdisjoint(NAMES)


def test_the_races_of_all_incidents_have_a_name_in_every_language() -> None:
    assert {incident.race for incident in Incidents.load().told} <= {*NAMES}
