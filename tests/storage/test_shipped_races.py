from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from bot.domain.classifications import gap, placed, podium
from bot.domain.sessions import SessionKind
from bot.forms.mistakes import FormError
from storage.shipped_races import NOTHING_SHIPS, ShippedRace, ShippedRaces

IMOLA = "2021-emilia-romagna-grand-prix"


@pytest.fixture(scope="module")
def imola() -> ShippedRace:
    race = ShippedRaces().get(IMOLA)
    assert race is not None
    return race


def test_imola_2021_ships(imola: ShippedRace) -> None:
    (winner,) = placed(imola.classification, 1)
    assert winner.entrant.name == "Max Verstappen"
    assert [finish.entrant.code for place in podium(imola.classification) for finish in place] == ["VER", "HAM", "NOR"]
    assert gap(imola.classification, imola.classification.finishes[1]).time == "+22.000"


def test_only_the_race_itself_ships() -> None:
    assert ShippedRaces().get(IMOLA, SessionKind.QUALIFYING) is None
    assert NOTHING_SHIPS.get(IMOLA) is None


def test_points_are_those_of_the_places_and_of_the_fastest_lap(imola: ShippedRace) -> None:
    given = [25, 18, 15, 12, 10, 8, 6, 4, 2, 1]
    for finish in imola.classification.finishes:
        points = given[finish.position - 1] if finish.position <= len(given) else 0
        assert finish.points == points + (finish.fastest_lap is not None), finish.entrant.name


def test_everybody_starts_once(imola: ShippedRace) -> None:
    starts = Counter(finish.grid for finish in imola.classification.finishes)
    assert set(starts.values()) == {1}
    assert {*range(21)} - {*starts} == {13}, "Vettel started from the pit lane"


def test_teams_have_the_points_of_their_drivers(imola: ShippedRace) -> None:
    added: Counter[str] = Counter()
    for standing in imola.drivers.after.entries:
        added[standing.team or ""] += int(standing.points or 0)
    assert added == {team.name: team.points for team in imola.teams.after.entries}


def test_tables_are_in_the_order_of_their_points(imola: ShippedRace) -> None:
    for table in (imola.drivers.after, imola.teams.after):
        points = [standing.points or 0 for standing in table.entries]
        assert points == sorted(points, reverse=True)
        assert [standing.position for standing in table.entries] == [*range(1, len(points) + 1)]


def test_a_file_that_lacks_something_is_refused(tmp_path: Path) -> None:
    whole = (resources.files("storage") / "races" / "imola-2021.toml").read_text(encoding="utf-8")
    (tmp_path / "imola.toml").write_text(whole.replace('country = "Italy"\n', ""), encoding="utf-8")
    with pytest.raises(FormError, match="country"):
        ShippedRaces(tmp_path.iterdir())


def test_what_ships_is_read_once() -> None:
    assert all(one is other for one, other in zip(ShippedRaces().races, ShippedRaces().races, strict=True))
