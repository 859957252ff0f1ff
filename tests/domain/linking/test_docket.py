"""Invented sessions, and the cases that their messages come to."""

import re
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import Naming, Outcome, StageKind
from bot.domain.linking.docket import Docket
from bot.domain.race_control import Car, Message
from bot.feeds.race_control.parser import read_docket, read_notice
from tests.support.race_control_samples import cases, codes, only_case, said, session

ABE, COR, DUN = Car(7, "ABE"), Car(12, "COR"), Car(21, "DUN")


def test_an_incident_s_whole_way_to_a_penalty() -> None:
    case = only_case(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED - CAUSING A COLLISION",
        "13:05:00 GREEN LIGHT - PIT EXIT OPEN",
        "13:06:40 FIA STEWARDS: TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION"
        " - CAUSING A COLLISION",
        "13:09:00 FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 12 (COR) - CAUSING A COLLISION",
        "13:20:00 FIA STEWARDS: PENALTY SERVED - 10 SECOND TIME PENALTY FOR CAR 12 (COR) - CAUSING A COLLISION",
    )
    assert (case.opened, case.cars, case.place, case.reason) == (0, (ABE, COR), "TURN 4", "CAUSING A COLLISION")
    assert [(stage.kind, stage.index) for stage in case.stages] == [
        (StageKind.NOTED, 0),
        (StageKind.UNDER_INVESTIGATION, 2),
        (StageKind.PENALTY, 3),
    ]
    assert [(penalty.car, penalty.kind) for penalty in case.penalties] == [(COR, "10s time penalty")]
    assert case.outcome is Outcome.PENALTY


@pytest.mark.parametrize(
    ("stages", "outcome"),
    [
        (["NOTED"], Outcome.NOTED_ONLY),
        (["NOTED", "UNDER INVESTIGATION"], Outcome.INVESTIGATION_OPEN),
        (["NOTED", "REVIEWED NO FURTHER INVESTIGATION"], Outcome.NO_FURTHER_ACTION),
        (["NOTED", "UNDER INVESTIGATION", "NO FURTHER ACTION"], Outcome.NO_FURTHER_ACTION),
        (["NOTED", "WILL BE INVESTIGATED AFTER THE RACE"], Outcome.AFTER_RACE),
        (["UNDER INVESTIGATION", "WILL BE INVESTIGATED AFTER THE RACE"], Outcome.AFTER_RACE),
        (["WILL BE INVESTIGATED AFTER THE RACE", "NO FURTHER ACTION"], Outcome.NO_FURTHER_ACTION),
        (["- NO INVESTIGATION NECESSARY"], Outcome.NO_FURTHER_ACTION),
        (["NOTED - NO INVESTIGATION NECESSARY"], Outcome.NO_FURTHER_ACTION),
    ],
)
def test_how_a_case_stands(stages: list[str], outcome: Outcome) -> None:
    case = only_case(
        *(f"13:{minute:02}:00 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) {stage}"
          for minute, stage in enumerate(stages))
    )  # fmt: skip
    assert (case.outcome, case.opened, len(case.stages)) == (outcome, 0, len(stages))


def test_the_cars_may_change_their_order_which_stays_as_it_was_first() -> None:
    case = only_case(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:06:40 FIA STEWARDS: TURN 4 INCIDENT INVOLVING CARS 12 (COR) AND 7 (ABE) NO FURTHER ACTION",
    )
    assert (codes(case), case.outcome, case.earlier) == (["ABE", "COR"], Outcome.NO_FURTHER_ACTION, ())


def test_noted_again_after_the_verdict_it_is_another_incident() -> None:
    first, second = cases(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:06:00 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) REVIEWED NO FURTHER INVESTIGATION",
        "13:06:30 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
    )
    assert (first.outcome, second.outcome, second.opened) == (Outcome.NO_FURTHER_ACTION, Outcome.NOTED_ONLY, 2)


def test_noted_again_within_a_minute_it_is_the_same_incident() -> None:
    case = only_case(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:05:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED - CAUSING A COLLISION",
    )
    assert (case.opened, case.reason) == (0, "CAUSING A COLLISION")


def test_noted_again_later_it_is_another_and_verdicts_go_to_the_older_first() -> None:
    first, second = cases(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:05:11 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:07:00 FIA STEWARDS: TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) REVIEWED NO FURTHER INVESTIGATION",
        "13:09:00 FIA STEWARDS: TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION",
    )
    assert (first.outcome, second.outcome) == (Outcome.NO_FURTHER_ACTION, Outcome.INVESTIGATION_OPEN)


def test_of_two_alike_the_one_that_was_reviewed_is_the_one_that_was_not_investigated() -> None:
    first, second = cases(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:05:00 FIA STEWARDS: TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION",
        "13:06:00 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:07:00 FIA STEWARDS: TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) REVIEWED NO FURTHER INVESTIGATION",
    )
    assert (first.outcome, second.outcome) == (Outcome.INVESTIGATION_OPEN, Outcome.NO_FURTHER_ACTION)


def test_different_reasons_are_different_cases_and_keep_their_verdicts_apart() -> None:
    forced, gained = cases(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 12 (COR) AND 7 (ABE) NOTED - FORCING ANOTHER DRIVER OFF THE TRACK",
        "13:04:20 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED"
        " - LEAVING THE TRACK AND GAINING AN ADVANTAGE",
        "13:05:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION"
        " - LEAVING THE TRACK AND GAINING AN ADVANTAGE",
        "13:05:20 TURN 4 INCIDENT INVOLVING CARS 12 (COR) AND 7 (ABE) UNDER INVESTIGATION"
        " - FORCING ANOTHER DRIVER OFF THE TRACK",
        "13:07:00 5 SECOND TIME PENALTY FOR CAR 12 (COR) - MORE THAN ONE CHANGE OF DIRECTION",
        "13:08:00 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NO FURTHER ACTION"
        " - LEAVING THE TRACK AND GAINING AN ADVANTAGE",
    )
    assert (forced.outcome, forced.penalties[0].car) == (Outcome.PENALTY, COR)
    assert (gained.outcome, gained.penalties) == (Outcome.NO_FURTHER_ACTION, ())


def test_a_verdict_brings_a_reason_where_none_was_said_and_replaces_none() -> None:
    lines = (
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED{}",
        "13:05:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NO FURTHER ACTION - POSITIONS GIVEN BACK",
    )
    assert only_case(*(line.format("") for line in lines)).reason == "POSITIONS GIVEN BACK"
    case = only_case(*(line.format(" - LEAVING THE TRACK AND GAINING AN ADVANTAGE") for line in lines))
    assert case.reason == "LEAVING THE TRACK AND GAINING AN ADVANTAGE"
    assert case.stages[-1].text.endswith("POSITIONS GIVEN BACK")


def test_a_correction_replaces_the_cars_and_the_case_knows_who_they_were() -> None:
    case = only_case(
        "13:04:10 PIT LANE INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:04:40 CORRECTION: PIT LANE INCIDENT INVOLVING CARS 21 (DUN) AND 12 (COR) NOTED",
        "13:05:10 CORRECTION:: PIT LANE INCIDENT INVOLVING CARS 21 (DUN) AND 34 (ELM) NOTED",
        "13:07:00 FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 34 (ELM) - UNSAFE RELEASE",
    )
    assert (case.opened, codes(case), case.outcome) == (0, ["DUN", "ELM"], Outcome.PENALTY)
    assert case.earlier == (Naming((ABE, COR), "PIT LANE"), Naming((DUN, COR), "PIT LANE"))


def test_a_correction_may_name_another_turn() -> None:
    case = only_case(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:04:40 CORRECTION: TURN 14 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:06:40 TURN 14 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NO FURTHER ACTION",
    )
    assert (case.place, case.earlier) == ("TURN 14", (Naming((ABE, COR), "TURN 4"),))
    assert case.outcome is Outcome.NO_FURTHER_ACTION


def test_a_correction_means_the_newest_case_that_it_can() -> None:
    older, newer = cases(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:06:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 21 (DUN) NOTED",
        "13:06:30 CORRECTION: TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 34 (ELM) NOTED",
    )
    assert (codes(older), codes(newer)) == (["ABE", "COR"], ["ABE", "ELM"])


def test_a_correction_of_an_earlier_stage_takes_nothing_back() -> None:
    case = only_case(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:04:20 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION",
        "13:04:40 CORRECTION: TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 21 (DUN) NOTED",
    )
    assert (codes(case), case.outcome) == (["ABE", "DUN"], Outcome.INVESTIGATION_OPEN)
    assert [stage.index for stage in case.stages] == [0, 2, 1]


def test_a_correction_without_anything_to_correct_opens_a_case() -> None:
    case = only_case("13:04:10 CORRECTION: TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED")
    assert case.opened == 0


def test_an_update_adds_a_car_and_a_reason() -> None:
    case = only_case(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED - FORCING ANOTHER DRIVER OFF THE TRACK",
        "13:14:10 UPDATE: TURN 4 INCIDENT INVOLVING CARS 7 (ABE), 12 (COR) AND 21 (DUN) NOTED - CAUSING A COLLISION",
    )
    assert (codes(case), case.reason) == (["ABE", "COR", "DUN"], "CAUSING A COLLISION")


def test_a_penalty_may_be_corrected() -> None:
    case = only_case(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION - CAUSING A COLLISION",
        "13:06:40 FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 7 (ABE) - CAUSING A COLLISION",
        "13:07:00 CORRECTION FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 12 (COR) - CAUSING A COLLISION",
    )
    assert [(penalty.car, penalty.kind) for penalty in case.penalties] == [(COR, "10s time penalty")]


def test_a_car_that_is_added_at_the_next_stage_was_in_the_same_incident() -> None:
    case = only_case(
        "13:04:10 TURN 1 INCIDENT INVOLVING CAR 7 (ABE) NOTED - CAUSING A COLLISION",
        "13:06:40 TURN 1 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION - CAUSING A COLLISION",
    )
    assert (case.opened, codes(case), case.earlier) == (0, ["ABE", "COR"], (Naming((ABE,), "TURN 1"),))


def test_a_car_that_is_left_out_at_the_next_stage_stays_in_the_case() -> None:
    case = only_case(
        "13:04:10 TURN 1 INCIDENT INVOLVING CARS 7 (ABE), 12 (COR) AND 21 (DUN) NOTED - CAUSING A COLLISION",
        "13:06:40 TURN 1 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION - CAUSING A COLLISION",
    )
    assert (codes(case), case.outcome) == (["ABE", "COR", "DUN"], Outcome.INVESTIGATION_OPEN)


def test_other_incidents_of_the_same_drivers_are_other_cases() -> None:
    found = cases(
        "13:04:10 TURN 1 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:04:20 TURN 9 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:04:30 TURN 1 INCIDENT INVOLVING CARS 7 (ABE) AND 21 (DUN) NOTED",
        "13:06:00 TURN 9 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NO FURTHER ACTION",
    )
    assert [case.outcome for case in found] == [Outcome.NOTED_ONLY, Outcome.NO_FURTHER_ACTION, Outcome.NOTED_ONLY]


def test_a_corner_that_is_counted_otherwise_is_the_same() -> None:
    case = only_case(
        "13:04:10 TURN 25 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:06:40 TURN 27 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION",
    )
    assert (case.place, case.earlier) == ("TURN 27", (Naming((ABE, COR), "TURN 25"),))


def test_the_time_at_the_track_tells_alike_incidents_apart() -> None:
    first, second = cases(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED (15:02:00)",
        "13:04:30 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED (15:03:30)",
        "13:04:50 TURN 9 INCIDENT INVOLVING CARS 21 (DUN) AND 12 (COR) NOTED (15:03:30)",
        "13:07:00 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) REVIEWED NO FURTHER INVESTIGATION (15:03:30)",
    )[:2]
    assert (first.outcome, second.outcome) == (Outcome.NOTED_ONLY, Outcome.NO_FURTHER_ACTION)


def test_a_penalty_goes_to_the_case_of_its_time_then_reason_then_investigation() -> None:
    lines = [
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION - CAUSING A COLLISION",
        "13:04:20 TURN 5 INCIDENT INVOLVING CARS 7 (ABE) AND 21 (DUN) NOTED - MOVING UNDER BRAKING (15:02:00)",
        "13:04:30 TURN 6 INCIDENT INVOLVING CARS 34 (ELM) AND 7 (ABE) NOTED",
    ]
    for penalty, meant in {
        "5 SECOND TIME PENALTY FOR CAR 7 (ABE) - CAUSING A COLLISION (15:02:00)": 1,
        "5 SECOND TIME PENALTY FOR CAR 7 (ABE) - MOVING UNDER BRAKING": 1,
        "5 SECOND TIME PENALTY FOR CAR 7 (ABE) - CAUSING A COLLISION": 0,
        "5 SECOND TIME PENALTY FOR CAR 7 (ABE) - DRIVING ERRATICALLY": 0,
        "5 SECOND TIME PENALTY FOR CAR 34 (ELM) - DRIVING ERRATICALLY": 2,
    }.items():
        ruled = [case.outcome is Outcome.PENALTY for case in cases(*lines, f"13:09:00 {penalty}")]
        assert ruled.index(True) == meant
        assert sum(ruled) == 1


@pytest.mark.parametrize("reason", ["TRACK LIMITS", "SPEEDING IN THE PIT LANE", "FAILING TO SERVE PENALTY CORRECTLY"])
@pytest.mark.parametrize("because", ["", " - CAUSING A COLLISION"])
def test_a_penalty_for_what_a_driver_does_alone_decides_nobody_s_case(because: str, reason: str) -> None:
    case, alone = cases(
        f"13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION{because}",
        f"13:06:00 5 SECOND TIME PENALTY FOR CAR 7 (ABE) - {reason}",
    )
    assert (case.outcome, case.penalties) == (Outcome.INVESTIGATION_OPEN, ())
    assert (codes(alone), alone.outcome) == (["ABE"], Outcome.PENALTY)


def test_a_penalty_for_a_car_of_no_case_changes_none() -> None:
    case, alone = cases(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION - CAUSING A COLLISION",
        "13:06:00 5 SECOND TIME PENALTY FOR CAR 21 (DUN) - CAUSING A COLLISION",
    )
    assert (case.outcome, codes(alone)) == (Outcome.INVESTIGATION_OPEN, ["DUN"])


def test_both_drivers_may_be_penalised() -> None:
    case = only_case(
        "13:04:10 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION - STARTING PROCEDURE INFRINGEMENT",
        "13:06:00 5 SECOND TIME PENALTY FOR CAR 7 (ABE) - STARTING PROCEDURE INFRINGEMENT",
        "13:06:10 5 SECOND TIME PENALTY FOR CAR 12 (COR) - STARTING PROCEDURE INFRINGEMENT",
    )
    assert [penalty.car for penalty in case.penalties] == [ABE, COR]


def test_a_penalty_after_the_flag_decides_a_case_that_was_put_off() -> None:
    case = only_case(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED - CAUSING A COLLISION",
        "13:06:00 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) WILL BE INVESTIGATED AFTER THE RACE"
        " - CAUSING A COLLISION",
        "14:46:00 10 SECOND TIME PENALTY FOR CAR 7 (ABE) - CAUSING A COLLISION",
    )
    assert case.outcome is Outcome.PENALTY


def test_a_penalty_turns_out_to_be_for_another_case_when_the_stewards_let_this_one_rest() -> None:
    first, second = cases(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION - CAUSING A COLLISION",
        "13:04:20 TURN 9 INCIDENT INVOLVING CARS 7 (ABE) AND 21 (DUN) UNDER INVESTIGATION - CAUSING A COLLISION",
        "13:06:00 10 SECOND TIME PENALTY FOR CAR 7 (ABE) - CAUSING A COLLISION",
        "13:08:00 TURN 9 INCIDENT INVOLVING CARS 7 (ABE) AND 21 (DUN) NO FURTHER ACTION - CAUSING A COLLISION",
    )
    assert (first.outcome, len(first.penalties)) == (Outcome.PENALTY, 1)
    assert (second.outcome, second.penalties) == (Outcome.NO_FURTHER_ACTION, ())


def test_the_stewards_may_take_a_case_up_again() -> None:
    case = only_case(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:06:00 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) REVIEWED NO FURTHER INVESTIGATION",
        "13:08:00 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION",
    )
    assert case.outcome is Outcome.INVESTIGATION_OPEN


def test_a_case_keeps_its_key_where_the_clock_has_its_messages_the_other_way_round() -> None:
    case = only_case(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:04:08 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION",
    )
    assert (case.opened, case.opened_at.second, case.outcome) == (0, 10, Outcome.INVESTIGATION_OPEN)


def test_a_penalty_for_drivers_of_two_cases_is_no_key_of_both() -> None:
    noted = [
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:04:20 TURN 9 INCIDENT INVOLVING CARS 21 (DUN) AND 30 (EIN) NOTED",
    ]
    penalty = "13:08:00 FIA STEWARDS: 5 SECOND TIME PENALTY FOR CARS 7 (ABE), 21 (DUN) AND 50 (FOX)"
    found = cases(penalty, *noted)  # the source numbers them the other way round
    assert [(case.opened, codes(case), case.outcome) for case in found] == [
        (1, ["ABE", "COR"], Outcome.PENALTY),
        (2, ["DUN", "EIN"], Outcome.PENALTY),
        (0, ["FOX"], Outcome.PENALTY),
    ]


def test_what_one_driver_did_somewhere_is_told_apart_by_its_reason() -> None:
    first, second = cases(
        "13:04:10 INCIDENT INVOLVING CAR 7 (ABE) NOTED - TRACK LIMITS",
        "13:06:10 FIA STEWARDS: INCIDENT INVOLVING CAR 7 (ABE) NO FURTHER ACTION - SPEEDING IN THE PIT LANE",
    )
    assert (first.outcome, second.outcome) == (Outcome.NOTED_ONLY, Outcome.NO_FURTHER_ACTION)


def test_what_is_open_when_the_session_is_over_has_no_verdict_in_the_feed_until_one_comes() -> None:
    docket = read_docket(
        session("13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED - CAUSING A COLLISION")
    )
    assert [case.no_verdict_in_feed for case in docket.cases] == [False]
    docket.end()
    assert [case.no_verdict_in_feed for case in docket.cases] == [True]
    late = read_notice(said("5 SECOND TIME PENALTY FOR CAR 7 (ABE) - CAUSING A COLLISION", index=1, at="15:50:00"))
    assert late is not None
    docket.take(late)
    assert [(case.no_verdict_in_feed, case.ruled) for case in docket.cases] == [(False, True)]


def test_a_code_that_race_control_leaves_out_is_known_from_elsewhere() -> None:
    first, _ = cases(
        "13:04:10 TURN 1 INCIDENT INVOLVING CARS 7 (ABE) 12 AND 21 (DUN) NOTED",
        "13:06:10 5 SECOND TIME PENALTY FOR CAR 12 - CAUSING A COLLISION",
        "13:14:10 TURN 9 INCIDENT INVOLVING CAR 12 (COR) NOTED",
    )
    assert (codes(first), first.penalties[0].car) == (["ABE", "COR", "DUN"], COR)


def test_a_source_that_says_everything_again_under_other_indices_says_nothing_new() -> None:
    once = session(
        "13:04:10 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED",
        "13:06:00 TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) REVIEWED NO FURTHER INVESTIGATION",
    )
    again = [Message(message.index + 2, message.at, message.text, message.lap) for message in once]
    assert read_docket([*again, *once]).cases == read_docket(once).cases


CARS = ["7 (ABE)", "12 (COR)", "21 (DUN)"]
PLACES = ["TURN 4 ", "TURN 5 ", "PIT LANE ", ""]
REASONS = ["", " - CAUSING A COLLISION", " - UNSAFE RELEASE", " - TRACK LIMITS"]
SAYS = ["NOTED", "UNDER INVESTIGATION", "NO FURTHER ACTION", "WILL BE INVESTIGATED AFTER THE RACE"]
TIMES = ["", "", " (15:02:00)", " (15:03:30)"]
PREFIXES = ["", "FIA STEWARDS: ", "CORRECTION: ", "UPDATE: "]


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A message of the stewards about few drivers and few places, so that they meet."""
    prefix, reason, time = (draw(st.sampled_from(some)) for some in (PREFIXES, REASONS, TIMES))
    named = draw(st.lists(st.sampled_from(CARS), min_size=1, max_size=3, unique=True))
    if draw(st.booleans()):
        return f"{prefix}5 SECOND TIME PENALTY FOR CAR {named[0]}{reason}{time}"
    place, says = draw(st.sampled_from(PLACES)), draw(st.sampled_from(SAYS))
    return f"{prefix}{place}INCIDENT INVOLVING CARS {' AND '.join(named)} {says}{reason}{time}"


@st.composite
def sessions(draw: st.DrawFn) -> list[Message]:
    """Messages of a session, up to a quarter of an hour apart."""
    gaps = draw(st.lists(st.integers(0, 900), max_size=25))
    seconds = [sum(gaps[: index + 1]) for index in range(len(gaps))]
    return [
        said(draw(lines()), index=index, at=f"{12 + at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}")
        for index, at in enumerate(seconds)
    ]


@given(sessions(), st.randoms(use_true_random=False), st.booleans())
def test_whatever_comes_twice_or_out_of_order_changes_nothing(
    messages: list[Message], random: Random, asked: bool
) -> None:
    told = [*messages, *messages]
    random.shuffle(told)
    docket = Docket()
    for notice in filter(None, map(read_notice, told)):
        docket.take(notice)
        if asked:
            assert docket.cases
    assert docket.cases == read_docket(messages).cases


@given(sessions())
def test_every_message_is_in_one_case_and_no_case_has_a_car_that_none_of_its_messages_names(
    messages: list[Message],
) -> None:
    docket = read_docket(messages)
    indices = [stage.index for case in docket.cases for stage in case.stages]
    twins = {(message.at, message.text): message.index for message in reversed(messages)}
    assert sorted(indices) == sorted(twins.values())
    assert len({case.opened for case in docket.cases}) == len(docket.cases)
    for case in docket.cases:
        named = [read_notice(messages[stage.index]) for stage in case.stages]
        assert case.numbers <= {car.number for notice in named if notice for car in notice.cars}
        assert {penalty.car.number for penalty in case.penalties} <= case.numbers
        assert case.opened in {stage.index for stage in case.stages}


@given(sessions(), st.randoms(use_true_random=False))
def test_however_a_source_numbers_its_messages_each_case_has_a_key_of_its_own(
    messages: list[Message], random: Random
) -> None:
    numbers = list(range(len(messages)))
    random.shuffle(numbers)
    everybody = re.compile(r"FOR CAR \d+ \([A-Z]+\)")
    told = [
        replace(each, index=number, text=everybody.sub(f"FOR CARS {' AND '.join(CARS)}", each.text))
        for each, number in zip(messages, numbers, strict=True)
    ]
    found = read_docket(told).cases
    assert len({case.opened for case in found}) == len(found)
