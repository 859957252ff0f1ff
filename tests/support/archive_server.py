"""Live timing's archive on the loopback: static files by path, and 403 for those that are not there."""

import json
from collections import Counter, deque
from typing import Any

from aiohttp import web

from tests.support.loopback_site import LoopbackSite

Json = dict[str, Any]

BOM = b"\xef\xbb\xbf"


class ArchiveServer(LoopbackSite):
    """A running server; paths are those below its `url`."""

    at = "/static"

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.agents: set[str] = set()
        self.failures: deque[int] = deque()
        """Statuses with which the next questions are answered."""

        self._files: dict[str, bytes] = {}
        app = web.Application()
        app.router.add_get("/static/{path:.*}", self._handle)
        super().__init__(app)

    def put(self, path: str, content: bytes | Json) -> None:
        """Have a file, with the mark at its beginning that all JSON there has."""
        self._files[path] = content if isinstance(content, bytes) else BOM + json.dumps(content).encode()

    def put_stream(self, path: str, *payloads: object) -> None:
        """Have a file of lines, each with the time since the recording began."""
        lines = [f"00:{minute:02}:00.000{json.dumps(payload)}" for minute, payload in enumerate(payloads)]
        self._files[path] = BOM + "".join(f"{line}\r\n" for line in lines).encode()

    def remove(self, path: str) -> None:
        """Have a file no more."""
        del self._files[path]

    async def _handle(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        self.asked[path] += 1
        self.agents.add(request.headers["User-Agent"])
        if self.failures:
            return web.Response(status=self.failures.popleft())
        if path not in self._files:
            return web.Response(status=403, body=b"<Error><Code>AccessDenied</Code></Error>")
        return web.Response(body=self._files[path])
