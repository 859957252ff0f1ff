"""How a reply looks on Discord: an embed, rows of buttons, perhaps a file.

Discord reads markdown in an embed's title, description and fields, so every string of a reply is escaped there. It
reads none in footers, button labels and ids.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import discord

from bot.messages import Attachment, Bar, Button, Card, Link, Quotation, Reply, Tone, weight

COLOURS = {
    Tone.NEUTRAL: discord.Colour.greyple(),
    Tone.PENALTY: discord.Colour.orange(),
    Tone.OPEN: discord.Colour.blue(),
}

BAR = 10
"""Blocks in a bar."""

QUOTED_LINES = 16
"""Line breaks that a quotation keeps: each costs two more characters, and so many fit into what a card sets aside."""

_MARKDOWN = re.compile(r"[\\`*_~|<>\[\]()#\-+.:/@]")
_BRACKETS = str.maketrans("[]", "［］")
_ADDRESS = str.maketrans({"(": "%28", ")": "%29", "\\": "%5C"})


class Rendered(NamedTuple):
    """A reply in Discord's own terms."""

    embed: discord.Embed
    view: discord.ui.View
    files: list[discord.File]


def render(reply: Reply) -> Rendered:
    """A reply as it is sent; what `Reply` allows fits all of Discord's limits."""
    embed = _embed(reply.card)
    files = []
    if reply.attachment is not None:
        files.append(_file(reply.attachment))
        if reply.attachment.is_picture:
            embed.set_image(url=f"attachment://{reply.attachment.name}")
    return Rendered(embed, _view(reply.buttons), files)


def escape(text: str) -> str:
    """Text that Discord shows as it is: no emphasis, heading, list, quote, link, mention, emoji or timestamp arises.

    A line's `1.` and a bare `https://` lose their meaning too, for `.`, `:` and `/` are among what is escaped.
    """
    return _MARKDOWN.sub(r"\\\g<0>", text)


def _embed(card: Card) -> discord.Embed:
    embed = discord.Embed(
        title=escape(card.title),
        description="\n\n".join(_description(card)) or None,
        colour=COLOURS[card.tone],
    )
    for fact in card.fields:
        embed.add_field(name=escape(fact.name), value=escape(fact.value), inline=False)
    if card.footer:
        embed.set_footer(text=card.footer)
    return embed


def _description(card: Card) -> Iterator[str]:
    if card.subtitle:
        yield f"*{escape(card.subtitle.strip())}*"
    yield from map(escape, card.paragraphs)
    yield from map(_quotation, card.quotations)
    if card.bars:
        yield "\n".join(map(_bar, card.bars))
    if card.links:
        yield " · ".join(map(_link, card.links))


def _quotation(quotation: Quotation) -> str:
    source = f", {_link(quotation.source)}" if quotation.source else ""
    return f"> ❝ {_quoted(quotation.words)} ❞\n> — {_one_line(quotation.by)}{source}"


def _quoted(text: str) -> str:
    """A text inside a block quote, where every line needs its mark; one with very many lines flows into one."""
    mark = "\n> " if text.count("\n") <= QUOTED_LINES else " "
    return escape(text).replace("\n", mark)


def _one_line(text: str) -> str:
    return escape(text.replace("\n", " "))


def _bar(bar: Bar) -> str:
    """One side's votes, `███████░░░ Russell 7`; any vote at all shows at least one block."""
    filled = max(1, round(bar.share * BAR)) if bar.share else 0
    return f"{'█' * filled}{'░' * (BAR - filled)} {_one_line(bar.label)} {bar.votes:,}"


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


def _file(attachment: Attachment) -> discord.File:
    return discord.File(BytesIO(attachment.content), attachment.name, description=attachment.alt or None)
