"""How many votes contradict each ruling."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.opinions import Share
from bot.pictures.colours import ACCENT, CALM, LINE
from bot.pictures.stewards import BARS, BARS_END, SHOWN, _drawn, _ink, stewards_picture
from bot.pictures.stewards_lines import Row
from tests.pictures.samples import names, overlaps

TITLE, OCCASION = "Fans and stewards 2021", "Everywhere · 1,204 votes"
TOLD = "The largest group of fans agreed with 1 of 2 rulings."
ROWS = (Row("Monza 2021", Share(363, 512, 71), "71 % of 512"), Row("Imola 2021", Share(1, 4, 25), "1 of 4"))


def test_the_rulings_in_words() -> None:
    assert stewards_picture(TITLE, OCCASION, TOLD, ROWS).alt == (
        "Fans and stewards 2021. Everywhere · 1,204 votes."
        " The largest group of fans agreed with 1 of 2 rulings."
        " Votes that contradict the ruling: Monza 2021 71 % of 512, Imola 2021 1 of 4."
    )


def test_without_rulings_the_sentence_is_all() -> None:
    assert stewards_picture(TITLE, OCCASION, TOLD, ()).alt.endswith(TOLD)
    assert overlaps(_drawn(TITLE, OCCASION, TOLD, ()).boxes) == []


def test_a_bar_is_as_long_as_the_share_that_contradicts() -> None:
    boxes = _drawn(TITLE, OCCASION, TOLD, ROWS).boxes
    lengths = [box.right - box.left for box in boxes if box.left == BARS and box.bottom - box.top == 24]
    assert lengths == [round((BARS_END - BARS) * row.against.value) for row in ROWS]


def test_few_votes_are_pale_and_a_majority_of_many_is_red() -> None:
    assert [_ink(Share(*each)) for each in ((9, 9, 100), (6, 10, 60), (5, 10, 50))] == [LINE, ACCENT, CALM]


shares = st.builds(lambda part, rest: Share(part, part + rest, 0), st.integers(0, 10**9), st.integers(0, 10**9))


@settings(max_examples=50)
@given(names, names, names, st.lists(st.builds(Row, names, shares, names), max_size=SHOWN + 4))
def test_whatever_is_told_nothing_overlaps(title: str, occasion: str, told: str, rows: list[Row]) -> None:
    assert overlaps(_drawn(title, occasion, told, rows).boxes) == []
    assert len(stewards_picture(title, occasion, told, tuple(rows)).png) < 60_000
