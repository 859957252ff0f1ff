from dataclasses import replace

import pytest

from bot.search.circuit_finder import CircuitFinder
from bot.search.named_places import NamedPlaces
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


OLD = [
    ("adelaide", "Adelaide Street Circuit", "Adelaide", "adelaide"),
    ("ain-diab", "Ain Diab", "Casablanca", "ain-diab"),
    ("aintree", "Aintree", "Liverpool", "aintree"),
    ("anderstorp", "Scandinavian Raceway", "Anderstorp", "anderstorp"),
    ("avus", "AVUS", "Berlin", "avus"),
    ("boavista", "Circuito da Boavista", "Oporto", "boavista"),
    ("brands_hatch", "Brands Hatch", "Kent", "brands-hatch"),
    ("bremgarten", "Circuit Bremgarten", "Bern", "bremgarten"),
    ("charade", "Charade Circuit", "Clermont-Ferrand", "clermont-ferrand"),
    ("dallas", "Fair Park", "Dallas", "dallas"),
    ("detroit", "Detroit Street Circuit", "Detroit", "detroit"),
    ("dijon", "Dijon-Prenois", "Dijon", "dijon"),
    ("donington", "Donington Park", "Castle Donington", "donington"),
    ("essarts", "Rouen-Les-Essarts", "Rouen", "rouen"),
    ("estoril", "Autódromo do Estoril", "Estoril", "estoril"),
    ("galvez", "Autódromo Juan y Oscar Gálvez", "Buenos Aires", "buenos-aires"),
    ("george", "Prince George Circuit", "Eastern Cape Province", "east-london"),
    ("jacarepagua", "Autódromo Internacional Nelson Piquet", "Rio de Janeiro", "jacarepagua"),
    ("jarama", "Jarama", "Madrid", "jarama"),
    ("jerez", "Circuito de Jerez", "Jerez de la Frontera", "jerez"),
    ("kyalami", "Kyalami", "Midrand", "kyalami"),
    ("las_vegas", "Las Vegas Street Circuit", "Nevada", "las-vegas"),
    ("lemans", "Le Mans", "Le Mans", "le-mans"),
    ("long_beach", "Long Beach", "California", "long-beach"),
    ("monsanto", "Monsanto Park Circuit", "Lisbon", "monsanto"),
    ("montjuic", "Montjuïc", "Barcelona", "montjuic"),
    ("mosport", "Mosport International Raceway", "Ontario", "mosport"),
    ("nivelles", "Nivelles-Baulers", "Brussels", "nivelles"),
    ("okayama", "Okayama International Circuit", "Okayama", "aida"),
    ("osterreichring", "Österreichring", "Spielberg", "red-bull-ring"),
    ("pedralbes", "Circuit de Pedralbes", "Barcelona", "pedralbes"),
    ("pescara", "Pescara Circuit", "Pescara", "pescara"),
    ("phoenix", "Phoenix street circuit", "Phoenix", "phoenix"),
    ("reims", "Reims-Gueux", "Reims", "reims"),
    ("riverside", "Riverside International Raceway", "California", "riverside"),
    ("sebring", "Sebring International Raceway", "Florida", "sebring"),
    ("tremblant", "Circuit Mont-Tremblant", "Quebec", "mont-tremblant"),
    ("watkins_glen", "Watkins Glen", "New York State", "watkins-glen"),
    ("zeltweg", "Zeltweg", "Styria", "red-bull-ring"),
    ("zolder", "Zolder", "Heusden-Zolder", "zolder"),
]


@pytest.mark.parametrize(("circuit_id", "circuit", "locality", "slug"), OLD)
def test_where_a_championship_race_was_held_once_is_known_by_the_archives_names(
    finder: CircuitFinder, circuit_id: str, circuit: str, locality: str, slug: str
) -> None:
    for names in ((circuit_id, circuit, locality), (circuit, locality), (circuit_id.replace("_", "-"), circuit)):
        assert finder.called(*names) == read_circuits()[slug]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("zolder", "Zolder"),
        ("the glen", "Watkins Glen"),
        ("longbeach", "Long Beach"),
        ("Rouen", "Rouen"),
        ("charade", "Clermont-Ferrand"),
        ("montjuich", "Montjuïc"),
        ("jacarepagua", "Jacarepaguá"),
        ("österreichring", "Red Bull Ring"),
        ("caesars palace", "Las Vegas"),
        ("gálvez", "Buenos Aires"),
        ("bugatti circuit", "Le Mans"),
        ("ain diab", "Ain-Diab"),
        ("porto", "Boavista"),
        ("sweden", "Anderstorp"),
        ("Schweiz", "Bremgarten"),
        ("argentina", "Buenos Aires"),
        ("belgium", "Spa"),
        ("usa", "Austin"),
        ("brasil", "Interlagos"),
        ("canada", "Montreal"),
        ("spanien", "Barcelona"),
        ("frankreich", "Paul Ricard"),
    ],
)
def test_fans_names_of_old_places_are_known_and_a_countrys_name_is_still_the_usual_place(typed: str, name: str) -> None:
    slug = NamedPlaces(read_circuits()).slug(typed)
    assert slug is not None
    assert read_circuits()[slug].name == name


def test_a_place_that_nobody_knows_is_no_circuit(finder: CircuitFinder) -> None:
    assert finder.of(replace(IMOLA, circuit_id="moon", circuit="Mare Nubium", locality="Moon")) is None
