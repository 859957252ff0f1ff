"""A line to live timing's hub: negotiated with the cookie kept, subscribed, kept alive, given up once it is dead."""

import asyncio
from collections import deque
from typing import Self, TypeAlias

import aiohttp
from aiohttp import ClientSession, ClientTimeout, ClientWSTimeout, CookieJar, WSMsgType

from bot.feeds import user_agent
from bot.feeds.race_control import signalr
from bot.feeds.race_control.answers import body_of, is_refusal
from bot.feeds.race_control.source import LineLostError, LineRefusedError
from bot.pacing.clock import Clock
from bot.pacing.deadline import within
from bot.unreached import unreached

SILENCE = 45.0
"""Seconds without a readable record after which a line is dead: three heartbeats, or pings, are missing."""

GOODBYE = 1.0
"""Seconds in which the server may answer that we hang up."""

LONGEST_TEXT = 4 * signalr.LONGEST_RECORD
"""Bytes; a longer text ends the line."""

MOST_NONSENSE = 1_000
"""Upper bound of unreadable records in a row: whoever says so many will say nothing else."""

LONGEST_NEGOTIATION = 100_000
"""Bytes."""

News: TypeAlias = signalr.Keyframes | signalr.Delta


class HubLine:
    """One line, from `open` to the end of `async with`; `unreadable` counts what came over it and is no record.

    Every call raises LineLostError, or LineRefusedError where the server wants an account or another protocol.
    """

    def __init__(self, url: str, topics: tuple[str, ...], clock: Clock, timeout: float) -> None:
        self.unreadable = 0
        self._hub = f"{url.rstrip('/')}/signalrcore"
        self._topics = topics
        self._clock = clock
        self._timeout = timeout
        # The cookie says which server behind the load balancer is ours: it goes with every request, by number as well.
        self._http = ClientSession(
            cookie_jar=CookieJar(unsafe=True), headers={"User-Agent": user_agent()}, timeout=ClientTimeout(total=None)
        )
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._records = signalr.Records()
        self._pending: deque[News] = deque()
        self._is_agreed = False
        self._ending: LineLostError | LineRefusedError | None = None
        self._heard = clock.monotonic()
        self._nonsense = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            if self._socket is not None:
                await self._socket.close()
        finally:
            await self._http.close()

    async def open(self) -> None:
        """Make the line, and subscribe; the keyframes are the first that is received."""
        try:
            async with asyncio.timeout(self._timeout):
                await self._open()
        except TimeoutError:
            raise LineLostError("no answer in time") from None
        except aiohttp.WSServerHandshakeError as error:
            raise _refused_or_lost(error.status) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # Not its text, in which the address stands with its token.
            raise LineLostError(unreached(error)) from None

    async def subscribe(self) -> None:
        """Ask for the keyframes of all topics, and for what follows."""
        await self._send(signalr.subscription(self._topics))

    async def receive(self) -> list[News]:
        """What comes next, once something does."""
        # Silence counts while we listen, and not while what was received last was being dealt with.
        self._heard = self._clock.monotonic()
        while not self._pending:
            if self._ending:
                raise self._ending
            try:
                await within(self._clock, self._heard + SILENCE - self._clock.monotonic(), self._hear())
            except TimeoutError:
                raise LineLostError(f"silent for {SILENCE:.0f} s") from None
        news = list(self._pending)
        self._pending.clear()
        return news

    async def _open(self) -> None:
        token = await self._negotiate()
        self._socket = await self._http.ws_connect(
            self._hub, params={"id": token}, timeout=ClientWSTimeout(ws_close=GOODBYE), max_msg_size=LONGEST_TEXT
        )
        await self._send(signalr.handshake())
        while not (self._is_agreed or self._ending):
            await self._hear()
        await self.subscribe()
        while not (self._pending or self._ending):
            await self._hear()
        if self._ending and not self._pending:
            raise self._ending

    async def _negotiate(self) -> str:
        """The token that a line is granted by."""
        address, version = f"{self._hub}/negotiate", {"negotiateVersion": "1"}
        async with self._http.options(address, params=version, allow_redirects=False):
            pass  # what it is for is its cookie
        async with self._http.post(address, params=version, allow_redirects=False) as response:
            if response.status != 200:  # noqa: PLR2004 - OK
                raise _refused_or_lost(response.status)
            token = signalr.connection_token(await body_of(response, LONGEST_NEGOTIATION))
        if token is None:
            raise LineRefusedError("the negotiation grants no line: the protocol has changed")
        return token

    async def _send(self, text: str) -> None:
        try:
            if self._socket is not None:
                await self._socket.send_str(text)
        except (aiohttp.ClientError, OSError) as error:
            raise LineLostError(unreached(error)) from None

    async def _hear(self) -> None:
        """Take the next text."""
        if self._socket is None:
            raise LineLostError("not open")
        frame = await self._socket.receive()
        if frame.type is WSMsgType.TEXT:
            for record in self._records.read(frame.data):
                await self._take(record)
        elif frame.type is WSMsgType.BINARY:
            self._take_nonsense()
        else:
            self._ending = self._ending or LineLostError("the server hung up")

    async def _take(self, record: signalr.Record) -> None:
        if isinstance(record, signalr.Unreadable):
            self._take_nonsense()
            return
        self._heard, self._nonsense = self._clock.monotonic(), 0
        match record:
            case signalr.Keyframes() | signalr.Delta():
                self._pending.append(record)
            case signalr.Ping():
                await self._send(signalr.pong())
            case signalr.Agreed():
                self._is_agreed = True
            case signalr.Failed():
                self._ending = LineRefusedError("the subscription is refused: the protocol has changed")
            case signalr.Disagreed() if not self._is_agreed:
                self._ending = LineRefusedError("the handshake is refused: the protocol has changed")
            case signalr.Closed():
                self._ending = LineLostError("the server closed the line")
            case _:
                pass

    def _take_nonsense(self) -> None:
        self.unreadable += 1
        self._nonsense += 1
        if self._nonsense > MOST_NONSENSE:
            raise LineLostError("nothing but nonsense")


def _refused_or_lost(status: int) -> LineLostError | LineRefusedError:
    problem = f"status {status}"
    return LineRefusedError(problem) if is_refusal(status) else LineLostError(problem)
