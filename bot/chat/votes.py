"""Votes as a card shows them: how they lie between two ends, or a bar for each choice of a list.

Both are drawn in plain text here, in blocks or in ASCII, so that every renderer draws the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bot.chat.text_limits import UnsendableError, check

LABEL = 250
"""Weight of a choice's label, an end's or a tally's name."""

WIDTH = 10
"""Blocks in a bar on the narrowest screen, a phone's."""

MOST_STEPS = 24


class Blocks(NamedTuple):
    """The marks that a bar is made of: the outermost choice's, those towards the middle, the middle's, its edges."""

    outer: str
    inner: str
    middle: str
    edge: str


BLOCKS = Blocks("█", "▒", "░", "│")
ASCII = Blocks("#", "=", ".", "|")


@dataclass(frozen=True, slots=True)
class Step:
    """One choice, and how many made it; also where nobody did."""

    label: str
    votes: int
    written: str = ""
    """The votes as they are shown, in the answer's language, or their share; in English where nothing is given."""

    def __post_init__(self) -> None:
        _check_line(self.label, "a choice's label")
        if self.written:
            _check_line(self.written, "a choice's number")
        else:
            object.__setattr__(self, "written", f"{self.votes:,}")
        if self.votes < 0:
            raise UnsendableError("a choice has less than no votes")

    @property
    def said(self) -> str:
        """The choice and its votes: `mostly Russell 4`."""
        return f"{self.label} {self.written}"


@dataclass(frozen=True)
class Votes:
    """How many made each choice, none left out; `name` says whose votes they are: `Here (12)`.

    Between two `ends` the choices are a scale, with neither's in the middle; without, they are a list.
    """

    name: str
    steps: tuple[Step, ...]
    ends: tuple[str, str] | None = None
    in_short: str = ""
    """What stands below a scale instead of all its choices, where there is room for its sums alone."""

    def __post_init__(self) -> None:
        _check_line(self.name, "the name of votes")
        if self.in_short:
            _check_line(self.in_short, "votes in short")
        for end in self.ends or ():
            _check_line(end, "the end of a scale")
        if not 0 < len(self.steps) <= MOST_STEPS:
            raise UnsendableError(f"{len(self.steps)} choices; there are 1 to {MOST_STEPS}")
        if self.ends and len(self.steps) % 2 == 0:
            raise UnsendableError("a scale without a middle")

    @property
    def cast(self) -> int:
        """How many votes there are."""
        return sum(step.votes for step in self.steps)

    @property
    def in_words(self) -> str:
        """Every choice with its votes, or all in short: `all Bottas 1 · mostly Bottas 2 · racing incident 2 · …`."""
        return self.in_short or " · ".join(step.said for step in self.steps)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The votes drawn, below their name: a scale as a bar that leans and its words, a list as bars with theirs.

        They are kept: a card is weighed by them before it shows them, and a batch of receipts shares them.
        """
        if self.ends is None:
            return tuple(f"{self.bar(step, WIDTH)} {step.said}" for step in self.steps)
        return f"{self.ends[0]} {self.scale(WIDTH)} {self.ends[1]}", self.in_words

    def bar(self, step: Step, width: int, blocks: Blocks = BLOCKS) -> str:
        """The bar of one of the choices, `width` blocks long; any vote at all shows at least one."""
        filled = max(1, round(width * step.votes / self.cast)) if step.votes else 0
        return blocks.outer * filled + blocks.middle * (width - filled)

    def scale(self, width: int, blocks: Blocks = BLOCKS) -> str:
        """All choices in one bar of `width` blocks, the middle within its edges: `██▒▒│░░│▒▒▒▒███`."""
        middle = len(self.steps) // 2
        lengths = self._lengths(width)
        marks = [blocks.outer, *[blocks.inner] * (middle - 1)][:middle]
        left = "".join(mark * length for mark, length in zip(marks, lengths[:middle], strict=True))
        right = "".join(mark * length for mark, length in zip(reversed(marks), lengths[middle + 1 :], strict=True))
        return f"{left}{blocks.edge}{blocks.middle * lengths[middle]}{blocks.edge}{right}"

    def _lengths(self, width: int) -> list[int]:
        """`width` blocks dealt out by votes: one or more for a choice that has any; of no votes all to the middle."""
        cast = self.cast
        if not cast:
            return [width if number == len(self.steps) // 2 else 0 for number in range(len(self.steps))]
        exact = [width * step.votes / cast for step in self.steps]
        lengths = [max(1, int(share)) if share else 0 for share in exact]
        while sum(lengths) != width:
            short = sum(lengths) < width
            by = 1 if short else -1
            open_to_change = [
                number for number, length in enumerate(lengths) if exact[number] and (short or length > 1)
            ]
            if not open_to_change:
                break  # fewer blocks than choices that have votes
            lengths[max(open_to_change, key=lambda number: by * (exact[number] - lengths[number]))] += by
        return lengths


def leaning(votes: Sequence[int]) -> tuple[float, ...]:
    """Where a scale's parts begin and end, from left to right, in shares of all votes: 0 is the middle of the middle.

    So the bar leans to the end that has more votes, and lies between -1 and 1; of no votes all ends are in the middle.
    """
    middle, whole = len(votes) // 2, sum(votes) or 1
    at = -(sum(votes[:middle]) + votes[middle] / 2)
    ends = [at]
    for part in votes:
        at += part
        ends.append(at)
    return tuple(end / whole for end in ends)


def _check_line(text: str, what: str) -> None:
    check(text, LABEL, what)
    if "\n" in text:
        raise UnsendableError(f"{what} has more than one line")
