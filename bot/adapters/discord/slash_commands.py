"""The table of commands as Discord's slash commands, and the one that is asked for on a message."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeAlias

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.adapters.discord.elsewhere import mention
from bot.adapters.discord.inbound import typed_by_an_old_name
from bot.adapters.discord.internals import Interaction, TolerantCommand
from bot.adapters.discord.message_words import words_of
from bot.chat.commands import Command
from bot.chat.dispatcher import Dispatcher
from bot.domain.places import Platform
from bot.i18n import marked

OnCommand: TypeAlias = Callable[[Interaction, str, str], Awaitable[None]]
"""Takes an interaction that asks for a command with an argument."""

SlashCommand: TypeAlias = app_commands.Command[Any, ..., None]

ANY = "words"
"""What an option is called that has no name of its own."""

CHANNEL = "channel"
"""What the option is called by which a command is about another channel."""

CHANNEL_SUMMARY = marked("Another channel that is meant, such as a forum; this one if left out")

CHOICES = 25
"""Completions of an argument that Discord shows at most."""

CHOICE = 100
"""Characters of a completion, and of the label that stands for it, at most."""


ON_A_MESSAGE = "blame"
"""The command that can be asked for on a message, with the incident that it names."""

ON_A_MESSAGE_CALLED = marked("Who was to blame?")


class _NamedChannel(app_commands.Transformer):
    """A channel that may be chosen, as it stands in an argument."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Discord's word for it."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The kinds of channel in which something can be told."""
        return [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.forum]

    async def transform(self, _interaction: Interaction, value: app_commands.AppCommandChannel, /) -> str:
        """The channel's mention."""
        return mention(value.id)


def message_command(on_command: OnCommand) -> app_commands.ContextMenu:
    """The poll in the menu of any message: on the incident that it names, found in its words as any other is."""

    async def ask(interaction: Interaction, message: discord.Message) -> None:
        ourselves = interaction.client.user
        await on_command(interaction, ON_A_MESSAGE, words_of(message, ourselves.id if ourselves else None))

    return app_commands.ContextMenu(name=locale_str(ON_A_MESSAGE_CALLED), callback=ask)


def slash_command(command: Command, on_command: OnCommand, dispatcher: Dispatcher) -> SlashCommand:
    """A row of the table as a slash command, its argument as one optional, self-completing text.

    A command for admins is, until a server's settings say otherwise, for who manages that, and may be about another
    channel. Presses and private chats are not Discord's to look at.
    """

    async def complete(_interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        fitting = [one for one in dispatcher.suggest(command.name, typed) if len(one.argument) <= CHOICE]
        return [app_commands.Choice(name=one.label[:CHOICE], value=one.argument) for one in fitting[:CHOICES]]

    slash: SlashCommand = TolerantCommand(
        name=locale_str(command.name),
        description=locale_str(command.summary_on(Platform.DISCORD)),
        callback=_callback(command, on_command),
    )
    options = {"argument": (command.option or ANY, command.argument)} if command.argument else {}
    if command.admin:
        app_commands.default_permissions(manage_guild=True)(slash)
        options["channel"] = (CHANNEL, CHANNEL_SUMMARY)
    app_commands.rename(**{option: locale_str(called) for option, (called, _summary) in options.items()})(slash)
    app_commands.describe(**{option: locale_str(summary) for option, (_called, summary) in options.items()})(slash)
    if command.argument and command.suggest is not None:
        app_commands.autocomplete(argument=complete)(slash)
    return slash


def _callback(command: Command, on_command: OnCommand) -> Callable[..., Coroutine[Any, Any, None]]:
    """What is called with the options that a command has."""

    async def bare(interaction: Interaction) -> None:
        await on_command(interaction, command.name, "")

    async def with_argument(interaction: Interaction, argument: str = "") -> None:
        await on_command(interaction, command.name, argument or typed_by_an_old_name(interaction))

    async def about_a_channel(
        interaction: Interaction, argument: str = "", channel: app_commands.Transform[str, _NamedChannel] = ""
    ) -> None:
        await with_argument(interaction, f"{argument or typed_by_an_old_name(interaction)} {channel}".strip())

    return about_a_channel if command.admin else with_argument if command.argument else bare
