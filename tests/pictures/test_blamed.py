"""The blame championship."""

from fractions import Fraction

from bot.domain.incidents import Suspect
from bot.domain.opinions import Blamed
from bot.pictures.blamed import _drawn, blamed_picture
from bot.pictures.ranking import BARS, BARS_END
from tests.pictures.samples import overlaps

TITLE, OCCASION = "The blame championship 2021", "Everywhere · 1,204 votes"


def blamed(place: int, name: str, points: Fraction, team: str = "Red Bull") -> Blamed:
    suspect = Suspect(id="somebody", name=name, team=team, case="Late on the brakes.")
    return Blamed(place, suspect, points, 3)


TABLE = (
    blamed(1, "Max Verstappen", Fraction(185, 3)),
    blamed(2, "Lewis Hamilton", Fraction(185, 6), "Mercedes"),
    blamed(3, "Lance Stroll", Fraction(1, 4), "Aston Martin"),
)


def test_the_table_in_words() -> None:
    assert blamed_picture(TITLE, OCCASION, TABLE).alt == (
        "The blame championship 2021. Everywhere · 1,204 votes:"
        " 1 Max Verstappen 61.7, 2 Lewis Hamilton 30.8, 3 Lance Stroll 0.2."
    )


def test_a_bar_is_as_long_as_its_points() -> None:
    boxes = _drawn(TITLE, OCCASION, TABLE).boxes
    lengths = [box.right - box.left for box in boxes if box.left == BARS and box.bottom - box.top == 22]
    assert lengths[:2] == [BARS_END - BARS, (BARS_END - BARS) // 2]


def test_nobody_is_blamed() -> None:
    assert blamed_picture(TITLE, OCCASION, ()).alt.endswith("nobody has any.")


def test_a_long_table_overlaps_nowhere() -> None:
    table = tuple(
        blamed(place, "A Driver of a Very Long Name, Jr", Fraction(10_000, place), "A team" * 8)
        for place in range(1, 30)
    )
    assert overlaps(_drawn(TITLE * 9, OCCASION * 9, table).boxes) == []
