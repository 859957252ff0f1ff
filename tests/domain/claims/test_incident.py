"""A whole file checked against its race."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.claims.claim import Verdict
from bot.domain.claims.incident import CheckedClaim, checked_claims
from bot.domain.claims.records import recorded
from bot.domain.incidents import Incident
from bot.domain.sessions import SessionKind
from bot.forms.reading import read
from tests.domain.claims.paddock import TABLES, result

SPRINT = replace(result(SessionKind.SPRINT), finishes=result(SessionKind.SPRINT).finishes[1:])
"""Of the sprint, whoever won the race is no part."""

SUSPECTS: list[dict[str, Any]] = [
    {"id": "arden", "name": "Ada Arden", "team": "Arrow", "number": 10},
    {"id": "ekman", "name": "Eno Ekman", "team": "Team Ember", "number": 14},
    {"id": "race-control", "name": "Race control", "team": "FIA"},
]
FILE: dict[str, Any] = {
    "id": "imola-2021",
    "title": "Arden and Ekman, Imola 2021",
    "short_title": "Imola 2021",
    "race": "Emilia Romagna Grand Prix",
    "circuit": "imola",
    "date": "2021-04-18",
    "laps": 63,
    "positions": "Räsänen first on the grid",
    "suspects": SUSPECTS,
    "result": "Arden won from Räsänen and Corso. Corso had won the sprint the day before.",
    "championship": "Arden led Räsänen, 83 to 78.",
}


def same(first: str, second: str) -> bool:
    return first.removeprefix("Team ") == second


def checked(**changes: Any) -> list[CheckedClaim]:
    incident = read(Incident, FILE | changes)
    record = recorded(result(), SPRINT, TABLES, 4)
    return [*checked_claims(incident, record, SPRINT, same)]


def wrong(**changes: Any) -> list[tuple[str, str, str]]:
    return [
        (each.field, each.words, each.checked.said)
        for each in checked(**changes)
        if each.checked.verdict is Verdict.WRONG
    ]


def test_a_file_that_is_right_is_right_in_every_field() -> None:
    assert wrong() == []
    fields = {each.field for each in checked()}
    assert {"laps", "positions", "result", "championship", "suspects[2].team", "suspects[2].number"} <= fields
    assert not any(field.startswith("suspects[3]") for field in fields)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"laps": 62}, ("laps", "62", "63")),
        ({"positions": "Räsänen third on the grid"}, ("positions", "Räsänen third on the grid", "1")),
        ({"suspects": [SUSPECTS[0] | {"number": 11}, SUSPECTS[1]]}, ("suspects[1].number", "11", "10")),
        ({"suspects": [SUSPECTS[0], SUSPECTS[1] | {"team": "Ion"}]}, ("suspects[2].team", "Ion", "Ember")),
        ({"result": "Arden won; van Dahl was fifth."}, ("result", "van Dahl was fifth", "4")),
        ({"championship": "Räsänen had 87 points."}, ("championship", "Räsänen had 87 points", "78 or 61 or 60")),
    ],
)
def test_one_wrong_fact_is_named_with_what_is_right(changes: dict[str, Any], found: tuple[str, str, str]) -> None:
    assert wrong(**changes) == [found]


def test_what_is_told_of_a_sprint_is_held_against_the_sprint() -> None:
    of_sprint = {"session": "sprint", "laps": 20, "positions": "first and second"}
    assert wrong(**of_sprint, result="Räsänen was second. A day later Arden won the Grand Prix.") == []
    assert wrong(**of_sprint, result="Arden won from Corso.") == [("result", "won from Corso", "3")]
    assert [each.field for each in checked(session="qualifying", laps=12) if each.field == "laps"] == []


@given(laps=st.integers(1, 200), number=st.integers(0, 999))
def test_any_wrong_figure_of_a_field_is_found(laps: int, number: int) -> None:
    changed = [SUSPECTS[0] | {"number": number}, SUSPECTS[1]]
    found = {field for field, _, _ in wrong(laps=laps, suspects=changed)}
    assert found == {name for name, right in (("laps", laps == 63), ("suspects[1].number", number == 10)) if not right}
