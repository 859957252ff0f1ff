"""The command line as a person at a shell uses it: a process of its own, in a folder of its own."""

import asyncio
import os
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Finished(NamedTuple):
    """What a command printed, and its exit code."""

    code: int | None
    out: str
    err: str


class CommandLine:
    """Runs the program as a person at a shell would, in an empty folder."""

    def __init__(self, folder: Path, stdout: int = asyncio.subprocess.PIPE, program: Path = ROOT) -> None:
        self._folder = folder
        self._program = program
        self._stdout = stdout

    async def __call__(self, *arguments: str, typed: str = "", **environment: str) -> Finished:
        process = await self.start(*arguments, **environment)
        out, err = await process.communicate(typed.encode())
        return Finished(process.returncode, out.decode(), err.decode())

    async def start(self, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(self._program), "DATA_DIR": str(self._folder), **environment},
            stdin=asyncio.subprocess.PIPE,
            stdout=self._stdout,
            stderr=asyncio.subprocess.PIPE,
        )
