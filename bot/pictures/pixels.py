"""A finished picture taken apart again, for terminals: in rows of two pixels a character, or as sixels."""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

from PIL import Image

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, 0 to 255 each."""

COLOURS = 64
"""Colours of a picture in sixels: those of a painted one, and enough between them for smooth letters."""

BAND = 6
"""Rows of pixels in one row of sixels."""


def halves(png: bytes, columns: int) -> list[list[tuple[Colour, Colour]]]:
    """A picture as rows of characters, `columns` wide; of each character the colour of its upper and its lower half."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    rows = max(1, round(columns * picture.height / picture.width / 2))
    data = picture.resize((columns, 2 * rows), Image.Resampling.LANCZOS).tobytes()
    pixels = [(data[at], data[at + 1], data[at + 2]) for at in range(0, len(data), 3)]
    lines = [pixels[start : start + columns] for start in range(0, len(pixels), columns)]
    return [list(zip(upper, lower, strict=True)) for upper, lower in zip(lines[::2], lines[1::2], strict=True)]


def sixels(png: bytes, width: int) -> str:
    """A picture as a terminal's sixel sequence, `width` pixels wide."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    height = max(BAND, round(width * picture.height / picture.width) // BAND * BAND)
    indexed = picture.resize((width, height), Image.Resampling.LANCZOS).quantize(COLOURS)
    palette, data = indexed.getpalette() or [], indexed.tobytes()
    inks = "".join(_ink(number, palette[3 * number : 3 * number + 3]) for number in sorted(set(data)))
    bands = (data[start : start + BAND * width] for start in range(0, len(data), BAND * width))
    return f'\x1bPq"1;1;{width};{height}{inks}{"-".join("$".join(_band(band, width)) for band in bands)}\x1b\\'


def _ink(number: int, colour: Sequence[int]) -> str:
    """The definition of a colour, in per cent."""
    red, green, blue = (round(part * 100 / 255) for part in colour)
    return f"#{number};2;{red};{green};{blue}"


def _band(band: bytes, width: int) -> Iterator[str]:
    """Six rows of pixels, each colour in a run over the whole width."""
    masks: dict[int, bytearray] = {}
    for at, number in enumerate(band):
        masks.setdefault(number, bytearray(width))[at % width] |= 1 << at // width
    for number, mask in masks.items():
        yield f"#{number}{''.join(_run(bits, sum(1 for _ in same)) for bits, same in groupby(mask))}"


def _run(bits: int, length: int) -> str:
    drawn = chr(63 + bits)
    return drawn * length if length < 4 else f"!{length}{drawn}"  # noqa: PLR2004 - a shorter run is no shorter written
