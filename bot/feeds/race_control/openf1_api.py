"""Asking OpenF1: within its limits, with a token where there is an account, and understanding its refusals."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Self

import aiohttp
from aiohttp import ClientSession, DummyCookieJar
from aiohttp.typedefs import Query

from bot.feeds import retry_after, user_agent
from bot.feeds.race_control.answers import Answer, ask, body_of, is_refusal
from bot.feeds.race_control.fields import Fields, fields, number
from bot.feeds.race_control.source import LineLostError, LineRefusedError
from bot.forms.secret import Secret
from bot.pacing.clock import Clock
from bot.pacing.window import Allowance, RateWindow
from bot.unreached import unreached

ALLOWED = (Allowance(3, seconds=1), Allowance(30, seconds=60))
"""What OpenF1 asks of people without an account; those with one have twice as much."""

IN_PROGRESS = "session in progress"
"""How a 401 begins that has nothing to do with a token: nobody is answered during a session without an account."""

NO_RESULTS = "no results"
"""How a 404 begins that says that a query finds nothing, and not that there is nobody to ask."""

MOST_BYTES = 4_000_000

TOKEN_LASTS = 3600
"""Seconds that a token is good, where OpenF1 does not say."""

TOKEN_SPARED = 120.0
"""Seconds before its end from which a token is used no more."""

LONGEST_TOKEN = 10_000
BUSY = 10.0
"""Seconds to leave OpenF1 alone after a 429 that does not say how long."""

OK, UNAUTHORIZED, NOT_FOUND, TOO_MANY = 200, 401, 404, 429


class SessionInProgressError(Exception):
    """Without an account there is no answer until the session is over."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account with OpenF1, as it is not seen in logs."""

    username: str = field(repr=False)
    password: Secret = field(repr=False)


class OpenF1Api:
    """OpenF1 at an address; `async with` closes its connections.

    A question raises LineLostError where there is no answer, LineRefusedError where there will be none, and
    SessionInProgressError.
    """

    def __init__(self, url: str, window: RateWindow, clock: Clock, account: Account | None, timeout: float) -> None:
        self._url = url.rstrip("/")
        self._window = window
        self._clock = clock
        self._account = account
        self._timeout = timeout
        self._token: Secret | None = None
        self._token_ends = 0.0
        self._http = ClientSession(cookie_jar=DummyCookieJar(), headers={"User-Agent": user_agent()})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def rows(self, of: str, query: Query) -> list[Fields]:
        """The rows that a query finds; whatever is no row is left out."""
        answer = await self._answer(of, query)
        if answer.status == NOT_FOUND:
            return []
        try:
            rows = json.loads(answer.body)
        except (ValueError, RecursionError):
            raise LineLostError(f"{of}: no answer that can be read") from None
        if not isinstance(rows, list):
            raise LineLostError(f"{of}: no list of rows")
        return [row for row in rows if isinstance(row, dict)]

    async def _answer(self, of: str, query: Query) -> Answer:
        answer = await self._get(of, query)
        if answer.status == UNAUTHORIZED and self._account:
            # A token may end early, as when the account is used elsewhere.
            self._token = None
            answer = await self._get(of, query)
        is_empty = answer.status == NOT_FOUND and _says(answer.body, NO_RESULTS)
        if answer.status == OK or is_empty:
            return answer
        if answer.status == UNAUTHORIZED and self._account is None and _says(answer.body, IN_PROGRESS):
            raise SessionInProgressError
        if answer.status == TOO_MANY:
            self._window.pause(retry_after(answer.headers, otherwise=BUSY))
        raise (LineRefusedError if is_refusal(answer.status) else LineLostError)(f"{of}: status {answer.status}")

    async def _get(self, of: str, query: Query) -> Answer:
        headers = {}
        if self._account:
            headers["Authorization"] = f"Bearer {(await self._valid_token(self._account)).revealed()}"
        await self._window.enter()
        try:
            async with asyncio.timeout(self._timeout):
                return await ask(self._http, f"{self._url}/v1/{of}", MOST_BYTES, query, headers)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise LineLostError(f"{of}: {unreached(error)}") from None

    async def _valid_token(self, account: Account) -> Secret:
        if self._token is None or self._clock.monotonic() >= self._token_ends:
            granted = await self._grant(account)
            token = granted.get("access_token")
            if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
                raise LineRefusedError("token: none is granted")
            lasts = number(granted.get("expires_in"), most=30 * 24 * 3600) or TOKEN_LASTS
            self._token = Secret(token)
            self._token_ends = self._clock.monotonic() + max(lasts - TOKEN_SPARED, lasts / 2)
        return self._token

    async def _grant(self, account: Account) -> Fields:
        form = {"username": account.username, "password": account.password.revealed()}
        await self._window.enter()
        try:
            async with (
                asyncio.timeout(self._timeout),
                self._http.post(f"{self._url}/token", data=form, allow_redirects=False) as response,
            ):
                body = await body_of(response, LONGEST_TOKEN)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            raise LineLostError(f"token: {unreached(error)}") from None
        if is_refusal(response.status):
            raise LineRefusedError("the account is not accepted")
        if response.status != OK:
            raise LineLostError(f"token: status {response.status}")
        try:
            return fields(json.loads(body))
        except (ValueError, RecursionError):
            raise LineLostError("token: no answer that can be read") from None


def _says(body: bytes, beginning: str) -> bool:
    """Whether an answer's detail begins so, in whatever case."""
    try:
        detail = fields(json.loads(body)).get("detail")
    except (ValueError, RecursionError):
        return False
    return isinstance(detail, str) and detail.lower().startswith(beginning)
