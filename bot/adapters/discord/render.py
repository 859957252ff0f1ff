"""How a reply looks on Discord: a layout of components, which is seen with embeds switched off too.

A container in the colour of the ruling holds the text, then the picture or file; rows of buttons stand below. Discord
reads markdown in every text of a layout, so every string of a reply is escaped; it reads none in button labels and ids.
Of a veiled reply only the title is seen: the rest is in a container that opens when somebody taps it, and the colour
tells nothing.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple, TypeAlias

import discord
from discord import ui

from bot.chat.buttons import Button
from bot.chat.cards import Card, Field, Link, Quotation, Tone
from bot.chat.instants import Instant, Shown, Text, pieces
from bot.chat.plain_text import unbroken
from bot.chat.replies import Attachment, Reply
from bot.chat.text_limits import weight
from bot.chat.votes import Votes

Item: TypeAlias = ui.Item[ui.LayoutView]

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

QUOTED_LINES = 16
"""Line breaks that a quotation keeps: each costs two more characters, and so many fit into what a card sets aside."""

_MARKDOWN = re.compile(r"[\\`*_~|<>\[\]()#\-+.:/@]")
_BRACKETS = str.maketrans("[]", "［］")
_ADDRESS = str.maketrans({"(": "%28", ")": "%29", "\\": "%5C", "|": "%7C"})
_QUOTE = "> "


class Rendered(NamedTuple):
    """A reply in Discord's own terms."""

    view: ui.LayoutView
    files: list[discord.File]


def render(reply: Reply, ping: str = "") -> Rendered:
    """A reply as it is sent, below the role that it notifies; what `Reply` allows fits all of Discord's limits."""
    card, view = reply.card, ui.LayoutView(timeout=None)
    if ping:
        view.add_item(ui.TextDisplay(f"<@&{ping}>"))
    below: list[Item] = [ui.TextDisplay(text) for text in texts_below(card)]
    files = []
    if reply.attachment is not None:
        files.append(file_of(reply.attachment))
        below.append(_shown(reply.attachment))
    title: Item = ui.TextDisplay(headline(card, alone=not below))
    if reply.veiled and below:
        view.add_item(ui.Container(title, accent_colour=COLOURS[Tone.NEUTRAL]))
        view.add_item(ui.Container(*below, accent_colour=COLOURS[Tone.NEUTRAL], spoiler=True))
    else:
        view.add_item(ui.Container(title, *below, accent_colour=COLOURS[card.tone]))
    for row in reply.unfolding_buttons:
        view.add_item(ui.ActionRow(*map(button, row)))
    view.stop()  # its presses arrive by their data alone; discord.py would keep a listening view in memory for good
    return Rendered(view, files)


def escape(text: Text) -> str:
    """Text that Discord shows as it is: no emphasis, heading, list, quote, link, mention or emoji arises.

    A line's `1.` and a bare `https://` lose their meaning too, for `.`, `:` and `/` are among what is escaped. Its
    instants become timestamps, which each reader sees by their own clock.
    """
    return "".join(_clock(part) if isinstance(part, Instant) else _escaped(part) for part in pieces(text))


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", unbroken(text))


def _clock(instant: Instant) -> str:
    return _escaped(instant.written) if instant.unix is None else f"<t:{instant.unix}:{CLOCKS[instant.shown]}>"


def headline(card: Card, *, alone: bool) -> str:
    """A card's title as a heading; with nothing below it, it is a sentence, not a headline."""
    return escape(card.title) if alone else f"### {_one_line(card.title)}"


def texts_below(card: Card) -> Iterator[str]:
    """The texts below a card's title, top to bottom: each is a component, of which a message has only so many."""
    facts = filter(None, ("\n".join(map(_field, card.fields)), *map(_votes, card.votes)))
    yield from filter(None, ("\n\n".join(_body(card)), "\n\n".join(facts), _small_print(card)))


def _body(card: Card) -> Iterator[str]:
    if card.subtitle:
        yield f"*{escape(card.subtitle.strip())}*"
    yield from map(escape, card.paragraphs)
    for quotation in card.quotations:
        yield _quotation(quotation)


def _small_print(card: Card) -> str:
    footer = f"-# {_one_line(card.footer)}" if card.footer else ""
    return "\n".join(filter(None, (" · ".join(map(_link, card.links)), footer)))


def _field(fact: Field) -> str:
    return f"**{_one_line(fact.name)}**: {escape(fact.value)}"


def _quotation(quotation: Quotation) -> str:
    source = f", {_link(quotation.source)}" if quotation.source else ""
    return f"{_QUOTE}❝ {_quoted(quotation.words)} ❞\n{_QUOTE}— {_one_line(quotation.by)}{source}"


def _quoted(text: str) -> str:
    """A text inside a block quote, where every line needs its mark; one with very many lines flows into one."""
    mark = f"\n{_QUOTE}" if text.count("\n") <= QUOTED_LINES else " "
    return escape(text).replace("\n", mark)


def _one_line(text: Text) -> str:
    return escape(text).replace("\n", " ")


def _votes(votes: Votes) -> str:
    """Whose votes they are, and below that how they lie."""
    return "\n".join((f"**{escape(votes.name)}**", *map(escape, votes.lines)))


def _link(link: Link) -> str:
    """A masked link; its label alone where the address could end the link early.

    No escape helps inside a link, so brackets in the label become wide ones, and those in the address are encoded.
    """
    label = _one_line(link.label.translate(_BRACKETS))
    address = link.url.translate(_ADDRESS)
    whole = address.isprintable() and len(address) <= weight(link.url)
    return f"[{label}]({address})" if whole else label


def button(each: Button) -> ui.Button[Any]:
    """A button that brings its data back when it is pressed."""
    style = discord.ButtonStyle.primary if each.chosen else discord.ButtonStyle.secondary
    return ui.Button(label=each.shown, custom_id=each.data, style=style)


def _shown(attachment: Attachment) -> Item:
    """A picture, or a file to be downloaded, where it stands in a layout: elsewhere Discord would not show it."""
    address = f"attachment://{attachment.name}"
    if not attachment.is_picture:
        return ui.File(address)
    return ui.MediaGallery(discord.MediaGalleryItem(address, description=attachment.alt or None))


def file_of(attachment: Attachment) -> discord.File:
    """An attachment as Discord takes it; it can be sent once."""
    return discord.File(BytesIO(attachment.content), attachment.name, description=attachment.alt or None)
