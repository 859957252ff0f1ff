"""What the bot may do where an interaction comes from; Discord says so in the interaction itself."""

import discord

from bot.adapters.discord.internals import Interaction, installed_by
from bot.i18n import marked
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered

SERVER_OR_CHAT = marked("a server, or a private chat with me")
MEMBERSHIP = marked("to be added to this server")

LET_IN = 1_000
"""People who were let use a command that are remembered; who was let in longest ago is forgotten first."""

PRESSES = 3_600.0
"""Seconds for which who was let use a command may press its buttons."""

_BY_A_SERVER, _BY_A_PERSON = 0, 1
"""Who installed the bot, as Discord's keys."""


class Doorkeeper:
    """Knows whom Discord let use a command that is for admins: a server's settings may let in more than its managers.

    Discord looks at who uses a command, never at who presses a button. So whoever it let in may press what belongs to
    that command for a while.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._let_in: Remembered[tuple[int, int, str], float] = Remembered(LET_IN)

    def admits(self, interaction: Interaction, command: str) -> bool:
        """Whether Discord has let the asker use a command on the interaction's server, now or shortly before."""
        if interaction.guild_id is None or is_guest(interaction):
            return False
        who, now = (interaction.guild_id, interaction.user.id, command), self._clock.monotonic()
        if interaction.type is discord.InteractionType.application_command:
            self._let_in[who] = now + PRESSES
        return self._let_in.get(who, now) > now


class InteractionRights:
    """What the asker and the bot may do where an interaction comes from, as Discord says in the interaction.

    `let_in` is whether Discord let the asker use the command by the server's own settings; `forum`, whether it is about
    the forum that the interaction comes from a post of.
    """

    def __init__(self, interaction: Interaction, *, let_in: bool, forum: bool = False) -> None:
        self._interaction = interaction
        self._let_in = let_in
        self._forum = forum

    async def is_admin(self) -> bool:
        """Whether the server lets the asker, or they manage it; alone with the bot everybody is."""
        said = self._interaction
        return self._let_in or said.context.dm_channel or said.permissions.manage_guild

    async def lacking(self) -> tuple[str, ...]:
        """What the bot lacks to post there by itself."""
        return lacking(self._interaction, forum=self._forum)


def lacking(interaction: Interaction, *, forum: bool = False) -> tuple[str, ...]:
    """What the bot lacks to post there by itself, permissions by the names that they have in Discord's settings.

    `forum` is whether that is in the forum which the interaction comes from a post of.
    """
    if interaction.context.dm_channel:
        return ()
    if interaction.guild_id is None:
        return (SERVER_OR_CHAT,)
    if is_guest(interaction):
        return (MEMBERSHIP,)
    return lacking_of(interaction.app_permissions, thread=isinstance(interaction.channel, discord.Thread), forum=forum)


def lacking_of(has: discord.Permissions, *, thread: bool = False, forum: bool = False) -> tuple[str, ...]:
    """What is missing of the permissions that it takes to post in a channel, a thread or a forum."""
    in_posts, posts = marked("Send Messages in Posts"), marked("Create Posts")
    writing = {
        marked("Send Messages in Threads"): has.send_messages_in_threads or not thread,
        marked("Send Messages"): has.send_messages or thread,
    }
    in_a_forum = {posts: has.send_messages, in_posts: has.send_messages_in_threads}
    needed = {
        marked("View Channel"): has.view_channel,
        **(in_a_forum if forum else writing),
        marked("Embed Links"): has.embed_links,
        marked("Attach Files"): has.attach_files,
    }
    return () if has.administrator else tuple(name for name, there in needed.items() if not there)


def is_guest(interaction: Interaction) -> bool:
    """Whether the bot is no member of the server: a person brought it along, the asker or whoever asked before."""
    installed = installed_by(interaction)
    return interaction.guild_id is not None and _BY_A_PERSON in installed and _BY_A_SERVER not in installed
