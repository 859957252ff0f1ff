"""What moves, as server-sent events: one connection an open page."""

import asyncio
from contextlib import suppress

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from bot.web.front.languages import preferred
from bot.web.front.security import headers
from bot.web.moving import RUNNING, Moving, Page, Shown
from bot.web.site import Site

BEAT = 25.0
"""Seconds after which a line without meaning keeps the connection from being taken for dead."""

AGAIN = 5_000
"""Milliseconds after which a browser whose connection ended opens another."""

SILENT = b": \n\n"


class Stream:
    """Tells one page after the other what moves; `language` is None where the browser is asked for it."""

    def __init__(self, site: Site, moving: Moving, language: str | None) -> None:
        self._site = site
        self._moving = moving
        self._language = language
        self._headers = {
            **headers(encrypted=site.addresses.public.startswith("https://")),
            "content-type": "text/event-stream; charset=utf-8",
            "cache-control": "no-store",
            "x-accel-buffering": "no",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell one page, as long as it is open."""
        request = Request(scope)
        topic = request.path_params.get("incident", RUNNING)
        language = self._language or preferred(request.headers.get("accept-language", ""))
        shown = Shown(topic, language, self._language or "")
        known = topic == RUNNING or self._site.incidents.get(topic) is not None
        address = request.client.host if request.client else ""
        with self._moving.opened(shown, address) as page:
            if page is None or not known or request.method == "HEAD":
                await self._begin(send, 204)  # after which no browser asks again
                await send({"type": "http.response.body", "body": b""})
                return
            page.tell(await self._moving.now(shown))
            await self._begin(send, 200)
            leaving = asyncio.create_task(_left(receive, page))
            try:
                await _tell(page, send)
            finally:
                leaving.cancel()
                with suppress(asyncio.CancelledError):
                    await leaving

    async def _begin(self, send: Send, status: int) -> None:
        raw = [(name.encode(), value.encode()) for name, value in self._headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})


async def _tell(page: Page, send: Send) -> None:
    await send({"type": "http.response.body", "body": f"retry: {AGAIN}\n\n".encode(), "more_body": True})
    while not page.ended:
        latest = await page.take(BEAT)
        if page.ended:
            break
        body = SILENT if latest is None else _event(latest)
        await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _left(receive: Receive, page: Page) -> None:
    """Wait until the reader has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
    page.end()


def _event(latest: str) -> bytes:
    """What is to be shown, as an event; of one without any data browsers would not tell."""
    lines = "".join(f"data: {line}\n" for line in latest.splitlines() or [""])
    return f"event: moved\n{lines}\n".encode()
