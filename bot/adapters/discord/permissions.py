"""What the bot may do where an interaction comes from; Discord says so in the interaction itself."""

import discord

from bot.adapters.discord.internals import Interaction, installed_by
from bot.i18n import marked

SERVER_OR_CHAT = marked("a server, or a private chat with me")
MEMBERSHIP = marked("to be added to this server")

_BY_A_SERVER, _BY_A_PERSON = 0, 1
"""Who installed the bot, as Discord's keys."""


class InteractionRights:
    """What the asker and the bot may do where an interaction comes from, as Discord says in the interaction."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction

    async def is_admin(self) -> bool:
        """Whether the asker may manage the server; alone with the bot everybody may."""
        return self._interaction.context.dm_channel or self._interaction.permissions.manage_guild

    async def lacking(self) -> tuple[str, ...]:
        """What the bot lacks to post there by itself."""
        return lacking(self._interaction)


def lacking(interaction: Interaction) -> tuple[str, ...]:
    """What the bot lacks to post there by itself, permissions by the names that they have in Discord's settings."""
    if interaction.context.dm_channel:
        return ()
    if interaction.guild_id is None:
        return (SERVER_OR_CHAT,)
    if is_guest(interaction):
        return (MEMBERSHIP,)
    has = interaction.app_permissions
    in_a_thread = isinstance(interaction.channel, discord.Thread)
    needed = {
        marked("View Channel"): has.view_channel,
        marked("Send Messages in Threads"): has.send_messages_in_threads or not in_a_thread,
        marked("Send Messages"): has.send_messages or in_a_thread,
        marked("Embed Links"): has.embed_links,
        marked("Attach Files"): has.attach_files,
    }
    return () if has.administrator else tuple(name for name, there in needed.items() if not there)


def is_guest(interaction: Interaction) -> bool:
    """Whether the bot is no member of the server: a person brought it along, the asker or whoever asked before."""
    installed = installed_by(interaction)
    return interaction.guild_id is not None and _BY_A_PERSON in installed and _BY_A_SERVER not in installed
