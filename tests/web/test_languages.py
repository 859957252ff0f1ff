import pytest

from bot.i18n import LANGUAGES
from bot.web.front.languages import preferred
from tests.web.reader import Reader


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,en;q=0.8", "de"),
        ("fr, es;q=0.5, de;q=0.7", "de"),
        ("es;q=0, en;q=0.1", "en"),
        ("de;q=nan", "en"),
        ("de;q=2;;,,=;q", "en"),
        ("*", "en"),
        (", " * 10_000 + "de", "en"),
    ],
)
def test_a_browser_says_what_it_would_rather_read(accepted: str, spoken: str) -> None:
    assert preferred(accepted) == spoken


@pytest.mark.asyncio(loop_scope="session")
async def test_a_page_comes_in_the_readers_language(resting: Reader) -> None:
    response = await resting.get("/imola-2021", accept_language="de")
    assert '<html lang="de">' in response.text
    assert "Was geschah" in response.text
    assert response.headers["vary"] == "accept-language, accept-encoding"


@pytest.mark.asyncio(loop_scope="session")
async def test_an_address_with_a_language_keeps_it(resting: Reader) -> None:
    page = await resting.page("/es/imola-2021", accept_language="de")
    assert '<html lang="es">' in page
    assert 'href="/es"' in page, "and so do its links"
    assert 'hreflang="de"' in page


@pytest.mark.asyncio(loop_scope="session")
async def test_what_comes_near_a_wrong_address_is_named_in_the_pages_language(resting: Reader) -> None:
    page = (await resting.get("/de/imola")).text
    assert "Bottas und Russell, Imola 2021" in page
    assert "Bottas and Russell" not in page


@pytest.mark.asyncio(loop_scope="session")
async def test_every_language_has_its_own_pages(resting: Reader) -> None:
    for code in LANGUAGES:
        for path in (f"/{code}", f"/{code}/imola-2021"):
            assert f'<html lang="{code}">' in await resting.page(path)
