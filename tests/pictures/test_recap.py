"""The recap card says what happened, to those who see it and to those who do not."""

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.race_story import StandingsMove
from bot.domain.season import Classification
from bot.domain.sessions import SessionKind
from bot.pictures.recap import _drawn, recap_picture
from tests.pictures.samples import AFTER, FINISHES, IMOLA, MOVE, RESULT, finish, names, overlaps, standings

KILOBYTES_60 = 60_000


def test_imola_in_words() -> None:
    assert recap_picture(RESULT, MOVE).alt == (
        "Emilia Romagna Grand Prix, 18 April 2021, Imola, Italy, round 2 of 2021: "
        "Max Verstappen (Red Bull, 2:02:34.598) won from Lewis Hamilton (Mercedes, +22.000) "
        "and Lando Norris (Mclaren, +23.702). "
        "Most places gained: Räikkönen (11 places from 16th). Most places lost: Pérez (2 places from 2nd). "
        "Fastest lap: Hamilton (1:16.702, lap 60). Out: 2 of 8 (Bottas and Russell). "
        "Championship: Lewis Hamilton 44, Max Verstappen 43, Lando Norris 27.5."
    )


def test_a_penalty_stands_with_whoever_was_given_it() -> None:
    winner, second, third, *others = FINISHES
    second, third = replace(second, penalty=5.0), replace(third, penalty=2.5)
    alone = recap_picture(replace(RESULT, finishes=(winner, second, third, *others)), MOVE)
    assert (
        "Lewis Hamilton (Mercedes, +22.000, 5 s penalty) and Lando Norris (Mclaren, +23.702, 2.5 s penalty)"
        in alone.alt
    )
    assert alone.png != recap_picture(RESULT, MOVE).png
    tied = [
        replace(RESULT, finishes=(winner, each, replace(third, place="2"), *others)) for each in (FINISHES[1], second)
    ]
    assert recap_picture(tied[0], MOVE).png == recap_picture(tied[1], MOVE).png, "nobody could say whose it is"


def test_it_is_small_and_always_the_same_bytes() -> None:
    picture = recap_picture(RESULT, MOVE)
    assert len(picture.png) < KILOBYTES_60
    assert picture == recap_picture(RESULT, MOVE)
    image = Image.open(BytesIO(picture.png))
    assert (image.size, image.mode) == ((1280, 640), "P")


def test_what_changed_in_the_championship_is_seen() -> None:
    assert recap_picture(RESULT, MOVE).png != recap_picture(RESULT, StandingsMove(AFTER)).png
    assert recap_picture(RESULT, StandingsMove(AFTER, AFTER)).png != recap_picture(RESULT, MOVE).png


def test_those_who_gained_as_many_places_share_the_honour() -> None:
    classification = Classification(
        IMOLA, SessionKind.RACE, (finish(1, "Yuki Tsunoda", grid=3), finish(2, "Carlos Sainz", grid=4))
    )
    assert (
        "Most places gained: Tsunoda and Sainz (2 places each). Most places lost: Nobody."
        in recap_picture(classification, StandingsMove(AFTER)).alt
    )


def test_those_who_shared_the_winning_car_won_together() -> None:
    lines = (finish(1, "Luigi Fagioli"), finish(1, "Juan Fangio"), finish(2, "Alberto Ascari"))
    classification = Classification(IMOLA, SessionKind.RACE, lines)
    alt = recap_picture(classification, StandingsMove(AFTER)).alt
    assert alt.index("Luigi Fagioli") < alt.index(" and Juan Fangio") < alt.index(" won from Alberto Ascari")


def test_a_race_that_nobody_finished() -> None:
    classification = Classification(IMOLA, SessionKind.RACE, FINISHES[6:])
    alt = recap_picture(classification, StandingsMove(standings())).alt
    assert "nobody was classified" in alt
    assert "Out: 2 of 2 (Bottas and Russell)." in alt
    assert "Championship" not in alt


def test_a_sprint_is_called_one() -> None:
    assert recap_picture(replace(RESULT, kind=SessionKind.SPRINT), MOVE).alt.startswith(
        "Emilia Romagna Grand Prix, sprint,"
    )


@pytest.mark.parametrize("starters", [0, 1, 3, 8, 30])
def test_nothing_overlaps_however_many_start(starters: int) -> None:
    lines = [replace(FINISHES[line % len(FINISHES)], position=line + 1) for line in range(starters)]
    canvas = _drawn(Classification(IMOLA, SessionKind.RACE, tuple(lines)), MOVE)
    assert overlaps(canvas.boxes) == []


@settings(max_examples=50)
@given(names, names, names, st.floats(0, 2000))
def test_whatever_people_are_called(driver: str, family: str, team: str, points: float) -> None:
    entrant = replace(FINISHES[0].entrant, given_name=driver, family_name=family, team=team)
    finishes = tuple(replace(one, entrant=entrant) for one in FINISHES)
    classification = Classification(replace(IMOLA, name=driver, locality=family), SessionKind.RACE, finishes)
    standing = standings(*[(driver, points, team)] * 3)
    move = StandingsMove(standing, standing)
    assert overlaps(_drawn(classification, move).boxes) == []
    picture = recap_picture(classification, move)
    assert len(picture.png) < KILOBYTES_60
    assert picture.alt
