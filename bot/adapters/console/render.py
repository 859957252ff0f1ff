"""How a reply looks in a terminal: a card in a frame, a quotation indented, bars as wide as the window."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.adapters.console.abilities import Addresses
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field, Link, Quotation, Tone
from bot.chat.instants import Text as Said
from bot.chat.instants import as_written
from bot.chat.plain_text import small_print
from bot.chat.replies import Reply
from bot.chat.votes import ASCII, BLOCKS, WIDTH, Blocks, Votes

WIDEST = 100
"""Columns of the terminal that are used at most; a longer line is hard to read."""

COLOURS = {Tone.NEUTRAL: "bright_black", Tone.PENALTY: "yellow", Tone.OPEN: "blue"}

FRAME = 6
"""Columns of a title's line that the frame takes up."""

INDENT = 2
"""Columns by which a line of a list, or a fact, goes on to the right of where it begins."""

BELOW = 2
"""Rows of the window below an answer: a blank one, and the one in which the next line is typed."""


def render(
    reply: Reply,
    buttons: Sequence[Button] | None = None,
    in_place: Sequence[Button] | None = None,
    addresses: Addresses = Addresses.WRITTEN,
) -> RenderableType:
    """A reply as it stands in the terminal: the card in a frame, where it was read and `buttons` below.

    The buttons are the reply's own where none are given. They bear their numbers among those that are in place then; by
    themselves, where none are given.
    """
    below: list[RenderableType] = []
    above: list[RenderableType] = []
    tight: list[RenderableType] = []
    if addresses is Addresses.WRITTEN:
        above = tight = [*written_addresses(reply.card)]
    elif reply.card.links and addresses is Addresses.LINKED:
        above, tight = [*map(_linked, reply.card.links)], [_linked_in_a_row(reply.card.links)]
    shown = [button for row in reply.unfolding_buttons for button in row] if buttons is None else buttons
    if shown:
        numbers = [button.data for button in in_place or shown]
        numbered = (_numbered(numbers.index(button.data) + 1, button) for button in shown)
        below.append(Padding(Columns(numbered, padding=(0, 3)), (0, 0, 0, 2), expand=False))
    return _Fitted(reply.card, Group(*above, *below), Group(*tight, *below))


class _Fitted:
    """A card and what is below it; without the blank lines in it, and `tight` below, where the window is too low."""

    def __init__(self, card: Card, below: RenderableType, tight: RenderableType) -> None:
        self._card = card
        self._below = below
        self._tight = tight

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        roomy = Group(_Framed(self._card), self._below)
        room = options.size.height - BELOW
        if not console.is_terminal or len(console.render_lines(roomy, options, pad=False)) <= room:
            yield roomy
        else:
            yield Group(_Framed(self._card, tight=True), self._tight)


class _Framed:
    """A card in a frame of its tone, its title in the frame where it fits; a card of one sentence needs no frame."""

    def __init__(self, card: Card, *, tight: bool = False) -> None:
        self._card = card
        self._tight = tight

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        title = Text(self._card.title, "bold")
        parts = list(_parts(self._card, tight=self._tight))
        if not parts:
            # rich takes what follows a joiner at the beginning, where it joins nothing, for nothing as well
            yield Padding(Text(self._card.title.lstrip("\u200d")), (0, 0, 0, 2), expand=False)
            return
        fits = "\n" not in title and title.cell_len <= options.max_width - FRAME
        yield Panel(
            Group(*parts) if fits else Group(title, *parts),
            title=title if fits else None,
            title_align="left",
            border_style=COLOURS[self._card.tone],
        )


def _parts(card: Card, *, tight: bool) -> Iterator[RenderableType]:
    """The card's parts below its title, top to bottom, with blank lines between them unless it is `tight`."""
    if card.subtitle:
        yield Text(card.subtitle, "italic")
    parts: list[RenderableType] = [
        *map(_paragraph, card.paragraphs),
        *map(_quotation, card.quotations),
    ]
    parts += map(_field, card.fields)
    parts += map(_Drawn, card.votes)
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


def _quotation(quotation: Quotation) -> RenderableType:
    by = Text(f"— {quotation.by}", "dim")
    if quotation.source:
        by.append(" · ").append(quotation.source.label, f"link {quotation.source.url}")
    return Padding(Group(Text(f"❝ {quotation.words} ❞", "italic"), by), (0, 0, 0, 2))


class _Drawn:
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
