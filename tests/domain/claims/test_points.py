"""Points, leads and places in a championship, in the words of real incident files."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.claims.claim import Verdict
from bot.domain.claims.points import championship_claims
from bot.domain.claims.records import Record, recorded
from tests.domain.claims.paddock import AFTER, BEFORE, PERSONS, RECORD, TABLES, result, standings

TRUE = [
    "Arden 83, Räsänen 78, Corso 45",
    "Arden had 83 points, Räsänen 78; van Dahl, on 32, was fourth.",
    "Arden (83) passed Räsänen (78 points).",
    "After four races Arden had 83 points to Räsänen's 78 and Corso's 45.",
    "Räsänen came with 60 points to Arden's 58.",
    "Arden now led with 83 points from Räsänen (78), Corso (45) and Ekman (20.5).",
    "Räsänen, second with 78, kept Corso away. Corso stayed on 45; van Dahl remained on 32.",
    "Räsänen, on 78 to Arden's 83, was now second and Corso third with 45.",
    "Arden led Räsänen by five points, 83 to 78, with two rounds to go.",
    "Räsänen's lead over Arden, his team-mate, came down to two points after three races.",
    "Räsänen's lead over Corso grew from 30 points to 33, 78 to 45.",
    "Räsänen's lead over Corso was turned over, from 30 points to 33: 78 to 45.",
    "Arden's lead grew to five points, 83 to 78.",
    "Arden led by 83 to 78 with one race left.",
    "Räsänen had led Arden by two points.",
    "Arden, with two wins from four races, led Räsänen by five points and Corso by 38.",
    "Arden took the lead, 38 points ahead of Corso; Corso fell to third, 33 behind Räsänen.",
    "Arden kept the lead of five points over Räsänen with two races to go.",
    "Arden, third with a damaged car, kept the lead of the championship with 83 points.",
    "Arrow lost nothing to Comet that day, 161 points to 77. Comet was second with 77.",
    "It was the fourth race: Gil Fabri none, Flo Fabri 16, Fabri 16.",
    "Ekman, on 20.5, stayed fifth.",
]
SAYS_NOTHING = [
    "Nothing changed.",
    "Before the penalty Arden had 99 points.",
    "Arden, who would have had 99 points, retired.",
    "Arden stood at eleven penalty points.",
    "In 2019 Arden had 99 points.",
    "In the end Arden had 99 points.",
    "Arden, with nine wins from ten races, was champion.",
    "Arden was on the podium for the third time in nine races.",
    "Arden won the title with six races to go.",
    "Somebody else had 99 points.",
    "Arden had eight points from this race, 20 points more than Corso.",
    "Arden, driving for Comet, led by 99 to 66.",
]
FIGURES = sorted({*BEFORE, *AFTER})


def verdicts(text: str, record: Record = RECORD) -> list[Verdict]:
    return [claim.check(record).verdict for claim in championship_claims(text, PERSONS)]


@pytest.mark.parametrize("text", TRUE)
def test_what_is_true_before_or_after_the_race_is_right(text: str) -> None:
    assert {*verdicts(text)} == {Verdict.RIGHT}


@pytest.mark.parametrize("text", SAYS_NOTHING)
def test_what_is_of_another_day_or_shape_is_passed_over(text: str) -> None:
    assert verdicts(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Arden 81, Räsänen 78.", ["83 or 58", ""]),
        ("Arden led Räsänen by eight points, 83 to 75.", ["", "78 or 60", "5 or -2"]),
        ("Arden's lead grew to nine points, 83 to 74.", ["", "5 or -2", "5 or -2"]),
        ("Corso, on 45, was fourth.", ["", "3"]),
        ("Fabri 12.", ["0 or 16 or 8"]),
        ("Corso and van Dahl had 45 each.", ["", "32 or 20"]),
        ("Comet was second with 12.", ["77 or 50", ""]),
    ],
)
def test_what_is_wrong_is_told_as_the_tables_have_it(text: str, said: list[str]) -> None:
    checked = [claim.check(RECORD) for claim in championship_claims(text, PERSONS)]
    assert [" or ".join(sorted(each.said.split(" or "))) for each in checked] == [
        " or ".join(sorted(each.split(" or "))) for each in said
    ]


SHAPES = (
    "Arden {}, Räsänen 78",
    "Arden had {} points to Räsänen's 78",
    "Arden ({}) passed Räsänen",
    "Räsänen 78 and Arden {}.",
    "Arden, on {}, was first",
    "Arden led Räsänen, {} to 78",
    "Arden stayed on {}; Corso had 45",
    "Arden, with a new wing, kept the lead of the championship with {} points",
)


@given(shape=st.sampled_from(SHAPES), points=st.integers(0, 400) | st.just(83.0))
def test_any_wrong_figure_of_a_shape_is_found_and_no_right_one_refused(shape: str, points: float) -> None:
    wrong = Verdict.WRONG in verdicts(shape.format(f"{points:g}"))
    assert wrong == (points not in {58, 83})


@given(margin=st.integers(0, 200))
def test_so_is_any_wrong_lead(margin: int) -> None:
    for text in ("Arden led Corso by {} points", "Arden's lead over Corso grew to {}", "Arden was {} ahead of Corso"):
        assert verdicts(text.format(margin)) == [Verdict.RIGHT if margin in {28, 38} else Verdict.WRONG]


@given(st.text(alphabet="Aden Rsä 0123456789,.;:()'to", max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    verdicts(f"Arden {text} Räsänen {text}")


def test_what_is_not_stored_is_neither_right_nor_wrong() -> None:
    only_after = recorded(result(), None, standings(4, AFTER), 4)
    assert verdicts("Arden 83, Räsänen 60.", only_after) == [Verdict.RIGHT, Verdict.UNCHECKED]
    assert verdicts("Arden 83.", recorded(result(), None, [], 4)) == [Verdict.UNCHECKED]
    no_teams = recorded(result(), None, [each for each in TABLES if each.kind == "drivers"], 4)
    assert verdicts("Comet was second with 12.", no_teams) == [Verdict.UNCHECKED] * 2


def test_of_who_was_excluded_later_nothing_is_known() -> None:
    excluded = [
        replace(each, entries=tuple(replace(line, position=None, points=0) for line in each.entries)) for each in TABLES
    ]
    assert verdicts("Arden stayed on 83.", recorded(result(), None, excluded, 4)) == [Verdict.UNCHECKED]


def test_before_the_first_race_nobody_has_anything() -> None:
    first = recorded(result(), None, standings(1, AFTER), 1)
    assert verdicts("Arden 83, Räsänen 60.", first) == [Verdict.RIGHT, Verdict.WRONG]


def test_the_points_between_a_sprint_and_its_race_are_right_too() -> None:
    with_sprint = recorded(result(), replace(result(), finishes=result().finishes[:1]), TABLES, 4)
    assert verdicts("Arden had 59 points to Räsänen's 60.", with_sprint) == [Verdict.RIGHT] * 2
    assert verdicts("Arden had 59 points.") == [Verdict.WRONG]
