"""From the grid to the flag."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.season import Classification
from bot.domain.sessions import SessionKind
from bot.pictures.slopes import _drawn, slopes, slopes_picture
from tests.pictures.samples import FINISHES, IMOLA, RESULT, finish, names, overlaps

TITLE = "Emilia Romagna Grand Prix 2021: from grid to flag"


def test_everybody_has_a_way_and_who_is_out_stands_below_the_others() -> None:
    ways = slopes(RESULT)
    assert [(way.name, way.grid, way.place, way.won) for way in ways] == [
        ("Verstappen", "3", "1", 2),
        ("Hamilton", "1", "2", -1),
        ("Norris", "7", "3", 4),
        ("Pérez", "2", "4", -2),
        ("Räikkönen", "16", "5", 11),
        ("Vettel", "pit", "6", None),
        ("Bottas", "8", "out", None),
        ("Russell", "12", "out", None),
    ]
    assert [way.name for way in sorted(ways, key=lambda way: way.begun)][-1] == "Vettel", "behind the grid"


def test_whose_start_or_place_is_not_known_is_left_out() -> None:
    unknown = replace(FINISHES[3], grid=None)
    doubtful = replace(FINISHES[4], place="")
    absent = replace(FINISHES[7], status="Did not start")
    result = replace(RESULT, finishes=(*FINISHES[:3], unknown, doubtful, *FINISHES[5:7], absent))
    assert [way.name for way in slopes(result)] == ["Verstappen", "Hamilton", "Norris", "Vettel", "Bottas"]


def test_the_ways_in_words() -> None:
    alt = slopes_picture(RESULT, TITLE, "18 April 2021").alt
    assert alt.startswith(f"{TITLE}: Verstappen 3 → 1, Hamilton 1 → 2, ")
    assert alt.endswith("Vettel pit → 6, Bottas 8 → out, Russell 12 → out.")


def test_names_of_any_height_keep_to_their_lines() -> None:
    tall = [finish(place, "|Ằț| ç", grid=place) for place in range(1, 41)]
    for drivers in (1, 2, 13, 20, 22, 34, 40):
        canvas = _drawn(Classification(IMOLA, SessionKind.RACE, tuple(tall[:drivers])), TITLE, "18 April 2021")
        assert overlaps(canvas.boxes) == [], drivers


@settings(max_examples=25)
@given(st.lists(st.tuples(names, st.none() | st.integers(0, 40)), max_size=40), names, names)
def test_whoever_drove_nothing_overlaps(drivers: list[tuple[str, int | None]], title: str, occasion: str) -> None:
    finishes = tuple(finish(place, name, grid=grid) for place, (name, grid) in enumerate(drivers, start=1))
    canvas = _drawn(Classification(IMOLA, SessionKind.RACE, finishes), title, occasion)
    assert overlaps(canvas.boxes) == []
