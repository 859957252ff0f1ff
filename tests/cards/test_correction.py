from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.correction import ROOM, correction_reply
from bot.cards.season_text import updated
from bot.chat.instants import as_written
from bot.chat.replies import Reply
from bot.domain.classifications import names
from bot.domain.corrections import Change, changes, told_lines
from bot.domain.season import Classification, Finish, Race
from bot.domain.sessions import SessionKind
from tests.cards.test_recap import FIELDS, RACES
from tests.support.season import FETCHED, RESULT, SPRINT


def said(*changes: Change, classification: Classification = RESULT) -> list[str]:
    """What is said of changes, line by line."""
    (paragraph,) = correction_reply(classification, changes, "").card.paragraphs
    return as_written(paragraph).splitlines()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("hamilton", "2", 19, "1", 26), "Hamilton: 2nd, now 1st; 19 points, now 26"),
        (("hamilton", "2", 19, "2", 18.5), "Hamilton: 19 points, now 18.5"),
        (("hamilton", "10", 1, "11", 0), "Hamilton: 10th, now 11th; 1 point, now 0"),
        (("perez", "3", 15, "D", 0), "Pérez: 3rd, now disqualified; 15 points, now 0"),
        (("bottas", "R", 0, "9", 2), "Bottas: retired, now 9th; 0 points, now 2"),
        (("vettel", "", 0, "10", 1), "Vettel: now 10th; 1 point"),
        (("de_vries", "9", 2, "", 0), "De Vries: 9th, now not classified; 2 points, now 0"),
        (("hamilton", "2", 19, "X", 0), "Hamilton: 2nd, now not classified; 19 points, now 0"),
    ],
)
def test_a_change_is_said_in_a_line(change: Change, line: str) -> None:
    assert said(change) == [line]


def test_a_correction_names_the_race_and_leads_to_its_result_and_recap() -> None:
    reply = correction_reply(RESULT, [("hamilton", "2", 19, "1", 26)], updated(FETCHED))
    assert reply.card.title == "Corrected: Emilia Romagna Grand Prix 2021"
    assert reply.card.footer == updated(FETCHED)
    assert doors(reply) == [
        "results 2021-emilia-romagna-grand-prix",
        "recap 2021-emilia-romagna-grand-prix",
    ]


def test_a_sprints_correction_says_so_and_leads_to_the_sprint() -> None:
    reply = correction_reply(SPRINT, [("hamilton", "2", 2, "1", 3)], "")
    assert reply.card.title == "Corrected: British Grand Prix, sprint 2021"
    assert doors(reply) == ["results 2021-british-grand-prix sprint", "recap 2021-british-grand-prix sprint"]


def test_a_veiled_correction_gives_nothing_away_in_its_title() -> None:
    reply = correction_reply(RESULT, [("hamilton", "2", 19, "1", 26)], "", veiled=True)
    assert reply.veiled
    assert reply.card.title == "Corrected: Emilia Romagna Grand Prix 2021"


def test_it_says_how_many_more_where_there_are_too_many() -> None:
    lines = said(*((f"driver_{number}", "1", 25.0, "2", 18.0) for number in range(40)))
    assert lines[0] == "Driver 0: 1st, now 2nd; 25 points, now 18"
    assert lines[-1] == f"and {40 - len(lines) + 1} more"


def test_names_that_leave_no_room_are_left_out() -> None:
    assert said(("x" * ROOM, "1", 25, "2", 18)) == ["The result has changed."]


def doors(reply: Reply) -> list[str]:
    """What the buttons below a reply do."""
    return [button.data for row in reply.buttons for button in row]


@given(RACES, FIELDS, FIELDS, st.sampled_from([SessionKind.RACE, SessionKind.SPRINT]))
def test_any_correction_fits_and_names_only_those_who_differ(
    race: Race, before: list[Finish], after: list[Finish], kind: SessionKind
) -> None:
    was, classification = (Classification(race, kind, tuple(finishes)) for finishes in (before, after))
    changed = changes(told_lines(was), told_lines(classification))
    reply = correction_reply(classification, changed, updated(FETCHED), veiled=True)
    differing = {
        driver
        for driver in {**told_lines(was), **told_lines(classification)}
        if told_lines(was).get(driver) != told_lines(classification).get(driver)
    }
    assert {driver for driver, *_ in changed} <= differing
    titles = {names(classification).get(driver, driver.replace("_", " ").title()) for driver in differing}
    named = {line.rpartition(": ")[0] for line in as_written(reply.card.paragraphs[0]).splitlines() if ": " in line}
    assert named <= titles


def test_the_penalised_driver_comes_first_and_then_those_who_moved_up() -> None:
    first, second, third, fourth, *others = RESULT.finishes
    penalised = replace(first, position=4, place="4", points=0.0)
    moved = [replace(each, position=place, place=f"{place}") for place, each in enumerate((second, third, fourth), 1)]
    later = replace(RESULT, finishes=(*moved, penalised, *others))
    assert said(*changes(told_lines(RESULT), told_lines(later)), classification=later) == [
        "Verstappen: 1st, now 4th; 25 points, now 0",
        "Hamilton: 2nd, now 1st",
        "Norris: 3rd, now 2nd",
        "Pérez: 4th, now 3rd",
    ]
