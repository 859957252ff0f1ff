"""The fans' verdict beside the stewards'."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.cards import Bar
from bot.chat.text_limits import UnsendableError
from bot.pictures.canvas import MARGIN
from bot.pictures.verdict import BARS as BARS_END
from bot.pictures.verdict import _drawn, _sides, verdict_picture
from tests.pictures.samples import BARS, names, overlaps

TITLE = "Bottas and Russell, Imola 2021"
JUDGES = "The FIA World Motor Sport Council, which has a long name"
RULING = "racing incident, no further action"


def test_the_chart_in_words() -> None:
    assert verdict_picture(TITLE, BARS, RULING).alt == (
        "1,204 votes: Russell 58 %, Racing incident 27 %, Bottas 15 %. "
        "The stewards: racing incident, no further action."
    )


def test_a_poll_without_votes_or_ruling() -> None:
    alt = verdict_picture(TITLE, (), "").alt
    assert "0 votes: none yet." in alt
    assert alt.endswith("The stewards: No ruling was made, or none that was published.")


def test_a_ruling_is_whose_it_is() -> None:
    alt = verdict_picture(TITLE, BARS, RULING, judges="the FIA World Motor Sport Council").alt
    assert alt.endswith("The FIA World Motor Sport Council: racing incident, no further action.")


def test_a_bar_is_as_long_as_its_share() -> None:
    boxes = _drawn(TITLE, BARS, (JUDGES, RULING), (), ()).boxes
    lengths = [box.right - box.left for box in boxes if box.bottom - box.top == 32]
    assert lengths == [round((BARS_END - MARGIN) * bar.share) for bar in BARS]


def test_votes_around_the_ruling_stand_beside_those_of_all() -> None:
    before, after = BARS[:1], BARS[1:]
    assert [side.parts for side in _sides(BARS, [before, after])] == [(0.58, 0), (0, 0.27), (0, 0.15)]
    assert overlaps(_drawn(TITLE, BARS, (JUDGES, RULING), before, after).boxes) == []


def test_many_sides_are_put_together() -> None:
    bars = [Bar(f"Side {number}", 10, 0.1) for number in range(10)]
    *shown, others = _sides(bars, [bars])
    assert [side.label for side in shown] == [f"Side {number}" for number in range(6)]
    assert (others.label, others.votes) == ("4 others", 40)


def test_what_is_more_than_nothing_is_not_called_nothing() -> None:
    bars = (Bar("Russell", 999, 0.999), Bar("Bottas", 1, 0.001))
    assert "Russell 100 %, Bottas < 1 %" in verdict_picture(TITLE, bars, RULING).alt


@st.composite
def polls(draw: st.DrawFn) -> list[Bar]:
    bars = []
    for label in draw(st.lists(names, max_size=12)):
        try:
            bars.append(Bar(label, draw(st.integers(0, 10**9)), draw(st.floats(0, 1))))
        except UnsendableError:
            continue
    return bars


@settings(max_examples=50)
@given(names, polls(), names, names, polls(), polls())
def test_whatever_is_asked_nothing_overlaps(
    title: str, bars: list[Bar], judges: str, ruling: str, before: list[Bar], after: list[Bar]
) -> None:
    assert overlaps(_drawn(title, bars, (judges, ruling), before, after).boxes) == []
    assert len(verdict_picture(title, bars, ruling, before, after, judges).png) < 60_000
