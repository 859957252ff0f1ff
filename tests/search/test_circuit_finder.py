from dataclasses import replace

import pytest

from bot.search.circuit_finder import CircuitFinder
from storage.incidents.reading import read_circuits
from tests.support.season import IMOLA


@pytest.fixture
def finder() -> CircuitFinder:
    return CircuitFinder(read_circuits())


@pytest.mark.parametrize(
    ("circuit_id", "circuit", "locality", "slug"),
    [
        ("americas", "Circuit of the Americas", "Austin", "austin"),
        ("catalunya", "Circuit de Barcelona-Catalunya", "Montmeló", "barcelona"),
        ("rodriguez", "Autódromo Hermanos Rodríguez", "Mexico City", "mexico-city"),
        ("vegas", "Las Vegas Strip Street Circuit", "Las Vegas", "las-vegas"),
        ("villeneuve", "Circuit Gilles Villeneuve", "Montreal", "montreal"),
        ("yas_marina", "Yas Marina Circuit", "Abu Dhabi", "yas-marina"),
    ],
)
def test_the_archives_circuits_are_those_of_the_catalogue(
    finder: CircuitFinder, circuit_id: str, circuit: str, locality: str, slug: str
) -> None:
    race = replace(IMOLA, circuit_id=circuit_id, circuit=circuit, locality=locality)
    assert finder.of(race) == read_circuits()[slug]


def test_a_place_that_nobody_knows_is_no_circuit(finder: CircuitFinder) -> None:
    assert finder.of(replace(IMOLA, circuit_id="moon", circuit="Mare Nubium", locality="Moon")) is None
