"""f1db, all seasons since 1950 in one archive: fetched whole, and only where it is another one than was read before.

Reading it takes seconds, in a thread; a release that is cut off, half, or odd is refused whole.
"""

import asyncio
import hashlib
import io
from collections import Counter
from typing import NamedTuple, Self

import aiohttp
import httpx
import structlog
from httpx_aiohttp import AiohttpTransport

from bot.domain.names import OtherIds
from bot.domain.whole_seasons import WholeSeason
from bot.feeds import FeedError, QuestionFailedError, user_agent
from bot.feeds.f1db.pile import Pile
from bot.feeds.f1db.rows import ReleaseError, opened
from bot.feeds.f1db.seasons import Seasons
from bot.unreached import unreached

log = structlog.get_logger(__name__)

MOST_BYTES = 64_000_000
"""Bytes that a release may have; today's have about a tenth of it."""

LONGEST = 300.0
"""Seconds that a download may take."""


class Package(NamedTuple):
    """A release as it was downloaded; `etag` is empty where its server has none."""

    body: bytes
    sha256: str
    etag: str

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.body)


class F1db:
    """Fetches releases from an address; `async with` closes its connections.

    Raises FeedError where there is no answer, and QuestionFailedError where what was fetched is no release.
    """

    def __init__(self, url: str, ids: OtherIds, *, timeout: float = 20.0) -> None:
        self._url = url
        self._ids = ids
        self._client = httpx.AsyncClient(
            headers={"User-Agent": user_agent()}, transport=AiohttpTransport(), timeout=timeout, follow_redirects=True
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def fetch(self, etag: str = "", sha256: str = "") -> Package | None:
        """The latest release; None where it is the one of that tag, or of that sum."""
        try:
            async with asyncio.timeout(LONGEST):
                package = await self._download(etag)
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, FeedError) as error:
            problem = str(error) if isinstance(error, FeedError) else unreached(error)
            log.warning("feed.request_failed", feed="f1db", problem=problem)
            raise FeedError(f"no release: {problem}") from error
        return None if package is None or package.sha256 == sha256 else package

    async def seasons(self, package: Package) -> Seasons:
        """The seasons of a release; it is refused whole, with a line in the log, where it makes no sense.

        What it lacks of what releases used to have, and may, is in a line as well.
        """
        try:
            seasons = await asyncio.to_thread(_unpacked, package, self._ids)
        except ReleaseError as error:
            log.warning("feed.answer_refused", feed="f1db", problem=str(error))
            raise QuestionFailedError(f"the release cannot be trusted: {error}") from error
        if seasons.lacks:
            log.warning("feed.parts_missing", feed="f1db", parts=[*seasons.lacks])
        return seasons

    async def season(self, seasons: Seasons, year: int) -> WholeSeason:
        """One of them, which is told once; what is left out of it as it cannot be is logged in a line."""
        told = await asyncio.to_thread(seasons.season, year)
        if told.left_out:
            cells = Counter(f"{file}.{doubt.field}" for file, doubt in told.left_out)
            log.info("feed.cells_left_out", feed="f1db", season=year, cells=dict(cells.most_common(20)))
        return told.said

    async def _download(self, etag: str) -> Package | None:
        asked = {"If-None-Match": etag} if etag else {}
        async with self._client.stream("GET", self._url, headers=asked) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return None
            if response.status_code != httpx.codes.OK:
                raise FeedError(f"status {response.status_code}")
            body, digest = bytearray(), hashlib.sha256()
            async for chunk in response.aiter_bytes(65_536):
                body += chunk
                digest.update(chunk)
                if len(body) > MOST_BYTES:
                    raise FeedError(f"longer than {MOST_BYTES} bytes")
            return Package(bytes(body), digest.hexdigest(), response.headers.get("ETag", "")[:200])


def _unpacked(package: Package, ids: OtherIds) -> Seasons:
    """The seasons of a release. A ReleaseError holds nothing that was read: the event loop would have to let it go."""
    try:
        with opened(io.BytesIO(package.body)) as release:
            return Seasons(Pile(release), ids)
    except ReleaseError as error:
        problem = str(error)
    raise ReleaseError(problem)
