"""A network between processes and a server, which can be treated badly: what goes over it is held back, or lost.

A packet that is swallowed is sent again by who sent it, so what is held back arrives once the network is well again;
but a connection that some router has forgotten is lost, and neither end hears of it.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TypeAlias

from sqlalchemy import make_url

A_PIECE = 2**16
"""Bytes that are carried at once."""

Dial: TypeAlias = Callable[[], Awaitable[tuple[StreamReader, StreamWriter]]]
"""How a server is reached."""


class Way:
    """One of the two ways over a network: open or not, and how long what goes over it takes."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.delay = 0.0


class Network:
    """Carries connections to a server; runs in a thread, and is treated from any other."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        self._loop = asyncio.new_event_loop()
        self._there, self._back = Way(), Way()
        self._carrying: set[asyncio.Task[None]] = set()
        self._forgotten: set[asyncio.Task[None]] = set()
        self.port = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """It is there while this lasts."""
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        thread = Thread(target=self._loop.run_forever)
        thread.start()
        try:
            yield
        finally:
            self._do(self._loop.stop)
            thread.join()
            server.close()
            self._loop.run_until_complete(self._hang_up())
            self._loop.close()

    def hold(self, *, there: bool = True, back: bool = True) -> None:
        """Let nothing through to the server, or nothing from it."""
        for way in [self._there] * there + [self._back] * back:
            self._do(way.open.clear)

    def release(self) -> None:
        """Let all through again."""
        for way in (self._there, self._back):
            self._do(way.open.set)

    def forget(self) -> None:
        """Lose all connections that there are: nothing arrives over them any more, and nobody hears of it."""
        self._do(lambda: self._forgotten.update(self._carrying))

    def slow_down(self, seconds: float) -> None:
        """Let each piece take so long on each way."""

        def delay() -> None:
            self._there.delay = self._back.delay = seconds

        self._do(delay)

    def _do(self, what: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(what)

    async def _hang_up(self) -> None:
        """End all connections."""
        everything = asyncio.all_tasks() - {asyncio.current_task()}
        for task in everything:
            task.cancel()
        await asyncio.gather(*everything, return_exceptions=True)
        for _ in range(3):
            await asyncio.sleep(0)  # transports close in the loop's next rounds

    async def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        ends = [writer]
        try:
            await self._there.open.wait()
            answers, questions = await self._dial()
            ends.append(questions)
            async with asyncio.TaskGroup() as group:
                for task in (
                    group.create_task(self._carry(reader, questions, self._there)),
                    group.create_task(self._carry(answers, writer, self._back)),
                ):
                    self._carrying.add(task)
                    task.add_done_callback(self._carrying.discard)
                    task.add_done_callback(self._forgotten.discard)
        except (OSError, asyncio.CancelledError):
            pass  # the server is not there, or the network goes: who came finds the line closed
        finally:
            for end in ends:
                end.transport.abort()

    async def _carry(self, reader: StreamReader, writer: StreamWriter, way: Way) -> None:
        """Carry what comes one way, and that it ends, however it does."""
        piece = b"something"
        while piece:
            try:
                piece = await reader.read(A_PIECE)
            except OSError:
                piece = b""
            await way.open.wait()
            await asyncio.sleep(way.delay)
            if asyncio.current_task() in self._forgotten:
                continue
            with suppress(OSError):
                if piece:
                    writer.write(piece)
                    await writer.drain()
                else:
                    writer.write_eof()


@contextmanager
def network_to(url: str) -> Iterator[tuple[Network, str]]:
    """A network to a PostgreSQL server, and the address of its database by way of it."""
    address = make_url(url)
    folder, port = address.query.get("host"), address.port or 5432

    def dial() -> Awaitable[tuple[StreamReader, StreamWriter]]:
        if folder is not None:
            return asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{port}")
        return asyncio.open_connection(address.host, port)

    network = Network(dial)
    with network.running():
        through = address.set(host="127.0.0.1", port=network.port, query={})
        yield network, through.render_as_string(hide_password=False)
