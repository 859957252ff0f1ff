"""A server for HTTP within the bot's own event loop: it leaves signals to the bot, and ends when it is left."""

import asyncio
import resource
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from h11 import IDLE, SEND_BODY
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

GRACE = 2
"""Seconds that answers in flight have when the server ends."""

BACKLOG = 2048
"""Connections that may wait to be taken."""


UNFINISHED = 10.0
"""Seconds that somebody has to send a whole request."""

LARGEST_HEAD = 16_384
"""Bytes of a request's first line and headers."""

MOST_CONNECTIONS = 10_000
"""Upper bound of connections that are open at a time; fewer where the process may not have so many files open."""

UNREAD = 30_000
"""Milliseconds for which somebody may leave what they are sent unread before they are hung up on."""

OTHER_FILES = 256
"""That the process has room for whoever connects: its databases, its own connections."""


class CannotListenError(Exception):
    """Nobody can be heard at an address; the text says why, and what to do."""


class _Patient(H11Protocol):
    """A connection that is hung up where a request is not whole after `UNFINISHED` seconds."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait for a request."""
        super().connection_made(transport)
        most = self.config.limit_concurrency
        if most is not None and len(self.connections) > most:
            transport.abort()
            return
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take some of a request."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Go on to the next request, of which some may be there."""
        super().on_response_complete()
        if self.conn.trailing_data[0]:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._rest()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state not in {IDLE, SEND_BODY}:
            self._rest()
        elif self._late is None:
            self._late = self.loop.call_later(UNFINISHED, self.transport.close)

    def _rest(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


class _Server(uvicorn.Server):
    """Says when it listens, and takes no signals for itself."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave SIGTERM and SIGINT to whoever runs the event loop."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self.listening.set()


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int, *, proxies: str = "") -> AsyncIterator[int]:
    """An application that is served while this lasts, and the port where it is: a free one for 0.

    `proxies` are the addresses of those whose word on who visits is taken, commas between them.
    Raises CannotListenError.
    """
    with _listening_socket(host, port) as listener:
        config = uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies,
            http=_Patient,
            h11_max_incomplete_event_size=LARGEST_HEAD,
            limit_concurrency=_room(),
            timeout_graceful_shutdown=GRACE,
        )
        server = _Server(config)
        running = asyncio.create_task(server.serve([listener]))
        try:
            await server.listening.wait()
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await running


def _room() -> int:
    """How many connections may be open, after as many files are allowed as may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else max(1, min(MOST_CONNECTIONS, soft - OTHER_FILES))


def _listening_socket(host: str, port: int) -> socket.socket:
    try:
        listener = socket.create_server((host, port), family=_family(host), backlog=BACKLOG)
    except OSError as error:
        raise CannotListenError(
            f"Nobody can be heard at {host}, port {port}: {error.strerror or error}. Choose another port or host."
        ) from error
    # Each connection inherits it. Without, a body waits for its head to be acknowledged: 40 milliseconds.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # as on Linux; elsewhere it is the system's affair
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD)
    return listener


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
