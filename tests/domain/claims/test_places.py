"""Places of a race and of its grid, in the words of real incident files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.claims.claim import Verdict
from bot.domain.claims.places import grid_claims, result_claims
from bot.domain.claims.records import recorded
from tests.domain.claims.paddock import PERSONS, RECORD

TRUE = [
    ("Arden won from Räsänen and Corso.", 3),
    ("Arden won, for the first time, from Räsänen; van Dahl was fourth, a lap down.", 3),
    ("Arden won by 2.7 seconds from Räsänen, with Corso third.", 3),
    ("Arden won from Räsänen, who took the fastest lap, and Corso.", 3),
    ("Arden won from Räsänen, Arrow's hundredth race, and Corso's Comet.", 3),
    ("Arden won from Räsänen, Corso and van Dahl.", 4),
    ("Arden won from pole, ahead of Räsänen and Corso.", 3),
    ("Ada Arden was declared the winner from Räsänen; Corso was third.", 3),
    ("On Sunday van Dahl, from second on the grid, passed Ekman at the start; Arden won from Räsänen.", 2),
    ("Arden and Räsänen finished first and second for Arrow, Corso was third.", 3),
    ("van Dahl, fifth on the road, became fourth. Ekman limped home fifth and stayed there.", 2),
    ("Corso was fifth on the road and third with his penalty.", 1),
    ("Arden won; Räsänen, who passed Corso late in the race, was second, Corso third, van Dahl 4th.", 4),
    ("Räsänen was second and Corso third.", 2),
    ("Flo Fabri, after a stop for a new wing, was sixth.", 1),
    ("Fabri recovered to sixth.", 1),
    ("Corso was third again in the end, Ekman excluded.", 1),
]
SAYS_NOTHING = [
    "Neither finished.",
    "Corso was second on the road.",
    "Corso took the flag first.",
    "Before the penalty Corso was second.",
    "Corso would have been second.",
    "Corso won his second title.",
    "Third: Corso on the road, van Dahl for good.",
    "Corso had started second.",
    "Corso was out on lap 1.",
    "Corso was second and retired.",
    "Corso was second, but lost that place.",
    "Corso was second when the flags came out, and first to stop.",
]
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "11th", "twentieth"]


def verdicts(text: str) -> list[Verdict]:
    return [claim.check(RECORD).verdict for claim in result_claims(text, PERSONS)]


@pytest.mark.parametrize(("text", "places"), TRUE)
def test_what_the_classification_says_is_right(text: str, places: int) -> None:
    assert verdicts(text) == [Verdict.RIGHT] * places


@pytest.mark.parametrize("text", SAYS_NOTHING)
def test_what_was_not_to_stay_and_other_shapes_are_passed_over(text: str) -> None:
    assert verdicts(text) == []


@given(
    shape=st.sampled_from(
        ("Corso was {}.", "Arden won, with Corso {}.", "Corso, out of fuel, was classified {}, a lap down", "Corso {}")
    ),
    place=st.sampled_from(ORDINALS),
)
def test_any_wrong_place_of_a_shape_is_found_and_no_right_one_refused(shape: str, place: str) -> None:
    assert (Verdict.WRONG in verdicts(shape.format(place))) == (place != "third")


@given(st.permutations(["Arden", "Räsänen", "Corso"]))
def test_so_is_a_podium_in_another_order(podium: list[str]) -> None:
    found = verdicts("{} won from {} and {}.".format(*podium))
    assert found == [
        Verdict.RIGHT if name == right else Verdict.WRONG
        for name, right in zip(podium, ["Arden", "Räsänen", "Corso"], strict=True)
    ]


def test_who_was_given_no_place_was_given_none() -> None:
    (claim,) = result_claims("Gil Fabri was seventh.", PERSONS)
    assert claim.check(RECORD).said == "not classified"


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("Räsänen first and Corso second on the grid", 2),
        ("Corso second on the grid, Arden third, Räsänen first", 3),
        ("Corso from second and Arden from third on the grid, van Dahl between them", 2),
        ("van Dahl had started fifth, behind Arden", 1),
        ("On Sunday Corso, from second on the grid, passed Arden", 1),
        ("Arden led, Räsänen ninth behind five lapped cars", 0),
        ("Arden ninth, Räsänen tenth, on the last row", 0),
    ],
)
def test_slots_are_held_against_the_grid(text: str, slots: int) -> None:
    assert [claim.check(RECORD).verdict for claim in grid_claims(text, PERSONS)] == [Verdict.RIGHT] * slots


def test_another_slot_is_told_as_the_grid_has_it() -> None:
    text = "Flo Fabri, sixth on the grid; Räsänen first and Arden fourth on the grid"
    checked = [claim.check(RECORD) for claim in grid_claims(text, PERSONS)]
    assert [each.said for each in checked] == ["the pit lane", "", "3"]


def test_without_a_result_nothing_is_right_or_wrong() -> None:
    nothing = recorded(None, None, [], 4)
    claims = [*result_claims("Corso was second.", PERSONS), *grid_claims("Corso third on the grid", PERSONS)]
    assert [claim.check(nothing).verdict for claim in claims] == [Verdict.UNCHECKED] * 2
