import pytest

from bot.web.front.caching import MOVES
from tests.web.reader import Reader


@pytest.mark.asyncio(loop_scope="session")
async def test_the_first_page_says_what_this_is_and_how_the_bot_is_invited(resting: Reader) -> None:
    page = await resting.page("/")
    assert "<h1>Who was to blame?</h1>" in page
    assert 'href="https://t.me/invented_bot?startgroup"' in page
    assert 'href="/monza-2021"' in page


async def test_what_fans_and_stewards_disagree_on_most_comes_first(reader: Reader) -> None:
    assert "Most disputed" not in await reader.page("/")
    await reader.vote("monza-2021", "all-hamilton", voters=10)
    reader.site.events.miss(*MOVES)
    page = await reader.page("/de")
    assert "Am meisten umstritten" in page
    assert "Die meisten Fans geben Hamilton die Schuld" in page
