"""Pages over real sockets: how fast, how heavy, and what votes notice of two thousand that are open.

The servers are processes of their own, and it is their CPU time that counts: on a machine of two cores whoever asks is
as busy as they are. A page is held against one of the same size that starlette serves and that never changes.
"""

import asyncio
import json
import os
import resource
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import uniform
from statistics import quantiles
from time import perf_counter
from typing import NamedTuple

from benchmarks.figure import Figure

ROUNDS = 5
ASKED = 1_000
"""Requests in a round."""

SIDE_BY_SIDE = 8
CROWD, THINKING = 200, 0.4
"""Readers at once where the slowest hundredth is measured, and the seconds that each of them reads in between."""

OPEN = 2_000
"""Pages that are open while votes come."""

PAGE = "/imola-2021"
ASSETS = Path(__file__).parents[1] / "bot" / "web" / "assets"
ASK = b"GET %s HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"


class Rush(NamedTuple):
    """How requests were answered: the server's seconds for one, the slowest hundredth in seconds, the bytes of one."""

    cpu: float
    p99: float
    size: int


class Server:
    """A server of a mode, in a process of its own."""

    def __init__(self, process: Process, port: int) -> None:
        self.process = process
        self.port = port

    async def rush(self, asked: int, connections: int, thinking: float = 0.0) -> Rush:
        """Ask for a page so often, over so many connections, with so many seconds between two requests on each."""
        latencies: list[float] = []
        ahead = iter(range(asked))
        size = 0

        async def reader() -> None:
            nonlocal size
            incoming, outgoing = await asyncio.open_connection("127.0.0.1", self.port)
            if thinking:
                await asyncio.sleep(uniform(0, thinking))
            for _ in ahead:
                began = perf_counter()
                outgoing.write(ASK % PAGE.encode())
                size = await _answer(incoming)
                latencies.append(perf_counter() - began)
                if thinking:
                    await asyncio.sleep(thinking)
            outgoing.close()

        before = self._cpu()
        await asyncio.gather(*(reader() for _ in range(connections)))
        return Rush((self._cpu() - before) / asked, quantiles(latencies, n=100)[-1], size)

    def _cpu(self) -> float:
        """Seconds of CPU that the server has had."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def hear(self) -> dict[str, float]:
        """The next thing that it says."""
        assert self.process.stdout
        said: dict[str, float] = json.loads(await self.process.stdout.readline())
        return said

    async def votes(self) -> float:
        """Let votes come for a while; the seconds until one of them is acknowledged, in the middle."""
        assert self.process.stdin
        self.process.stdin.write(b"again\n")
        return (await self.hear())["median"]


@asynccontextmanager
async def server(mode: str, size: int = 0) -> AsyncIterator[Server]:
    """A server while this lasts."""
    command = [sys.executable, "-m", "benchmarks.page_server", mode, str(size)]
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert process.stdin
    started = Server(process, 0)
    said = await started.hear()
    while "port" not in said:
        said = await started.hear()
    started.port = int(said["port"])
    yield started
    process.stdin.close()
    await process.wait()


async def _answer(incoming: asyncio.StreamReader) -> int:
    """Read an answer; the bytes of its body."""
    head = await incoming.readuntil(b"\r\n\r\n")
    assert b" 200 " in head.partition(b"\r\n")[0], head
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    await incoming.readexactly(length)
    return length


def figures() -> list[Figure]:
    """Speed as ratios within a round, weight, memory, and the votes beside."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(20_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    return [*asyncio.run(_speed()), *asyncio.run(_beside_votes())]


async def _speed() -> list[Figure]:
    async with server("warm") as ours, server("cold") as moved:
        size = (await ours.rush(50, 1)).size
        async with server("constant", size) as plain:
            warm, cold, crowd = [], [], []
            for _ in range(ROUNDS):
                cpu = (await plain.rush(ASKED, SIDE_BY_SIDE)).cpu
                warm.append(cpu / (await ours.rush(ASKED, SIDE_BY_SIDE)).cpu)
                alone = (await plain.rush(ASKED, 1)).cpu
                cold.append(alone / (await moved.rush(ASKED, 1)).cpu)  # one by one: none may share another's page
                crowd.append((await ours.rush(2 * ASKED, CROWD, THINKING)).p99 * 1e3)
        assert ours.process.stdin
        ours.process.stdin.close()
        memory = (await ours.hear())["megabytes"]
    weight = size + sum(file.stat().st_size for file in ASSETS.iterdir())
    return [
        Figure.at_least("a page as a share of starlette's constant, warm", warm, "×", 0.5),
        Figure.at_least("  … after each vote", cold, "×", 0.2),
        Figure.at_most("the slowest hundredth of 200 readers' requests, 500 a second", crowd, "ms", 50),
        Figure.at_most("memory of the web part", memory, "MB", 40),
        Figure.at_most("HTML of /imola-2021", size / 1e3, "kB", 30),
        Figure.at_most("all of its first view, nothing compressed", weight / 1e3, "kB", 100),
    ]


async def _beside_votes() -> list[Figure]:
    async with server("busy") as ours:
        await ours.votes()
        slowed, busiest = [], []
        for _ in range(3):
            alone = await ours.votes()
            async with _open_pages(ours.port) as heard:
                before = sum(heard)
                slowed.append(await ours.votes() / alone)
                busiest.append((sum(heard) - before) / OPEN / 6.0)
    return [
        Figure.at_most("a vote's acknowledgement with 2,000 pages open, against none", slowed, "×", 1.2),
        Figure.at_most("  … changes of a page a second", busiest, "/s", 1.0),
    ]


@asynccontextmanager
async def _open_pages(port: int) -> AsyncIterator[list[int]]:
    """So many pages that move by themselves; how often each was told something."""
    heard = [0] * OPEN

    async def read(number: int) -> None:
        incoming, outgoing = await asyncio.open_connection("127.0.0.1", port)
        outgoing.write(ASK % b"/live/imola-2021")
        while line := await incoming.readline():
            if line.startswith(b"event: moved"):
                heard[number] += 1

    reading = []
    for number in range(OPEN):
        reading.append(asyncio.create_task(read(number)))
        if number % 50 == 0:
            await asyncio.sleep(0.02)
    while not all(heard):  # noqa: ASYNC110 - until the last of them has been told how things stand
        await asyncio.sleep(0.1)
    yield heard
    for each in reading:
        each.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
