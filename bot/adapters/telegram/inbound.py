"""What Telegram's messages, presses and inline queries ask of us, and where: as much of an update as we read."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from bot.adapters.telegram.api import UPDATES, Id, Person, Text, Told
from bot.chat.buttons import parse_data
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, Post, User

INLINE = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
"""Where inline messages are: Telegram does not say."""

HIGHEST_ID = 2**53
"""Upper bound of an update's id, the largest number that every JSON parser reads; Telegram's have 32 bits."""

_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?:\s+(.*))?", re.ASCII | re.DOTALL)


class UnreadableError(Exception):
    """An update that is not as Telegram says it is; the text names the field, and nothing that anybody wrote."""


class Place(Told):
    """A private chat, a group or a channel."""

    id: Id
    type: str


class Key(Told):
    """A button below a message."""

    callback_data: Text | None = None


class Keyboard(Told):
    """The buttons below a message, row by row."""

    inline_keyboard: list[list[Key]]

    def offers(self, data: str | None) -> bool:
        """Whether a button with this data is there."""
        return any(key.callback_data == data for row in self.inline_keyboard for key in row)


def _or_none(said: object, read: ValidatorFunctionWrapHandler) -> Any:
    """What is odd is taken for none: nobody's message is lost for a keyboard that nobody pressed."""
    try:
        return read(said)
    except ValidationError:
        return None


class Message(Told):
    """A message; of one that we can no longer see, Telegram tells no more than the first two."""

    message_id: Id
    chat: Place
    sender: Person | None = Field(default=None, alias="from")
    sender_chat: Place | None = None
    via_bot: Person | None = None
    text: Text | None = None
    migrate_to_chat_id: Id | None = None
    migrate_from_chat_id: Id | None = None
    message_thread_id: Id | None = None
    is_topic_message: bool = False
    reply_markup: Annotated[Keyboard | None, WrapValidator(_or_none)] = None


class Press(Told):
    """A button that somebody pressed, below a message of ours or below one that was posted inline."""

    id: Text
    sender: Person = Field(alias="from")
    message: Message | None = None
    inline_message_id: Text | None = None
    data: Text | None = None


class InlineQuery(Told):
    """What somebody typed after our name, in any chat."""

    id: Text
    sender: Person = Field(alias="from")
    query: Text


class ChosenResult(Told):
    """An inline query's result that somebody posted."""

    result_id: Text
    sender: Person = Field(alias="from")
    query: Text
    inline_message_id: Text | None = None


Content: TypeAlias = Message | Press | InlineQuery | ChosenResult

_SHAPES: dict[str, type[Content]] = dict(zip(UPDATES, (Message, Press, InlineQuery, ChosenResult), strict=True))


@dataclass(frozen=True, slots=True)
class Update:
    """Something that happened on Telegram; its id is the same however often it is delivered."""

    id: int
    content: Content


def update_id(update: object) -> int | None:
    """The id of an update, whatever else is in it; None where it has none by which Telegram could be asked for more."""
    number = update.get("update_id") if isinstance(update, Mapping) else None
    is_id = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < HIGHEST_ID
    return number if is_id else None


def part(update: object) -> tuple[str | None, object]:
    """Which of the kinds that we asked for an update is, and what is in it; None where it is none of them."""
    if isinstance(update, Mapping):
        for kind in UPDATES:
            if kind in update:
                return kind, update[kind]
    return None, None


def read(number: int, kind: str, content: object) -> Update:
    """An update of a kind that we asked for. Raises UnreadableError."""
    try:
        return Update(number, _SHAPES[kind].model_validate(content))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise UnreadableError(f"{'.'.join(map(str, first['loc']))}: {first['type']}") from None


def asked(update: int, message: Message, username: str, commands: Container[str]) -> Request | None:
    """What a message asks of us; None where people talk among themselves or to another bot."""
    if not message.text or not message.sender or message.via_bot:
        return None
    chat = _chat(message)
    match = _COMMAND.fullmatch(message.text)
    name, addressee, argument = match.groups("") if match else ("", "", message.text)
    if addressee:
        ours = addressee.lower() == username.lower()
    else:
        ours = chat.kind is ChatKind.PRIVATE or name.lower() in commands
    user, locale = _user(message.sender), message.sender.language_code
    return Request(name.lower(), argument.strip(), user, chat, locale, update=str(update)) if ours else None


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
    post = Post(_chat(message), str(message.message_id)) if message else Post(INLINE, press.inline_message_id or "")
    command, argument = parse_data(press.data or "")
    user, locale = _user(press.sender), press.sender.language_code
    return Request(command, argument, user, post.chat, locale, post, offered=offered, update=str(update))


def searched(typed: str, sender: Person) -> Request:
    """What somebody typed after our name, in any chat."""
    return Request("", typed, _user(sender), INLINE, sender.language_code)


def address(chat: Chat) -> tuple[int, int | None]:
    """Telegram's own numbers of a chat and, if it is one, of the topic."""
    group, _, topic = chat.id.partition(":")
    return int(group), int(topic) if topic else None


def _user(person: Person) -> User:
    return User(Platform.TELEGRAM, str(person.id))


def _chat(message: Message) -> Chat:
    """The chat, or the topic of it, in which a message is."""
    kind = ChatKind.PRIVATE if message.chat.type == "private" else ChatKind.GROUP
    topic = message.message_thread_id if message.is_topic_message else None
    return Chat(Platform.TELEGRAM, f"{message.chat.id}:{topic}" if topic else str(message.chat.id), kind)
