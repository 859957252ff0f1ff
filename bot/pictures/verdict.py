"""The fans' verdict in a picture: what it says, the scale, each side before and after the ruling, and the ruling."""

from collections.abc import Sequence

from bot.i18n import _, counted, marked
from bot.i18n.formats import capital, written
from bot.pictures.canvas import HEIGHT, MARGIN, RIGHT, Align, Box, Canvas, Picture
from bot.pictures.colours import ACCENT, CALM, INK, LINE, MUTED, NOBODY
from bot.pictures.fonts import Style, Weight, wrap
from bot.pictures.scale import draw_scale
from bot.pictures.verdict_lines import Side, VerdictLines
from bot.pictures.words import percent

SHOWN, SHOWN_BELOW_SCALE = 7, 3
"""Sides that find room, and below a scale; of more, the last ones are put together."""

LABEL = Style(24, Weight.SEMIBOLD)
SIDE = Style(28, Weight.SEMIBOLD)
SHARE = Style(28, Weight.BOLD)
RULING = Style(30, Weight.SEMIBOLD)
RULING_STEP = 40
INVITATION = Style(24)

TOP, BELOW_SCALE, BOTTOM = 190, 356, 576
"""The first baseline of what stands below the heading, and below a scale; the last baseline there is."""

STEP = 70
"""At most how far it is from one side to the next."""

MARK = 34
"""Room for the mark of those who ruled, before the sides' names."""

NAMES, BARS, BARS_END, SHARES, RULED = MARGIN + MARK, 330, 620, 800, 872
"""Where names and bars begin, where the longest bar and the shares end, and where the ruling begins."""

JUDGE_LINES, JUDGE_STEP = 2, 32
"""Lines for the name of who ruled, and how far they are apart."""

AGREED_LINES, AGREED_STEP = 2, 38
"""Lines for how many agree with the ruling, and how far they are apart."""

DOT, SMALL_DOT, MARK_DOT = 10, 6, 8
"""Pixels from the middle of a round mark to its edge."""

NO_RULING = marked("No ruling was made, or none that was published")


def verdict_picture(lines: VerdictLines) -> Picture:
    """A poll beside the ruling that stands, with what both say as the headline."""
    return _drawn(lines).picture(_described(lines))


def _drawn(lines: VerdictLines) -> Canvas:
    canvas = Canvas()
    canvas.heading(lines.finding, lines.occasion)
    if lines.scale:
        draw_scale(canvas, lines.scale)
    top = BELOW_SCALE if lines.scale else TOP
    sides = _sides(lines.sides, SHOWN_BELOW_SCALE if lines.scale else SHOWN)
    moved = any(side.before is not None for side in sides)
    canvas.text(
        _("Before the ruling → after it") if moved else lines.turnout,
        (MARGIN, top),
        LABEL,
        MUTED,
        width=SHARES - MARGIN,
    )
    _rows(canvas, sides, top + 50)
    _ruling(canvas, lines, top)
    said = " · ".join(filter(None, (lines.turnout if moved else "", lines.invitation)))
    canvas.text(said, (MARGIN, HEIGHT - 24), INVITATION, MUTED, width=SHARES - MARGIN)
    return canvas


def _sides(sides: Sequence[Side], most: int) -> list[Side]:
    """The chart's rows, `most` of them, the last for all the others where there are more."""
    if len(sides) <= most:
        return [*sides]
    others = sides[most - 1 :]
    label = counted("{number} other", "{number} others", len(others))
    share = min(1.0, sum(side.share for side in others))
    votes, parts = sum(side.votes for side in others), [side.hundredths for side in others]
    said = written(votes) if None in parts else percent(votes, sum(filter(None, parts)))
    return [*sides[: most - 1], Side(label, votes, share, said, any(side.ruled for side in others))]


def _rows(canvas: Canvas, sides: Sequence[Side], top: int) -> None:
    step = min(STEP, (BOTTOM - top) // max(1, len(sides) - 1))
    most = max((side.votes for side in sides), default=0)
    longest = max((max(side.share, side.before or 0, side.after or 0) for side in sides), default=0) or 1
    for row, side in enumerate(sides):
        baseline = top + row * step
        if side.ruled:
            canvas.dot((MARGIN + MARK_DOT, baseline - 9), MARK_DOT, ACCENT)
        canvas.text(side.label, (NAMES, baseline), SIDE, INK, width=BARS - NAMES - 16)
        ink = NOBODY if side.nobody else INK if side.votes == most else CALM
        if side.before is None or side.after is None:
            canvas.bar(Box(BARS, baseline - 20, _at(side.share / longest), baseline + 2), ink)
            said = side.written
        else:
            _dumbbell(canvas, (_at(side.before / longest), _at(side.after / longest)), baseline - 9, ink)
            said = side.moved
        canvas.text(said, (SHARES, baseline), SHARE, INK, width=SHARES - BARS_END - 2 * DOT, align=Align.RIGHT)


def _dumbbell(canvas: Canvas, ends: tuple[int, int], middle: int, ink: str) -> None:
    """Draw from where the share was, a small mark, to where it is, a larger one; one mark where it has not moved."""
    before, after = ends
    left, right = after - DOT, after + DOT
    canvas.dot((after, middle), DOT, ink)
    if abs(after - before) >= DOT + SMALL_DOT:
        canvas.dot((before, middle), SMALL_DOT, ink)
        inner = (before + SMALL_DOT, left) if before < after else (right, before - SMALL_DOT)
        canvas.bar(Box(inner[0], middle - 2, inner[1], middle + 2), ink)
        left, right = min(left, before - SMALL_DOT), max(right, before + SMALL_DOT)
    canvas.bar(Box(BARS - DOT, middle - 1, left, middle + 1), LINE)
    canvas.bar(Box(right, middle - 1, BARS_END + DOT, middle + 1), LINE)


def _at(share: float) -> int:
    """How far to the right a share reaches."""
    return BARS + round((BARS_END - BARS) * share)


def _ruling(canvas: Canvas, lines: VerdictLines, top: int) -> None:
    width = RIGHT - RULED
    canvas.bar(Box(RULED - 37, top - 20, RULED - 35, HEIGHT - MARGIN), LINE)
    names = wrap(_by(lines), LABEL, width - MARK, JUDGE_LINES)
    indent = MARK if any(side.ruled for side in lines.sides) else 0
    if indent:
        canvas.dot((RULED + MARK_DOT, top - 8), MARK_DOT, ACCENT)
    for row, line in enumerate(names):
        canvas.text(line, (RULED + indent, top + row * JUDGE_STEP), LABEL, MUTED, width=width - indent)
    first = top + len(names) * JUDGE_STEP + 14
    agreed = wrap(lines.agreed, SHARE, width, AGREED_LINES) if lines.agreed else []
    last = BOTTOM - len(agreed) * AGREED_STEP
    room = (last - first) // RULING_STEP + 1
    for row, line in enumerate(wrap(capital(lines.ruling or _(NO_RULING)), RULING, width, room)):
        canvas.text(line, (RULED, first + row * RULING_STEP), RULING, INK, width=width)
    for row, line in enumerate(reversed(agreed)):
        canvas.text(line, (RULED, BOTTOM - row * AGREED_STEP), SHARE, INK, width=width)


def _by(lines: VerdictLines) -> str:
    return capital(lines.judges or _("the stewards"))


def _described(lines: VerdictLines) -> str:
    """The chart in words: what it says, the scale or the sides, then the ruling."""
    answers = [(each.label, each.written) for each in lines.scale or lines.sides]
    said = _("{finding}. {occasion}. {turnout}: {shares}. {judges}: {ruling}.").format(
        finding=lines.finding,
        occasion=lines.occasion,
        turnout=lines.turnout,
        shares=", ".join(f"{label} {written}" for label, written in answers) or _("none yet"),
        judges=_by(lines),
        ruling=lines.ruling or _(NO_RULING),
    )
    return f"{said} {lines.agreed}." if lines.agreed else said
