"""Where names stand at the ends of lines: as near to them as can be, and none over another."""

from collections.abc import Sequence


def apart(wanted: Sequence[float], gap: int, top: int, bottom: int) -> list[int]:
    """Heights as near to the wanted ones as can be, `gap` apart and between `top` and `bottom`, in the same order.

    Equal ones stay in the order they are given in. Where there is no room for all of them, they stand closer.
    """
    if not wanted:
        return []
    gap = min(gap, (bottom - top) // max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    placed: list[int] = []
    for number in order:
        lowest = placed[-1] + gap if placed else top
        placed.append(max(lowest, round(wanted[number])))
    limit = bottom
    for row in range(len(placed) - 1, -1, -1):  # what was pushed over the edge pushes back
        placed[row] = min(placed[row], limit)
        limit = placed[row] - gap
    heights = dict(zip(order, placed, strict=True))
    return [heights[number] for number in range(len(wanted))]
