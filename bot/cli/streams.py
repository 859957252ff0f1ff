"""What a command reads from and prints to, as it is found: closed, full, no longer read, of an old character set."""

import codecs
import errno
import os
import sys
from io import TextIOWrapper

from bot.chat.plain_marks import plain

UNREAD = 141
"""The exit code that shells expect where what is printed goes to somebody who has stopped reading, such as `head`."""

UNWRITTEN = 1
"""The exit code where there is no room for what is printed."""

NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO}
"""How a system says that a file takes no more."""


def open_streams() -> None:
    """Have something in each standard stream, and in a terminal that lacks our marks others that it knows.

    Where one was closed by whoever started us, nothing is read from it and what is printed to it goes nowhere; a file
    that is opened later, as the database, would otherwise be taken for it.
    """
    for number, mode, name in ((0, "r", "stdin"), (1, "w", "stdout"), (2, "w", "stderr")):
        if getattr(sys, name) is None and not _is_open(number):
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one's
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    codecs.register_error("plain", _plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="plain")


def code_of(error: Exception) -> int:
    """The exit code where nobody reads on, or a file takes no more, which is printed. Raises any other error."""
    alone: Exception = error
    while isinstance(alone, ExceptionGroup) and len(alone.exceptions) == 1:
        alone = alone.exceptions[0]
    if isinstance(alone, BrokenPipeError):
        _leave_unwritten()
        return UNREAD
    if isinstance(alone, OSError) and alone.errno in NO_ROOM:
        _leave_unwritten()
        sys.stderr.write(f"{alone.filename or 'What is printed'} cannot be written: {alone.strerror}.\n")
        return UNWRITTEN
    raise error


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _leave_unwritten() -> None:
    """Have what is still to be printed go nowhere, or Python would fail over it once more while it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """What is printed in place of characters that a terminal does not know."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(plain, error.object[error.start : error.end])), error.end
