"""A picture in the terminal: as the terminal's own graphics, or in half blocks, two pixels a character."""

import asyncio
import struct
from base64 import b64encode
from collections.abc import Iterator

from rich.color import Color
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import ControlType, Segment
from rich.style import Style

from bot.adapters.console.abilities import Graphics

CHUNK = 4096
"""Characters of a picture's data that kitty takes at a time."""

CELL = 10
"""Pixels that a character is taken to be wide where a picture is measured in pixels; it is twice as high."""

ROWS_BESIDE = 10
"""Rows of the window that a picture leaves to the card below it."""


async def drawn(png: bytes, graphics: Graphics, console: Console, widest: int) -> RenderableType | None:
    """A picture no larger than the window; None where none is drawn, or it cannot be read."""
    size = _size(png)
    if graphics is Graphics.OFF or size is None:
        return None
    width, height = size
    columns = max(1, min(console.width, widest, int(2 * (console.height - ROWS_BESIDE) * width / height)))
    match graphics:
        case Graphics.KITTY:
            return _Sequence("".join(_kitty(png, columns)))
        case Graphics.ITERM2:
            head = f"File=inline=1;size={len(png)};width={columns};preserveAspectRatio=1"
            return _Sequence(f"\x1b]1337;{head}:{b64encode(png).decode()}\x07")
        case _:
            return await asyncio.to_thread(_in_pixels, png, graphics, columns)


def _in_pixels(png: bytes, graphics: Graphics, columns: int) -> RenderableType:
    from bot.pictures.pixels import halves, sixels  # noqa: PLC0415 - Pillow is loaded for the first picture

    if graphics is Graphics.SIXEL:
        return _Sequence(sixels(png, columns * CELL))
    return _HalfBlocks([[_block(upper, lower) for upper, lower in row] for row in halves(png, columns)])


def _size(png: bytes) -> tuple[int, int] | None:
    """A PNG's width and height in pixels; None for what is none."""
    if len(png) < 24 or png[12:16] != b"IHDR":  # noqa: PLR2004 - where its first chunk's dimensions end
        return None
    width, height = struct.unpack(">II", png[16:24])
    return (width, height) if width and height else None


def _kitty(png: bytes, columns: int) -> Iterator[str]:
    """A picture as kitty's graphics take it, so many columns wide; `q=2` keeps the terminal from answering."""
    data = b64encode(png).decode()
    for start in range(0, len(data), CHUNK):
        keys = f"a=T,f=100,q=2,c={columns}," if not start else ""
        yield f"\x1b_G{keys}m={int(start + CHUNK < len(data))};{data[start : start + CHUNK]}\x1b\\"


def _block(upper: tuple[int, int, int], lower: tuple[int, int, int]) -> Segment:
    return Segment("▀", Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower)))


class _HalfBlocks:
    """Rows of characters whose upper half has one colour, and the lower another."""

    def __init__(self, rows: list[list[Segment]]) -> None:
        self._rows = rows

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        for row in self._rows:
            yield from row
            yield Segment.line()


class _Sequence:
    """What a terminal draws by itself: no text, so it is neither wrapped nor counted."""

    def __init__(self, sequence: str) -> None:
        self._sequence = sequence

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        yield Segment(self._sequence, None, [(ControlType.BELL,)])  # any control will do: it is sent as it is
        yield Segment.line()
