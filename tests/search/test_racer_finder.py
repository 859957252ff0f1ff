"""Drivers and teams as fans write them, and words that are none of them."""

from collections.abc import Iterator

import pytest

from bot.domain.racers import Racer
from bot.domain.season import Championship
from bot.search.catalogue import Incidents
from bot.search.found import Found, Nothing, Several
from bot.search.race_finder import season_and_words
from bot.search.racer_finder import RacerFinder
from storage.incidents.reading import read_drivers, read_teams

DRIVERS, TEAMS = Championship.DRIVERS, Championship.TEAMS

MISTYPED = {
    "Lewis Hamilton": "hamiltn, hamiltion, lewis hamliton",
    "Max Verstappen": "verstapen, vestappen, max verstapen, ферстаппен",
    "Charles Leclerc": "lecleric, leclrec, charles leclrc",
    "Kimi Räikkönen": "raikonnen, kimmi raikonen",
    "Fernando Alonso": "alonzo, alosno, fernado alonso",
    "Sebastian Vettel": "vetel, vettle",
    "Nico Hülkenberg": "hulkenburg, hülkenburg",
    "Daniel Ricciardo": "riciardo, danny",
    "George Russell": "russel, rusell",
    "Lando Norris": "noris, norriss",
    "Oscar Piastri": "piastry, piestri",
    "Sergio Pérez": "perezz, peres, sergio peres",
    "Pastor Maldonado": "maldonaldo",
    "Juan Pablo Montoya": "montoia, juan pablo montoia",
    "Rubens Barrichello": "baricello, barichello",
    "Ayrton Senna": "sena, senan, ayrton sena, сенна",
    "Alain Prost": "proust, alan prost",
    "Nigel Mansell": "mansel",
    "Gabriel Bortoleto": "bortoletto",
    "Yuki Tsunoda": "tsnuoda, tsundoa",
}

TEAMS_MISTYPED = {
    "Ferrari": "ferari, ferrarri",
    "McLaren": "mclarn, mclaran",
    "Mercedes": "mercedez, mercdes",
    "Red Bull": "red bul, redbul",
    "Williams": "wiliams, willams",
    "AlphaTauri": "alpha tauri, alfatauri",
    "Aston Martin": "aston martn, astonmartin",
    "Force India": "force indai",
    "Renault": "renualt",
    "Benetton": "benneton",
}

NOBODY = """
asdf, qwerty, lorem, ipsum, xyzzy, test, never mind, hello, what the hell, best driver ever, idiot, cheater, hamster,
mansion, blue, horse, monday, asdf jkl, hallo, bitte, morgen, guten morgen, wetter, kartoffel, apfel, wie geht es dir,
mein hund, hola, gato, luna, perro, rojo, manzana, que tal, mi coche, тест, привет мир, машина, δοκιμή, γεια, 東京,
こんにちは, 測試, 안녕, مرحبا, שלום
"""


@pytest.fixture
def finder(shipped: Incidents) -> RacerFinder:
    return RacerFinder(shipped, read_drivers(), read_teams())


def looked_up(finder: RacerFinder, kind: Championship, asked: str) -> Found[Racer] | Several[Racer] | Nothing[Racer]:
    return finder.find(kind, season_and_words(asked)[1], ())


def misses(finder: RacerFinder, kind: Championship, table: dict[str, str]) -> Iterator[str]:
    for name, ways in table.items():
        for asked in ways.split(", "):
            found = looked_up(finder, kind, asked)
            if not isinstance(found, Found) or found.value.name != name:
                yield f"{asked!r} is {found}, not {name}"


def test_who_is_mistyped_is_found(finder: RacerFinder) -> None:
    assert not [*misses(finder, DRIVERS, MISTYPED)]
    assert not [*misses(finder, TEAMS, TEAMS_MISTYPED)]


@pytest.mark.parametrize("kind", Championship)
def test_a_word_that_names_nobody_is_never_answered_with_somebody(finder: RacerFinder, kind: Championship) -> None:
    asked = [word for word in NOBODY.replace("\n", " ").split(",") if season_and_words(word)[1]]
    answered = {word.strip(): looked_up(finder, kind, word) for word in asked}
    assert not {word: found for word, found in answered.items() if isinstance(found, Found)}


@pytest.mark.parametrize("typed", ["asdf", "lorem", "qwerty", "test", "xyzzy", "тест"])
def test_what_is_like_nobody_is_near_to_nobody(finder: RacerFinder, typed: str) -> None:
    assert looked_up(finder, DRIVERS, typed) == Nothing()


@pytest.mark.parametrize(("typed", "name"), [("cheater", "Eddie Cheever"), ("sena max verstoppen", "Ayrton Senna")])
def test_a_weak_likeness_is_a_guess(finder: RacerFinder, typed: str, name: str) -> None:
    found = looked_up(finder, DRIVERS, typed)
    assert isinstance(found, Nothing)
    assert name in {racer.name for racer in found.near}
