"""Interactions are taken once, dispatched, and answered in the time that Discord gives."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from bot.adapters.discord.answer import Answer
from bot.adapters.discord.client import Client
from bot.adapters.discord.elsewhere import Asking
from bot.adapters.discord.errors import FAILURES
from bot.adapters.discord.forums import Forums
from bot.adapters.discord.inbound import is_out_of_reach, is_shown, requested, shown_by, thread_of
from bot.adapters.discord.internals import Interaction, unreadable_interaction
from bot.adapters.discord.lost import LostAnswers
from bot.adapters.discord.permissions import Doorkeeper
from bot.chat.buttons import TURNING
from bot.chat.dispatcher import OUT_OF_ORDER, TOO_FAST, Dispatcher
from bot.chat.replies import Reply, notice
from bot.chat.requests import Request
from bot.domain.places import Chat, Post
from bot.i18n import _, marked
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from bot.pacing.remembered import Remembered
from storage.database.base import reason
from storage.database.faults import is_the_databases

log = structlog.get_logger(__name__)

PATIENCE = 1.5
"""Seconds that a handler has before its interaction is acknowledged without an answer; Discord gives it up after 3."""

FAREWELL = 2.5
"""Seconds that answers in flight have when the adapter is told to stop; the bot does not wait much longer for it."""

BORROWED = 1_000
"""Messages out of our own reach whose interaction is remembered; the longest unused is forgotten first."""

SEEN = 10_000
"""Interactions that are remembered, to be told from those that a resumed session brings again."""

ALREADY_SO = marked("It is so already.")


class Answering:
    """Takes the interactions of all connections that there are one after the other."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        posted: Callable[[Post, Reply], None],
        forums: Forums,
        clock: Clock,
        patience: float = PATIENCE,
    ) -> None:
        """`posted` takes note of what a message of ours shows; `patience` is in seconds."""
        self._dispatcher = dispatcher
        self._posted = posted
        self._forums = forums
        self._clock = clock
        self._patience = patience
        self._in_flight: set[asyncio.Task[Any]] = set()
        self._borrowed: Remembered[str, Interaction] = Remembered(BORROWED)
        self._seen: Remembered[int, None] = Remembered(SEEN)
        self._doorkeeper = Doorkeeper(clock)
        self._asking = Asking(dispatcher)
        self._lost = LostAnswers(clock)
        self._outages = Outages[str]()

    def borrowed(self, post: Post) -> Interaction | None:
        """The interaction by which alone a message out of our own reach can be edited; None where it is in reach."""
        return self._borrowed.get(post.message)

    async def finish(self) -> None:
        """Let what is in flight be answered, for a while."""
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=FAREWELL)

    async def take(self, interaction: Interaction, command: str, argument: str) -> None:
        """Dispatch what an interaction asks for, once, and answer in time; a stop waits for it."""
        if interaction.id in self._seen:
            return
        self._seen[interaction.id] = None
        answer = Answer(interaction, self._clock)
        try:
            let_in = self._is_let_in(interaction, command)
            forum, is_known = await self._forum(interaction)
            request = requested(interaction, command, argument, let_in=let_in, forum=forum)
        except Exception as error:
            unreadable_interaction(interaction, error)
            return
        asked = self._asking.dispatch(interaction, request, let_in=let_in) if is_known else self._out_of_order(request)
        task = asyncio.create_task(self._answer(answer, request, asked))
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        await task

    async def _forum(self, interaction: Interaction) -> tuple[Chat | None, bool]:
        """The forum in whose post an interaction was made, if it was in one; and whether that is known at all."""
        thread, forum = thread_of(interaction), None
        try:
            if thread is not None:
                forum = await self._forums.forum_of(thread)
                self._outages.ends("forums")
        except Exception as error:
            if not is_the_databases(error):
                raise
            if self._outages.begins("forums"):
                log.warning("discord.forum_not_read", reason=reason(error))
            return None, False
        return forum, True

    async def _out_of_order(self, request: Request) -> Reply:
        """What is answered where it is not known which chat a request is about: nothing is done about another one."""
        with self._dispatcher.speaking(request.chat):
            return notice(_(OUT_OF_ORDER))

    async def _answer(self, answer: Answer, request: Request, asked: Coroutine[Any, Any, Reply | None]) -> None:
        """Have a request handled and send the asker its reply, or the sentence that says why there is none."""
        handling = asyncio.create_task(asked)
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
            self._lost.message(answer.interaction, request.command, error)
        else:
            self._lost.look()

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
