import datetime as dt

import pytest

from bot.domain.race_control import Session
from bot.search.circuit_finder import CircuitFinder
from bot.search.race_finder import season_and_words
from bot.search.session_finder import SessionFinder
from storage.incidents.reading import read_circuits

DAY = dt.date(2021, 7, 1)
SESSIONS = [
    Session("1", "Emilia Romagna Grand Prix", "Race", DAY, "Italy", "Imola", "Imola"),
    Session("2", "Italian Grand Prix", "Sprint", DAY, "Italy", "Monza", "Monza"),
    Session("3", "Italian Grand Prix", "Race", DAY, "Italy", "Monza", "Monza"),
    Session("4", "São Paulo Grand Prix", "Race", DAY, "Brazil", "São Paulo", "Interlagos"),
    Session("5", "Somewhere Grand Prix", "Race", DAY),
]


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("", {"1", "2", "3", "4", "5"}),
        ("imola", {"1"}),
        ("Monza 2021", {"2", "3"}),
        ("italian grand prix", {"2", "3"}),
        ("sao paulo", {"4"}),
        ("interlagso", {"4"}),
        ("brazil", {"4"}),
        ("somewhere", {"5"}),
        ("le mans", set()),
    ],
)
def test_a_race_is_found_with_all_its_sessions(asked: str, keys: set[str]) -> None:
    finder = SessionFinder(CircuitFinder(read_circuits()))
    assert finder.fitting(season_and_words(asked)[1], SESSIONS) == keys
