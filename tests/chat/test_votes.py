import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.text_limits import UnsendableError
from bot.chat.votes import ASCII, MOST_STEPS, WIDTH, Step, Votes

LABELS = ("all Bottas", "mostly Bottas", "racing incident", "mostly Russell", "all Russell")
ENDS = ("Bottas", "Russell")


def scale(*votes: int) -> Votes:
    return Votes("Here", tuple(map(Step, LABELS, votes)), ENDS)


@pytest.mark.parametrize(
    ("votes", "drawn"),
    [
        ((1, 2, 2, 4, 3), "█▒▒│░░│▒▒▒██"),
        ((0, 0, 0, 0, 1), "││██████████"),
        ((1, 0, 0, 0, 0), "██████████││"),
        ((0, 0, 1, 0, 0), "│░░░░░░░░░░│"),
        ((5, 0, 0, 0, 5), "█████││█████"),
        ((1, 0, 0, 0, 999), "█││█████████"),
        ((1, 1, 996, 1, 1), "█▒│░░░░░░│▒█"),
        ((0, 0, 0, 0, 0), "│░░░░░░░░░░│"),
    ],
)
def test_a_scale_is_one_bar_that_leans(votes: tuple[int, ...], drawn: str) -> None:
    assert scale(*votes).scale(WIDTH) == drawn


def test_a_scale_stands_between_its_ends_with_every_choice_in_words_below_it() -> None:
    assert scale(1, 0, 0, 1, 0).lines == (
        "Bottas █████││▒▒▒▒▒ Russell",
        "all Bottas 1 · mostly Bottas 0 · racing incident 0 · mostly Russell 1 · all Russell 0",
    )


def test_what_is_drawn_once_is_kept_and_makes_no_other_votes_of_them() -> None:
    drawn, other = scale(1, 0, 0, 1, 0), scale(1, 0, 0, 1, 0)
    assert drawn.lines is drawn.lines
    assert drawn == other
    assert hash(drawn) == hash(other)


def test_a_list_is_a_bar_for_each_choice_also_for_that_of_nobody() -> None:
    drivers = Votes("Here (1,001)", (Step("Vettel", 1000), Step("Verstappen", 1), Step("Räikkönen", 0)))
    assert drivers.lines == (
        "██████████ Vettel 1,000",
        "█░░░░░░░░░ Verstappen 1",
        "░░░░░░░░░░ Räikkönen 0",
    )


def test_where_there_is_nothing_but_ascii_a_scale_is_drawn_in_it() -> None:
    drawn = scale(1, 2, 2, 4, 3).scale(12, ASCII)
    assert drawn == "#==|..|====###"
    assert drawn.isascii()


@given(st.lists(st.integers(0, 10**9), min_size=5, max_size=5), st.integers(5, 200))
def test_a_scale_is_as_wide_as_it_is_told_and_shows_every_vote(votes: list[int], width: int) -> None:
    drawn = scale(*votes).scale(width)
    assert len(drawn) == width + 2
    left, middle, right = drawn.split("│")
    assert (bool(left), bool(right)) == (any(votes[:2]), any(votes[3:]))
    assert bool(middle) == (votes[2] > 0 or not any(votes))
    assert ("█" in left, "▒" in left) == (votes[0] > 0, votes[1] > 0)
    assert ("▒" in right, "█" in right) == (votes[3] > 0, votes[4] > 0)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=MOST_STEPS), st.integers(1, 200))
def test_a_bar_is_as_wide_as_it_is_told_and_shows_any_vote(votes: list[int], width: int) -> None:
    drivers = Votes("Here", tuple(Step("Hill", each) for each in votes))
    for step in drivers.steps:
        drawn = drivers.bar(step, width)
        assert len(drawn) == width
        assert ("█" in drawn) == (step.votes > 0)


def test_what_cannot_be_drawn_is_refused() -> None:
    for build in (
        lambda: Step("Hill", -1),
        lambda: Step("Damon\nHill", 1),
        lambda: Votes("Here", ()),
        lambda: Votes("Here", (Step("Hill", 1),) * (MOST_STEPS + 1)),
        lambda: Votes("Here", (Step("Hill", 1),) * 4, ENDS),
        lambda: Votes("Here\nand there", (Step("Hill", 1),)),
    ):
        with pytest.raises(UnsendableError):
            build()
