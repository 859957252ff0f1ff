"""What an update asks of us, and where: Telegram's messages, presses and inline queries as Requests."""

import re
from collections.abc import Container

from bot.adapters.telegram.api.shapes import Person
from bot.adapters.telegram.updates import GuestMessage, Message, Place, Press
from bot.chat.buttons import parse_data
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, Post, User

INLINE = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
"""Where inline messages are: Telegram does not say."""

STAND_INS = (1087968824, 136817688, 777000)
"""Accounts by which Telegram tells of who speaks as a chat: an anonymous admin, a channel, a linked channel's post."""

_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?:\s+(.*))?", re.ASCII | re.DOTALL)


def asked(update: int, message: Message, username: str, commands: Container[str]) -> Request | None:
    """What a message asks of us; None where people talk among themselves or to another bot.

    A command may be a picture's caption. What another bot wrote is no question, on somebody's behalf neither, our own
    inline messages among it; nor are others' words that somebody forwards to a group. What a channel posts to its group
    is.
    """
    user, chat = _speaker(message), _chat(message)
    said = message.text or (message.caption if _COMMAND.fullmatch(message.caption or "") else None)
    if not said or user is None or message.via_bot or (_is_forwarded(message) and chat.kind is ChatKind.GROUP):
        return None
    name, addressee, argument = _parted(said)
    is_for_us = chat.kind is ChatKind.PRIVATE or name in commands
    ours = addressee.lower() == username.lower() if addressee else is_for_us
    return Request(name, argument, user, chat, _locale(message, user), update=str(update)) if ours else None


def asked_of_a_guest(update: int, message: GuestMessage, username: str) -> Request | None:
    """What somebody asks of us in a chat where we are no member, our name left out; None where nobody can be told."""
    user = _speaker(message)
    if user is None:
        return None
    mention = re.compile(rf"(?<!\S)@{re.escape(username)}(?!\w)", re.IGNORECASE)
    said = " ".join(mention.sub(" ", message.text or message.caption or "").split())
    name, addressee, argument = _parted(said)
    if addressee and addressee.lower() != username.lower():
        return None
    return Request(name, argument, user, INLINE, _locale(message, user), update=str(update))


def moves(message: Message) -> tuple[Chat, Chat] | None:
    """The group that became a supergroup, and that, where a message says so: each of the two says it by itself."""
    here = Chat(Platform.TELEGRAM, str(message.chat.id))
    if message.migrate_to_chat_id is not None:
        return here, Chat(Platform.TELEGRAM, str(message.migrate_to_chat_id))
    if message.migrate_from_chat_id is not None:
        return Chat(Platform.TELEGRAM, str(message.migrate_from_chat_id)), here
    return None


def pressed(update: int, press: Press) -> Request:
    """The command that somebody pressed, with the message whose button it was.

    A client may send any data as if a button with it had been pressed. Below an inline message Telegram does not say
    what stands; a message that we can no longer see is taken to offer nothing.
    """
    message = press.message
    offered = message is None or (message.reply_markup is not None and message.reply_markup.offers(press.data))
    post = _post(message, press.sender) if message else Post(INLINE, press.inline_message_id or "")
    command, argument = parse_data(press.data or "")
    stands_in = message is not None and press.sender.id in STAND_INS
    user = _group_as_user(message.chat) if message and stands_in else _user(press.sender)
    locale = None if user.is_chat else press.sender.language_code
    return Request(command, argument, user, post.chat, locale, post, offered=offered, update=str(update))


def searched(typed: str, sender: Person) -> Request:
    """What somebody typed after our name, in any chat."""
    return Request("", typed, _user(sender), INLINE, sender.language_code)


def address(chat: Chat) -> tuple[int, int | None]:
    """Telegram's own numbers of a chat and, if it is one, of the topic."""
    group, _, topic = chat.id.partition(":")
    return int(group), int(topic) if topic else None


def _parted(said: str) -> tuple[str, str, str]:
    """A command's name, whom it is addressed to, and its argument; words without a command are an argument alone."""
    match = _COMMAND.fullmatch(said)
    name, addressee, argument = match.groups("") if match else ("", "", said)
    return name.lower(), addressee, argument.strip()


def _speaker(message: Message) -> User | None:
    """Who wrote a message: a person, or the chat as which somebody speaks; each such chat is somebody of its own.

    Another bot is nobody: two that answer each other would never end.
    """
    if message.sender_chat is not None:
        return _group_as_user(message.sender_chat)
    if message.sender is None:
        return _group_as_user(message.chat) if message.chat.type == "channel" else None
    if message.sender.id in STAND_INS:
        return _group_as_user(message.chat) if message.chat.type != "private" else None
    return None if message.sender.is_bot else _user(message.sender)


def _is_forwarded(message: Message) -> bool:
    return message.forward_origin is not None and not message.is_automatic_forward


def _locale(message: Message, user: User) -> str | None:
    return message.sender.language_code if message.sender and not user.is_chat else None


def _post(message: Message, presser: Person) -> Post:
    """The message that was pressed; one that its presser alone sees has a number of its own."""
    if message.ephemeral_message_id is not None:
        return Post(_chat(message), str(message.ephemeral_message_id), str(presser.id))
    return Post(_chat(message), str(message.message_id))


def _user(person: Person) -> User:
    return User(Platform.TELEGRAM, str(person.id))


def _group_as_user(place: Place) -> User:
    return User(Platform.TELEGRAM, str(place.id))


def _chat(message: Message) -> Chat:
    """The chat, or the topic of it, in which a message is."""
    kind = ChatKind.PRIVATE if message.chat.type == "private" else ChatKind.GROUP
    topic = message.message_thread_id if message.is_topic_message else None
    return Chat(Platform.TELEGRAM, f"{message.chat.id}:{topic}" if topic else str(message.chat.id), kind)
