"""Answers put together from pieces: each is compressed once, however many answers it is a part of.

After a vote most of a page is what it was. Its pieces are deflated one by one, each to a byte's end, and stand one
after the other in one gzip stream, as if the whole had been compressed.
"""

import struct
import zlib
from collections.abc import Iterable
from functools import cached_property
from hashlib import blake2b

LASTING, MOVING = 9, 2
"""How hard a piece is compressed: one that stays as hard as can be, one that moves quickly."""

_HEAD = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
"""A gzip stream's beginning: deflated, without a name or a moment, by no system in particular."""

_END = b"\x03\x00"
"""Deflate's last block, an empty one."""


class Piece:
    """Some bytes of answers."""

    def __init__(self, content: bytes, level: int = MOVING) -> None:
        self.content = content
        self._level = level

    @cached_property
    def deflated(self) -> bytes:
        """They as a part of a deflate stream that refers to nothing before it, and ends at a byte's end."""
        deflating = zlib.compressobj(self._level, zlib.DEFLATED, -zlib.MAX_WBITS)
        return deflating.compress(self.content) + deflating.flush(zlib.Z_SYNC_FLUSH)

    @cached_property
    def digest(self) -> bytes:
        """What tells them from others."""
        return blake2b(self.content, digest_size=12).digest()


def gzipped(pieces: Iterable[Piece], whole: bytes) -> bytes:
    """Pieces as one gzip stream; `whole` are their bytes, one after the other."""
    tail = struct.pack("<II", zlib.crc32(whole), len(whole) & 0xFFFFFFFF)
    return b"".join((_HEAD, *(piece.deflated for piece in pieces), _END, tail))


def digest(pieces: Iterable[Piece]) -> str:
    """What tells an answer that consists of them from others."""
    return blake2b(b"".join(piece.digest for piece in pieces), digest_size=12).hexdigest()
