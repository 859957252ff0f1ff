"""Both sides of an incident in a picture, face to face, in their own words."""

from collections.abc import Sequence

from bot.pictures.canvas import HEIGHT, MARGIN, RIGHT, WIDTH, Box, Canvas, Picture
from bot.pictures.colours import INK, LEFT_END, LINE, MUTED, RIGHT_END
from bot.pictures.fonts import Style, Weight, wrap
from bot.pictures.spoken import Words

SIZES = ((Style(42), 56, 5), (Style(34), 46, 6), (Style(31), 42, 7))
"""How words are written, how far their lines are apart and how many there is room for: the largest that fits."""

NAME, DETAIL, INVITATION = Style(30, Weight.SEMIBOLD), Style(24), Style(24)
TOP, BY = 210, 530
"""The first line's baseline, and that of the name below the words."""

GUTTER = 48
COLUMN = (RIGHT - MARGIN - GUTTER) // 2


def two_sides_picture(title: str, occasion: str, one: Words, other: Words, invitation: str) -> Picture:
    """Two quotations side by side; `invitation` says where the rest is to be read."""
    told = " ".join(f"{words.by} ({words.occasion}): “{words.said}”" for words in (one, other))
    return _drawn(title, occasion, one, other, invitation).picture(told)


def _drawn(title: str, occasion: str, one: Words, other: Words, invitation: str) -> Canvas:
    canvas = Canvas()
    canvas.heading(title, occasion)
    style, step, lines = _set([f"“{words.said}”" for words in (one, other)])
    canvas.bar(Box(WIDTH // 2 - 1, TOP - 36, WIDTH // 2 + 1, HEIGHT - MARGIN), LINE)
    columns = ((one, MARGIN, LEFT_END), (other, MARGIN + COLUMN + GUTTER, RIGHT_END))
    for number, (words, left, ink) in enumerate(columns):
        canvas.bar(Box(left, TOP - 36, left + 56, TOP - 30), ink)
        for row, line in enumerate(lines[number]):
            canvas.text(line, (left, TOP + 20 + row * step), style, INK, width=COLUMN)
        canvas.text(words.by, (left, BY), NAME, INK, width=COLUMN)
        canvas.text(words.occasion, (left, BY + 36), DETAIL, MUTED, width=COLUMN)
    canvas.text(invitation, (MARGIN, HEIGHT - 24), INVITATION, MUTED, width=RIGHT - MARGIN)
    return canvas


def _set(said: Sequence[str]) -> tuple[Style, int, list[list[str]]]:
    """The largest style in which all of both quotations has room, how far its lines are apart, and the lines."""
    sizes = (
        (style, step, [wrap(words, style, COLUMN, most + 1) for words in said], most) for style, step, most in SIZES
    )
    roomy = ((style, step, lines) for style, step, lines, most in sizes if all(len(each) <= most for each in lines))
    style, step, most = SIZES[-1]
    return next(roomy, (style, step, [wrap(words, style, COLUMN, most) for words in said]))
