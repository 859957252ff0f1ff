"""A connection to Discord: the table of commands as slash commands, and the presses of buttons."""

import asyncio
import hashlib
import json
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, TypeAlias

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str

from bot.adapters.discord.elsewhere import mention
from bot.adapters.discord.inbound import typed_by_an_old_name, words_of
from bot.adapters.discord.internals import (
    Interaction,
    TolerantClient,
    TolerantCommand,
    TolerantShardedClient,
    TolerantTree,
    unreadable_interaction,
)
from bot.adapters.discord.names import Names
from bot.adapters.discord.retry import Silenced, failure_watch
from bot.chat.buttons import parse_data
from bot.chat.commands import Command
from bot.chat.dispatcher import Dispatcher
from bot.domain.places import Platform
from bot.domain.shards import Shards
from bot.i18n import marked
from bot.pacing.clock import Clock

log = structlog.get_logger(__name__)

OnCommand: TypeAlias = Callable[[Interaction, str, str], Awaitable[None]]
"""Takes an interaction that asks for a command with an argument."""

SlashCommand: TypeAlias = app_commands.Command[Any, ..., None]

LONGEST_WAIT = 30.0
"""Seconds of a rate limit that discord.py waits for at most; a longer one is raised as `RateLimited`."""

BETWEEN_SHARDS = 5.0
"""Seconds between two connections that say who they are."""

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

_THE_TREES = (discord.InteractionType.application_command, discord.InteractionType.autocomplete)


class Menus(Protocol):
    """Remembers which commands a platform was last told of."""

    async def changed(self, key: str, digest: str) -> bool:
        """Whether the commands kept under a key are others than these."""

    async def published(self, key: str, digest: str) -> None:
        """Note that the platform has these commands now."""


def _options(connector: aiohttp.BaseConnector | None, silenced: Silenced) -> dict[str, Any]:
    """What every client of ours is told: nothing is kept of servers and people, nobody is mentioned."""
    return {
        "intents": discord.Intents.none(),
        "connector": connector,
        "http_trace": failure_watch(silenced),
        "allowed_mentions": discord.AllowedMentions.none(),
        "max_ratelimit_timeout": LONGEST_WAIT,
        "max_messages": None,
        "member_cache_flags": discord.MemberCacheFlags.none(),
        "chunk_guilds_at_startup": False,
    }


class SendingClient(discord.Client):
    """Sends over REST, and opens no connection to the gateway: people are answered by other processes."""

    def __init__(self, connector: aiohttp.BaseConnector | None, silenced: Silenced) -> None:
        super().__init__(**_options(connector, silenced))

    async def connect(self, *, reconnect: bool = True) -> None:  # noqa: ARG002 - the library's
        """Stay logged in until cancelled."""
        await asyncio.Event().wait()


class Client(TolerantClient):
    """One connection to Discord: the table as slash commands, and every press of a button."""

    def __init__(
        self,
        on_command: OnCommand,
        dispatcher: Dispatcher,
        menus: Menus,
        connector: aiohttp.BaseConnector | None,
        silenced: Silenced,
        **options: Any,
    ) -> None:
        """`options` are what the library wants to be told besides."""
        super().__init__(**_options(connector, silenced), **options)
        self._on_command = on_command
        self._menus = menus
        self.menu_is_known = False
        """Whether Discord has these very commands, and so looks at who may use which."""

        self.tree = _Tree(
            self,
            on_command,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        )
        for command in dispatcher.commands.values():
            if command.listed:
                self.tree.add_command(_slash_command(command, on_command, dispatcher))
            if command.listed and command.name == ON_A_MESSAGE:
                self.tree.add_command(_message_command(on_command))

    async def setup_hook(self) -> None:
        """Tell Discord of the commands, by their names in each language, where they are not the ones it knows."""
        names = Names()
        await self.tree.set_translator(names)
        commands = [await command.get_translated_payload(self.tree, names) for command in self.tree.get_commands()]
        menu = json.dumps(commands, sort_keys=True)
        key, digest = f"discord:{self.application_id}", hashlib.sha256(menu.encode()).hexdigest()
        if not await self._menus.changed(key, digest):
            self.menu_is_known = True
            return
        try:
            await self.tree.sync()
        except Exception:  # yesterday's menu is better than no connection
            log.exception("discord.commands_unpublished")
        else:
            self.menu_is_known = True
            await self._menus.published(key, digest)

    async def on_interaction(self, interaction: Interaction) -> None:
        """A press; its data is all there is to know, so no view listens for it. Commands are the tree's."""
        data: object = interaction.custom_id
        if interaction.type is discord.InteractionType.component and isinstance(data, str):
            await self._on_command(interaction, *parse_data(data))
        elif interaction.type not in _THE_TREES:
            unreadable_interaction(interaction, TypeError("not a press or a command"))

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """An event's handler failed; the others go on."""
        log.error("discord.event_failed", handler=event_method, exc_info=sys.exception())


class ShardedClient(Client, TolerantShardedClient):
    """The same over several connections, each of which is told of some servers; the first of all, of private chats."""

    def __init__(self, shards: Shards, clock: Clock, *parts: Any) -> None:
        """`parts` are those of `Client`."""
        self._clock = clock
        chosen: dict[str, Any] = {"shard_ids": list(shards.ids), "shard_count": shards.of}
        super().__init__(*parts, **({} if shards.are_automatic else chosen))

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Let one connection after the other say who it is: Discord takes one in five seconds."""
        if not initial:
            await self._clock.sleep(BETWEEN_SHARDS)


class _Tree(TolerantTree):
    def __init__(self, client: discord.Client, on_command: OnCommand, **options: Any) -> None:
        super().__init__(client, **options)
        self._on_command = on_command

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """A slash command failed outside its own handler; one that is there no more is answered like a mistyped one."""
        if isinstance(error, app_commands.CommandNotFound):
            await self._on_command(interaction, error.name, "")
            return
        log.error("discord.command_failed", command=getattr(interaction.command, "name", None), exc_info=error)


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


def _message_command(on_command: OnCommand) -> app_commands.ContextMenu:
    """The poll in the menu of any message: on the incident that it names, found in its words as any other is."""

    async def ask(interaction: Interaction, message: discord.Message) -> None:
        await on_command(interaction, ON_A_MESSAGE, words_of(message))

    return app_commands.ContextMenu(name=locale_str(ON_A_MESSAGE_CALLED), callback=ask)


def _slash_command(command: Command, on_command: OnCommand, dispatcher: Dispatcher) -> SlashCommand:
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
