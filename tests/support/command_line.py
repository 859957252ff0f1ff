"""The command line as a person at a shell uses it: a process of its own, in a folder of its own."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from signal import SIGKILL
from typing import NamedTuple, Protocol

from tests.support.program import IO_ENCODING, fork_program

ROOT = Path(__file__).parents[2]

UNREAD_KEPT = 2**20
"""Bytes that a process may say before anybody listens."""


class Finished(NamedTuple):
    """What a command printed, and its exit code."""

    code: int | None
    out: str
    err: str


class Running(Protocol):
    """A process of the program: what is asked here of asyncio's `Process`."""

    stdin: asyncio.StreamWriter | None
    stdout: asyncio.StreamReader | None
    stderr: asyncio.StreamReader | None

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    async def wait(self) -> int: ...

    async def communicate(self, input: bytes | None = None) -> tuple[bytes, bytes]: ...  # noqa: A002 - its name there

    def send_signal(self, signal: int, /) -> None: ...

    def kill(self) -> None: ...


class CommandLine:
    """Runs the program as a person at a shell would, in an empty folder.

    The process is forked off one that has the program loaded already, unless it is to be started `anew`, is
    another `program` than this one, or is told something that Python itself reads when it starts. `unprivileged` it
    is let in no more than files and folders say, even if we are the superuser.
    """

    def __init__(
        self,
        folder: Path,
        *,
        anew: bool = False,
        stdout: int = asyncio.subprocess.PIPE,
        program: Path = ROOT,
        unprivileged: bool = False,
    ) -> None:
        self._folder = folder
        self._program = program
        self._stdout = stdout
        self._unprivileged = unprivileged and os.geteuid() == 0
        self._anew = anew or program != ROOT or stdout != asyncio.subprocess.PIPE

    async def __call__(self, *arguments: str, typed: str = "", **environment: str) -> Finished:
        process = await self.start(*arguments, **environment)
        out, err = await process.communicate(typed.encode())
        return Finished(process.returncode, out.decode(), err.decode())

    async def start(self, *arguments: str, **environment: str) -> Running:
        surroundings = {**os.environ, "DATA_DIR": str(self._folder), **environment}
        if not self._anew and not any(name.startswith("PYTHON") for name in environment.keys() - {IO_ENCODING}):
            return await self._fork(arguments, surroundings)
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self._folder,
            env={**surroundings, "PYTHONPATH": str(self._program)},
            stdin=asyncio.subprocess.PIPE,
            stdout=self._stdout,
            stderr=asyncio.subprocess.PIPE,
        )

    async def _fork(self, arguments: Sequence[str], environment: Mapping[str, str]) -> "_Forked":
        (its_in, our_in), (our_out, its_out), (our_err, its_err) = (os.pipe() for _ in range(3))
        streams = its_in, its_out, its_err
        process = fork_program(arguments, environment, self._folder, streams, unprivileged=self._unprivileged)
        running = _Forked(process, await _writer(our_in))
        running.stdout, running.stderr = await _reader(our_out), await _reader(our_err)
        return running


class _Forked:
    """A process that was forked off, and our ends of its pipes."""

    def __init__(self, process: ForkServerProcess, stdin: asyncio.StreamWriter) -> None:
        self.stdin: asyncio.StreamWriter | None = stdin
        self.stdout: asyncio.StreamReader | None = None
        self.stderr: asyncio.StreamReader | None = None
        self._process = process
        self._ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(process.sentinel, self._end)

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    async def wait(self) -> int:
        await self._ended.wait()
        assert self.stdin is not None
        self.stdin.close()
        assert self.returncode is not None
        return self.returncode

    async def communicate(self, input: bytes | None = None) -> tuple[bytes, bytes]:  # noqa: A002 - as asyncio calls it
        assert self.stdin is not None
        assert self.stdout is not None
        assert self.stderr is not None
        self.stdin.write(input or b"")
        self.stdin.close()
        with suppress(BrokenPipeError, ConnectionResetError):  # it did not listen to the end
            await self.stdin.wait_closed()
        out, err = await asyncio.gather(self.stdout.read(), self.stderr.read())
        await self.wait()
        return out, err

    def send_signal(self, signal: int, /) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal)

    def kill(self) -> None:
        self.send_signal(SIGKILL)

    def _end(self) -> None:
        self._loop.remove_reader(self._process.sentinel)
        self._process.join()
        self._ended.set()


async def _writer(end: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    protocol = asyncio.StreamReaderProtocol(asyncio.StreamReader())
    transport, _ = await loop.connect_write_pipe(lambda: protocol, os.fdopen(end, "wb", buffering=0))
    return asyncio.StreamWriter(transport, protocol, None, loop)


async def _reader(end: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(UNREAD_KEPT)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(end, "rb", buffering=0))
    return reader
