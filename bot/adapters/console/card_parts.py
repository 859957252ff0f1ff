"""The parts of a card in a terminal: its paragraphs, quotations, facts and votes, and where it was read."""

from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.text import Text

from bot.adapters.console.drawn_votes import DrawnVotes
from bot.chat.cards import Card, Field, Link, Quotation
from bot.chat.instants import Text as Said
from bot.chat.instants import as_written
from bot.chat.plain_text import small_print

INDENT = 2
"""Columns by which a line of a list, or a fact, goes on to the right of where it begins."""


def parts_of(card: Card, *, tight: bool, linked: bool) -> Iterator[RenderableType]:
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


def link_line(link: Link) -> RenderableType:
    """A publisher and a date to be clicked, in a line of their own."""
    return Padding(Text(_called(link), f"dim link {link.url}"), (0, 0, 0, 2), expand=False)


def link_row(links: Iterable[Link]) -> RenderableType:
    """Names to be clicked, in one row; what a quotation was read in is behind its own."""
    names = (Text(link.label, f"dim link {link.url}") for link in links)
    return Padding(Text(" · ", "dim").join(names), (0, 0, 0, 2), expand=False)
