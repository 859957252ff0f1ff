"""The fans' verdict in a picture: the bars of a poll, with the stewards' ruling beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards import Bar
from bot.i18n import _, counted, marked
from bot.i18n.formats import capital
from bot.pictures.canvas import HEIGHT, MARGIN, RIGHT, Align, Box, Canvas, Picture
from bot.pictures.colours import ACCENT, CALM, INK, LINE, MUTED
from bot.pictures.fonts import Style, Weight, wrap
from bot.pictures.words import percent

SHOWN = 7
"""Sides that find room; of more, the last ones are put together."""

LABEL = Style(24, Weight.SEMIBOLD)
SIDE = Style(30, Weight.SEMIBOLD)
SHARE = Style(30, Weight.BOLD)
PART = Style(27)
RULING = Style(32, Weight.SEMIBOLD)
RULING_LINES, RULING_STEP = 8, 42

TOP, STEP = 196, 124
"""The upper edge of the first row, and at most how far it is to the next."""

BARS, RULED = 784, 864
"""The right end of the bars, and the left edge of the ruling."""

COLUMN, GAP = 112, 16
"""From one column of shares to the next, and what stays free between them."""

JUDGE_LINES, JUDGE_STEP = 2, 28
"""Lines for the name of who ruled, and how far they are apart."""

NO_RULING = marked("No ruling was made, or none that was published")


@dataclass(frozen=True, slots=True)
class Side:
    """A row of the chart: its `share` of all votes, and of `parts` of them."""

    label: str
    votes: int
    share: float
    parts: tuple[float, ...]


def verdict_picture(
    title: str,
    bars: Sequence[Bar],
    ruling: str = "",
    before: Sequence[Bar] = (),
    after: Sequence[Bar] = (),
    judges: str = "",
) -> Picture:
    """A poll's bars beside the ruling that stands; `before` and `after` are the votes around it.

    `judges` are those whose ruling it is, the stewards where nobody is named.
    """
    by = capital(judges or _("the stewards"))
    return _drawn(title, bars, (by, ruling), before, after).picture(_described(bars, by, ruling))


def _drawn(
    title: str, bars: Sequence[Bar], ruled: tuple[str, str], before: Sequence[Bar], after: Sequence[Bar]
) -> Canvas:
    """The picture; `ruled` is who ruled, and what."""
    parts = {name: part for name, part in ((_("before"), before), (_("after"), after)) if part}
    sides = _sides(bars, list(parts.values()))
    canvas = Canvas()
    canvas.heading(title, f"{_subject(before, after)} · {_votes(bars)}")
    _columns(canvas, [*parts, _("all")] if parts else [])
    _rows(canvas, sides)
    _ruling(canvas, *ruled)
    return canvas


def _subject(before: Sequence[Bar], after: Sequence[Bar]) -> str:
    """The picture's text about the bars, with the parts of it that have columns of their own."""
    match bool(before), bool(after):
        case True, True:
            return _("The fans’ verdict, before and after the ruling")
        case True, False:
            return _("The fans’ verdict, before the ruling")
        case False, True:
            return _("The fans’ verdict, after the ruling")
    return _("The fans’ verdict")


def _sides(bars: Sequence[Bar], parts: Sequence[Sequence[Bar]]) -> list[Side]:
    """The chart's rows, as many as find room, the last of them for all the others."""
    fits = len(bars) if len(bars) <= SHOWN else SHOWN - 1
    groups = [[bar] for bar in bars[:fits]] + ([list(bars[fits:])] if bars[fits:] else [])
    shares = [{bar.label: bar.share for bar in part} for part in parts]
    return [
        Side(
            group[0].label if len(group) == 1 else counted("{number} other", "{number} others", len(group)),
            sum(bar.votes for bar in group),
            min(1.0, sum(bar.share for bar in group)),
            tuple(sum(part.get(bar.label, 0) for bar in group) for part in shares),
        )
        for group in groups
    ]


def _columns(canvas: Canvas, names: Sequence[str]) -> None:
    canvas.text(_("The fans"), (MARGIN, TOP - 16), LABEL, MUTED, width=300)
    for place, name in enumerate(reversed(names)):
        at = (BARS - COLUMN * place, TOP - 16)
        canvas.text(name, at, LABEL, MUTED, width=COLUMN - GAP, align=Align.RIGHT)


def _rows(canvas: Canvas, sides: Sequence[Side]) -> None:
    step = min(STEP, (HEIGHT - MARGIN + 8 - TOP) // max(1, len(sides)))
    most = max((side.votes for side in sides), default=0)
    for row, side in enumerate(sides):
        top = TOP + row * step
        room = BARS - MARGIN - COLUMN * (1 + len(side.parts))
        canvas.text(side.label, (MARGIN, top + 28), SIDE, INK, width=room)
        for place, share in enumerate(reversed(side.parts), start=1):
            at = (BARS - COLUMN * place, top + 28)
            canvas.text(percent(share), at, PART, MUTED, width=COLUMN - GAP, align=Align.RIGHT)
        canvas.text(percent(side.share), (BARS, top + 28), SHARE, INK, width=COLUMN - GAP, align=Align.RIGHT)
        end = MARGIN + round((BARS - MARGIN) * side.share)
        bottom = top + 39 + min(32, step - 45)
        canvas.bar(Box(MARGIN, top + 39, end, bottom), ACCENT if side.votes == most else CALM)
    if not sides:
        canvas.text(_("No votes yet"), (MARGIN, TOP + 28), SIDE, INK, width=BARS - MARGIN)


def _ruling(canvas: Canvas, by: str, ruling: str) -> None:
    canvas.bar(Box(RULED - 41, TOP - 34, RULED - 39, HEIGHT - MARGIN), LINE)
    names = wrap(by, LABEL, RIGHT - RULED, JUDGE_LINES)
    for row, line in enumerate(names):
        canvas.text(line, (RULED, TOP - 16 + row * JUDGE_STEP), LABEL, MUTED, width=RIGHT - RULED)
    top = TOP + 28 + (len(names) - 1) * JUDGE_STEP
    for row, line in enumerate(wrap(capital(ruling or _(NO_RULING)), RULING, RIGHT - RULED, RULING_LINES)):
        canvas.text(line, (RULED, top + row * RULING_STEP), RULING, INK, width=RIGHT - RULED)


def _described(bars: Sequence[Bar], by: str, ruling: str) -> str:
    """The chart in words, most votes first, then the ruling; its title is the message's."""
    ranking = sorted(bars, key=lambda bar: -bar.votes)
    shares = ", ".join(f"{bar.label} {percent(bar.share)}" for bar in ranking) or _("none yet")
    said = _("{votes}: {shares}. {judges}: {ruling}.")
    return said.format(votes=_votes(bars), shares=shares, judges=by, ruling=ruling or _(NO_RULING))


def _votes(bars: Sequence[Bar]) -> str:
    return counted("{number} vote", "{number} votes", sum(bar.votes for bar in bars))
