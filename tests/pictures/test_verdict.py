"""The fans' verdict beside the ruling's."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.canvas import Box
from bot.pictures.scale import BAR, BAR_END, HALF, MIDDLE
from bot.pictures.verdict import BARS, BARS_END, MARK_DOT, SHOWN, _drawn, _sides, verdict_picture
from bot.pictures.verdict_lines import Answer, Side, VerdictLines
from tests.pictures.samples import names, overlaps

SCALE = (
    Answer("All Bottas", 96, "8 %"),
    Answer("Mostly Bottas", 85, "7 %"),
    Answer("Racing incident", 325, "27 %"),
    Answer("Mostly Russell", 398, "33 %"),
    Answer("All Russell", 300, "25 %"),
)
SIDES = (
    Side("Bottas", 181, 0.15, "15 %"),
    Side("Racing incident", 325, 0.27, "27 %", nobody=True),
    Side("Russell", 698, 0.58, "58 %"),
)
IMOLA = VerdictLines(
    "Most fans blame Russell; the stewards blamed nobody for it",
    "Bottas and Russell, Imola 2021 · 18 April 2021",
    "1,204 votes",
    SIDES,
    SCALE,
    "the stewards",
    "racing incident, no further action",
    "27 % agree with the stewards",
    "Vote with /blame imola-2021",
)


def test_the_chart_in_words() -> None:
    assert verdict_picture(IMOLA).alt == (
        "Most fans blame Russell; the stewards blamed nobody for it. Bottas and Russell, Imola 2021 · 18 April 2021. "
        "1,204 votes: All Bottas 8 %, Mostly Bottas 7 %, Racing incident 27 %, Mostly Russell 33 %, All Russell 25 %. "
        "The stewards: racing incident, no further action. 27 % agree with the stewards."
    )


def test_without_a_scale_the_sides_are_told() -> None:
    alt = verdict_picture(replace(IMOLA, scale=(), agreed="", ruling="")).alt
    assert "1,204 votes: Bottas 15 %, Racing incident 27 %, Russell 58 %." in alt
    assert alt.endswith("The stewards: No ruling was made, or none that was published.")


def test_a_ruling_is_whose_it_is() -> None:
    alt = verdict_picture(replace(IMOLA, judges="the FIA World Motor Sport Council", agreed="")).alt
    assert alt.endswith("The FIA World Motor Sport Council: racing incident, no further action.")


def test_the_scale_leans_to_who_is_blamed_more_with_the_racing_incident_in_its_middle() -> None:
    parts = [box for box in _drawn(IMOLA).boxes if (box.top, box.bottom) == (BAR, BAR_END)]
    votes = sum(answer.votes for answer in SCALE)
    assert [(part.right - part.left) / HALF for part in parts] == pytest.approx(
        [answer.votes / votes for answer in SCALE], abs=0.002
    )
    assert (parts[2].left + parts[2].right) / 2 == pytest.approx(MIDDLE, abs=1)


def test_a_side_s_bar_is_as_long_as_its_share_of_the_longest() -> None:
    bars = [box for box in _drawn(IMOLA).boxes if box.left == BARS and box.bottom - box.top == 22]
    assert [box.right - BARS for box in bars] == [round((BARS_END - BARS) * side.share / 0.58) for side in SIDES]


def test_who_the_ruling_blames_is_marked_and_nobody_else() -> None:
    def marks(lines: VerdictLines) -> list[Box]:
        canvas = _drawn(lines)
        return [box for box in canvas.boxes if box.right - box.left == box.bottom - box.top == 2 * MARK_DOT]

    assert marks(IMOLA) == []
    ruled = replace(IMOLA, sides=(*SIDES[:2], replace(SIDES[2], ruled=True)))
    assert len(marks(ruled)) == 2, "the side's, and that of those who ruled"


def test_votes_around_the_ruling_are_shown_as_a_move() -> None:
    moved = tuple(replace(side, before=0.9 - side.share, after=side.share, moved="32 % → 58 %") for side in SIDES)
    canvas = _drawn(replace(IMOLA, sides=moved))
    assert overlaps(canvas.boxes) == []
    assert not [box for box in canvas.boxes if box.left == BARS and box.bottom - box.top == 22]


def test_many_sides_are_put_together() -> None:
    *shown, others = _sides([Side(f"Side {number}", 10, 0.1, "10 %", ruled=number == 9) for number in range(10)], SHOWN)
    assert [side.label for side in shown] == [f"Side {number}" for number in range(SHOWN - 1)]
    assert (others.label, others.votes, others.ruled) == ("4 others", 40, True)


def test_those_who_are_put_together_have_what_they_have_one_by_one() -> None:
    many = [Side(f"Side {number}", 10, 10 / 97, "10 %", hundredths=10 + (number < 3)) for number in range(9)]
    few = [Side(f"Side {number}", 1, 1 / 9, "1") for number in range(9)]
    assert [_sides(sides, SHOWN)[-1].written for sides in (many, few)] == ["30 %", "3"]


shares = st.floats(0, 1)
sides = st.builds(
    Side,
    names,
    st.integers(0, 10**9),
    shares,
    names,
    st.booleans(),
    st.booleans(),
    st.none() | shares,
    st.none() | shares,
    st.none() | st.integers(0, 100),
    names,
)
answers = st.builds(Answer, names, st.integers(0, 10**9), names)
polls = st.builds(
    VerdictLines,
    names,
    names,
    names,
    st.lists(sides, max_size=12).map(tuple),
    st.just(()) | st.tuples(*[answers] * 5),
    names,
    names,
    names,
    names,
)


@settings(max_examples=60)
@given(polls)
def test_whatever_is_asked_nothing_overlaps(lines: VerdictLines) -> None:
    assert overlaps(_drawn(lines).boxes) == []
    assert len(verdict_picture(lines).png) < 60_000
