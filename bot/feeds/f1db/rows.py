"""The files of a release, read row by row: each is one JSON array of small objects, and is never in memory whole.

A row is decoded by itself, so that the interpreter's lock is held for a moment only while a thread reads.
"""

import json
import re
import zipfile
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

CHUNK = 65_536

LONGEST_ROW = 100_000
"""Characters that one row may have; the longest of today's has two thousand."""

MOST_BYTES = 400_000_000
"""Bytes that one file of a release may have once it is unpacked."""

_SPACE = re.compile(r"[ \t\r\n]*")
_BETWEEN = re.compile(r"[ \t\r\n]*(?:(,)|(\]))[ \t\r\n]*")
_DECODER = json.JSONDecoder()


class ReleaseError(Exception):
    """A release is not what it should be; the text says what is wrong, and nothing of what it says."""


class Release:
    """A release's archive, open for reading."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members: Mapping[str, zipfile.ZipInfo] = {
            info.filename.rpartition("/")[2]: info for info in archive.infolist()
        }

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return name in self._members

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a file. Raises ReleaseError where it is missing, too long, cut off, or no array of objects."""
        info = self._members.get(name)
        if info is None:
            raise ReleaseError(f"{name} is missing")
        if info.file_size > MOST_BYTES:
            raise ReleaseError(f"{name} is longer than {MOST_BYTES} bytes")
        try:
            with self._archive.open(info) as file:
                yield from objects(file)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError) as error:
            raise ReleaseError(f"{name} cannot be read: {type(error).__name__}") from error


@contextmanager
def opened(packed: IO[bytes]) -> Iterator[Release]:
    """A release that was downloaded. Raises ReleaseError where that is no archive."""
    try:
        archive = zipfile.ZipFile(packed)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise ReleaseError(f"no archive: {type(error).__name__}") from error
    with archive:
        yield Release(archive)


def objects(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The objects of a JSON array. Raises ValueError where it is none, is cut off, or has another row."""
    text = _Text(file)
    text.skip()
    if not text.take("["):
        raise ValueError("no array")
    text.skip()
    if text.take("]"):
        return text.end()
    while True:
        yield text.object()
        if text.closes():
            return text.end()


class _Text:
    """A text that is read on as it is needed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._over = False

    def skip(self) -> None:
        """Go past blanks."""
        while True:
            self._at = _end(_SPACE, self._text, self._at)
            if self._at < len(self._text) or not self._more():
                return

    def take(self, sign: str) -> bool:
        """Go past a sign; whether it stands here."""
        if not self._text.startswith(sign, self._at):
            return False
        self._at += 1
        return True

    def object(self) -> dict[str, Any]:
        """The object that begins here."""
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except (json.JSONDecodeError, RecursionError):
                if len(self._text) - self._at > LONGEST_ROW or not self._more():
                    raise ValueError("a row cannot be read") from None
                continue
            if not isinstance(found, dict):
                raise ValueError("a row is no object")  # noqa: TRY004 - it is the text that is wrong
            self._at = end
            return found

    def closes(self) -> bool:
        """Go past what stands between two rows; whether it is the end of all."""
        while True:
            found = _BETWEEN.match(self._text, self._at)
            if found and (found.end() < len(self._text) or found[2]):
                self._at = found.end()
                return found[2] is not None
            if len(self._text) - self._at > LONGEST_ROW or not self._more():
                raise ValueError("the array has no end")

    def end(self) -> None:
        """See that nothing else follows."""
        self.skip()
        if self._at < len(self._text):
            raise ValueError("something follows the array")

    def _more(self) -> bool:
        if self._over:
            return False
        chunk = self._file.read(CHUNK)
        self._over = not chunk
        self._text = self._text[self._at :] + self._decoder.decode(chunk, final=self._over)
        self._at = 0
        return True


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
