"""Buttons in a terminal, with the numbers that press them."""

from collections.abc import Iterable, Iterator, Sequence

from rich.columns import Columns
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.text import Text

from bot.adapters.console.card_parts import INDENT
from bot.chat.buttons import Button

APART = 3
"""Columns between two buttons."""


def rows(shown: RenderableType, console: Console, options: ConsoleOptions) -> int:
    """How many rows of the window something takes."""
    return len(console.render_lines(shown, options, pad=False))


def numbered(buttons: Iterable[Button], numbers: Iterable[int]) -> RenderableType:
    """Buttons with the numbers that press them, side by side as far as the window is wide enough."""
    shown = (_numbered(number, button) for number, button in zip(numbers, buttons, strict=True))
    return Padding(Columns(shown, padding=(0, APART)), (0, 0, 0, INDENT), expand=False)


class Closely:
    """Numbered buttons one after another, where columns of them would take more rows."""

    def __init__(self, buttons: Sequence[Button], numbers: Sequence[int]) -> None:
        self._columns = numbered(buttons, numbers)
        self._shown = [_numbered(number, button) for number, button in zip(numbers, buttons, strict=True)]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = [*self._lines(options.max_width - INDENT)]
        fewer = len(lines) < rows(self._columns, console, options)
        yield Padding(Group(*lines), (0, 0, 0, INDENT), expand=False) if fewer else self._columns

    def _lines(self, width: int) -> Iterator[Text]:
        line = self._shown[0]
        for each in self._shown[1:]:
            if line.cell_len + APART + each.cell_len <= width:
                line = Text(" " * APART).join((line, each))
            else:
                yield line
                line = each
        yield line


def _numbered(number: int, button: Button) -> Text:
    return Text.assemble((str(number), "bold cyan"), f" {button.shown}")
