"""Discord: slash commands and presses come in, layouts of components go out.

Discord wants every interaction acknowledged within three seconds, exactly once; what takes longer is acknowledged
empty-handed and answered later. A press needs no registry: its data says all, however old the message is.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import structlog

from bot.adapters.discord import sender
from bot.adapters.discord.answer import Answer, change
from bot.adapters.discord.client import Client, Menus, SendingClient, ShardedClient
from bot.adapters.discord.elsewhere import Asking
from bot.adapters.discord.errors import FAILURES, connection_ended, neutral_errors
from bot.adapters.discord.forums import Forums, Posts
from bot.adapters.discord.inbound import is_out_of_reach, is_shown, requested, shown_by, thread_of
from bot.adapters.discord.internals import Interaction, unreadable_interaction
from bot.adapters.discord.part import ALL_OF_IT, Part
from bot.adapters.discord.permissions import Doorkeeper
from bot.adapters.discord.posting import Posting
from bot.chat.buttons import TURNING
from bot.chat.dispatcher import TOO_FAST, Dispatcher
from bot.chat.platform import PostGoneError, SlowDownError, TokenRefusedError, UnreachableError, Way
from bot.chat.replies import Reply, notice
from bot.chat.requests import Request
from bot.domain.places import Chat, Platform, Post, User
from bot.i18n import _, marked
from bot.pacing.clock import Clock, SystemClock
from bot.pacing.remembered import Remembered

log = structlog.get_logger(__name__)

INVITATION = "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions=274877959168"
"""Where somebody brings the bot into a server: to view channels, send messages, embed links and attach files."""

PATIENCE = 1.5
"""Seconds that a handler has before its interaction is acknowledged without an answer; Discord gives it up after 3."""

FAREWELL = 2.5
"""Seconds that answers in flight have when the adapter is told to stop; the bot does not wait much longer for it."""

BORROWED = 1_000
"""Messages out of our own reach whose interaction is remembered; the longest unused is forgotten first."""

SEEN = 10_000
"""Interactions that are remembered, to be told from those that a resumed session brings again."""

DOUBT = 5.0
"""Seconds after which a refused token is tried once more: Discord refuses good ones, too, on a bad day."""


ALREADY_SO = marked("It is so already.")


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
        self._posted = posted
        self._menus = menus
        self._connector = connector
        self._patience = patience
        self._clock = clock or SystemClock()
        self._client: discord.Client | None = None
        self._in_flight: set[asyncio.Task[Any]] = set()
        self._borrowed: Remembered[str, Interaction] = Remembered(BORROWED)
        self._seen: Remembered[int, None] = Remembered(SEEN)
        self._doorkeeper = Doorkeeper(self._clock)
        self._forums = Forums(forums, self._clock)
        self._posting = Posting(self._forums, self._clock)
        self._asking = Asking(dispatcher)

    def connection(self) -> discord.Client:
        """A new client, not yet connected, that knows all commands; messages are sent through it from now on."""
        connector = self._connector() if self._connector is not None else None
        parts = (self._take, self._dispatcher, self._menus, connector, self._silenced)
        if not self._part.answers:
            self._client = SendingClient(connector, self._silenced)
        elif (shards := self._part.shards) is not None:
            self._client = ShardedClient(shards, self._clock, *parts)
        else:
            self._client = Client(*parts)
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
            await client.start(self._token)
        except Exception as error:  # a first connection that fails raises whatever discord.py stumbles over
            raise connection_ended(error) from error
        finally:
            if self._in_flight:
                await asyncio.wait(self._in_flight, timeout=FAREWELL)
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
        interaction = self._borrowed.get(post.message)
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

    async def _take(self, interaction: Interaction, command: str, argument: str) -> None:
        """Dispatch what an interaction asks for, once, and answer in time; a stop waits for it."""
        if interaction.id in self._seen:
            return
        self._seen[interaction.id] = None
        answer = Answer(interaction, self._clock)
        try:
            let_in = self._is_let_in(interaction, command)
            thread = thread_of(interaction)
            forum = None if thread is None else await self._forums.forum_of(thread)
            request = requested(interaction, command, argument, let_in=let_in, forum=forum)
        except Exception as error:
            unreadable_interaction(interaction, error)
            return
        task = asyncio.create_task(self._answer(answer, request, let_in=let_in))
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        await task

    async def _answer(self, answer: Answer, request: Request, *, let_in: bool) -> None:
        """Run a request's handler and send the asker its reply, or the sentence that says why there is none."""
        handling = asyncio.create_task(self._asking.dispatch(answer.interaction, request, let_in=let_in))
        try:
            if request.pressed is not None and is_out_of_reach(answer.interaction):
                await answer.acknowledge()  # so the pressed message, not the answer, is its original response
                self._borrow(request.pressed, answer.interaction)
            await asyncio.wait({handling}, timeout=self._patience)
            if not handling.done():
                await answer.acknowledge()
            await self._deliver(answer, request, await handling)
        except Exception as error:
            await asyncio.wait({handling})  # too late to tell the asker, never too late to count the vote
            if not isinstance(error, FAILURES) and not answer.interaction.client.is_closed():
                raise
            log.warning(
                "discord.answer_failed",
                id=answer.interaction.id,
                command=request.command,
                error=type(error).__name__,
                status=getattr(error, "status", None),
                code=getattr(error, "code", None),
            )

    async def _deliver(self, answer: Answer, request: Request, reply: Reply | None) -> None:
        pressed, interaction = request.pressed, answer.interaction
        if reply is None and pressed is not None:
            await answer.acknowledge()
        elif reply is not None and reply.replace and pressed is not None:
            if is_shown(interaction, reply):
                with self._dispatcher.speaking(request.chat):
                    await answer.whisper(notice(_(ALREADY_SO)))
            else:
                await answer.replace(reply)
            self._posted(pressed, reply)
        elif reply is None or reply.private:
            with self._dispatcher.speaking(request.chat):
                await answer.whisper(reply or notice(_(TOO_FAST)))
        elif reply.aside:
            if opened := await answer.whisper(reply.seen_alone):
                post = shown_by(interaction, request.chat, opened, request.user.id)
                self._borrow(post, interaction)
                self._posted(post, reply.seen_alone)
        else:
            post = shown_by(interaction, request.chat, await answer.publish(reply))
            if pressed is None and is_out_of_reach(interaction):
                self._borrow(post, interaction)
            self._posted(post, reply)

    def _is_let_in(self, interaction: Interaction, command: str) -> bool:
        """Whether Discord let the asker use a command, which it looks at only where it has our menu."""
        client = interaction.client
        known = isinstance(client, Client) and client.menu_is_known
        return known and self._doorkeeper.admits(interaction, command.removeprefix(TURNING))

    def _borrow(self, post: Post, interaction: Interaction) -> None:
        """Remember the interaction whose original response a message is: only by it can the message be edited."""
        self._borrowed[post.message] = interaction

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
