"""Messages as race control writes them, typed by hand and changed over the years, and what is read from each."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.cases import Modifier, Notice, NoticeKind
from bot.feeds.race_control.parser import read_docket, read_notice
from tests.support.race_control_samples import said, session


def read(text: str) -> Notice:
    notice = read_notice(said(text))
    assert notice is not None
    return notice


def cars(notice: Notice) -> list[tuple[int, str]]:
    return [(car.number, car.code) for car in notice.cars]


def test_an_incident_that_is_noted() -> None:
    notice = read_notice(
        said(
            "TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED - CAUSING A COLLISION",
            index=31,
            at="13:04:10",
            lap=8,
        )
    )
    assert notice is not None
    assert (notice.kind, cars(notice)) == (NoticeKind.NOTED, [(7, "ABE"), (12, "COR")])
    assert (notice.place, notice.reason) == ("TURN 4", "CAUSING A COLLISION")
    assert (notice.index, notice.at.time(), notice.lap) == (31, dt.time(13, 4, 10), 8)
    assert (notice.lap_in_text, notice.incident_time, notice.modifier) == (None, None, None)


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        ("NOTED", NoticeKind.NOTED),
        ("NOTED ", NoticeKind.NOTED),
        ("UNDER INVESTIGATION", NoticeKind.UNDER_INVESTIGATION),
        ("NOTED AND UNDER INVESTIGATION", NoticeKind.UNDER_INVESTIGATION),
        ("NOTED - UNDER INVESTIGATION", NoticeKind.UNDER_INVESTIGATION),
        ("WILL BE INVESTIGATED AFTER THE RACE", NoticeKind.AFTER_SESSION),
        ("WILL BE INVESTIGATED AFTER THE SPRINT", NoticeKind.AFTER_SESSION),
        ("- NO INVESTIGATION NECESSARY", NoticeKind.NO_FURTHER),
        ("NOTED - NO INVESTIGATION NECESSARY", NoticeKind.NO_FURTHER),
        ("REVIEWED NO FURTHER INVESTIGATION", NoticeKind.NO_FURTHER),
        ("REVIEWED - NO FURTHER ACTION", NoticeKind.NO_FURTHER),
        ("NO FURTHER ACTION", NoticeKind.NO_FURTHER),
    ],
)
@pytest.mark.parametrize("by", ["", "FIA STEWARDS: ", "FIA STEWARDS : "])
@pytest.mark.parametrize("reason", ["", "FORCING ANOTHER DRIVER OFF THE TRACK"])
def test_how_far_an_incident_has_come(by: str, says: str, kind: NoticeKind, reason: str) -> None:
    because = f" - {reason}" if reason else ""
    notice = read(f"{by}PIT LANE INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) {says}{because}")
    assert (notice.kind, cars(notice), notice.place) == (kind, [(7, "ABE"), (12, "COR")], "PIT LANE")
    assert notice.reason == (reason or None)


@pytest.mark.parametrize(
    ("listed", "numbers"),
    [
        ("CAR 7 (ABE)", [7]),
        ("CARS 7 (ABE) AND 12 (COR)", [7, 12]),
        ("CARS 7 (ABE),12 (COR)", [7, 12]),
        ("CAR 7 (ABE) AND CAR 12 (COR)", [7, 12]),
        ("CARS 7 (ABE) AND 12 (COR) AND 21 (DUN)", [7, 12, 21]),
        ("CARS 7 (ABE), 12 (COR), 21 (DUN) AND 34 (ELM)", [7, 12, 21, 34]),
        ("CARS 7 (ABE) 12 AND 21 (DUN)", [7, 12, 21]),
        ("CARS 7(ABE) & 12(COR)", [7, 12]),
        ("CARS 7 AND 12", [7, 12]),
        ("CARS 7 (ABE) AND 7 (ABE)", [7]),
        ("THE SAFETY CAR AND CAR 7 (ABE)", [7]),
        ("CARS  7  (ABE)  AND\u00a012 ( COR )", [7, 12]),
    ],
)
def test_cars_are_listed_in_many_ways(listed: str, numbers: list[int]) -> None:
    notice = read(f"TURN 4 INCIDENT INVOLVING {listed} NOTED - CAUSING A COLLISION")
    assert [car.number for car in notice.cars] == numbers


def test_a_car_without_its_code_is_known_by_its_number() -> None:
    notice = read("TURN 1 INCIDENT INVOLVING CARS 7 (ABE) 12 AND 21 (DUN) NOTED")
    assert cars(notice) == [(7, "ABE"), (12, ""), (21, "DUN")]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("TURN 4 INCIDENT INVOLVING", "TURN 4"),
        ("LAP 1, T4 INCIDENT INVOLVING", "TURN 4"),
        ("TURNS 1-2 INCIDENT INVOLVING", "TURNS 1-2"),
        ("TURN 3 - 4 INCIDENT INVOLVING", "TURN 3-4"),
        ("TURN 3–4 INCIDENT INVOLVING", "TURN 3-4"),
        ("BETWEEN TURN 4 AND 5 INCIDENT INVOLVING", "BETWEEN TURN 4 AND 5"),
        ("INCIDENT AFTER TURN 11 INVOLVING", "AFTER TURN 11"),
        ("PIT LANE INCIDENT INVOLVING", "PIT LANE"),
        ("PIT ENTRY INCIDENT INVOLVING", "PIT ENTRY"),
        ("PIT EXIT INCIDENT INVOLVING", "PIT EXIT"),
        ("MAIN STRAIGHT INCIDENT INVOLVING", "MAIN STRAIGHT"),
        ("START/FINISH STRAIGHT INCIDENT INVOLVING", "START/FINISH STRAIGHT"),
        ("START STRAIGHT INCIDENT INVOLVING", "START STRAIGHT"),
        ("INCIDENT INVOLVING", None),
        ("ODD CORNER INCIDENT INVOLVING", None),
    ],
)
def test_where_it_was(words: str, place: str | None) -> None:
    assert read(f"{words} CARS 7 (ABE) AND 12 (COR) NOTED").place == place


@pytest.mark.parametrize("before", ["LAP 1 TURN 2 INCIDENT", "LAP 1 - TURN 2 INCIDENT", "LAP 1, T2 INCIDENT"])
def test_a_lap_that_is_named_is_not_the_message_s_own(before: str) -> None:
    notice = read_notice(said(f"{before} INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED", lap=8))
    assert notice is not None
    assert (notice.place, notice.lap_in_text, notice.lap) == ("TURN 2", 1, 8)


@pytest.mark.parametrize("text", ["LAP 1 TURN 1 NOTED", "LAP 1 TURN 1 INCIDENT NOTED", "LAP 1 INCIDENTS NOTED"])
def test_an_incident_may_name_nobody(text: str) -> None:
    notice = read(text)
    assert (notice.kind, notice.cars, notice.lap_in_text) == (NoticeKind.NOTED, (), 1)


@pytest.mark.parametrize(
    ("prefix", "modifier"),
    [
        ("CORRECTION: ", Modifier.CORRECTION),
        ("CORRECTION:: ", Modifier.CORRECTION),
        ("CORRECTION - ", Modifier.CORRECTION),
        ("CORRECTION FIA STEWARDS: ", Modifier.CORRECTION),
        ("FIA STEWARDS: CORRECTION: ", Modifier.CORRECTION),
        ("UPDATE: ", Modifier.UPDATE),
        ("FIA STEWARDS: UPDATE: ", Modifier.UPDATE),
    ],
)
def test_corrections_and_updates_stand_before_the_rest_in_any_order(prefix: str, modifier: Modifier) -> None:
    notice = read(f"{prefix}TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) UNDER INVESTIGATION")
    assert (notice.kind, notice.modifier, notice.place) == (NoticeKind.UNDER_INVESTIGATION, modifier, "TURN 4")


def test_a_correction_may_stand_at_the_end() -> None:
    notice = read("TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED - CAUSING A COLLISION - CORRECTION")
    assert (notice.modifier, notice.reason) == (Modifier.CORRECTION, "CAUSING A COLLISION")


def test_the_time_at_the_track_and_the_count_of_offences_are_no_reason() -> None:
    notice = read("INCIDENT INVOLVING CAR 7 (ABE) NOTED - TRACK LIMITS (15:04:44) (5TH OFFENCE)")
    assert (notice.reason, notice.incident_time) == ("TRACK LIMITS", dt.time(15, 4, 44))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("NOTED -IGNORING BLUE FLAGS", "IGNORING BLUE FLAGS"),
        ("NOTED – UNSAFE RELEASE", "UNSAFE RELEASE"),
        ("NOTED - ALLEDGEDLY CAUSING A COLLISION", "ALLEGEDLY CAUSING A COLLISION"),
        ("UNDER INVESTIGATION FOR CAUSING A COLLISION", "CAUSING A COLLISION"),
        ("UNDER INVESTIGATION BY THE STEWARDS", None),
        ("REVIEWED NO FURTHER INVESTIGATION - POSITIONS GIVEN BACK", "POSITIONS GIVEN BACK"),
        ("- CAUSING A COLLISION - UNDER INVESTIGATION", "CAUSING A COLLISION"),
        ("NOTED - STARTING PROCEDURE - OUT OF POSITION", "STARTING PROCEDURE - OUT OF POSITION"),
    ],
)
def test_reasons_as_they_are_typed(words: str, reason: str | None) -> None:
    assert read(f"TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) {words}").reason == reason


@pytest.mark.parametrize(
    ("words", "penalty"),
    [
        ("5 SECOND TIME PENALTY", "5s time penalty"),
        ("10 SECOND TIME PENALTY", "10s time penalty"),
        ("10 SECONDS TIME PENALTY", "10s time penalty"),
        ("10 SECOND STOP/GO PENALTY", "10 second stop/go penalty"),
        ("STOP-AND-GO PENALTY", "stop-and-go penalty"),
        ("DRIVE THROUGH PENALTY", "drive through penalty"),
        ("REPRIMAND (DRIVING)", "reprimand (driving)"),
        ("BLACK FLAG", "black flag"),
    ],
)
@pytest.mark.parametrize("by", ["", "FIA STEWARDS: "])
def test_penalties(by: str, words: str, penalty: str) -> None:
    notice = read(f"{by}{words} FOR CAR 12 (COR) - CAUSING A COLLISION (15:04:44)")
    assert (notice.kind, notice.penalty, cars(notice)) == (NoticeKind.PENALTY, penalty, [(12, "COR")])
    assert (notice.reason, notice.incident_time) == ("CAUSING A COLLISION", dt.time(15, 4, 44))


def test_a_penalty_may_give_no_reason() -> None:
    assert read("5 SECOND TIME PENALTY FOR CAR 12 (COR)").reason is None


@pytest.mark.parametrize(
    "text",
    [
        "FIA STEWARDS: PENALTY SERVED - 10 SECOND TIME PENALTY FOR CAR 12 (COR) - CAUSING A COLLISION",
        "FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 12 (COR) SERVED",
    ],
)
def test_a_penalty_that_was_served_is_none_that_is_given(text: str) -> None:
    notice = read(text)
    assert (notice.kind, notice.penalty, cars(notice)) == (NoticeKind.PENALTY_SERVED, None, [(12, "COR")])


def test_a_penalty_that_is_taken_back_is_not_guessed_at() -> None:
    assert read("FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 12 (COR) RESCINDED").kind is NoticeKind.UNKNOWN


def test_failing_to_serve_a_penalty_is_an_incident() -> None:
    notice = read("INCIDENT INVOLVING CAR 12 (COR) NOTED - FAILING TO SERVE PENALTY CORRECTLY")
    assert (notice.kind, notice.reason) == (NoticeKind.NOTED, "FAILING TO SERVE PENALTY CORRECTLY")


CUT = (
    "FIA STEWARDS: TURN 12 INCIDENT INVOLVING CARS 7 (ABE), 12 (COR), 21 (DUN), 34 (ELM), 50 (FAY) AND 61 (GIL) WILL BE"
    " INVESTIGATED AFTE"
)


def test_a_text_that_the_feed_cut_off_says_what_it_still_says() -> None:
    assert len(CUT) == 132
    notice = read(CUT)
    assert (notice.kind, notice.reason) == (NoticeKind.AFTER_SESSION, None)
    assert len(notice.cars) == 6


@pytest.mark.parametrize(
    "text",
    [
        "CAR 44 (ABE) TIME 1:09.217 DELETED - TRACK LIMITS AT TURN 10 LAP 23 16:02:18",
        "CAR 44 (ABE) LAP DELETED - TRACK LIMITS AT TURN 10 LAP 44 16:02:18 (PIT)",
        "CARS 7 (ABE) AND 12 (COR) STOPPED AT TURN 2",
        "BLACK AND WHITE FLAG FOR CAR 12 (COR) - TRACK LIMITS",
        "WAVED BLUE FLAG FOR CAR 12 (COR) TIMED AT 13:04:44",
        "YELLOW IN TRACK SECTOR 4",
        "LAPPED CARS MAY NOW OVERTAKE THE SAFETY CAR: 7, 12 AND 21",
        "AT THE 5 MINUTES SIGNAL THE FOLLOWING CARS SHOULD BE ROLLED TO PIT EXIT: 7, 12 AND 21",
        "",
    ],
)
def test_what_is_about_something_else_is_no_notice(text: str) -> None:
    assert read_notice(said(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "FIA STEWARDS: CARS 7 (ABE) AND 12 (COR) TO REPORT TO THE STEWARDS",
        "INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) IS BEING DISCUSSED",
        "INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) WILL BE INVESTIGATED",
        "UNDER INVESTIGATION: CARS 7 (ABE) AND 12 (COR)",
    ],
)
def test_an_unknown_template_is_kept_and_counted_and_never_guessed_at(text: str) -> None:
    notice = read(text)
    assert (notice.kind, notice.cars, notice.text) == (NoticeKind.UNKNOWN, (), text)
    docket = read_docket(
        session(f"13:00:00 {text}", f"13:00:10 {text}", f"13:00:20 {text.replace('7 (ABE)', '9 (DUN)')}")
    )
    assert (docket.unknown, docket.cases) == (1, ()), "words of one template are counted once"


def test_the_category_says_nothing() -> None:
    text = "TURN 4 INCIDENT INVOLVING CARS 7 (ABE) AND 12 (COR) NOTED"
    by_category = {read_notice(message) for message in [said(text)]}
    assert len(by_category) == 1


def test_noise_is_no_notice() -> None:
    noise = "FIA STEWARDS: CARS 7 (ABE) AND " * 40_000
    assert read_notice(said(noise)) is None
    assert read_notice(said(("CARS " * 190) + "NOTED")) is None


TYPED = """
    TURN T4 TURNS 1-2 LAP 1 12 7 (ABE) (COR) AND , - : CARS CAR INCIDENT INVOLVING NOTED UNDER INVESTIGATION REVIEWED
    NO FURTHER ACTION WILL BE INVESTIGATED AFTER THE RACE FIA STEWARDS CORRECTION UPDATE 5 SECOND TIME PENALTY FOR
    SERVED PIT LANE (15:04:44) (5TH OFFENCE) CAUSING A COLLISION ( )
"""
WORDS = st.sampled_from([*TYPED.split(), "\x00", "\ufeff", "\ud800", "–", "١٢", "ß"])


@given(st.text() | st.lists(WORDS, max_size=40).map(" ".join))
@example("CARS 0007 (ABE)")
@example("CORRECTION" * 99)
@example("NOTED " * 160)
def test_no_text_is_too_odd_and_no_car_is_invented(text: str) -> None:
    notice = read_notice(said(text))
    if notice is not None:
        assert all(str(car.number) in text and car.code in text.upper() for car in notice.cars)
        notice.text.encode()
