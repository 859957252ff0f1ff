"""A sheet of paper to draw on, and the picture that it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from PIL import Image, ImageColor, ImageDraw

from bot.chat.replies import ALT
from bot.pictures.colours import ACCENT, INK, MUTED, PAPER
from bot.pictures.fonts import ELLIPSIS, Style, Weight, fit, fits, wrap
from bot.pictures.png import png

WIDTH, HEIGHT, MARGIN = 1280, 640, 56
RIGHT = WIDTH - MARGIN
SHADES = 15
"""Steps from the paper to an ink, for smooth edges; 17 inks fit a palette of 256."""

DOT_SCALE, LINE_SCALE = 4, 3
"""Round marks and lines are drawn so much larger and reduced, for a smooth edge."""

_INKED = [0] + [255] * 255
"""What of a drawing is ink and what paper, as a mask."""

TITLE = Style(52, Weight.BOLD)
LONG_TITLE, LONG_TITLE_LINES, LONG_TITLE_STEP = Style(32, Weight.BOLD), 2, 43
"""A title that one line has no room for is written smaller, in two."""

SUBTITLE = Style(28)
BRAND = Style(24, Weight.SEMIBOLD)


class Align(Enum):
    """Where in a text its place is, in parts of its length."""

    LEFT = 0.0
    MIDDLE = 0.5
    RIGHT = 1.0


class Box(NamedTuple):
    """A rectangle of pixels; `right` and `bottom` are the first ones outside."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, and what it shows in words, for those who do not see it."""

    png: bytes = field(repr=False)
    alt: str


class Canvas:
    """Paper, text and bars, 1280 by 640 pixels.

    What is drawn is an index into the palette from the start: each ink has a ramp of shades towards the paper. So
    nothing has to be reduced to 256 colours afterwards, and the same drawing is always the same bytes. It holds as
    long as nothing but lines is drawn over anything else; `boxes` are the places that are taken.
    """

    def __init__(self) -> None:
        self._shades = Image.new("L", (WIDTH, HEIGHT))
        self._draw = ImageDraw.Draw(self._shades)
        self._palette = [*ImageColor.getrgb(PAPER)]
        self._ramps: dict[str, list[int]] = {}
        self.boxes: list[Box] = []

    def heading(self, title: str, subtitle: str) -> None:
        """What the picture is about, at the top."""
        self.bar(Box(0, 0, WIDTH, 10), ACCENT)
        if fits(title, TITLE, RIGHT - MARGIN):
            self.text(title, (MARGIN, 78), TITLE, INK, width=RIGHT - MARGIN)
        else:
            lines = wrap(title, LONG_TITLE, RIGHT - MARGIN, LONG_TITLE_LINES)
            for row, line in enumerate(reversed(lines)):
                self.text(line, (MARGIN, 86 - row * LONG_TITLE_STEP), LONG_TITLE, INK, width=RIGHT - MARGIN)
        self.text(subtitle, (MARGIN, 126), SUBTITLE, MUTED, width=930)
        self.text("Racing Incident", (RIGHT, 126), BRAND, MUTED, width=200, align=Align.RIGHT)

    def text(
        self, words: str, at: tuple[int, int], style: Style, ink: str, *, width: int, align: Align = Align.LEFT
    ) -> None:
        """Write a line from or up to a point of its baseline, in at most `width` pixels."""
        lettering = fit(words, style, width)
        left = at[0] + lettering.left - round(lettering.length * align.value)
        top = at[1] + lettering.top
        shades = lettering.coverage.point(self._ramp(ink))
        if shades.width:
            self._shades.paste(shades, (left, top))
            self.boxes.append(Box(left, top, left + shades.width, top + shades.height))

    def bar(self, box: Box, ink: str) -> None:
        """Fill a rectangle; one without an area leaves no trace."""
        if box.left < box.right and box.top < box.bottom:
            self._draw.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), fill=self._ramp(ink)[255])
            self.boxes.append(box)

    def dot(self, middle: tuple[int, int], radius: int, ink: str) -> None:
        """Draw a round mark of so many pixels."""
        size = 2 * radius
        mask = Image.new("L", (DOT_SCALE * size, DOT_SCALE * size))
        ImageDraw.Draw(mask).ellipse((0, 0, DOT_SCALE * size - 1, DOT_SCALE * size - 1), fill=255)
        left, top = middle[0] - radius, middle[1] - radius
        self._shades.paste(mask.reduce(DOT_SCALE).point(self._ramp(ink)), (left, top))
        self.boxes.append(Box(left, top, left + size, top + size))

    def line(self, points: Sequence[tuple[int, int]], width: int, ink: str) -> None:
        """Draw a line through points; lines alone may cross, each over those before it."""
        left, top = (min(point[axis] for point in points) - width for axis in (0, 1))
        right, bottom = (max(point[axis] for point in points) + width for axis in (0, 1))
        mask = Image.new("L", (LINE_SCALE * (right - left), LINE_SCALE * (bottom - top)))
        moved = [(LINE_SCALE * (x - left), LINE_SCALE * (y - top)) for x, y in points]
        ImageDraw.Draw(mask).line(moved, fill=255, width=LINE_SCALE * width, joint="curve")
        shades = mask.reduce(LINE_SCALE).point(self._ramp(ink))
        self._shades.paste(shades, (left, top), shades.point(_INKED))

    def picture(self, alt: str) -> Picture:
        """What has been drawn, as a PNG; `alt` says it in words."""
        return Picture(
            png(WIDTH, HEIGHT, self._shades.tobytes(), bytes(self._palette)),
            alt if len(alt) <= ALT else alt[: ALT - 1] + ELLIPSIS,
        )

    def _ramp(self, ink: str) -> list[int]:
        """The palette's index for each coverage, 0 to 255, of an ink on the paper."""
        if ink not in self._ramps:
            first = len(self._palette) // 3 - 1
            paper, full = ImageColor.getrgb(PAPER), ImageColor.getrgb(ink)
            for shade in range(1, SHADES + 1):
                self._palette += [round(p + (f - p) * shade / SHADES) for p, f in zip(paper, full, strict=True)]
            steps = [round(coverage * SHADES / 255) for coverage in range(256)]
            self._ramps[ink] = [first + step if step else 0 for step in steps]
        return self._ramps[ink]
