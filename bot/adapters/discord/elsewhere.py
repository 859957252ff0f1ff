"""What somebody asks in one channel about another: `/subscribe topic: recaps channel: #races`, or a forum."""

import re
from dataclasses import replace

import discord
from discord.abc import GuildChannel

from bot.adapters.discord.addresses import channel_chat, forum_chat, is_forum
from bot.adapters.discord.internals import Interaction
from bot.adapters.discord.permissions import lacking_of
from bot.chat.buttons import TURNING
from bot.chat.dispatcher import Dispatcher
from bot.chat.elsewhere import about
from bot.chat.platform import NotAllowedError
from bot.chat.replies import Reply, notice
from bot.chat.requests import Request
from bot.domain.places import Chat
from bot.i18n import _, marked

NOT_THERE = marked("I cannot see that channel. Give me View Channel there, then ask again.")
NOT_THAT_KIND = marked("That takes a text, announcement or forum channel of this server.")

_NAME = re.compile(r"(?<!\S)<#(\d{1,20})>(?!\S)", re.ASCII)


def mention(channel: int) -> str:
    """How a channel stands in an argument."""
    return f"<#{channel}>"


def named(argument: str) -> tuple[int, str] | None:
    """The channel that an argument names, and the rest of it; None where it names none."""
    match = _NAME.search(argument)
    if match is None:
        return None
    return int(match[1]), " ".join((argument[: match.start()] + argument[match.end() :]).split())


class Asking:
    """Asks the dispatcher; what takes an admin may be about another channel of the same server."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._admins = {command.name for command in dispatcher.commands.values() if command.admin}

    async def dispatch(self, interaction: Interaction, request: Request, *, let_in: bool) -> Reply | None:
        """The answer to what an interaction asks; `let_in` is whether the asker may use the command by settings.

        Raises what discord.py does where Discord fails.
        """
        takes_an_admin = request.command.removeprefix(TURNING) in self._admins
        other = named(request.argument) if takes_an_admin else None
        if other is None:
            return await self._dispatcher.dispatch(request)
        channel_id, argument = other
        try:
            rights = await _looked_at(interaction, channel_id, let_in=let_in)
        except NotAllowedError as error:
            with self._dispatcher.speaking(request.chat):
                return notice(_(str(error)))
        asked = replace(request, chat=rights.chat, argument=argument, rights=rights)
        reply = await self._dispatcher.dispatch(asked)
        return reply and about(mention(channel_id), reply, self._admins, called=f"#{rights.channel.name}")


class ChannelRights:
    """What the asker and the bot may do in another channel of the server that they ask on."""

    def __init__(
        self,
        channel: discord.TextChannel | discord.ForumChannel,
        asker: discord.Member,
        bot: discord.Member,
        *,
        let_in: bool,
    ) -> None:
        self.channel = channel
        # What is given, without what one missing permission makes useless: that is not to be asked for as well.
        self._asker, self._bot = (GuildChannel.permissions_for(channel, each) for each in (asker, bot))
        self._let_in = let_in

    @property
    def chat(self) -> Chat:
        """The channel as a chat."""
        is_one = isinstance(self.channel, discord.ForumChannel)
        return (forum_chat if is_one else channel_chat)(self.channel.id)

    async def is_admin(self) -> bool:
        """Whether the server lets the asker, or they manage it, and they see the channel."""
        return (self._let_in or self._asker.manage_guild) and self._asker.view_channel

    async def lacking(self) -> tuple[str, ...]:
        """What the bot lacks to post there by itself."""
        return lacking_of(self._bot, forum=is_forum(self.chat))


async def _looked_at(interaction: Interaction, channel_id: int, *, let_in: bool) -> ChannelRights:
    """What may be done in a channel, as Discord says it now: without intents nothing is known of servers.

    Raises NotAllowedError, or what discord.py does where Discord fails.
    """
    client, asker = interaction.client, interaction.user
    if interaction.guild_id is None or not isinstance(asker, discord.Member) or client.user is None:
        raise NotAllowedError(NOT_THAT_KIND)
    try:
        guild = await client.fetch_guild(interaction.guild_id, with_counts=False)
        channel = await guild.fetch_channel(channel_id)
        bot = await guild.fetch_member(client.user.id)
    except discord.InvalidData as error:
        raise NotAllowedError(NOT_THAT_KIND) from error
    except (discord.Forbidden, discord.NotFound) as error:
        raise NotAllowedError(NOT_THERE) from error
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
        raise NotAllowedError(NOT_THAT_KIND)
    return ChannelRights(channel, asker, bot, let_in=let_in)
