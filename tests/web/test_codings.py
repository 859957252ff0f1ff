import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.front.codings import Coding, coding
from tests.web.reader import Reader


@pytest.mark.parametrize(
    ("accepted", "how"),
    [
        ("", Coding.AS_IT_IS),
        ("gzip, deflate, br, zstd", Coding.WORTHWHILE),
        ("GZIP", Coding.WORTHWHILE),
        ("x-gzip;q=0.5", Coding.WORTHWHILE),
        ("*", Coding.WORTHWHILE),
        ("br;q=1.0, *;q=0.1", Coding.WORTHWHILE),
        ("gzip;q=0", Coding.AS_IT_IS),
        ("gzip; Q=0", Coding.AS_IT_IS),
        ("gzip;q=0.000, *", Coding.AS_IT_IS),
        ("br", Coding.AS_IT_IS),
        ("identity, gzip;q=0.5", Coding.AS_IT_IS),
        ("identity;q=0.5, gzip", Coding.WORTHWHILE),
        ("gzip, identity;q=0", Coding.ALWAYS),
        ("gzip, *;q=0", Coding.ALWAYS),
        ("*, identity;q=0", Coding.ALWAYS),
        ("identity, *;q=0", Coding.AS_IT_IS),
        ("identity;q=0", None),
        ("gzip;q=0, identity;q=0", None),
        ("*;q=0", None),
        ("br, *;q=0", None),
        ("notgzip", Coding.AS_IT_IS),
    ],
)
def test_a_reader_says_in_which_ways_an_answer_is_taken(accepted: str, how: Coding | None) -> None:
    assert coding(accepted) is how


@given(st.lists(st.sampled_from(["gzip", "identity", "*", "br", ";q=0", ";q=1", ",", "=", " ", "q", "é"])))
def test_any_header_is_understood_somehow(parts: list[str]) -> None:
    assert coding("".join(parts)) in {*Coding, None}


@pytest.mark.asyncio(loop_scope="session")
async def test_no_answer_goes_out_in_a_way_that_is_not_taken(resting: Reader) -> None:
    for path in ("/imola-2021", "/robots.txt", "/nowhere", "/imola-2021.png"):
        for accepted in ("gzip;q=0", "br", "identity, *;q=0"):
            assert "content-encoding" not in (await resting.get(path, accept_encoding=accepted)).headers
        async with resting.http.stream("GET", path, headers={"accept-encoding": "gzip, identity;q=0"}) as response:
            body = b"".join([chunk async for chunk in response.aiter_raw()])
        assert response.headers["content-encoding"] == "gzip"
        assert gzip.decompress(body)
        assert (await resting.get(path, accept_encoding="identity;q=0")).status_code == 406


@pytest.mark.asyncio(loop_scope="session")
async def test_what_a_header_says_in_two_lines_is_one_list(resting: Reader) -> None:
    headers = [("accept-encoding", "gzip"), ("accept-encoding", "identity;q=0"), ("accept-language", "xx")]
    response = await resting.http.get("/robots.txt", headers=[*headers, ("accept-language", "de")])
    assert response.headers["content-encoding"] == "gzip"
