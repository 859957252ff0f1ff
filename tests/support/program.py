"""The program in a process that is forked off one that has it loaded: it does what `python -m bot` does."""

import ctypes
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from runpy import run_module

from tests.support.forked import forkserver

IO_ENCODING = "PYTHONIOENCODING"
"""What says of which character set the streams are."""

_WHATEVER_FILES_SAY = 1 << 1 | 1 << 2
"""Linux's numbers of being let in whatever files and folders say: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH."""
_CAPABILITIES = 0x20080522
"""The version of how Linux is told of capabilities, in two times 32 bits."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("thread", ctypes.c_int))


class _Half(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inherited", ctypes.c_uint32))


def fork_program(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    streams: tuple[int, int, int],
    *,
    leads: bool = False,
    unprivileged: bool = False,
) -> ForkServerProcess:
    """Start it in a folder on three streams, which are closed here.

    It may have a session of its own, which it `leads`, and be `unprivileged`: let in no more than files say.
    """
    ends = [Connection(streams[0], writable=False), *(Connection(end, readable=False) for end in streams[1:])]
    process = forkserver().Process(
        target=_be_the_program, args=(arguments, environment, folder, ends, leads, unprivileged), daemon=True
    )
    process.start()
    for end in ends:
        end.close()
    return process


def _be_the_program(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    ends: Sequence[Connection],
    leads: bool,
    unprivileged: bool,
) -> None:
    for number, end in enumerate(ends):
        os.dup2(end.fileno(), number)
        end.close()
    if leads:
        os.setsid()
    if unprivileged:
        _give_up_privileges()
    encoding, _, errors = environment.get(IO_ENCODING, "utf-8").partition(":")
    sys.stdin = open(0, encoding=encoding, errors=errors or None, closefd=False)  # noqa: SIM115 - until it ends
    sys.stdout = open(1, "w", encoding=encoding, errors=errors or None, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=encoding, errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["racing-incident", *arguments]
    run_module("bot", run_name="__main__", alter_sys=True)


def _give_up_privileges() -> None:
    """What makes of the superuser somebody who is let in no more than others; only Linux is told so."""
    linux, this_thread, halves = ctypes.CDLL(None, use_errno=True), _Header(_CAPABILITIES, 0), (_Half * 2)()
    if linux.capget(ctypes.byref(this_thread), halves) == 0:
        first = halves[0]
        for those in ("effective", "permitted", "inherited"):
            setattr(first, those, getattr(first, those) & ~_WHATEVER_FILES_SAY)
        if linux.capset(ctypes.byref(this_thread), halves) == 0:
            return
    raise OSError(ctypes.get_errno(), "Privileges cannot be given up")
