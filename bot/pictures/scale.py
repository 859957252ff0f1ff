"""A scale between two drivers: its five answers in columns, and below them a bar that leans to who is blamed more."""

from collections.abc import Sequence

from bot.chat.votes import leaning
from bot.pictures.canvas import MARGIN, RIGHT, WIDTH, Align, Box, Canvas
from bot.pictures.colours import INK, LEFT_END, LEFT_PALE, LINE, MUTED, NOBODY, RIGHT_END, RIGHT_PALE
from bot.pictures.fonts import Style, Weight
from bot.pictures.verdict_lines import Answer

NUMBER, LABEL = Style(34, Weight.BOLD), Style(24)
NUMBERS, LABELS = 192, 226
"""The baselines of the numbers and of what they stand for."""

BAR, BAR_END = 252, 296
MIDDLE = WIDTH // 2
HALF = (RIGHT - MARGIN) // 2
"""Pixels that all votes together take."""

INKS = (LEFT_END, LEFT_PALE, NOBODY, RIGHT_PALE, RIGHT_END)
SWATCH_TOP, SWATCH_HEIGHT, SWATCH_WIDTH = 235, 5, 36
"""A stroke of colour below an answer's name ties it to its part of the bar."""

ALIGNED = (Align.LEFT, Align.LEFT, Align.MIDDLE, Align.RIGHT, Align.RIGHT)
COLUMN, GUTTER = (RIGHT - MARGIN) // len(INKS), 16


def draw_scale(canvas: Canvas, scale: Sequence[Answer]) -> None:
    """Draw five answers, from one driver's end to the other's; the middle one stays in the middle of the bar."""
    for number, answer in enumerate(scale):
        left = MARGIN + number * COLUMN
        at = left + round(COLUMN * ALIGNED[number].value)
        canvas.text(answer.written, (at, NUMBERS), NUMBER, INK, width=COLUMN - GUTTER, align=ALIGNED[number])
        canvas.text(answer.label, (at, LABELS), LABEL, MUTED, width=COLUMN - GUTTER, align=ALIGNED[number])
        start = at - round(SWATCH_WIDTH * ALIGNED[number].value)
        canvas.bar(Box(start, SWATCH_TOP, start + SWATCH_WIDTH, SWATCH_TOP + SWATCH_HEIGHT), INKS[number])
    edges = [MIDDLE + round(HALF * end) for end in leaning([answer.votes for answer in scale])]
    for ink, left, right in zip(INKS, edges, edges[1:], strict=False):
        canvas.bar(Box(left, BAR, right, BAR_END), ink)
    canvas.bar(Box(MIDDLE - 1, BAR_END + 2, MIDDLE + 1, BAR_END + 12), LINE)
