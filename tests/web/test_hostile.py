"""Whatever strangers ask for: no page fails, nothing changes, and what is refused is refused in a sentence."""

import asyncio
import random
from itertools import islice
from urllib.parse import quote

import pytest
from structlog.testing import capture_logs

from tests.web.reader import Reader

STEPS = (
    *("imola-2021", "live", "data", "api", "incidents", "drivers", "russell", "circuits", "imola", "stewards", "2021"),
    *("blamed", "oembed", "feed.atom", "de", "en", "assets", "embed", "..", "\x00", "\u202e", "💥", "'", '"', "%s"),
    *("<script>", "{{7*7}}", "a" * 300, "-1", "9" * 20, "NaN", ".png", "2021.png", "imola-2021.png", ";", "\\", "\n"),
)
NAMES = ("q", "sort", "page", "url", "format", "maxwidth", "x")
HEADERS: tuple[dict[str, str], ...] = (
    {"accept-language": "de;q=x,,,;q=1, *"},
    {"if-none-match": "*"},
    {"if-none-match": 'W/"' + "f" * 1000},
    {"x-forwarded-for": "a, b, 1.2.3.4.5"},
    {"range": "bytes=5-1"},
    {"accept-encoding": "gzip;q=0, br, zstd, identity;q=0"},
    {"host": "evil.example"},
    {"cookie": "a=b"},
    {},
)


def asked(chance: random.Random) -> str:
    """A path that nobody means, or nearly one that somebody does, with a query as often as not."""
    path = "/" + "/".join(quote(chance.choice(STEPS), safe="") for _ in range(chance.randint(0, 4)))
    query = "&".join(f"{chance.choice(NAMES)}={quote(chance.choice(STEPS))}" for _ in range(chance.randint(0, 3)))
    return f"{path}{chance.choice(('', '/', '//'))}?{query}"


@pytest.mark.asyncio(loop_scope="session")
async def test_no_page_fails_whatever_is_asked(resting: Reader) -> None:
    chance = random.Random(7)
    before = (await resting.get("/data/incidents.json")).content
    statuses: set[int] = set()
    with capture_logs() as logs:
        for _ in range(400):
            path, headers = asked(chance), chance.choice(HEADERS)
            async with resting.http.stream("GET", path, headers=headers) as response:
                statuses.add(response.status_code)
                if response.headers.get("content-type", "").startswith("text/event-stream"):
                    continue  # which has no end
                body = await response.aread()
            assert b"<script>" not in body.replace(b'<script src="/assets/', b"")
            assert "evil.example" not in response.headers.get("location", "")
    assert statuses >= {200, 204, 308, 404}
    assert max(statuses) < 500
    assert [line["event"] for line in logs] == []
    assert (await resting.get("/data/incidents.json")).content == before


@pytest.mark.asyncio(loop_scope="session")
async def test_bytes_that_are_no_request_are_refused_and_not_logged(resting: Reader) -> None:
    chance = random.Random(8)
    host, port = resting.http.base_url.host, resting.http.base_url.port
    assert port is not None
    with capture_logs() as logs:
        for size in islice((1, 20, 300, 4_000) * 5, 20):
            incoming, outgoing = await asyncio.open_connection(host, port)
            outgoing.write(bytes(chance.randrange(1, 256) for _ in range(size)) + b"\r\n\r\n")
            outgoing.write_eof()
            async with asyncio.timeout(10):
                assert (await incoming.read(12)) in {b"HTTP/1.1 400", b""}
            outgoing.close()
            await outgoing.wait_closed()
    assert logs == []
    assert (await resting.get("/imola-2021")).status_code == 200
