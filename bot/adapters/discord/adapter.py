"""Discord: slash commands and presses come in, layouts of components go out.

Discord wants every interaction acknowledged within three seconds, exactly once; what takes longer is acknowledged
empty-handed and answered later. A press needs no registry: its data says all, however old the message is.
"""

from collections.abc import Callable

import aiohttp
import discord

from bot.adapters.discord import sender
from bot.adapters.discord.answer import change
from bot.adapters.discord.answering import PATIENCE, Answering
from bot.adapters.discord.client import Client, Menus, SendingClient, ShardedClient
from bot.adapters.discord.errors import connection_ended, neutral_errors
from bot.adapters.discord.forums import Forums, Posts
from bot.adapters.discord.part import ALL_OF_IT, Part
from bot.adapters.discord.posting import Posting
from bot.adapters.discord.reconnecting import Reconnecting
from bot.chat.dispatcher import Dispatcher
from bot.chat.platform import PostGoneError, SlowDownError, TokenRefusedError, UnreachableError, Way
from bot.chat.replies import Reply
from bot.domain.places import Chat, Platform, Post, User
from bot.pacing.clock import Clock, SystemClock

INVITATION = "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions=274877959168"
"""Where somebody brings the bot into a server: to view channels, send messages, embed links and attach files."""

DOUBT = 5.0
"""Seconds after which a refused token is tried once more: Discord refuses good ones, too, on a bad day."""


class DiscordAdapter:
    """Brings interactions in and carries replies out; `run` opens a new connection each time."""

    platform = Platform.DISCORD
    deliveries_a_second: float | None = None
    """Messages to all chats together that are sent in a second at most; none is named, as Discord says in its answers'
    headers how many it takes, and discord.py waits accordingly."""

    calls_a_second = 45
    """Upper bound of calls of our own accord, by all that share a token; Discord allows 50, answers not counted."""

    delivery_chat_gap = 0.0
    """Seconds between two messages of our own accord to the same chat, at least; Discord's headers say this as well."""

    def __init__(
        self,
        token: str,
        dispatcher: Dispatcher,
        posted: Callable[[Post, Reply], None],
        menus: Menus,
        forums: Posts,
        *,
        connector: Callable[[], aiohttp.BaseConnector] | None = None,
        patience: float = PATIENCE,
        clock: Clock | None = None,
        part: Part = ALL_OF_IT,
    ) -> None:
        """`part` is what this process does, where several are one bot."""
        self._part = part
        self._token = token
        self._dispatcher = dispatcher
        self._menus = menus
        self._connector = connector
        self._clock = clock or SystemClock()
        self._client: discord.Client | None = None
        self._reconnecting = Reconnecting()
        own_forums = Forums(forums, self._clock)
        self._posting = Posting(own_forums, self._clock)
        self._answering = Answering(dispatcher, posted, own_forums, self._clock, patience)

    def connection(self) -> discord.Client:
        """A new client, not yet connected, that knows all commands; messages are sent through it from now on."""
        connector = self._connector() if self._connector is not None else None
        parts = (self._answering.take, self._dispatcher, self._menus, connector, self._silenced)
        if not self._part.answers:
            self._client = SendingClient(connector, self._silenced)
        elif (shards := self._part.shards) is not None:
            self._client = ShardedClient(shards, self._clock, *parts)
        else:
            self._client = Client(*parts)
        if isinstance(self._client, Client | SendingClient):
            self._client.reconnecting = self._reconnecting
        return self._client

    async def run(self) -> None:
        """Take interactions until cancelled. Raises TokenRefusedError, SetUpWronglyError, UnreachableError."""
        try:
            await self._run_once()
        except TokenRefusedError:
            await self._clock.sleep(DOUBT)
            await self._run_once()

    async def _run_once(self) -> None:
        client = self.connection()
        try:
            with self._reconnecting.told():
                await client.start(self._token)
        except Exception as error:  # a first connection that fails raises whatever discord.py stumbles over
            self._reconnecting.failed()
            raise connection_ended(error) from error
        finally:
            await self._answering.finish()
            self._client = None
            await self._posting.close()
            await client.close()

    def way(self) -> Way | None:
        """Discord's invitation; None while it is not connected. No address there opens a card."""
        application = self._client.application_id if self._client is not None else None
        return None if application is None else Way("Discord", INVITATION.format(application=application))

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:
        """Post a reply to a channel, once, and notify a role; in an announcement channel it is published as well.

        In a forum it is posted in the post of the race that it is about.

        Raises ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """
        return await self._posting.send(await self._in_turn(), chat, reply, once=once, ping=ping)

    async def edit(self, post: Post, reply: Reply) -> None:
        """Change a message of ours, its picture included.

        Raises PostGoneError, ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """
        interaction = self._answering.borrowed(post)
        if interaction is None:
            await self._posting.edit(await self._in_turn(), post, reply)
        elif interaction.is_expired() or interaction.client is not self._client:
            raise PostGoneError("the interaction that could change the message is over")
        else:
            with neutral_errors(interaction.client, editing=True):
                await change(interaction, reply)

    async def tell_admin(self, chat: Chat, reply: Reply, first: User | None = None) -> bool:
        """Write in private to `first`, or else to the owner of a channel's server; whether that was possible.

        Raises SlowDownError, UnreachableError.
        """
        return await sender.tell_admin(await self._in_turn(), chat, reply, first)

    async def _in_turn(self) -> discord.Client:
        """The connection, once one more call may be made. Raises SlowDownError while Discord wants none at all."""
        client = self._connected()
        if (pace := self._part.pace) is not None:
            _refuse_while(pace.silence())
            await pace.turn()
            _refuse_while(pace.silence())
        return client

    def _silenced(self, seconds: float) -> None:
        """Take note that Discord wants no calls at all, whichever process they are from."""
        if self._part.pace is not None:
            self._part.pace.fall_silent(seconds)

    def _connected(self) -> discord.Client:
        if self._client is None:
            raise UnreachableError("not connected to Discord")
        return self._client


def _refuse_while(silence: float) -> None:
    if silence > 0:
        raise SlowDownError(silence)
