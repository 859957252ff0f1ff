"""Asking a service over the web, and holding its clock against ours."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bot.cli.doctor.findings import Finding, ok, warning
from bot.pacing.clock import Clock
from bot.unreached import LATE, NOT_FOUND, NOT_TRUSTED, unreached

OFF = 30.0
"""Seconds that our clock may be off before reminders come noticeably late."""

A_LINE = 200
"""Characters of a body that are kept of what is no JSON."""

HINTS = {NOT_FOUND: "is there a network?", NOT_TRUSTED: "is the clock right, is somebody in between?"}
"""What may be the matter with this machine where a service is not reached."""


class UnreachedError(Exception):
    """A service gave no answer; the text says why, without the address, in which there may be a token.

    `host` is the name of who was asked last; empty where it is not known.
    """

    def __init__(self, why: str, host: str = "") -> None:
        super().__init__(why)
        self.host = host


class Answer(NamedTuple):
    """A response's status, and its body as a JSON object, which is empty where the body is no JSON object."""

    status: int
    says: Mapping[str, Any]
    host: str = ""
    """The name of who answered."""

    text: str = ""
    """The beginning of a body, whatever it is."""


class Web:
    """Asks services; each answer's date is noted. `async with` closes the connections."""

    def __init__(self, patience: float, clock: Clock) -> None:
        self._client = httpx.AsyncClient(transport=AiohttpTransport(), timeout=patience)
        self._patience = patience
        self._clock = clock
        self._ahead: list[float] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(self, url: str, headers: Mapping[str, str] | None = None, *, follow: bool = False) -> Answer:
        """Ask for an address, and with `follow` for those that it leads to. Raises UnreachedError."""
        asked_at = self._clock.now()
        try:
            async with asyncio.timeout(self._patience):
                response = await self._client.get(url, headers=headers, follow_redirects=follow)
        except TimeoutError:
            raise UnreachedError(LATE) from None
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError) as error:
            raise UnreachedError(_in_words(error), _host(error)) from None
        self._note(response.headers.get("Date", ""), asked_at)
        try:
            says = response.json()
        except ValueError:
            says = {}
        return Answer(
            response.status_code, says if isinstance(says, dict) else {}, response.url.host, response.text[:A_LINE]
        )

    def _note(self, date: str, asked_at: dt.datetime) -> None:
        try:
            theirs = parsedate_to_datetime(date)
        except ValueError:
            return
        if theirs.tzinfo is not None:
            # Between the question and the answer is as good as can be known.
            self._ahead.append((asked_at + (self._clock.now() - asked_at) / 2 - theirs).total_seconds())

    def clock(self) -> Finding:
        """How our clock stands against that of whoever answered; the closest counts, as theirs may be off as well."""
        if not self._ahead:
            return warning("Clock: nobody answered to compare it with.", "Look again once the network is there.")
        off = min(self._ahead, key=abs)
        if abs(off) <= OFF:
            return ok("Clock: right to some seconds.")
        how = f"{abs(off):,.0f} seconds {'fast' if off > 0 else 'slow'}"
        return warning(
            f"Clock: {how}. Reminders come {'early' if off > 0 else 'late'}.",
            "Set the machine's clock by the network: timedatectl set-ntp true",
        )


def _host(error: Exception) -> str:
    """The name of who was asked when it failed; empty where nobody was yet."""
    if not isinstance(error, httpx.RequestError):
        return ""
    try:
        return error.request.url.host
    except RuntimeError:  # httpx's own way to say that there is no request
        return ""


def _in_words(error: Exception) -> str:
    """What is wrong, in words that hold no address, and what may be the matter with us."""
    problem = unreached(error)
    return f"{problem} ({HINTS[problem]})" if problem in HINTS else problem
