"""Countries are called in each language as people there call them; what is not known by heart stays as it is."""

import pytest

from bot.i18n import LANGUAGES, speaking
from bot.i18n.countries import NAMES, country_name
from storage.incidents.reading import read_circuits
from tests.support.conversation import PIT_WALL
from tests.support.season import Fans


@pytest.mark.parametrize(("language", "called"), [("en", "Italy"), ("de", "Italien"), ("es", "Italia")])
async def test_a_race_was_where_the_chat_says_it(fans: Fans, language: str, called: str) -> None:
    await fans.settings.change(PIT_WALL, language=language)
    picture = (await fans.ask("/recap")).attachment
    assert picture is not None
    assert f"Imola, {called}, " in picture.alt


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_country_that_nobody_knows_yet_keeps_its_name(language: str) -> None:
    with speaking(language):
        assert country_name("Rwanda") == "Rwanda"


def test_the_countries_of_all_circuits_have_a_name_in_every_language() -> None:
    assert {circuit.country for circuit in read_circuits().values()} <= {*NAMES}
