import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.noted_ids import first_free, wished_id
from storage.incidents.reading import read_circuits

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODES = st.lists(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3), min_size=2, max_size=8)
PLACES = st.none() | st.sampled_from(["TURN 4", "TURN 3-4", "PIT LANE", "START/FINISH STRAIGHT"]) | st.text(max_size=40)
SESSIONS = st.sampled_from(["race", "sprint", "qualifying", "practice"])


@pytest.mark.parametrize(
    ("asked", "wish"),
    [
        (("monza", 2025, "race", ("VER", "NOR"), "TURN 4"), "monza-2025-ver-nor-t4"),
        (("monza", 2025, "sprint", ("VER", "NOR"), "TURN 4"), "monza-2025-ver-nor-t4-s"),
        (("monza", 2025, "race", ("VER", "NOR"), None), "monza-2025-ver-nor"),
        (("baku", 2025, "race", ("VER", "NOR", "PIA"), "TURNS 1-2"), "baku-2025-ver-nor-pia-t1-2"),
        (("baku", 2025, "race", ("VER", "NOR"), "PIT LANE"), "baku-2025-ver-nor-pit-lane"),
        (("baku", 2025, "race", ("VER", "NOR"), "START/FINISH STRAIGHT"), "baku-2025-ver-nor-start"),
        (("baku", 2025, "race", ("VER", "NOR"), "AFTER TURN 11"), "baku-2025-ver-nor-t11"),
        (("red-bull-ring", 2025, "race", ("VER", "NOR", "PIA", "HAM"), "TURN 3"), "red-bull-ring-2025-ver-nor-t3"),
    ],
)
def test_an_id_says_where_when_and_who(asked: tuple[str, int, str, tuple[str, ...], str | None], wish: str) -> None:
    assert wished_id(*asked) == wish


@given(
    st.sampled_from(sorted(read_circuits())) | st.text(max_size=60), st.integers(1950, 2100), SESSIONS, CODES, PLACES
)
def test_an_id_is_a_short_slug_that_names_the_season(
    circuit: str, season: int, session: str, codes: list[str], place: str | None
) -> None:
    wish = wished_id(circuit, season, session, codes, place)
    assert SLUG.fullmatch(wish)
    assert len(wish) <= 32
    assert str(season) in wish
    taken: set[str] = set()
    for _again in range(12):
        own = first_free(wish, taken)
        assert own not in taken
        assert SLUG.fullmatch(own)
        assert len(own) <= 32
        taken.add(own)


def test_who_comes_second_gets_a_number() -> None:
    assert first_free("monza-2025-ver-nor-t4", set()) == "monza-2025-ver-nor-t4"
    assert first_free("monza-2025-ver-nor-t4", {"monza-2025-ver-nor-t4"}) == "monza-2025-ver-nor-t4-2"
