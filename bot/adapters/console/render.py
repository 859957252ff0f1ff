"""How a reply looks in a terminal: a card in a frame, a quotation indented, bars as wide as the window."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.text import Text

from bot.adapters.console.abilities import Addresses
from bot.adapters.console.drawn_votes import DrawnVotes
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field, Link, Quotation, Tone
from bot.chat.instants import Text as Said
from bot.chat.instants import as_written
from bot.chat.plain_text import small_print
from bot.chat.replies import Reply

COLOURS = {Tone.NEUTRAL: "bright_black", Tone.PENALTY: "yellow", Tone.OPEN: "blue"}

FRAME = 6
"""Columns of a title's line that the frame takes up."""

FRAME_ROWS, EDGES = 2, 4
"""Rows of a frame above and below a card, and columns of it on both sides."""

INDENT = 2
"""Columns by which a line of a list, or a fact, goes on to the right of where it begins."""

APART = 3
"""Columns between two buttons."""

Lines: TypeAlias = list[list[Segment]]
"""Text that is laid out, row by row."""

BELOW = 2
"""Rows of the window below an answer: a blank one, and the one in which the next line is typed."""


def render(
    reply: Reply,
    buttons: Sequence[Button] | None = None,
    numbers: Sequence[int] | None = None,
    addresses: Addresses = Addresses.WRITTEN,
) -> "Rendered":
    """A reply as it stands in the terminal: the card in a frame, where it was read and `buttons` below.

    The buttons are the reply's own where none are given. They bear their numbers, or are counted from 1 on.
    """
    below: list[RenderableType] = []
    lower: list[RenderableType] = []
    above: list[RenderableType] = []
    tight: list[RenderableType] = []
    if addresses is Addresses.WRITTEN:
        above = tight = [*written_addresses(reply.card)]
    elif reply.card.links and addresses is Addresses.LINKED:
        above, tight = [*map(_linked, reply.card.links)], [_linked_in_a_row(reply.card.links)]
    shown = [button for row in reply.unfolding_buttons for button in row] if buttons is None else buttons
    if shown:
        counted = numbers or range(1, len(shown) + 1)
        below.append(numbered(shown, counted))
        lower.append(_Closely(shown, counted))
    linked = addresses is Addresses.LINKED
    return Rendered(reply.card, Group(*above, *below), Group(*tight, *lower), linked=linked)


class Rendered:
    """A card and what is below it; without the blank lines in it, and `tight` below, where the window is too low."""

    def __init__(self, card: Card, below: RenderableType, tight: RenderableType, *, linked: bool) -> None:
        self._card = card
        self._below = below
        self._tight = tight
        self._linked = linked

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        roomy = Group(_Framed(self._card, linked=self._linked), self._below)
        room = options.size.height - BELOW
        if not console.is_terminal or rows(roomy, console, options) <= room:
            yield roomy
        else:
            yield self._tightly

    @property
    def _tightly(self) -> RenderableType:
        return Group(_Framed(self._card, tight=True, linked=self._linked), self._tight)

    def pages(self, console: Console, options: ConsoleOptions, room: int) -> list[RenderableType]:
        """The card in as many frames as it takes for each to fit so many rows, with what is below it below the first.

        It is none where all of it fits.
        """
        if rows(self._tightly, console, options) <= room:
            return []
        frame = _Framed(self._card, tight=True, linked=self._linked)
        within = options.update(width=options.max_width - EDGES, height=None)
        parts = [console.render_lines(part, within, new_lines=True) for part in frame.parts(options)]
        first = room - rows(self._tight, console, options) - FRAME_ROWS
        frames = [frame.around(_Lines(page), options) for page in _dealt(parts, first, room - FRAME_ROWS - BELOW)]
        return [Group(frames[0], self._tight), *frames[1:]]


def rows(shown: RenderableType, console: Console, options: ConsoleOptions) -> int:
    """How many rows of the window something takes."""
    return len(console.render_lines(shown, options, pad=False))


def numbered(buttons: Iterable[Button], numbers: Iterable[int]) -> RenderableType:
    """Buttons with the numbers that press them, side by side as far as the window is wide enough."""
    shown = (_numbered(number, button) for number, button in zip(numbers, buttons, strict=True))
    return Padding(Columns(shown, padding=(0, APART)), (0, 0, 0, INDENT), expand=False)


class _Closely:
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
        if not parts:
            # rich takes what follows a joiner at the beginning, where it joins nothing, for nothing as well
            yield Padding(Text(self._card.title.lstrip("\u200d")), (0, 0, 0, 2), expand=False)
            return
        yield self.around(Group(*parts), options)

    def parts(self, options: ConsoleOptions) -> list[RenderableType]:
        """What stands within the frame, top to bottom: the title as well, where it does not fit into the frame."""
        parts = [*_parts(self._card, tight=self._tight, linked=self._linked)]
        return [Text(self._card.title, "bold"), *parts] if parts and not self._titled(options) else parts

    def around(self, parts: RenderableType, options: ConsoleOptions) -> RenderableType:
        """A frame around the card's parts, or around some of them."""
        title = Text(self._card.title, "bold") if self._titled(options) else None
        return Panel(parts, title=title, title_align="left", border_style=COLOURS[self._card.tone])

    def _titled(self, options: ConsoleOptions) -> bool:
        """Whether the title fits into the frame."""
        return "\n" not in self._card.title and cell_len(self._card.title) <= options.max_width - FRAME


def _parts(card: Card, *, tight: bool, linked: bool) -> Iterator[RenderableType]:
    """The card's parts below its title, top to bottom, with blank lines between them unless it is `tight`."""
    if card.subtitle:
        yield Text(card.subtitle, "italic")
    parts: list[RenderableType] = [
        *map(_paragraph, card.paragraphs),
        *(_quotation(quotation, linked=linked) for quotation in card.quotations),
    ]
    parts += map(_field, card.fields)
    parts += map(DrawnVotes, card.votes)
    if below := small_print(card):
        parts.append(Text(below, "dim"))
    for number, part in enumerate(parts):
        if (number or card.subtitle) and not tight:
            yield Text()
        yield part


def _paragraph(paragraph: Said) -> RenderableType:
    """A paragraph; one of several lines is a list, each of which begins where its marks can be seen."""
    said = Text(as_written(paragraph))
    return _Hanging(said) if "\n" in said else said


class _Hanging:
    """Lines each of which goes on, where it is too long for the window, a little to the right of where it begins."""

    def __init__(self, lines: Text) -> None:
        self._lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self._lines.split("\n", allow_blank=True):
            first = line.wrap(console, options.max_width)[0]
            yield first
            rest = line[len(first) :]
            rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
            if rest:
                yield Padding(rest, (0, 0, 0, INDENT))


def _quotation(quotation: Quotation, *, linked: bool) -> RenderableType:
    """Somebody's words, and where they were read if that can be clicked."""
    by = Text(f"— {quotation.by}", "dim")
    if quotation.source and linked:
        by.append(" · ").append(quotation.source.label, f"link {quotation.source.url}")
    return Padding(Group(Text(f"❝ {quotation.words} ❞", "italic"), by), (0, 0, 0, 2))


def _field(fact: Field) -> RenderableType:
    return _Hanging(Text.assemble((f"{as_written(fact.name)}: ", "bold"), as_written(fact.value)))


def cited(card: Card) -> tuple[Link, ...]:
    """Where a card was read, each address once: its own links first, then whom it quotes, when."""
    quoted = [Link(each.by, each.source.url) for each in card.quotations if each.source]
    every = (*card.links, *quoted)
    by_address = {link.url: link for link in reversed(every)}
    return tuple(by_address[url] for url in dict.fromkeys(link.url for link in every))


def written_addresses(card: Card) -> Iterator[RenderableType]:
    """Each address once, in full and in one piece, to be clicked or copied; some terminals know no links."""
    for link in cited(card):
        label = (f"  {_called(link)}: ", "dim")
        yield Text.assemble(label, (link.url, f"dim link {link.url}"), no_wrap=True, overflow="ignore")


def _called(link: Link) -> str:
    """What an address is called: who published what is there, and when."""
    return ", ".join(filter(None, (link.label, link.dated)))


def _linked(link: Link) -> RenderableType:
    """A publisher and a date to be clicked, in a line of their own."""
    return Padding(Text(_called(link), f"dim link {link.url}"), (0, 0, 0, 2), expand=False)


def _linked_in_a_row(links: Iterable[Link]) -> RenderableType:
    """Names to be clicked, in one row; what a quotation was read in is behind its own."""
    names = (Text(link.label, f"dim link {link.url}") for link in links)
    return Padding(Text(" · ", "dim").join(names), (0, 0, 0, 2), expand=False)


def _numbered(number: int, button: Button) -> Text:
    return Text.assemble((str(number), "bold cyan"), f" {button.shown}")
