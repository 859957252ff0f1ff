"""Telegram: commands, presses and inline queries come in, messages and toasts go out."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from time import monotonic
from typing import Protocol, TypeVar

import structlog
import telegram as tg
from telegram.constants import InlineQueryLimit
from telegram.error import InvalidToken, TelegramError

from bot.adapters.telegram_connection import Connection
from bot.adapters.telegram_pace import A_SECOND, Clock, Pace, Sleep
from bot.adapters.telegram_posts import Sender
from bot.adapters.telegram_render import render, toast
from bot.adapters.telegram_requests import INLINE, address, asked, inline, press
from bot.adapters.telegram_rights import is_admin, lacking
from bot.chat.commands import Offer
from bot.chat.dispatcher import Dispatcher
from bot.chat.messages import Card, Reply, Request, in_words
from bot.chat.platform import ChatGoneError, NotAllowedError, PostGoneError, SlowDownError
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.i18n import _, marked

log = structlog.get_logger(__name__)

API = "https://api.telegram.org"

PATIENCE = 30.0
"""Seconds after which an answer that a busy group holds back is dropped: it would only confuse."""

TURN = 10.0
"""Seconds that a message of our own accord may wait for a busy group's pace before it is put off."""

OFFERS_KEPT = 10
"""Seconds for which Telegram may show the same inline results again; the tallies in them move."""

OPEN_TO_PRESS = marked("Open a private chat with me first, then press again.")
OPEN_TO_ASK = marked("Open a private chat with me first, then ask again.")

_TOO_LATE = ("query is too old", "query id is invalid")

Answer = TypeVar("Answer")


class Menus(Protocol):
    """What remembers, over restarts, which menu of commands each bot has published."""

    async def changed(self, key: str, digest: str) -> bool:
        """Whether the menu under `key` is not the one with this digest."""

    async def published(self, key: str, digest: str) -> None:
        """Remember the menu that is there now."""


class TelegramAdapter:
    """A bot on Telegram.

    `api_url` is that of a Bot API server other than Telegram's own; `a_second` is how many messages are sent at most.
    """

    platform = Platform.TELEGRAM

    def __init__(
        self,
        token: str,
        dispatcher: Dispatcher,
        posted: Callable[[Post, Reply], None],
        menus: Menus,
        *,
        api_url: str | None = None,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = monotonic,
        a_second: int = A_SECOND,
    ) -> None:
        self._dispatcher = dispatcher
        self._posted = posted
        self._menus = menus
        self._sleep = sleep
        pace = Pace(clock, sleep, a_second)
        self._connection = Connection(token, api_url or API, self._publish_menu, self._take, sleep, pace)
        self._sender = Sender(self._connection)

    async def run(self) -> None:
        """Take updates until cancelled; then finish what is in flight. Raises TokenRefusedError, UnreachableError."""
        await self._connection.run()

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:  # noqa: ARG002 - the protocol's
        """Post a reply to a chat or topic, or be put off by UnreachableError where a busy group would hold it back.

        Raises ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """
        # Telegram takes no key by which it could refuse a second one of a message, and its groups have no roles.
        return await self._sender.send(chat, reply, within=TURN)

    async def edit(self, post: Post, reply: Reply) -> None:
        """Change a message of ours, its picture included; a picture cannot be taken away again.

        Raises PostGoneError, ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """
        await self._sender.edit(post, reply)

    async def tell_admin(self, chat: Chat, reply: Reply) -> bool:
        """Write in private to a group's owner, or else to an admin who has a chat with us; whether there was one.

        Raises SlowDownError, UnreachableError.
        """
        return await self._sender.tell_admin(chat, reply)

    async def _publish_menu(self, bot: tg.Bot) -> None:
        """Send the menu of commands if it has changed; without it the bot still answers. Raises InvalidToken."""
        menu = [(command.name, command.summary) for command in self._dispatcher.commands.values() if command.listed]
        key, digest = f"telegram:{bot.id}", sha256(repr(menu).encode()).hexdigest()
        if not await self._menus.changed(key, digest):
            return
        try:
            await bot.set_my_commands(menu)
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("telegram menu not published", reason=self._connection.plainly(error))
        else:
            await self._menus.published(key, digest)

    async def _take(self, update: tg.Update) -> None:
        if update.callback_query:
            await self._pressed(update.callback_query, str(update.update_id))
        elif update.message:
            await self._typed(update.message, str(update.update_id))
        elif update.inline_query:
            await self._offer(update.inline_query)
        elif update.chosen_inline_result:
            await self._chosen(update.chosen_inline_result)

    async def _typed(self, message: tg.Message, update: str) -> None:
        request = asked(message, self._connection.bot.username, self._dispatcher.commands, update)
        if request is None:
            return
        reply = await self._dispatch(request, message.sender_chat)
        if reply is None:
            return
        if reply.private and request.chat.kind is ChatKind.GROUP:
            await self._tell(request, reply, message.message_id)
        else:
            await self._show(request, reply)

    async def _pressed(self, query: tg.CallbackQuery, update: str) -> None:
        request = press(query, update)
        said, reply = "", None
        try:
            reply = await self._dispatch(request)
            # An inline message's chat is unknown to us: what does not replace the message goes to who pressed.
            unseen = request.chat == INLINE and reply and (not reply.replace or _has_file(reply))
            if reply and (reply.private or unseen):
                said, reply = await self._whisper(request, reply), None
        finally:
            # Before the reply is shown, which may have to wait for the group's pace.
            with self._failure_logged():
                await query.answer(said or None)
        if reply:
            await self._show(request, reply)

    async def _offer(self, query: tg.InlineQuery) -> None:
        offers = await self._dispatcher.offer(query.query, inline(query.query, query.from_user))
        results = [_article(offer) for offer in offers[: InlineQueryLimit.RESULTS]]
        with self._failure_logged():
            await query.answer(results, cache_time=OFFERS_KEPT, is_personal=False)

    async def _chosen(self, chosen: tg.ChosenInlineResult) -> None:
        """Tell which card has been posted: Telegram names only its id."""
        if not chosen.inline_message_id:
            return
        for offer in await self._dispatcher.offer(chosen.query, inline(chosen.query, chosen.from_user)):
            if offer.id == chosen.result_id:
                self._posted(Post(INLINE, chosen.inline_message_id), offer.reply)

    async def _dispatch(self, request: Request, speaks_as: tg.Chat | None = None) -> Reply | None:
        """The answer to a request; nothing is awaited before the dispatcher unless Telegram must be asked."""
        command = self._dispatcher.commands.get(request.command)
        if command and request.chat.kind is ChatKind.GROUP:
            group, _topic = address(request.chat)
            asker = int(request.user.id)
            if command.admin:
                admin = speaks_as.id == group if speaks_as else await self._ask(lambda bot: is_admin(bot, group, asker))
                request = replace(request, user=replace(request.user, admin=admin))
            if command.posts and (request.user.admin or not command.admin):
                request = replace(request, lacking=await self._ask(lambda bot: lacking(bot, group)))
        return await self._dispatcher.dispatch(request)

    async def _ask(self, question: Callable[[tg.Bot], Awaitable[Answer]]) -> Answer:
        """Ask Telegram something. Raises ChatGoneError, NotAllowedError, UnreachableError, TimeoutError."""

        async def ask() -> Answer:
            with self._connection.errors_translated():
                return await question(self._connection.bot)

        return await self._patiently(ask)

    async def _show(self, request: Request, reply: Reply) -> None:
        """Answer where everybody in the chat can read it."""
        pressed = request.pressed
        if pressed and reply.replace and not _has_file(reply):
            try:
                await self._with_picture(reply, lambda reply: self._sender.edit(pressed, reply))
            except PostGoneError:
                # Such as a picture's message, whose caption has no room for what is to be read now.
                if pressed.chat == INLINE:
                    raise
            else:
                self._posted(pressed, reply)
                return
        await self._post(request.chat, reply)

    async def _post(self, chat: Chat, reply: Reply) -> None:
        self._posted(await self._with_picture(reply, lambda reply: self._sender.send(chat, reply)), reply)

    async def _with_picture(self, reply: Reply, carry: Callable[[Reply], Awaitable[Answer]]) -> Answer:
        """Carry an answer out; in words alone where the chat takes no pictures."""
        try:
            return await self._patiently(lambda: carry(reply))
        except NotAllowedError:
            worded = in_words(reply)
            if worded == reply:
                raise
            return await self._patiently(lambda: carry(worded))

    async def _whisper(self, request: Request, reply: Reply) -> str:
        """Answer a press for one person alone, and return the toast to show; what no toast holds goes to their chat."""
        said = toast(reply)
        if said is None:
            try:
                await self._confide(request.user, reply)
            except (ChatGoneError, NotAllowedError):
                with self._dispatcher.speaking(request.chat):
                    return _(OPEN_TO_PRESS)
        return said or ""

    async def _tell(self, request: Request, reply: Reply, message: int) -> None:
        """Answer a command in a group for one person alone; or below their message, if we may not write to them."""
        try:
            await self._confide(request.user, reply)
        except (ChatGoneError, NotAllowedError):
            is_notice = reply.card == Card(reply.card.title) and not reply.attachment
            with self._dispatcher.speaking(request.chat):
                answer = reply if is_notice else Reply(Card(_(OPEN_TO_ASK)))
            await self._patiently(lambda: self._sender.send(request.chat, answer, below=message))

    async def _confide(self, user: User, reply: Reply) -> None:
        """Write to a person's private chat. Raises ChatGoneError where they never opened one, or blocked us."""
        await self._post(Chat(Platform.TELEGRAM, user.id, ChatKind.PRIVATE), reply)

    async def _patiently(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Wait as Telegram asks, but no longer than an answer is worth. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await call()
                except SlowDownError as error:
                    await self._sleep(error.seconds)

    @contextmanager
    def _failure_logged(self) -> Iterator[None]:
        """Go on where a query cannot be answered: what follows from it matters more."""
        try:
            yield
        except TelegramError as error:
            if not error.message.lower().startswith(_TOO_LATE):
                log.warning("telegram query not answered", reason=self._connection.plainly(error))


def _has_file(reply: Reply) -> bool:
    """Whether a file goes with the reply, which takes a message of its own."""
    return reply.attachment is not None and not reply.attachment.is_picture


def _article(offer: Offer) -> tg.InlineQueryResultArticle:
    text, keyboard = render(offer.reply)
    content = tg.InputTextMessageContent(text)
    markup = tg.InlineKeyboardMarkup.de_json(keyboard, None) if keyboard else None
    return tg.InlineQueryResultArticle(offer.id, offer.title, content, markup, description=offer.description)
