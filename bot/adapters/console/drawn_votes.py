"""Votes in a terminal, as wide as its window: in blocks, or in ASCII where it has nothing else."""

from collections.abc import Callable
from functools import partial

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from bot.chat.votes import ASCII, BLOCKS, WIDTH, Blocks, Votes

WIDEST = 100
"""Columns of the terminal that are used at most; a longer line is hard to read."""


class DrawnVotes:
    """Votes as wide as the window allows: a scale with its words below it, or a list's bars, aligned."""

    def __init__(self, votes: Votes) -> None:
        self._votes = votes

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self._votes.name, "bold")
        if self._votes.ends is None:
            yield self._list()
            return
        left, right = self._votes.ends
        beside = options.max_width - cell_len(left) - cell_len(right) - len(" || ")
        if beside >= WIDTH:
            yield Text(f"{left} {self._votes.scale(beside, _marks(options))} {right}", no_wrap=True)
        else:  # the words below it name its ends as well
            yield Text(self._votes.scale(max(1, options.max_width - len("||")), _marks(options)), no_wrap=True)
        yield Text(self._votes.in_words)

    def _list(self) -> RenderableType:
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(max_width=WIDEST // 3)
        table.add_column(ratio=1)
        table.add_column(justify="right", no_wrap=True)
        for step in self._votes.steps:
            table.add_row(Text(step.label), _Blocks(partial(self._votes.bar, step)), Text(step.written))
        return table


class _Blocks:
    """A bar as wide as the column that it stands in; `drawn` takes the width and the marks."""

    def __init__(self, drawn: Callable[[int, Blocks], str]) -> None:
        self._drawn = drawn

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self._drawn(options.max_width, _marks(options)), no_wrap=True)


def _marks(options: ConsoleOptions) -> Blocks:
    """What bars are made of: ASCII where a terminal has nothing else."""
    return ASCII if options.ascii_only else BLOCKS
