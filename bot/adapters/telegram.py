"""Telegram: commands, presses and inline queries come in, messages and toasts go out."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import Any, Protocol, TypeVar

import structlog
import telegram as tg
from telegram.constants import ChatMemberStatus, ChatType, InlineQueryLimit
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.adapters.telegram_connection import Connection, Sleep
from bot.adapters.telegram_render import render, toast
from bot.dispatch import Dispatcher, Offer
from bot.messages import Card, Chat, ChatKind, Platform, Post, Reply, Request, User, parse_data
from bot.platform import ChatGoneError, SlowDownError

log = structlog.get_logger(__name__)

API = "https://api.telegram.org"

PATIENCE = 30.0
"""Seconds after which an answer that a busy group holds back is dropped: it would only confuse."""

OFFERS_KEPT = 10
"""Seconds for which Telegram may show the same inline results again; the tallies in them move."""

OPEN_TO_PRESS = "Open a private chat with me first, then press again."
OPEN_TO_ASK = "Open a private chat with me first, then ask again."

INLINE = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
"""Where inline messages are: Telegram does not say."""

_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?:\s+(.*))?", re.ASCII | re.DOTALL)
_TOO_LATE = ("query is too old", "query id is invalid")

Answer = TypeVar("Answer")


class Menus(Protocol):
    """What remembers, over restarts, which menu of commands each bot has published."""

    async def changed(self, key: str, digest: str) -> bool:
        """Whether the menu under `key` is not the one with this digest."""

    async def published(self, key: str, digest: str) -> None:
        """Remember the menu that is there now."""


class TelegramAdapter:
    """A bot on Telegram. `api_url` is that of a Bot API server other than Telegram's own."""

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
    ) -> None:
        self._dispatcher = dispatcher
        self._posted = posted
        self._menus = menus
        self._sleep = sleep
        self._connection = Connection(token, api_url or API, self._publish_menu, self._take, sleep)

    async def run(self) -> None:
        """Take updates until cancelled; then finish what is in flight. Raises TokenRefusedError, UnreachableError."""
        await self._connection.run()

    async def send(self, chat: Chat, reply: Reply) -> Post:
        """Post a reply to a chat or topic, its attachment below it.

        Raises ChatGoneError, SlowDownError, UnreachableError.
        """
        return await self._send(chat, reply)

    async def edit(self, post: Post, reply: Reply) -> None:
        """Change the text and the buttons of a message of ours; it cannot be given an attachment.

        Raises PostGoneError, ChatGoneError, SlowDownError, UnreachableError.
        """
        text, keyboard = render(reply)
        if post.chat.id == INLINE.id:
            where: dict[str, Any] = {"inline_message_id": post.message}
        else:
            where = {"chat_id": _address(post.chat)[0], "message_id": int(post.message)}
        with self._connection.errors_translated():
            try:
                await self._connection.bot.edit_message_text(text, reply_markup=keyboard, **where)
            except BadRequest as error:
                if "message is not modified" not in error.message.lower():
                    raise

    async def _send(self, chat: Chat, reply: Reply, below: int | None = None) -> Post:
        """Post a reply, `below` a message if it is to be seen whom it answers."""
        chat_id, topic = _address(chat)
        text, keyboard = render(reply)
        answered = tg.ReplyParameters(below, allow_sending_without_reply=True) if below else None
        with self._connection.errors_translated():
            bot = self._connection.bot
            message = await bot.send_message(
                chat_id, text, reply_markup=keyboard, message_thread_id=topic, reply_parameters=answered
            )
            if reply.attachment:
                file = tg.InputFile(reply.attachment.content, reply.attachment.name)
                if reply.attachment.is_picture:
                    caption = reply.attachment.alt
                    await bot.send_photo(chat_id, file, caption, parse_mode=None, message_thread_id=topic)
                else:
                    await bot.send_document(chat_id, file, message_thread_id=topic)
        return Post(chat, str(message.message_id))

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
            await self._pressed(update.callback_query)
        elif update.message:
            await self._typed(update.message)
        elif update.inline_query:
            await self._offer(update.inline_query)
        elif update.chosen_inline_result:
            await self._chosen(update.chosen_inline_result)

    async def _typed(self, message: tg.Message) -> None:
        request = self._asked(message)
        if request is None:
            return
        reply = await self._dispatch(request, message.sender_chat)
        if reply is None:
            return
        if reply.private and request.chat.kind is ChatKind.GROUP:
            await self._tell(request, reply, message.message_id)
        else:
            await self._show(request, reply)

    async def _pressed(self, query: tg.CallbackQuery) -> None:
        request = _press(query)
        said, reply = "", None
        try:
            reply = await self._dispatch(request)
            # An inline message's chat is unknown to us: what does not replace the message goes to who pressed.
            if reply and (reply.private or (request.chat == INLINE and not reply.replace)):
                said, reply = await self._whisper(request.user, reply), None
        finally:
            # Before the reply is shown, which may have to wait for the group's pace.
            with self._failure_logged():
                await query.answer(said or None)
        if reply:
            await self._show(request, reply)

    async def _offer(self, query: tg.InlineQuery) -> None:
        offers = await self._dispatcher.offer(query.query, _inline_request(query.query, query.from_user))
        results = [_article(offer) for offer in offers[: InlineQueryLimit.RESULTS]]
        with self._failure_logged():
            await query.answer(results, cache_time=OFFERS_KEPT, is_personal=False)

    async def _chosen(self, chosen: tg.ChosenInlineResult) -> None:
        """Tell which card has been posted: Telegram names only its id."""
        if not chosen.inline_message_id:
            return
        for offer in await self._dispatcher.offer(chosen.query, _inline_request(chosen.query, chosen.from_user)):
            if offer.id == chosen.result_id:
                self._posted(Post(INLINE, chosen.inline_message_id), offer.reply)

    async def _dispatch(self, request: Request, speaks_as: tg.Chat | None = None) -> Reply | None:
        """The answer to a request; only for what only admins may do is anything awaited before the dispatcher."""
        command = self._dispatcher.commands.get(request.command)
        if command and command.admin and request.chat.kind is ChatKind.GROUP:
            group, _ = _address(request.chat)
            asker = int(request.user.id)
            admin = speaks_as.id == group if speaks_as else await self._patiently(lambda: self._is_admin(group, asker))
            request = replace(request, user=replace(request.user, admin=admin))
        return await self._dispatcher.dispatch(request)

    async def _is_admin(self, group: int, user: int) -> bool:
        with self._connection.errors_translated():
            member = await self._connection.bot.get_chat_member(group, user)
        return member.status in {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}

    async def _show(self, request: Request, reply: Reply) -> None:
        """Answer where everybody in the chat can read it."""
        pressed = request.pressed
        if pressed and reply.replace and not reply.attachment:
            await self._patiently(lambda: self.edit(pressed, reply))
            self._posted(pressed, reply)
        else:
            self._posted(await self._patiently(lambda: self._send(request.chat, reply)), reply)

    async def _whisper(self, user: User, reply: Reply) -> str:
        """Answer a press for one person alone, and return the toast to show; what no toast holds goes to their chat."""
        said = toast(reply)
        if said is None:
            try:
                await self._confide(user, reply)
            except ChatGoneError:
                return OPEN_TO_PRESS
        return said or ""

    async def _tell(self, request: Request, reply: Reply, message: int) -> None:
        """Answer a command in a group for one person alone; or below their message, if we may not write to them."""
        try:
            await self._confide(request.user, reply)
        except ChatGoneError:
            is_notice = reply.card == Card(reply.card.title) and not reply.attachment
            below = reply if is_notice else Reply(Card(OPEN_TO_ASK))
            await self._patiently(lambda: self._send(request.chat, below, message))

    async def _confide(self, user: User, reply: Reply) -> None:
        """Write to a person's private chat. Raises ChatGoneError where they never opened one, or blocked us."""
        chat = Chat(Platform.TELEGRAM, user.id, ChatKind.PRIVATE)
        self._posted(await self._patiently(lambda: self._send(chat, reply)), reply)

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

    def _asked(self, message: tg.Message) -> Request | None:
        """What a message asks of us; None where people talk among themselves or to another bot."""
        if not message.text or not message.from_user or message.via_bot:
            return None
        chat = _chat(message)
        match = _COMMAND.fullmatch(message.text)
        name, addressee, argument = match.groups("") if match else ("", "", message.text)
        if addressee:
            ours = addressee.lower() == self._connection.bot.username.lower()
        else:
            ours = chat.kind is ChatKind.PRIVATE or name.lower() in self._dispatcher.commands
        user, locale = _user(message.from_user, chat), message.from_user.language_code
        return Request(name.lower(), argument.strip(), user, chat, locale) if ours else None


def _press(query: tg.CallbackQuery) -> Request:
    message = query.message
    post = Post(_chat(message), str(message.message_id)) if message else Post(INLINE, query.inline_message_id or "")
    command, argument = parse_data(query.data or "")
    return Request(command, argument, _user(query.from_user, post.chat), post.chat, query.from_user.language_code, post)


def _inline_request(typed: str, user: tg.User) -> Request:
    return Request("", typed, _user(user, INLINE), INLINE, user.language_code)


def _user(user: tg.User, chat: Chat) -> User:
    return User(Platform.TELEGRAM, str(user.id), admin=chat.kind is ChatKind.PRIVATE)


def _chat(message: tg.MaybeInaccessibleMessage) -> Chat:
    """The chat, or the topic of it, in which a message is."""
    kind = ChatKind.PRIVATE if message.chat.type == ChatType.PRIVATE else ChatKind.GROUP
    topic = message.message_thread_id if isinstance(message, tg.Message) and message.is_topic_message else None
    return Chat(Platform.TELEGRAM, f"{message.chat.id}:{topic}" if topic else str(message.chat.id), kind)


def _address(chat: Chat) -> tuple[int, int | None]:
    """Telegram's own numbers of a chat and, if it is one, of the topic."""
    group, _, topic = chat.id.partition(":")
    return int(group), int(topic) if topic else None


def _article(offer: Offer) -> tg.InlineQueryResultArticle:
    text, keyboard = render(offer.reply)
    content = tg.InputTextMessageContent(text)
    return tg.InlineQueryResultArticle(offer.id, offer.title, content, keyboard, description=offer.description)
