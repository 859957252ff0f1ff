"""How a reply looks in a channel that other servers follow: an embed, in the words and the order of the layout.

What Discord copies into the channels of followers are a message's content and embeds, and none of its components: of a
layout, which is nothing but components, nobody can say what would arrive. The buttons stay behind, so whoever follows
reads what whoever subscribed reads and presses.
"""

from typing import NamedTuple

import discord
from discord import ui

from bot.adapters.discord.render import COLOURS, button, file_of, headline, texts_below
from bot.chat.replies import Reply


class Embedded(NamedTuple):
    """A reply as content, an embed and rows of buttons."""

    content: str | None
    embed: discord.Embed
    view: ui.View
    files: list[discord.File]


def embedded(reply: Reply, ping: str = "") -> Embedded:
    """A reply as an embed below the role that it notifies; its picture is the embed's.

    What fits a layout's 4000 characters fits an embed's 4096, the gaps between its texts included.
    """
    below = [*texts_below(reply.card)]
    title = headline(reply.card, alone=not below and reply.attachment is None)
    said = "\n".join(filter(None, (title, "\n\n".join(below))))
    embed = discord.Embed(description=said, colour=COLOURS[reply.card.tone])
    files = []
    if reply.attachment is not None:
        files.append(file_of(reply.attachment))
        if reply.attachment.is_picture:
            embed.set_image(url=f"attachment://{reply.attachment.name}")
    return Embedded(f"<@&{ping}>" if ping else None, embed, _rows(reply), files)


def _rows(reply: Reply) -> ui.View:
    view = ui.View(timeout=None)
    for number, row in enumerate(reply.unfolding_buttons):
        for each in row:
            pressed = button(each)
            pressed.row = number
            view.add_item(pressed)
    view.stop()
    return view
