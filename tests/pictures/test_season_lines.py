"""A championship race by race."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.season import Championship, Standing, Standings
from bot.pictures.season_lines import SHOWN, _drawn, season_lines, season_lines_picture
from tests.pictures.samples import AFTER, BEFORE, names, overlaps

TABLES = (replace(BEFORE, round=1), AFTER)


def test_everybody_has_a_line_from_nothing_to_the_points_of_the_latest_table() -> None:
    assert [(line.name, line.after) for line in season_lines(TABLES)] == [
        ("Lewis Hamilton", ((0, 0.0), (1, 25), (2, 44))),
        ("Max Verstappen", ((0, 0.0), (1, 10), (2, 43))),
        ("Lando Norris", ((0, 0.0), (1, 12), (2, 27.5))),
    ]


def test_a_table_that_is_not_known_is_no_loss_of_points() -> None:
    unknown = replace(AFTER, round=3, entries=tuple(replace(entry, points=None) for entry in AFTER.entries))
    lines = season_lines((replace(BEFORE, round=1), replace(unknown, round=2), replace(AFTER, round=3)))
    assert lines[0].after == ((0, 0.0), (1, 25), (3, 44))


def test_who_has_no_points_in_the_latest_table_has_no_line() -> None:
    first = replace(AFTER.entries[0], points=None)
    assert [line.name for line in season_lines((replace(AFTER, entries=(first, *AFTER.entries[1:])),))] == [
        "Max Verstappen",
        "Lando Norris",
    ]
    assert season_lines(()) == []


def test_the_lines_in_words() -> None:
    assert season_lines_picture(TABLES, "Drivers' championship 2021").alt == (
        "Drivers' championship 2021. Points after each race, to round 2 of 2021: "
        "Lewis Hamilton 44, Max Verstappen 43, Lando Norris 27.5."
    )


@settings(max_examples=25)
@given(st.lists(st.lists(st.tuples(names, st.none() | st.floats(0, 10**6)), max_size=30), max_size=6), names)
def test_whoever_drove_nothing_overlaps(seasons: list[list[tuple[str, float | None]]], title: str) -> None:
    tables = tuple(
        Standings(
            2021,
            number,
            Championship.DRIVERS,
            tuple(
                Standing(place, f"{place}", name, points, 0, "ferrari") for place, (name, points) in enumerate(rows, 1)
            ),
        )
        for number, rows in enumerate(seasons, 1)
    )
    lines = season_lines(tables)
    assert len(lines) <= SHOWN
    assert overlaps(_drawn(lines, title, title).boxes) == []
