"""A connection to Discord: the table of commands as slash commands, and the presses of buttons."""

import asyncio
import hashlib
import json
import sys
from typing import Any, Protocol

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.adapters.discord.internals import (
    Interaction,
    TolerantClient,
    TolerantShardedClient,
    TolerantTree,
    unreadable_interaction,
)
from bot.adapters.discord.names import Names
from bot.adapters.discord.reconnecting import Reconnecting  # noqa: TC001 - an attribute is declared with it
from bot.adapters.discord.retry import Silenced, failure_watch
from bot.adapters.discord.slash_commands import ON_A_MESSAGE, OnCommand, message_command, slash_command
from bot.chat.buttons import parse_data
from bot.chat.dispatcher import Dispatcher
from bot.domain.shards import Shards
from bot.pacing.clock import Clock

log = structlog.get_logger(__name__)

LONGEST_WAIT = 30.0
"""Seconds of a rate limit that discord.py waits for at most; a longer one is raised as `RateLimited`."""

BETWEEN_SHARDS = 5.0
"""Seconds between two connections that say who they are."""

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
        self.reconnecting: Reconnecting | None = None
        """Who tells of outages, if anybody does."""

    async def connect(self, *, reconnect: bool = True) -> None:  # noqa: ARG002 - the library's
        """Stay logged in until cancelled."""
        if self.reconnecting is not None:
            self.reconnecting.back()
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
        self.reconnecting: Reconnecting | None = None
        """Who tells of outages of the gateway, if anybody does."""

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
                self.tree.add_command(slash_command(command, on_command, dispatcher))
            if command.listed and command.name == ON_A_MESSAGE:
                self.tree.add_command(message_command(on_command))

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

    async def on_connect(self) -> None:
        """A new session begins, on the one connection or on any of several."""
        self._is_back(None)

    async def on_resumed(self) -> None:
        """The session that there was goes on."""
        self._is_back(None)

    async def on_shard_connect(self, shard: int) -> None:
        """A new session begins on one of several connections."""
        self._is_back(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """The session of one of several connections goes on."""
        self._is_back(shard)

    def _is_back(self, shard: int | None) -> None:
        if self.reconnecting is not None:
            self.reconnecting.back(shard)

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
