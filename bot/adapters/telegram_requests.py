"""What Telegram's messages, presses and inline queries ask of us, and where."""

import re
from collections.abc import Container

import telegram as tg
from telegram.constants import ChatType

from bot.chat.messages import Request, parse_data
from bot.domain.places import Chat, ChatKind, Platform, Post, User

INLINE = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
"""Where inline messages are: Telegram does not say."""

_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?:\s+(.*))?", re.ASCII | re.DOTALL)


def asked(message: tg.Message, username: str, commands: Container[str], update: str) -> Request | None:
    """What a message asks of us; None where people talk among themselves or to another bot."""
    if not message.text or not message.from_user or message.via_bot:
        return None
    chat = _chat(message)
    match = _COMMAND.fullmatch(message.text)
    name, addressee, argument = match.groups("") if match else ("", "", message.text)
    if addressee:
        ours = addressee.lower() == username.lower()
    else:
        ours = chat.kind is ChatKind.PRIVATE or name.lower() in commands
    user, locale = _user(message.from_user, chat), message.from_user.language_code
    return Request(name.lower(), argument.strip(), user, chat, locale, update=update) if ours else None


def press(query: tg.CallbackQuery, update: str) -> Request:
    """The command that somebody pressed, with the message whose button it was."""
    message = query.message
    post = Post(_chat(message), str(message.message_id)) if message else Post(INLINE, query.inline_message_id or "")
    command, argument = parse_data(query.data or "")
    user, locale = _user(query.from_user, post.chat), query.from_user.language_code
    return Request(command, argument, user, post.chat, locale, post, update=update)


def inline(typed: str, user: tg.User) -> Request:
    """What somebody typed after our name, in any chat."""
    return Request("", typed, _user(user, INLINE), INLINE, user.language_code)


def address(chat: Chat) -> tuple[int, int | None]:
    """Telegram's own numbers of a chat and, if it is one, of the topic."""
    group, _, topic = chat.id.partition(":")
    return int(group), int(topic) if topic else None


def _user(user: tg.User, chat: Chat) -> User:
    return User(Platform.TELEGRAM, str(user.id), admin=chat.kind is ChatKind.PRIVATE)


def _chat(message: tg.MaybeInaccessibleMessage) -> Chat:
    """The chat, or the topic of it, in which a message is."""
    kind = ChatKind.PRIVATE if message.chat.type == ChatType.PRIVATE else ChatKind.GROUP
    topic = message.message_thread_id if isinstance(message, tg.Message) and message.is_topic_message else None
    return Chat(Platform.TELEGRAM, f"{message.chat.id}:{topic}" if topic else str(message.chat.id), kind)
