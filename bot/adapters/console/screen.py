"""What the terminal is written to: in marks that it knows, and no line longer for that."""

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, ConsoleRenderable, Group, RenderableType, RenderHook, RenderResult
from rich.segment import Segment

from bot.chat.plain_marks import plain


class Screen(Console):
    """Where it is written to; that nobody reads any further is for the command line to say."""

    def on_broken_pipe(self) -> None:
        """Say so as any other write does; rich would end the process itself, from within a task."""
        raise BrokenPipeError


class KnownMarks(RenderHook):
    """Has what is printed in the marks that an encoding has, once it is laid out."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """What is printed, spelled so."""
        return [_Spelled(Group(*renderables), self._encoding)]


class _Spelled:
    """Something whose lines stay as long as they are where a mark takes more columns in ASCII: a blank goes for it."""

    def __init__(self, shown: RenderableType, encoding: str) -> None:
        self._shown = shown
        self._encoding = encoding

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in Segment.split_lines(console.render(self._shown, options)):
            yield from self._line(line)
            yield Segment.line()

    def _line(self, line: list[Segment]) -> list[Segment]:
        """A line in marks that are known; each of them has one column where it has no blanks to spare for more."""
        spelled = [each if each.control else each._replace(text=self._spelled(each.text)) for each in line]
        longer = sum(cell_len(each.text) for each in spelled) - sum(cell_len(each.text) for each in line)
        for number, each in reversed([*enumerate(spelled)]):
            blanks = len(each.text) - len(each.text.rstrip(" "))
            if longer > 0 and blanks > 1 and not each.control:
                spare = min(longer, blanks - 1)
                spelled[number], longer = each._replace(text=each.text[:-spare]), longer - spare
        if longer <= 0:
            return spelled
        return [each if each.control else each._replace(text=self._spelled(each.text, 1)) for each in line]

    def _spelled(self, text: str, most: int | None = None) -> str:
        return "".join(each if self._knows(each) else plain(each)[:most].ljust(cell_len(each)) for each in text)

    def _knows(self, character: str) -> bool:
        try:
            character.encode(self._encoding)
        except UnicodeEncodeError:
            return False
        return True
