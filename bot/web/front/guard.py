"""What every request meets before any page: the method, the address' allowance, and what becomes of errors."""

from collections.abc import Container, Mapping
from itertools import count
from secrets import token_hex

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.chat.dispatcher import REQUEST_ID
from bot.i18n import speaking
from bot.pacing.clock import Clock
from bot.web.front.allowance import Visitors
from bot.web.front.languages import preferred
from bot.web.front.security import headers
from bot.web.pages.failure import FAILED, UNAVAILABLE, Failure, failure_page
from storage.database.base import in_words
from storage.database.faults import is_the_databases

log = structlog.get_logger(__name__)

LONGEST_PATH = 500
"""Characters of an address, without its query, that may be one of ours."""

AGAIN_SECONDS = 10
"""When a browser is to come again while the database is away."""


NOTHING_ELSE: Mapping[str, str] = {}

SETTLED_SECONDS = 60.0
"""An outage is over once no request has met it for so long; the next one is another, and is logged."""


class Guard:
    """Stands before all pages."""

    def __init__(
        self, pages: ASGIApp, visitors: Visitors, clock: Clock, *, uncounted: Container[str], encrypted: bool
    ) -> None:
        """`uncounted` are the paths that everybody may have as often as they like."""
        self._pages = pages
        self._uncounted = uncounted
        self._visitors = visitors
        self._encrypted = encrypted
        self._process = token_hex(3)
        self._ids = count(1)
        self._clock = clock
        self._outage = ""
        """The id of the request that met the database's outage first, under which it is in the log."""

        self._over = 0.0
        """By the stopwatch, when the outage counts as over unless another request meets it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through to its page, or say why not."""
        if scope["type"] != "http":
            return
        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, send)
            return
        request_id = f"{self._process}-{next(self._ids)}"
        REQUEST_ID.set(request_id)
        begun = False

        async def begin(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._pages(scope, receive, begin)
        except Exception as error:
            failure = self._told(error, request_id)
            if not begun:
                await self._plain(failure, scope)(scope, receive, send)

    def _refused(self, scope: Scope) -> Response | None:
        if scope["method"] not in {"GET", "HEAD"}:
            return self._short("Only GET and HEAD.", 405, {"allow": "GET, HEAD"})
        if len(scope["path"]) > LONGEST_PATH:
            return self._short("No address here is that long.", 414)
        if scope["path"] in self._uncounted:
            return None
        client = scope.get("client")
        wait = self._visitors.wait(client[0] if client else "")
        if wait > 0:
            seconds = int(wait) + 1
            return self._short(f"Too many requests. Come again in {seconds} s.", 429, {"retry-after": f"{seconds}"})
        return None

    def _told(self, error: Exception, request_id: str) -> Failure:
        """Log what happened, an outage of the database once; what the reader is told."""
        if not is_the_databases(error):
            log.error("web.page_failed", exc_info=error)
            return Failure(FAILED, request_id)
        now = self._clock.monotonic()
        if now >= self._over:
            self._outage = request_id
            log.warning("web.database_unavailable", reason=in_words(error))
        self._over = now + SETTLED_SECONDS
        return Failure(UNAVAILABLE, self._outage)

    def _plain(self, failure: Failure, scope: Scope) -> Response:
        accepted = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
        with speaking(preferred(accepted.decode("latin-1"))):
            answer = failure_page(failure)
        retry = {"retry-after": f"{AGAIN_SECONDS}"} if failure.status == UNAVAILABLE else {}
        return Response(answer.body, answer.status, self._headers(retry), answer.media_type)

    def _short(self, said: str, status: int, given: Mapping[str, str] = NOTHING_ELSE) -> Response:
        return Response(f"{said}\n", status, self._headers(given), "text/plain")

    def _headers(self, given: Mapping[str, str]) -> dict[str, str]:
        return {**headers(encrypted=self._encrypted), "cache-control": "no-store", **given}
