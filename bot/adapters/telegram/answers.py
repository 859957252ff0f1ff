"""How people are answered: where all can read it, in a toast, or in private."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Protocol, TypeVar

import structlog

from bot.adapters.telegram import elsewhere
from bot.adapters.telegram.api import Api, article
from bot.adapters.telegram.connection import UNDELIVERED, Connection
from bot.adapters.telegram.ephemeral import Asked, Ephemeral
from bot.adapters.telegram.errors import QueryGoneError, RefusedError
from bot.adapters.telegram.inbound import (
    INLINE,
    ChosenResult,
    GuestMessage,
    InlineQuery,
    Message,
    Press,
    Update,
    address,
    asked,
    asked_of_a_guest,
    moves,
    pressed,
    searched,
)
from bot.adapters.telegram.permissions import GroupRights
from bot.adapters.telegram.render import render, toast
from bot.adapters.telegram.retry import patiently
from bot.adapters.telegram.sender import Sender
from bot.chat.buttons import TURNING
from bot.chat.cards import Card
from bot.chat.commands import Offer
from bot.chat.dispatcher import Dispatcher
from bot.chat.platform import ChatGoneError, ChatMovedError, NotAllowedError, PostGoneError
from bot.chat.replies import Reply, in_words, notice
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.i18n import _, marked
from bot.pacing.clock import Clock

log = structlog.get_logger(__name__)

PATIENCE = 120.0
"""Seconds after which an answer that a busy group holds back is dropped: it would only confuse."""

QUERY_PATIENCE = 10.0
"""Seconds for which the answer to a press or an inline query is tried: Telegram forgets them soon."""

OFFERS = 50
"""Upper bound of an inline query's results; Telegram's own."""

GUEST = "guest"
"""The id of the one result that answers who called us where we are no member."""

OFFERS_KEPT = 10
"""Seconds for which Telegram may show the same inline results again; the tallies in them move."""

OPEN_TO_PRESS = marked("Open a private chat with me first, then press again.")
OPEN_TO_ASK = marked("Open a private chat with me first, then ask again.")
ASK_AS_YOURSELF = marked("That is for one person alone, and I cannot see who you are here. Ask me in private.")
NOT_THERE = marked("I cannot see {name}. Make me an admin there, with the right to post, then ask again.")
BUSY = marked("It is busy here: the answer comes in a moment.")
TOO_BUSY = marked("It is too busy here for an answer: please try again in a few minutes.")

Outcome = TypeVar("Outcome")


class Groups(Protocol):
    """What knows which groups have become supergroups."""

    def goes_on_as(self, chat: Chat) -> Chat:
        """What a chat is by now."""

    async def move(self, old: Chat, new: Chat) -> None:
        """A chat goes on under another id, with all that is kept of it."""


class Answers:
    """Answers updates; `posted` is told what each message of ours shows from then on."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        connection: Connection,
        sender: Sender,
        ephemeral: Ephemeral,
        posted: Callable[[Post, Reply], None],
        groups: Groups,
        clock: Clock,
    ) -> None:
        self._dispatcher = dispatcher
        self._connection = connection
        self._sender = sender
        self._ephemeral = ephemeral
        self._posted = posted
        self._groups = groups
        self._clock = clock
        self._admins = {command.name for command in dispatcher.commands.values() if command.admin}

    async def take(self, update: Update) -> None:
        """Answer an update. Raises the errors of `bot.chat.platform`, and TooLateError."""
        match update.content:
            case GuestMessage() as message:
                await self._called(update.id, message)
            case Message() as message if moved := moves(message):
                await self._groups.move(*moved)
            case Message() as message:
                await self._typed(update.id, message)
            case Press() as press:
                await self._pressed(update.id, press)
            case InlineQuery() as query:
                await self._offer(query)
            case ChosenResult() as chosen:
                await self._chosen(chosen)

    async def _typed(self, update: int, message: Message) -> None:
        since = self._clock.monotonic()
        request = asked(update, message, self._connection.me.username, self._dispatcher.commands)
        if request is None:
            return
        request = replace(request, chat=self._groups.goes_on_as(request.chat))
        reply = await self._dispatch(request)
        if reply is None:
            return
        if reply.private and request.chat.kind is ChatKind.GROUP:
            await self._tell(request, reply, message, Asked(since, command=message.ephemeral_message_id))
        else:
            await self._show(request, reply)

    async def _pressed(self, update: int, press: Press) -> None:
        request, since = pressed(update, press), self._clock.monotonic()
        request = replace(request, chat=self._groups.goes_on_as(request.chat))
        said, reply = "", None
        try:
            reply = await self._dispatch(request)
            if reply and _for_the_presser(request, reply):
                said, reply = await self._whisper(request, reply, Asked(since, press.id))
            if reply and (wait := self._connection.wait(_number(request.chat))) > 0:
                with self._dispatcher.speaking(request.chat):
                    said = _(BUSY) if wait <= PATIENCE else _(TOO_BUSY)
        finally:
            # Before the reply is shown, which may have to wait for the group's pace.
            with self._failure_logged():
                await self._for_a_query(lambda: self._connection.api.answer_press(press.id, said))
        if reply:
            await self._show(request, reply)

    async def _offer(self, query: InlineQuery) -> None:
        offers = await self._dispatcher.offer(query.query, searched(query.query, query.sender))
        results = [_article(offer) for offer in offers[:OFFERS]]
        with self._failure_logged():
            await self._for_a_query(lambda: self._connection.api.answer_inline(query.id, results, OFFERS_KEPT))

    async def _chosen(self, chosen: ChosenResult) -> None:
        """Tell which card has been posted: Telegram names only its id."""
        if not chosen.inline_message_id:
            return
        for offer in await self._dispatcher.offer(chosen.query, searched(chosen.query, chosen.sender)):
            if offer.id == chosen.result_id:
                self._posted(Post(INLINE, chosen.inline_message_id), offer.reply)

    async def _called(self, update: int, message: GuestMessage) -> None:
        """Answer in a chat where we are no member: the answer is a message as if it had been posted inline."""
        request = asked_of_a_guest(update, message, self._connection.me.username)
        reply = await self._dispatcher.dispatch(request) if request else None
        if reply is None:
            return
        if reply.private and not _is_notice(reply):
            reply = Reply(Card(_(OPEN_TO_ASK)))
        result = _article(Offer(GUEST, reply.card.title, "", reply))
        answer = partial(self._connection.api.answer_guest, message.guest_query_id, result)
        with self._failure_logged():
            posted = await patiently(answer, self._clock, QUERY_PATIENCE)
            self._posted(Post(INLINE, posted), reply)

    async def _dispatch(self, request: Request) -> Reply | None:
        """The answer to a request, which can be asked what its group allows.

        What takes an admin, and is asked in private, may be about another chat.
        """
        if request.chat.kind is ChatKind.GROUP:
            request = self._with_rights(request)
        takes_an_admin = request.command.removeprefix(TURNING) in self._admins
        alone = request.chat.kind is ChatKind.PRIVATE
        if alone and takes_an_admin and (other := elsewhere.named(request.argument)) is not None:
            return await self._about(request, *other)
        return await self._dispatcher.dispatch(request)

    def _with_rights(self, request: Request) -> Request:
        group, _topic = address(request.chat)
        rights = GroupRights(self._ask, group, int(request.user.id), self._connection.me.id)
        return replace(request, rights=rights)

    async def _about(self, request: Request, name: str, argument: str) -> Reply | None:
        """The answer to what somebody asks in private about a channel or group that they look after."""
        try:
            found = await self._ask(lambda api: api.group(name))
            there = Chat(Platform.TELEGRAM, str(found.id))
            reply = await self._dispatcher.dispatch(self._with_rights(replace(request, chat=there, argument=argument)))
        except (ChatGoneError, NotAllowedError, RefusedError):
            return notice(_(NOT_THERE).format(name=name))
        return reply and elsewhere.about(name, reply, self._admins)

    async def _ask(self, question: Callable[[Api], Awaitable[Outcome]]) -> Outcome:
        """Ask Telegram something. Raises ChatGoneError, NotAllowedError, UnreachableError, TooLateError."""
        return await self._patiently(lambda: question(self._connection.api))

    async def _show(self, request: Request, reply: Reply) -> None:
        """Answer where everybody in the chat can read it."""
        post = request.pressed
        if post and reply.replace and not _has_file(reply):
            try:
                await self._with_picture(reply, lambda reply: self._sender.edit(post, reply, within=PATIENCE))
            except (PostGoneError, ChatMovedError):
                # Such as a picture's message, whose caption has no room for what is to be read now.
                if post.chat == INLINE:
                    raise
            else:
                self._posted(post, reply)
                return
        is_there = post is not None and post.chat == request.chat  # and not in the group that has become another
        await self._post(request.chat, reply, int(post.message) if post and is_there and reply.aside else None)

    async def _post(self, chat: Chat, reply: Reply, below: int | None = None) -> None:
        """Write to a chat, `below` a message of it; where the group has just become a supergroup, to that."""
        try:
            await self._write(chat, reply, below)
        except ChatMovedError as moved:
            await self._groups.move(chat, moved.chat)
            await self._write(moved.chat, reply)  # where that message has another number

    async def _write(self, chat: Chat, reply: Reply, below: int | None = None) -> None:
        post = await self._with_picture(
            reply, lambda reply: self._sender.send(chat, reply, below=below, within=PATIENCE)
        )
        self._posted(post, reply)
        if (file := reply.attachment) and not file.is_picture:
            # By itself, so that a file that fails is no reason to send the message twice.
            await self._patiently(lambda: self._sender.send_file(chat, file, within=PATIENCE))

    async def _with_picture(self, reply: Reply, carry: Callable[[Reply], Awaitable[Outcome]]) -> Outcome:
        """Carry an answer out; in words alone where the chat takes no pictures."""
        try:
            return await self._patiently(lambda: carry(reply))
        except NotAllowedError:
            worded = in_words(reply)
            if worded == reply:
                raise
            return await self._patiently(lambda: carry(worded))

    async def _whisper(self, request: Request, reply: Reply, press: Asked) -> tuple[str, Reply | None]:
        """Answer a press for one person alone: in the group, where only they see it, else in a toast or their chat.

        The toast to show, and what is still to be shown to all: a door of the group's that opens below it instead.
        """
        said = toast(reply)
        is_whole = said is not None and reply.private and not (reply.replace or reply.buttons or reply.card.votes)
        if not is_whole and await self._shown_alone(request, reply, press):
            return "", None
        if reply.aside and not _out_of_sight(request, reply):
            return "", reply
        if said is None:
            try:
                await self._confide(request.user, reply)
            except (ChatGoneError, NotAllowedError):
                with self._dispatcher.speaking(request.chat):
                    return _(OPEN_TO_PRESS), None
        return said or "", None

    async def _shown_alone(self, request: Request, reply: Reply, what: Asked) -> bool:
        """Whether it could be shown to who asked alone, in the group: in what they have open there, or by itself."""
        open_already = request.pressed
        if reply.replace and open_already and open_already.only_for:
            with suppress(*UNDELIVERED):  # it may be gone by now
                await self._with_picture(reply, lambda reply: self._sender.edit(open_already, reply, within=PATIENCE))
                self._posted(open_already, reply)
                return True
        opened = await self._ephemeral.show(request, reply, what)
        if opened and reply.awaits:
            self._posted(opened, reply)
        return opened is not None

    async def _tell(self, request: Request, reply: Reply, message: Message, what: Asked) -> None:
        """Answer a command in a group for one person alone; or below their message, if we may not write to them."""
        if await self._shown_alone(request, reply, what):
            return
        try:
            await self._confide(request.user, reply)
        except (ChatGoneError, NotAllowedError):
            with self._dispatcher.speaking(request.chat):
                refused = Reply(Card(_(ASK_AS_YOURSELF if request.user.is_chat else OPEN_TO_ASK)))
                answer = reply if _is_notice(reply) else refused
            try:
                await self._patiently(
                    lambda: self._sender.send(request.chat, answer, below=message.message_id, within=PATIENCE)
                )
            except ChatMovedError as moved:
                await self._groups.move(request.chat, moved.chat)
                await self._write(moved.chat, answer)  # where the asker's message has another number

    async def _confide(self, user: User, reply: Reply) -> None:
        """Write to a person's private chat. Raises ChatGoneError where they never opened one, or blocked us.

        So it does for who speaks as a chat: nobody knows who that is.
        """
        if user.is_chat:
            raise ChatGoneError("somebody who speaks as a chat")
        await self._post(Chat(Platform.TELEGRAM, user.id, ChatKind.PRIVATE), reply)

    async def _patiently(self, call: Callable[[], Awaitable[Outcome]]) -> Outcome:
        return await patiently(call, self._clock, PATIENCE)

    async def _for_a_query(self, call: Callable[[], Awaitable[None]]) -> None:
        await patiently(call, self._clock, QUERY_PATIENCE)

    @contextmanager
    def _failure_logged(self) -> Iterator[None]:
        """Go on where a query cannot be answered: what follows from it matters more."""
        try:
            yield
        except QueryGoneError:
            pass  # somebody was too late; there is nothing to be done
        except UNDELIVERED as error:
            log.warning("telegram.query_unanswered", reason=str(error))


def _for_the_presser(request: Request, reply: Reply) -> bool:
    """Whether an answer to a press is for who pressed: it is private, or a door's, or below what they alone see."""
    alone = request.pressed is not None and bool(request.pressed.only_for)
    return reply.private or reply.aside or alone or _out_of_sight(request, reply)


def _out_of_sight(request: Request, reply: Reply) -> bool:
    """Whether an answer to a press could not be shown where it was pressed: below an inline message.

    Its chat is unknown to us, so only the message itself can be changed, and that only to what needs no new file.
    """
    post = request.pressed
    return post is not None and post.chat == INLINE and (not reply.replace or _has_file(reply) or not post.message)


def _is_notice(reply: Reply) -> bool:
    """Whether a reply is a sentence alone, which tells nobody anything of the asker."""
    return reply.card == Card(reply.card.title) and not reply.attachment


def _number(chat: Chat) -> int | None:
    """A chat's id as Telegram's pace goes by it; None for an inline message's."""
    return None if chat == INLINE else address(chat)[0]


def _has_file(reply: Reply) -> bool:
    """Whether a file goes with the reply, which takes a message of its own."""
    return reply.attachment is not None and not reply.attachment.is_picture


def _article(offer: Offer) -> dict[str, object]:
    text, keyboard = render(offer.reply)
    return article(offer.id, offer.title, offer.description, text, keyboard)
