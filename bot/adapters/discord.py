"""Discord: slash commands and presses come in, embeds go out.

Discord wants every interaction acknowledged within three seconds, exactly once; what takes longer is acknowledged
empty-handed and answered later. A press needs no registry: its data says all, however old the message is.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import structlog

from bot.adapters import discord_posts
from bot.adapters.discord_client import Client, Interaction, Menus
from bot.adapters.discord_posts import FAILURES, neutral_errors
from bot.adapters.discord_render import render
from bot.adapters.discord_rights import is_guest, lacking
from bot.chat.dispatcher import TOO_FAST, Dispatcher
from bot.chat.messages import Reply, Request, notice
from bot.chat.platform import PostGoneError, TokenRefusedError, UnreachableError
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.i18n import _, marked

log = structlog.get_logger(__name__)

PATIENCE = 1.5
"""Seconds a handler has before its interaction is acknowledged without an answer; Discord gives up after 3."""

FAREWELL = 4.0
"""Seconds that answers in flight have when the adapter is told to stop."""

REMEMBERED = 1_000
"""Messages out of our own reach whose interaction is remembered; the longest unused is forgotten first."""

ANSWERED = marked("Answered in private.")


class DiscordAdapter:
    """Brings interactions in and carries replies out; `run` opens a new connection each time."""

    platform = Platform.DISCORD

    def __init__(
        self,
        token: str,
        dispatcher: Dispatcher,
        posted: Callable[[Post, Reply], None],
        menus: Menus,
        *,
        connector: Callable[[], aiohttp.BaseConnector] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._token = token
        self._dispatcher = dispatcher
        self._posted = posted
        self._menus = menus
        self._connector = connector
        self._patience = patience
        self._client: discord.Client | None = None
        self._in_flight: set[asyncio.Task[Any]] = set()
        self._borrowed: OrderedDict[str, Interaction] = OrderedDict()

    def connection(self) -> discord.Client:
        """A new client, not yet connected, that knows all commands; messages are sent through it from now on."""
        connector = self._connector() if self._connector is not None else None
        self._client = Client(self._answer, self._dispatcher, self._menus, connector)
        return self._client

    async def run(self) -> None:
        """Take interactions until cancelled. Raises TokenRefusedError, UnreachableError."""
        client = self.connection()
        try:
            await client.start(self._token)
        except discord.LoginFailure as error:
            raise TokenRefusedError("Discord does not know this token: check DISCORD_TOKEN.") from error
        except Exception as error:  # a first connection that fails raises whatever discord.py stumbles over
            raise UnreachableError("the connection to Discord ended") from error
        finally:
            if self._in_flight:
                await asyncio.wait(self._in_flight, timeout=FAREWELL)
            self._client = None
            await client.close()

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:
        """Post a reply to a channel, once, and notify a role.

        Raises ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """
        return await discord_posts.send(self._connected(), chat, reply, once=once, ping=ping)

    async def edit(self, post: Post, reply: Reply) -> None:
        """Change a message of ours, its picture included.

        Raises PostGoneError, ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """
        interaction = self._borrowed.get(post.message)
        if interaction is None:
            await discord_posts.edit(self._connected(), post, reply)
        elif interaction.is_expired() or interaction.client is not self._client:
            raise PostGoneError("the interaction that could change the message is over")
        else:
            embed, view, files = render(reply)
            with neutral_errors(interaction.client, editing=True):
                await interaction.edit_original_response(embed=embed, view=view, attachments=files)

    async def tell_admin(self, chat: Chat, reply: Reply) -> bool:
        """Write in private to the owner of a channel's server; whether that was possible.

        Raises SlowDownError, UnreachableError.
        """
        return await discord_posts.tell_owner(self._connected(), chat, reply)

    async def _answer(self, interaction: Interaction, command: str, argument: str) -> None:
        """Dispatch what an interaction asks for, and reply in time; a stop waits for it."""
        row = self._dispatcher.commands.get(command)
        lacks = lacking(interaction) if row is not None and row.posts else ()
        task = asyncio.create_task(self._reply(interaction, _request(interaction, command, argument, lacks)))
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        await task

    async def _reply(self, interaction: Interaction, request: Request) -> None:
        answering = asyncio.create_task(self._dispatcher.dispatch(request))
        try:
            if request.pressed is not None and _out_of_reach(interaction):
                await interaction.response.defer()  # so the pressed message, not the answer, is its original response
                self._borrow(request.pressed, interaction)
            await asyncio.wait({answering}, timeout=self._patience)
            if not (answering.done() or interaction.response.is_done()):
                await interaction.response.defer()
            await self._deliver(interaction, request, await answering)
        except FAILURES as error:
            await answering  # too late to tell the asker, never too late to count the vote
            status, code = getattr(error, "status", None), getattr(error, "code", None)
            log.warning(
                "answer not delivered", command=request.command, error=type(error).__name__, status=status, code=code
            )

    async def _deliver(self, interaction: Interaction, request: Request, reply: Reply | None) -> None:
        pressed = request.pressed
        if reply is None and pressed is not None:
            if not interaction.response.is_done():
                await interaction.response.defer()
        elif reply is None or reply.private:
            with self._dispatcher.speaking(request.chat):
                await _whisper(interaction, reply or notice(_(TOO_FAST)))
        elif reply.replace and pressed is not None and not _for_the_asker_alone(interaction):
            await _replace(interaction, reply)
            self._posted(pressed, reply)
        else:
            post = Post(request.chat, await _publish(interaction, reply))
            if pressed is None and _out_of_reach(interaction):
                self._borrow(post, interaction)
            self._posted(post, reply)

    def _borrow(self, post: Post, interaction: Interaction) -> None:
        """Remember the interaction whose original response a message is: only by it can the message be edited."""
        self._borrowed[post.message] = interaction
        self._borrowed.move_to_end(post.message)
        if len(self._borrowed) > REMEMBERED:
            self._borrowed.popitem(last=False)

    def _connected(self) -> discord.Client:
        if self._client is None:
            raise UnreachableError("not connected to Discord")
        return self._client


def _request(interaction: Interaction, command: str, argument: str, lacks: tuple[str, ...]) -> Request:
    """What an interaction asks for, by whom and where."""
    alone = interaction.context.dm_channel
    channel = str(interaction.channel_id or 0)  # 0: a kind of channel that discord.py does not know yet
    chat = Chat(Platform.DISCORD, channel, ChatKind.PRIVATE if alone else ChatKind.GROUP)
    user = User(Platform.DISCORD, str(interaction.user.id), admin=alone or interaction.permissions.manage_guild)
    pressed = Post(chat, str(interaction.message.id)) if interaction.message else None
    return Request(command, argument, user, chat, interaction.locale.value, pressed, lacks, str(interaction.id))


def _out_of_reach(interaction: Interaction) -> bool:
    """Whether only interactions can edit messages there: the asker alone sees them, or the bot is no member."""
    if _for_the_asker_alone(interaction):
        return True
    return is_guest(interaction) if interaction.guild_id is not None else not interaction.context.dm_channel


def _for_the_asker_alone(interaction: Interaction) -> bool:
    """Whether what was pressed is a message that only the asker sees; what it leads to is for the channel again."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def _whisper(interaction: Interaction, reply: Reply) -> None:
    """Answer for the asker's eyes alone."""
    embed, view, files = render(reply)
    if not interaction.response.is_done():
        await interaction.response.send_message(embed=embed, view=view, files=files, ephemeral=True)
        return
    loading = interaction.message is None
    if loading:  # it is for all to see; until it says something, whatever follows would take its place
        await interaction.edit_original_response(content=_(ANSWERED))
    await interaction.followup.send(embed=embed, view=view, files=files, ephemeral=True)
    if loading:
        await interaction.delete_original_response()


async def _replace(interaction: Interaction, reply: Reply) -> None:
    """Change the message whose button was pressed."""
    embed, view, files = render(reply)
    if interaction.response.is_done():
        await interaction.edit_original_response(embed=embed, view=view, attachments=files)
    else:
        await interaction.response.edit_message(embed=embed, view=view, attachments=files)


async def _publish(interaction: Interaction, reply: Reply) -> str:
    """Answer for all to see; the new message's id."""
    embed, view, files = render(reply)
    if not interaction.response.is_done():
        response = await interaction.response.send_message(embed=embed, view=view, files=files)
        return str(response.message_id)
    # after a slash command this fills the loading message
    message = await interaction.followup.send(embed=embed, view=view, files=files, wait=True)
    return str(message.id)
