"""How a reply looks in a terminal: a card in a frame, a quotation indented, bars as wide as the window."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.text import Text

from bot.adapters.console.abilities import Addresses
from bot.adapters.console.card_parts import link_line, link_row, parts_of, written_addresses
from bot.adapters.console.numbered_buttons import Closely, numbered, rows
from bot.chat.buttons import Button
from bot.chat.cards import Card, Tone
from bot.chat.replies import Reply

COLOURS = {Tone.NEUTRAL: "bright_black", Tone.PENALTY: "yellow", Tone.OPEN: "blue"}

FRAME = 6
"""Columns of a title's line that the frame takes up."""

FRAME_ROWS, EDGES = 2, 4
"""Rows of a frame above and below a card, and columns of it on both sides."""

Lines: TypeAlias = list[list[Segment]]
"""Text that is laid out, row by row."""

BELOW = 2
"""Rows of the window below an answer: a blank one, and the one in which the next line is typed."""

LEAST = 2
"""Rows of a card's text that are seen below its title, whatever its buttons are."""


def render(
    reply: Reply,
    buttons: Sequence[Button] | None = None,
    numbers: Sequence[int] | None = None,
    addresses: Addresses = Addresses.WRITTEN,
    saying: RenderableType | None = None,
) -> "Rendered":
    """A reply as it stands in the terminal: the card in a frame, where it was read and `buttons` below.

    The buttons are the reply's own where none are given. They bear their numbers, or are counted from 1 on. Room is
    left for what takes as many rows as `saying`, which is said below it.
    """
    below: list[RenderableType] = []
    lower: list[RenderableType] = []
    above: list[RenderableType] = []
    tight: list[RenderableType] = []
    if addresses is Addresses.WRITTEN:
        above = tight = [*written_addresses(reply.card)]
    elif reply.card.links and addresses is Addresses.LINKED:
        above, tight = [*map(link_line, reply.card.links)], [link_row(reply.card.links)]
    shown = [button for row in reply.unfolding_buttons for button in row] if buttons is None else buttons
    if shown:
        counted = numbers or range(1, len(shown) + 1)
        below.append(numbered(shown, counted))
        lower.append(Closely(shown, counted))
    linked = addresses is Addresses.LINKED
    return Rendered(reply.card, Group(*above, *below), Group(*tight, *lower), saying, linked=linked)


class Rendered:
    """A card and what is below it; without the blank lines in it, and `tight` below, where the window is too low."""

    def __init__(
        self,
        card: Card,
        below: RenderableType,
        tight: RenderableType,
        saying: RenderableType | None = None,
        *,
        linked: bool,
    ) -> None:
        self._card = card
        self._below = below
        self._tight = tight
        self._saying = saying
        self._linked = linked

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        roomy = Group(_Framed(self._card, linked=self._linked), self._below)
        if not console.is_terminal or rows(roomy, console, options) <= self._room(console, options):
            yield roomy
        else:
            yield self._tightly

    @property
    def _tightly(self) -> RenderableType:
        return Group(_Framed(self._card, tight=True, linked=self._linked), self._tight)

    def _room(self, console: Console, options: ConsoleOptions) -> int:
        """The window's rows, but for those of what is said below."""
        saying = rows(self._saying, console, options) if self._saying else 0
        return options.size.height - BELOW - saying

    def leaves_text(self, console: Console, options: ConsoleOptions) -> bool:
        """Whether what is below the card leaves its title and some of its text in sight."""
        frame = _Framed(self._card, tight=True, linked=self._linked)
        within = options.update(width=options.max_width - EDGES, height=None)
        inside = frame.parts(options)
        parts = [rows(part, console, within) for part in inside or [frame.alone]]
        title = parts[0] if inside and not frame.titled(options) else 0
        free = self._room(console, options) - frame.rows(options) - rows(self._tight, console, options)
        return free >= min(sum(parts), title + LEAST)

    def pages(self, console: Console, options: ConsoleOptions) -> list[RenderableType]:
        """The card in as many frames as it takes for each to fit the window, with what is below it below the first.

        It is none where all of it fits.
        """
        room = self._room(console, options)
        if rows(self._tightly, console, options) <= room:
            return []
        frame = _Framed(self._card, tight=True, linked=self._linked)
        within = options.update(width=options.max_width - EDGES, height=None)
        parts = [console.render_lines(part, within, new_lines=True) for part in frame.parts(options) or [frame.alone]]
        room -= frame.rows(options)
        dealt = _dealt(parts, room - rows(self._tight, console, options), room - BELOW)
        frames = [frame.around(_Lines(page), options) for page in dealt]
        return [Group(frames[0], self._tight), *frames[1:]]


def _dealt(parts: Iterable[Lines], first: int, others: int) -> list[Lines]:
    """The lines of a card's parts on pages of so many lines; a part is cut only where its page would be half empty."""
    pages: list[Lines] = [[]]
    for part in parts:
        rest = part
        while rest:
            most = max(1, first if len(pages) == 1 else others)
            free = most - len(pages[-1])
            if len(rest) > free and free <= most // 2:
                pages.append([])
                continue
            pages[-1] += rest[:free]
            rest = rest[free:]
    return pages


class _Lines:
    """Lines of a card as they were laid out for the window."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        for line in self._lines:
            yield from line


class _Framed:
    """A card in a frame of its tone, its title in the frame where it fits; a card of one sentence needs no frame."""

    def __init__(self, card: Card, *, tight: bool = False, linked: bool) -> None:
        self._card = card
        self._tight = tight
        self._linked = linked

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        parts = self.parts(options)
        yield self.around(Group(*parts) if parts else self.alone, options)

    @property
    def alone(self) -> RenderableType:
        """The title of a card that has nothing else."""
        # rich takes what follows a joiner at the beginning, where it joins nothing, for nothing as well
        return Text(self._card.title.lstrip("\u200d"))

    def rows(self, options: ConsoleOptions) -> int:
        """Rows that the frame takes."""
        return FRAME_ROWS if self.parts(options) else 0

    def parts(self, options: ConsoleOptions) -> list[RenderableType]:
        """What stands within the frame, top to bottom: the title as well, where it does not fit into the frame."""
        parts = [*parts_of(self._card, tight=self._tight, linked=self._linked)]
        return [Text(self._card.title, "bold"), *parts] if parts and not self.titled(options) else parts

    def around(self, parts: RenderableType, options: ConsoleOptions) -> RenderableType:
        """A frame around the card's parts, or around some of them; none around a title that stands alone."""
        if not self.parts(options):
            return Padding(parts, (0, 0, 0, 2), expand=False)
        title = Text(self._card.title, "bold") if self.titled(options) else None
        return Panel(parts, title=title, title_align="left", border_style=COLOURS[self._card.tone])

    def titled(self, options: ConsoleOptions) -> bool:
        """Whether the title fits into the frame."""
        return "\n" not in self._card.title and cell_len(self._card.title) <= options.max_width - FRAME
