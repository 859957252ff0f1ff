"""Spanish changes its joints before some sounds; other languages do not."""

import pytest

from bot.i18n import speaking
from bot.i18n.formats import both, either, listed


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("resúmenes de carrera", "incidentes en directo", "resúmenes de carrera e incidentes en directo"),
        ("Hill", "Inoue", "Hill e Inoue"),
        ("Schumacher", "Hill", "Schumacher y Hill"),
        ("agua", "hielo", "agua y hielo"),
        ("citas", "historia", "citas e historia"),
        ("Antonelli", "Hadjar", "Antonelli y Hadjar"),
        ("Hamilton", "Ocon", "Hamilton y Ocon"),
    ],
)
def test_and_is_spoken_as_people_speak_it(first: str, second: str, said: str) -> None:
    with speaking("es"):
        assert both(first, second) == listed([first, second], 6) == said
    assert both(first, second) == f"{first} and {second}"
    with speaking("de"):
        assert both(first, second) == f"{first} und {second}"


def test_or_is_as_well() -> None:
    with speaking("es"):
        assert either(["Verstappen", "Ocon"]) == "Verstappen u Ocon"
        assert either(["2020", "2021"]) == "2020 o 2021"
