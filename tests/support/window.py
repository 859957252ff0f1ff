"""A terminal's window, with the installed program in it and somebody who reads and types."""

import os
import re
import select
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from fcntl import ioctl
from pathlib import Path
from pty import openpty
from termios import TIOCSWINSZ
from types import TracebackType
from typing import Self

from tests.support.program import fork_program

PATIENCE = 40.0
"""Seconds until something that never comes is given up."""

CURSOR_ASKED = b"\x1b[6n"
_CONTROL = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[=>]|\r")
OFF = {"JOLPICA_URL": "off", "F1DB_URL": "off", "RACE_CONTROL": "off", "TELEGRAM_BOT_TOKEN": "", "DISCORD_TOKEN": ""}


class _Started:
    """The installed program, started as a person does."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, terminal: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - the program under test
            [str(Path(sys.executable).with_name("racing-incident")), *arguments],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
        os.close(terminal)

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()

    def wait(self, seconds: float | None = None) -> int | None:
        """Its exit code, once it has ended."""
        return self._process.wait(seconds)


class _Forked:
    """The program, forked off a process that has it loaded."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, terminal: int) -> None:
        streams = terminal, os.dup(terminal), os.dup(terminal)
        self._process = fork_program(arguments, environment, folder, streams, leads=True)

    def kill(self) -> None:
        self._process.kill()

    def wait(self, seconds: float | None = None) -> int | None:
        """Its exit code, once it has ended."""
        self._process.join(seconds)
        return self._process.exitcode


class Window:
    """The program in a pseudo-terminal of so many columns and rows; `with` ends it.

    It is forked off a process that has it loaded already, unless the one that is installed is to be started `anew`.
    """

    def __init__(
        self,
        folder: Path,
        *command: str,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
        anew: bool = False,
    ) -> None:
        self._rows = rows
        self.written = b""
        """All that was written until now, with what moves the cursor and colours it."""

        self._screen, theirs = openpty()
        ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        surroundings = {**os.environ, **OFF, "TERM": "xterm-256color", "LANG": "C.UTF-8", "DATA_DIR": str(folder)}
        for unwanted in ("NO_COLOR", "TMUX", "COLUMNS", "LINES"):
            surroundings.pop(unwanted, None)
        surroundings |= {"PYTHONPATH": str(Path(__file__).parents[2]), **(environment or {})}
        self._program = (_Started if anew else _Forked)(command, surroundings, folder, theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._program.kill()
        self._program.wait()
        os.close(self._screen)

    def until(self, awaited: str) -> str:
        """All that is written up to a text, as it can be read. Raises TimeoutError where that does not come."""
        written, until = b"", time.monotonic() + PATIENCE
        while awaited not in readable(written):
            more = self._read(until)
            if not more:
                raise TimeoutError(f"{awaited!r} does not come after:\n{readable(written)}")
            written += more
        return readable(written)

    def type(self, line: str, awaited: str) -> Sequence[str]:
        """What a line is answered, line by line, up to a text that is awaited: that of the next empty prompt."""
        os.write(self._screen, f"{line}\r".encode())
        return self.until(awaited).splitlines()

    def leave(self, line: str) -> int | None:
        """Type what ends the program; its exit code."""
        os.write(self._screen, f"{line}\r".encode())
        while self._read(time.monotonic() + PATIENCE):
            continue
        return self._program.wait(PATIENCE)

    def _read(self, until: float) -> bytes:
        """What is written next; nothing where the program has ended, or nothing comes in time."""
        if not select.select([self._screen], [], [], max(0.0, until - time.monotonic()))[0]:
            return b""
        try:
            more = os.read(self._screen, 65_536)
        except OSError:  # how Linux says that nobody writes there any more
            return b""
        self.written += more
        if CURSOR_ASKED in more:
            os.write(self._screen, f"\x1b[{self._rows};1R".encode())  # where it is once the screen is full
        return more


def readable(written: bytes) -> str:
    """What is seen of what was written, without what moves the cursor and colours it."""
    return _CONTROL.sub("", written.decode(errors="ignore"))
