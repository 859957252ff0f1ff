"""How a reply looks in a terminal: a card in a frame, a quotation indented, bars as wide as the window."""

from collections.abc import Iterable, Iterator, Sequence

from rich.columns import Columns
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.chat.buttons import Button
from bot.chat.cards import Bar, Card, Field, Quotation, Tone
from bot.chat.instants import as_written
from bot.chat.plain_text import small_print
from bot.chat.replies import Reply

WIDEST = 100
"""Columns of the terminal that are used at most; a longer line is hard to read."""

COLOURS = {Tone.NEUTRAL: "bright_black", Tone.PENALTY: "yellow", Tone.OPEN: "blue"}

FRAME = 6
"""Columns of a title's line that the frame takes up."""


def render(reply: Reply, in_place: Sequence[Button] | None = None) -> RenderableType:
    """A reply as it stands in the terminal: the card in a frame, addresses and buttons below.

    The buttons bear their numbers among those that are in place then; by themselves, where none are given.
    """
    below: list[RenderableType] = [*_addresses(reply.card)]
    buttons = [button for row in reply.buttons for button in row]
    if buttons:
        numbers = [button.data for button in in_place or buttons]
        numbered = (_numbered(numbers.index(button.data) + 1, button) for button in buttons)
        below.append(Padding(Columns(numbered, padding=(0, 3)), (0, 0, 0, 2), expand=False))
    return Group(_Framed(reply.card), *below)


class _Framed:
    """A card in a frame of its tone, its title in the frame where it fits; a card of one sentence needs no frame."""

    def __init__(self, card: Card) -> None:
        self._card = card

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        title = Text(self._card.title, "bold")
        parts = list(_parts(self._card))
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


def _parts(card: Card) -> Iterator[RenderableType]:
    """The card's parts below its title, top to bottom, with blank lines between them."""
    if card.subtitle:
        yield Text(card.subtitle, "italic")
    parts: list[RenderableType] = [
        *(Text(as_written(each)) for each in card.paragraphs),
        *map(_quotation, card.quotations),
    ]
    if card.bars:
        parts.append(_bars(card.bars))
    parts += map(_field, card.fields)
    if below := small_print(card):
        parts.append(Text(below, "dim"))
    for number, part in enumerate(parts):
        if number or card.subtitle:
            yield Text()
        yield part


def _quotation(quotation: Quotation) -> RenderableType:
    by = Text(f"— {quotation.by}", "dim")
    if quotation.source:
        by.append(" · ").append(quotation.source.label, f"link {quotation.source.url}")
    return Padding(Group(Text(f"❝ {quotation.words} ❞", "italic"), by), (0, 0, 0, 2))


def _bars(bars: Iterable[Bar]) -> RenderableType:
    """Bars as wide as the window allows, their labels and numbers aligned."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(max_width=WIDEST // 3)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for bar in bars:
        table.add_row(Text(bar.label), _Blocks(bar.share), Text(bar.written))
    return table


class _Blocks:
    """A bar of blocks, its filled part `share` of the width it is given."""

    def __init__(self, share: float) -> None:
        self._share = share

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        filled = round(options.max_width * self._share)
        yield Text("█" * filled + "░" * (options.max_width - filled), no_wrap=True)


def _field(fact: Field) -> RenderableType:
    return Text.assemble((f"{as_written(fact.name)}: ", "bold"), as_written(fact.value))


def _addresses(card: Card) -> Iterator[RenderableType]:
    """Each address once, in full and in one piece, to be clicked or copied; some terminals know no links."""
    quoted = [quotation.source for quotation in card.quotations if quotation.source]
    labels = {link.url: link.label for link in (*quoted, *card.links)}
    for url in dict.fromkeys(link.url for link in (*card.links, *quoted)):
        yield Text.assemble((f"  {labels[url]}: ", "dim"), (url, f"dim link {url}"), no_wrap=True, overflow="ignore")


def _numbered(number: int, button: Button) -> Text:
    return Text.assemble((str(number), "bold cyan"), f" {button.label}")
