"""Text as it is drawn: which typeface has which character, how long a line is, and what is done to make it fit."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from math import ceil
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont, features

LONGEST = 300
"""Characters of a text that are looked at; no line has room for more."""

SHRINK = (1, 0.92, 0.84)
"""The sizes that are tried, in shares of the wanted one, before a text is cut."""

SCALE = 2
"""Text is drawn larger and reduced, so that letters and spaces keep their distances."""

ELLIPSIS = "…"
ABOVE, BELOW = 1.0, 0.32
"""How far a line reaches from its baseline, in sizes: room for the accents of `Ằ` and the tail of `ț`."""

OVERHANG = 4
"""Pixels by which a letter may reach over its line's ends."""

_JOINERS = "\u200c\u200d"
_NOWHERE = "\U0010ffff"
"""No character and never one: every typeface draws its sign for a missing glyph."""


class Weight(IntEnum):
    """How bold a text is, on OpenType's scale."""

    REGULAR = 400
    SEMIBOLD = 600
    BOLD = 700


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks; `size` in pixels."""

    size: int
    weight: Weight = Weight.REGULAR


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font file that an installed package brings."""

    package: str
    file: str


_BETWEEN_WORDS = frozenset(" -")

TYPEFACES = (
    Typeface("fontpkg_source_sans_3", "files/SourceSans3[wght].ttf"),  # Latin, Cyrillic, Greek
    Typeface("fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf"),  # Arabic, Persian, Urdu
)
"""A character is drawn by the first that has it."""


class Run(NamedTuple):
    """Characters that one font draws, `length` pixels wide."""

    text: str
    font: ImageFont.FreeTypeFont
    length: float


@dataclass(frozen=True, slots=True)
class Line:
    """A text in a style, ready to be drawn."""

    style: Style
    runs: tuple[Run, ...]

    @classmethod
    def of(cls, text: str, style: Style) -> "Line":
        """The line of a text; what no typeface can draw is shown as an ellipsis."""
        return cls(style, _measured(text, style))

    @property
    def length(self) -> int:
        """In pixels."""
        return ceil(sum(run.length for run in self.runs))

    def lettering(self) -> "Lettering":
        """The line as it is drawn; what reaches too far over its ends, or too far up or down, is left out."""
        size = self.style.size
        baseline = round(ABOVE * size)
        image = Image.new("L", (SCALE * (self.length + 2 * OVERHANG), SCALE * (baseline + round(BELOW * size))))
        draw = ImageDraw.Draw(image)
        x = float(OVERHANG)
        for run in self.runs:
            draw.text((SCALE * x, SCALE * baseline), run.text, fill=255, font=run.font, anchor="ls")
            x += run.length
        image = image.reduce(SCALE)
        inked = image.getbbox() or (0, 0, 0, 0)
        return Lettering(image.crop(inked), inked[0] - OVERHANG, inked[1] - baseline, self.length)


class Lettering(NamedTuple):
    """A line's ink: its shades, 0 to 255, where they lie from the beginning of its baseline, the line's length."""

    coverage: Image.Image
    left: int
    top: int
    length: int


@lru_cache(maxsize=512)
def fit(text: str, style: Style, width: int) -> Lettering:
    """A text in at most `width` pixels: smaller where that helps, else cut with an ellipsis.

    The last few hundred are remembered: the same names and labels stand in picture after picture.
    """
    styles = [Style(round(style.size * share), style.weight) for share in SHRINK]
    lines = (Line.of(text, smaller) for smaller in styles)
    fitting = next((line for line in lines if line.length <= width), None)
    return (fitting or Line.of(cut(text, styles[-1], width), styles[-1])).lettering()


def fits(text: str, style: Style, width: int) -> bool:
    """Whether `fit` keeps a text whole."""
    smallest = Style(round(style.size * SHRINK[-1]), style.weight)
    return Line.of(text, smallest).length <= width


def cut(text: str, style: Style, width: int) -> str:
    """As much of a text as so many pixels hold, with an ellipsis where that is not all.

    No word but the first is cut in its middle.
    """
    text = _legible(text)
    if Line.of(text, style).length <= width:
        return text
    kept = bisect_right(range(1, len(text)), width, key=lambda length: Line.of(_head(text, length), style).length)
    return _head(text, _whole_words(text, kept))


def wrap(text: str, style: Style, width: int, lines: int) -> list[str]:
    """A text's words in at most so many lines of `width` pixels; what does not fit is cut with an ellipsis."""
    wrapped: list[str] = []
    for word in _legible(text).split(" "):
        if wrapped and (len(wrapped) == lines or Line.of(f"{wrapped[-1]} {word}", style).length <= width):
            wrapped[-1] += f" {word}"
        else:
            wrapped.append(word)
    return [cut(line, style, width) for line in wrapped]


@lru_cache(maxsize=2048)
def _measured(text: str, style: Style) -> tuple[Run, ...]:
    """A text's runs; as many are remembered as one picture measures, which looks at each beginning of its lines."""
    runs = ((run, _font(typeface, style)) for run, typeface in _runs(_legible(text)))
    return tuple(Run(run, font, font.getlength(run) / SCALE) for run, font in runs)


@lru_cache(maxsize=8192)
def draws(typeface: Typeface, character: str) -> bool:
    """Whether a typeface has a character: what it lacks it draws as its sign for a missing glyph."""
    return _glyph(typeface, character) != _glyph(typeface, _NOWHERE)


def joins_letters() -> bool:
    """Whether Arabic is drawn as it is written: Pillow brings all that takes but the system's FriBiDi.

    Without it, its letters stand apart and from left to right; all else is drawn as ever.
    """
    return bool(features.check("raqm"))


def _legible(text: str) -> str:
    """One line of composed characters, without those that nobody sees or that turn the writing round."""
    composed = unicodedata.normalize("NFC", text[:LONGEST])
    kept = (mark for mark in composed if mark.isspace() or mark in _JOINERS or unicodedata.category(mark)[0] != "C")
    return " ".join("".join(kept).split())


def _whole_words(text: str, length: int) -> int:
    """Up to so many characters that end with a word; all of them where that would leave nothing."""
    if text[length] in _BETWEEN_WORDS:
        return length
    return max(text.rfind(mark, 0, length) for mark in _BETWEEN_WORDS) if _BETWEEN_WORDS & {*text[1:length]} else length


def _head(text: str, length: int) -> str:
    """The first characters of a text with an ellipsis; no accent is torn off its letter."""
    while length and unicodedata.combining(text[length]):
        length -= 1
    return text[:length].rstrip(" ,;:.–-") + ELLIPSIS


def _runs(text: str) -> Iterator[tuple[str, Typeface]]:
    """Stretches of a text for one typeface each; a space between two of them belongs to neither script."""
    for typeface, characters in groupby(_assigned(text), key=lambda pair: pair[1]):
        run = "".join(character for character, _ in characters)
        if typeface is None:
            yield ELLIPSIS, TYPEFACES[0]
        elif run.endswith(" "):
            yield from ((run[:-1], typeface), (" ", TYPEFACES[0]))
        else:
            yield run, typeface


def _assigned(text: str) -> Iterator[tuple[str, Typeface | None]]:
    """Each character with its typeface; what is no letter stays with the letters before it where it can.

    An accent without a letter that is drawn is not drawn either: it would stand on a dotted circle.
    """
    typeface: Typeface | None = None
    for character in text:
        order = TYPEFACES if character.isalpha() or typeface is None else (typeface, *TYPEFACES)
        if typeface or not unicodedata.category(character).startswith("M"):
            typeface = next((one for one in order if draws(one, character)), None)
        yield character, typeface


@lru_cache(maxsize=64)
def _font(typeface: Typeface, style: Style) -> ImageFont.FreeTypeFont:
    path = str(files(typeface.package) / typeface.file)
    engine = ImageFont.Layout.RAQM if joins_letters() else ImageFont.Layout.BASIC
    font = ImageFont.truetype(path, SCALE * style.size, layout_engine=engine)
    axes = font.get_variation_axes()
    font.set_variation_by_axes([style.weight if axis["name"] == b"Weight" else axis["default"] or 0 for axis in axes])
    return font


def _glyph(typeface: Typeface, character: str) -> bytes:
    """What a typeface draws for a character, small."""
    return bytes(_font(typeface, Style(16)).getmask(character))
