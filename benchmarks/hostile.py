"""A hundred thousand requests that nobody means well with: what the site makes of them, and whether it grows.

Paths, queries, methods, headers and encodings at random, huge ones, half ones, and what is no HTTP at all.
"""

import asyncio
import resource
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.figure import Figure
from benchmarks.pages import Server, server

REQUESTS = 100_000
SIDE_BY_SIDE = 40
PATIENCE = 15.0
"""Seconds after which a server that has neither answered nor hung up counts as stuck."""

WORDS = (
    *("imola-2021", "de", "es", "xx", "drivers", "russell", "circuits", "imola", "stewards", "blamed", "2021", "data"),
    *("incidents.csv", "incidents.json", "api", "incidents", "openapi.json", "feed.atom", "sitemap.xml", "robots.txt"),
    *(
        "oembed",
        "assets",
        "styles.css",
        "embed",
        "imola-2021.png",
        "-1",
        "99999999999999999999",
        "..",
        ".",
        "",
        "%2e%2e",
    ),
    *("%00", "%ff%fe", "%F0%9F%98%80", "%25", "%0d%0aset-cookie:x", "<script>", "' OR 1=1 --", "\\", "a" * 3_000, "é"),
)
METHODS = ("GET", "HEAD", "GET", "GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "G€T", "")
HEADERS = (
    *("accept-language: de", "accept-language: " + "de;q=9," * 900, "accept-language: \xff", "accept-encoding: gzip"),
    *(
        "if-none-match: *",
        'if-none-match: W/"' + "a" * 2_000 + '"',
        "range: bytes=0-1,5-,-9",
        "cookie: a=b",
        "host: x y",
    ),
    *("x-forwarded-for: ' OR 1", "content-length: -1", "content-length: 99999999", "transfer-encoding: chunked"),
    *("expect: 100-continue", "upgrade: websocket", "connection: upgrade", "a" * 9_000, ": empty", "\x00: nul"),
)
NO_HTTP = (
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"\r\n\r\n",
    b"GET",
    b"\x00" * 500,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"",
)


class Outcome(NamedTuple):
    """What became of all requests."""

    failed: int
    """Answers that the site takes the blame for, 500 and above."""

    stuck: int


def figures() -> list[Figure]:
    """How many failed or hung, what was logged as an error, what was changed, and how much memory grew."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(20_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    return asyncio.run(_measured())


async def _measured() -> list[Figure]:
    random = Random(2021)
    async with server("watched") as site:
        settled = await _sent(site, REQUESTS // 10, random)
        before = _megabytes(site)
        outcome = await _sent(site, REQUESTS - REQUESTS // 10, random)
        after = _megabytes(site)
        assert site.process.stdin
        site.process.stdin.close()
        said = await site.hear()
    return [
        Figure.at_most("hostile requests that fail on our side, of 100,000", settled.failed + outcome.failed, "", 0),
        Figure.at_most("  … that are neither answered nor hung up", settled.stuck + outcome.stuck, "", 0),
        Figure.at_most("  … errors in the log", said["errors"], "", 0),
        Figure.at_most("  … rows that are new or gone in the database", said["changed"], "", 0),
        Figure.at_most("  … memory after them, against a tenth of them", after / before, "×", 1.05),
    ]


def _megabytes(site: Server) -> float:
    return int(Path(f"/proc/{site.process.pid}/statm").read_text().split()[1]) * 4096 / 1e6


async def _sent(site: Server, number: int, random: Random) -> Outcome:
    """Send so many requests, each over a connection of its own."""
    ahead = iter(range(number))
    failed = stuck = 0

    async def send() -> None:
        nonlocal failed, stuck
        for _ in ahead:
            try:
                async with asyncio.timeout(PATIENCE):
                    failed += await _status(site.port, _request(random), random) >= 500  # noqa: PLR2004
            except TimeoutError:
                stuck += 1
            except OSError:
                pass  # hung up on, as it should be

    await asyncio.gather(*(send() for _ in range(SIDE_BY_SIDE)))
    return Outcome(failed, stuck)


def _request(random: Random) -> bytes:
    if random.random() < 0.03:  # noqa: PLR2004 - now and then
        return random.choice(NO_HTTP)
    path = "/" + "/".join(random.choices(WORDS, k=random.randint(0, 4)))
    query = random.choice(
        ("", "", "?season=2021", "?sort=x&driver=%00", "?url=http://x/imola-2021", "?" + "a=b&" * 800)
    )
    headers = "".join(f"{each}\r\n" for each in random.sample(HEADERS, k=random.randint(0, 3)))
    line = f"{random.choice(METHODS)} {path}{query} HTTP/1.{random.choice((0, 1, 1, 1, 9))}"
    return f"{line}\r\nhost: 127.0.0.1\r\n{headers}\r\n".encode("utf-8", "surrogateescape")


async def _status(port: int, request: bytes, random: Random) -> int:
    """The status that is answered, 0 where the connection is closed without a word."""
    incoming, outgoing = await asyncio.open_connection("127.0.0.1", port)
    try:
        if random.random() < 0.05:  # noqa: PLR2004 - half a request, and gone
            outgoing.write(request[: len(request) // 2])
            return 0
        outgoing.write(request)
        if outgoing.can_write_eof():
            outgoing.write_eof()
        said = await incoming.read(12)
        return int(said[9:12]) if said[9:12].isdigit() else 0
    finally:
        outgoing.close()
