"""Why a service was not reached, as its clients tell it: by real connections that fail."""

import aiohttp
import httpx
import pytest
from httpx_aiohttp import AiohttpTransport

from bot.unreached import FAILS, LATE, MAKES_NO_SENSE, NOT_FOUND, REFUSES, unreached

NOBODY = "http://127.0.0.1:9/"
NO_NAME = "http://archive.invalid/"


@pytest.mark.parametrize(("url", "says"), [(NOBODY, REFUSES), (NO_NAME, NOT_FOUND)])
async def test_it_is_told_alike_through_both_libraries(url: str, says: str) -> None:
    async with httpx.AsyncClient(transport=AiohttpTransport()) as client:
        with pytest.raises(httpx.HTTPError) as through_httpx:
            await client.get(url)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError) as through_aiohttp:
            await session.get(url)
    assert [unreached(each.value) for each in (through_httpx, through_aiohttp)] == [says, says]


@pytest.mark.parametrize(
    ("error", "says"), [(TimeoutError(), LATE), (ValueError("x"), MAKES_NO_SENSE), (OSError("at 10.0.0.1"), FAILS)]
)
def test_no_text_of_an_error_is_repeated(error: Exception, says: str) -> None:
    assert unreached(error) == says
