"""Where f1db's releases are, on the loopback: the latest is a redirect to an asset, as GitHub's is."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from tests.support.loopback_site import LoopbackSite


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was asked of the asset: the tag that was known, and what came of it."""

    known: str
    status: int


@dataclass
class Trouble:
    """How the server fails while it does: with a status, or in the middle of the body."""

    status: int = 200
    cut: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class F1dbServer(LoopbackSite):
    """A running server; `body` is the latest release."""

    def __init__(self, body: bytes = b"", *, tags: bool = True) -> None:
        self.body = body
        self.asked: list[Fetched] = []
        self.trouble: Trouble | None = None
        self._tags = tags
        app = web.Application()
        app.router.add_get("/latest/download/f1db.zip", self._redirect)
        app.router.add_get("/asset", self._asset)
        super().__init__(app)

    @property
    def latest(self) -> str:
        """The address of whatever release is the latest."""
        return f"{self.url}/latest/download/f1db.zip"

    async def _redirect(self, _request: web.Request) -> web.Response:
        raise web.HTTPFound("/asset")

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        known, tag = request.headers.get("If-None-Match", ""), f'"{hashlib.md5(self.body).hexdigest()}"'  # noqa: S324
        if self.trouble is not None and self.trouble.status != 200:
            self.asked.append(Fetched(known, self.trouble.status))
            return web.Response(status=self.trouble.status, headers=self.trouble.headers)
        if self._tags and known == tag:
            self.asked.append(Fetched(known, 304))
            return web.Response(status=304)
        self.asked.append(Fetched(known, 200))
        headers = {"ETag": tag} if self._tags else {}
        if self.trouble is None:
            return web.Response(body=self.body, headers=headers, content_type="application/zip")
        response = web.StreamResponse(headers={"Content-Length": str(len(self.body))})
        await response.prepare(request)
        await response.write(self.body[: len(self.body) // 2])
        if request.transport:
            request.transport.abort()
        return response
