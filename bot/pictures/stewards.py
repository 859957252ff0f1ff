"""Fans against stewards in a picture: how many votes contradict each ruling."""

from collections.abc import Sequence

from bot.domain.opinions import Share
from bot.i18n import _
from bot.pictures.canvas import MARGIN, RIGHT, Align, Box, Canvas, Picture
from bot.pictures.colours import ACCENT, CALM, INK, LINE, MUTED
from bot.pictures.fonts import Style, Weight
from bot.pictures.stewards_lines import Row

SHOWN = 8
"""Rulings that find room."""

TOP, STEP = 250, 42
"""The first ruling's baseline, and how far it is to the next."""

NAME = Style(28, Weight.SEMIBOLD)
VALUE = Style(27)
TOLD = Style(27)
LABEL = Style(24, Weight.SEMIBOLD)

BARS, BARS_END = 440, RIGHT - 208
"""Where the bars begin, and where that of all votes ends."""


def stewards_picture(title: str, occasion: str, told: str, rows: tuple[Row, ...]) -> Picture:
    """The rulings as given, the first `SHOWN` of them; `told` says in a sentence how often the leading side agreed."""
    return _drawn(title, occasion, told, rows).picture(_described(title, occasion, told, rows))


def _drawn(title: str, occasion: str, told: str, rows: Sequence[Row]) -> Canvas:
    canvas = Canvas()
    canvas.heading(title, occasion)
    canvas.text(told, (MARGIN, TOP - 78), TOLD, INK, width=RIGHT - MARGIN)
    shown = rows[:SHOWN]
    if shown:
        canvas.text(_("say otherwise than the ruling"), (BARS, TOP - 38), LABEL, MUTED, width=RIGHT - BARS)
    for number, row in enumerate(shown):
        _draw(canvas, row, TOP + number * STEP)
    if shown:
        half, bottom = (BARS + BARS_END) // 2, TOP + len(shown) * STEP
        canvas.bar(Box(BARS, bottom - 20, BARS_END, bottom - 18), LINE)
        for share, at in ((0, BARS), (50, half), (100, BARS_END)):
            canvas.text(
                _("{number} %").format(number=share), (at + 30, bottom + 6), LABEL, MUTED, width=80, align=Align.RIGHT
            )
    return canvas


def _draw(canvas: Canvas, row: Row, baseline: int) -> None:
    share = row.against.value
    canvas.text(row.label, (MARGIN, baseline), NAME, INK, width=BARS - MARGIN - 20)
    end = BARS + round((BARS_END - BARS) * share)
    canvas.bar(Box(BARS, baseline - 21, end, baseline + 3), _ink(row.against))
    canvas.text(row.told, (RIGHT, baseline), VALUE, INK, width=RIGHT - BARS_END - 16, align=Align.RIGHT)


def _ink(against: Share) -> str:
    """Pale where few have voted; red where most of many contradict the ruling."""
    if against.is_small:
        return LINE
    return ACCENT if 2 * against.part > against.whole else CALM


def _described(title: str, occasion: str, told: str, rows: Sequence[Row]) -> str:
    """The same in words, as far as they fit."""
    lines = ", ".join(f"{row.label} {row.told}" for row in rows[:SHOWN])
    said = _("Votes that contradict the ruling: {rulings}.").format(rulings=lines) if lines else ""
    return f"{title}. {occasion}. {told} {said}".strip()
