"""Updates: as much of Telegram's messages, presses and inline queries as we read, each held to its shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, NamedTuple, TypeAlias

from bot.adapters.telegram.api.client import UPDATES
from bot.adapters.telegram.api.shapes import Id, Person, Text
from bot.forms.mistakes import FormError
from bot.forms.reading import read as read_form
from bot.forms.rules import Key, OrNone

HIGHEST_ID = 2**53
"""Upper bound of an update's id, the largest number that every JSON parser reads; Telegram's have 32 bits."""


class UnreadableError(Exception):
    """An update that is not as Telegram says it is; the text names the field, and nothing that anybody wrote."""


class Place(NamedTuple):
    """A private chat, a group or a channel."""

    id: Id
    type: str


class Button(NamedTuple):
    """A button below a message."""

    callback_data: Text | None = None


class Keyboard(NamedTuple):
    """The buttons below a message, row by row."""

    inline_keyboard: list[list[Button]]

    def offers(self, data: str | None) -> bool:
        """Whether a button with this data is there."""
        return any(key.callback_data == data for row in self.inline_keyboard for key in row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message; of one that we can no longer see, Telegram tells no more than the first two."""

    message_id: Id
    chat: Place
    sender: Annotated[Person | None, Key("from")] = None
    sender_chat: Place | None = None
    via_bot: Person | None = None
    forward_origin: object = None
    is_automatic_forward: bool = False
    text: Text | None = None
    caption: Text | None = None
    migrate_to_chat_id: Id | None = None
    migrate_from_chat_id: Id | None = None
    message_thread_id: Id | None = None
    is_topic_message: bool = False
    ephemeral_message_id: Id | None = None
    reply_markup: Annotated[Keyboard | None, OrNone()] = None
    """What is odd is taken for none: nobody's message is lost for a keyboard that nobody pressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestMessage(Message):
    """A message that calls us by our name in a chat where we are no member."""

    guest_query_id: Text


class Press(NamedTuple):
    """A button that somebody pressed, below a message of ours or below one that was posted inline."""

    id: Text
    sender: Annotated[Person, Key("from")]
    message: Message | None = None
    inline_message_id: Text | None = None
    data: Text | None = None


class InlineQuery(NamedTuple):
    """What somebody typed after our name, in any chat."""

    id: Text
    sender: Annotated[Person, Key("from")]
    query: Text


class ChosenResult(NamedTuple):
    """An inline query's result that somebody posted."""

    result_id: Text
    sender: Annotated[Person, Key("from")]
    query: Text
    inline_message_id: Text | None = None


Content: TypeAlias = Message | GuestMessage | Press | InlineQuery | ChosenResult

_SHAPES: dict[str, type[Content]] = dict(
    zip(UPDATES, (Message, Message, GuestMessage, Press, InlineQuery, ChosenResult), strict=True)
)


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
        return Update(number, read_form(_SHAPES[kind], content))
    except FormError as error:
        first = error.mistakes[0]
        raise UnreadableError(f"{first.path}: {first.reason}") from None
