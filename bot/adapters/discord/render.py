"""How a reply looks on Discord: an embed, rows of buttons, perhaps a file.

Discord reads markdown in an embed's title, description and fields, so every string of a reply is escaped there. It
reads none in footers, button labels and ids. Of a veiled reply only the title and the fields' names are seen: the rest
stands behind spoilers, the footer at the end of the description, and the colour tells nothing.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import discord

from bot.chat.buttons import Button
from bot.chat.cards import Bar, Card, Link, Quotation, Tone
from bot.chat.instants import Instant, Shown, Text, as_written, pieces
from bot.chat.replies import Attachment, Reply
from bot.chat.text_limits import weight

COLOURS = {
    Tone.NEUTRAL: discord.Colour.greyple(),
    Tone.PENALTY: discord.Colour.orange(),
    Tone.OPEN: discord.Colour.blue(),
}

CLOCKS = {
    Shown.DAY_AND_TIME: "F",
    Shown.DATE_AND_TIME: "f",
    Shown.DATE: "D",
    Shown.TO_THE_SECOND: "T",
    Shown.FROM_NOW: "R",
}
"""Discord's styles of a timestamp."""

BAR = 10
"""Blocks in a bar."""

QUOTED_LINES = 16
"""Line breaks that a quotation keeps: each costs two more characters, and so many fit into what a card sets aside."""

_MARKDOWN = re.compile(r"[\\`*_~|<>\[\]()#\-+.:/@]")
_BRACKETS = str.maketrans("[]", "［］")
_ADDRESS = str.maketrans({"(": "%28", ")": "%29", "\\": "%5C", "|": "%7C"})
_QUOTE = "> "


class Rendered(NamedTuple):
    """A reply in Discord's own terms."""

    embed: discord.Embed
    view: discord.ui.View
    files: list[discord.File]


def render(reply: Reply) -> Rendered:
    """A reply as it is sent; what `Reply` allows fits all of Discord's limits."""
    embed = _veiled_embed(reply.card) if reply.veiled else _embed(reply.card)
    files = []
    if reply.attachment is not None:
        files.append(_file(reply.attachment, veiled=reply.veiled))
        if reply.attachment.is_picture and not reply.veiled:  # a card's picture cannot be a spoiler
            embed.set_image(url=f"attachment://{reply.attachment.name}")
    return Rendered(embed, _view(reply.buttons), files)


def escape(text: Text) -> str:
    """Text that Discord shows as it is: no emphasis, heading, list, quote, link, mention or emoji arises.

    A line's `1.` and a bare `https://` lose their meaning too, for `.`, `:` and `/` are among what is escaped. Its
    instants become timestamps, which each reader sees by their own clock.
    """
    return "".join(_clock(part) if isinstance(part, Instant) else _escaped(part) for part in pieces(text))


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", text)


def _clock(instant: Instant) -> str:
    return _escaped(instant.written) if instant.unix is None else f"<t:{instant.unix}:{CLOCKS[instant.shown]}>"


def _embed(card: Card) -> discord.Embed:
    embed = discord.Embed(
        title=escape(card.title),
        description="\n\n".join(_description(card, QUOTED_LINES)) or None,
        colour=COLOURS[card.tone],
    )
    for fact in card.fields:
        embed.add_field(name=escape(fact.name), value=escape(fact.value), inline=False)
    if card.footer:
        embed.set_footer(text=as_written(card.footer))
    return embed


def _veiled_embed(card: Card) -> discord.Embed:
    blocks = [*_description(card, 0), *filter(None, [escape(card.footer)])]
    embed = discord.Embed(
        title=escape(card.title), description="\n\n".join(map(_veil, blocks)) or None, colour=COLOURS[Tone.NEUTRAL]
    )
    for fact in card.fields:
        embed.add_field(name=escape(fact.name), value=_veil(escape(fact.value)), inline=False)
    return embed


def _veil(block: str) -> str:
    """A block behind a spoiler; a block quote's lines one by one, for the quote's mark has to come first in each.

    Discord ends a spoiler at the next two bars, whether or not a backslash stands before them: one at the block's end
    must be kept away from ours.
    """
    mark = _QUOTE if block.startswith(_QUOTE) else ""
    parts = [line.removeprefix(mark) for line in block.split("\n")] if mark else [block]
    return "\n".join(f"{mark}||{part}{' ' if part.endswith('|') else ''}||" for part in parts)


def _description(card: Card, quoted_lines: int) -> Iterator[str]:
    if card.subtitle:
        yield f"*{escape(card.subtitle.strip())}*"
    yield from map(escape, card.paragraphs)
    for quotation in card.quotations:
        yield _quotation(quotation, quoted_lines)
    if card.bars:
        yield "\n".join(map(_bar, card.bars))
    if card.links:
        yield " · ".join(map(_link, card.links))


def _quotation(quotation: Quotation, most_lines: int) -> str:
    source = f", {_link(quotation.source)}" if quotation.source else ""
    words = _quoted(quotation.words, most_lines)
    return f"{_QUOTE}❝ {words} ❞\n{_QUOTE}— {_one_line(quotation.by)}{source}"


def _quoted(text: str, most_lines: int) -> str:
    """A text inside a block quote, where every line needs its mark; one with very many lines flows into one."""
    mark = f"\n{_QUOTE}" if text.count("\n") <= most_lines else " "
    return escape(text).replace("\n", mark)


def _one_line(text: str) -> str:
    return escape(text.replace("\n", " "))


def _bar(bar: Bar) -> str:
    """One side's votes, `███████░░░ Russell 7`; any vote at all shows at least one block."""
    filled = max(1, round(bar.share * BAR)) if bar.share else 0
    return f"{'█' * filled}{'░' * (BAR - filled)} {_one_line(bar.label)} {_one_line(bar.written)}"


def _link(link: Link) -> str:
    """A masked link; its label alone where the address could end the link early.

    No escape helps inside a link, so brackets in the label become wide ones, and those in the address are encoded.
    """
    label = _one_line(link.label.translate(_BRACKETS))
    address = link.url.translate(_ADDRESS)
    whole = address.isprintable() and len(address) <= weight(link.url)
    return f"[{label}]({address})" if whole else label


def _view(rows: tuple[tuple[Button, ...], ...]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for button in row:
            view.add_item(discord.ui.Button(label=button.label, custom_id=button.data, row=number))
    view.stop()  # its presses arrive by their data alone; discord.py would keep a listening view in memory for good
    return view


def _file(attachment: Attachment, *, veiled: bool) -> discord.File:
    content, alt = BytesIO(attachment.content), attachment.alt or None
    return discord.File(content, attachment.name, spoiler=veiled, description=alt)
