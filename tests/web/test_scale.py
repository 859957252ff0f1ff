from hypothesis import given
from hypothesis import strategies as st

from bot.chat.votes import Step, Votes, leaning
from bot.web.scale import WIDTH, drawing

COUNTS = st.lists(st.integers(0, 10_000), min_size=5, max_size=5)


def votes(counts: list[int], ends: tuple[str, str] | None = ("Bottas", "Russell")) -> Votes:
    return Votes("Fans", tuple(Step(f"choice {number}", count) for number, count in enumerate(counts)), ends)


def test_a_bar_leans_to_who_is_blamed_more() -> None:
    parts = drawing(votes([0, 0, 2, 4, 4])).parts
    assert [(part.start, part.width, part.kind) for part in parts] == [
        (450, 0, "left"),
        (450, 0, "left-pale"),
        (450, 100, "middle"),
        (550, 200, "right-pale"),
        (750, 200, "right"),
    ]


@given(COUNTS)
def test_a_bar_stays_within_its_width_and_every_vote_is_seen(counts: list[int]) -> None:
    parts = drawing(votes(counts)).parts
    assert all(0 <= part.start <= part.start + part.width <= WIDTH + 4 for part in parts)
    assert [part.width > 0 for part in parts] == [count > 0 for count in counts]


@given(COUNTS)
def test_what_is_mirrored_leans_the_other_way(counts: list[int]) -> None:
    there, back = leaning(counts), leaning(counts[::-1])
    assert all(abs(one + other) < 1e-9 for one, other in zip(there, reversed(back), strict=True))


def test_of_no_votes_nothing_is_drawn() -> None:
    shown = drawing(votes([0] * 5))
    assert (shown.empty, shown.few, {part.width for part in shown.parts}) == (True, "", {0})


def test_a_list_has_a_bar_for_each_choice() -> None:
    parts = drawing(votes([3, 0, 1], ends=None)).parts
    assert [(part.start, part.width) for part in parts] == [(0, 750), (750, 0), (750, 250)]
    assert drawing(votes([3, 0, 1], ends=None)).few == "Fewer than 10 votes, which say little."
