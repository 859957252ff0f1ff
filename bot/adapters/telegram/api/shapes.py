"""The shapes of what Telegram tells: of each answer and each update only what we read is held to one.

The library would make objects of a hundred parts of them, and fail where one part is odd.
"""

from typing import Annotated, NamedTuple, TypeVar

from bot.chat.platform import UnreachableError
from bot.forms.mistakes import FormError
from bot.forms.reading import read
from bot.forms.rules import within

Id = Annotated[int, within(-(2**63), 2**63 - 1)]


def _in_whole_characters(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:  # its own words would say which
        raise ValueError("half a character") from None
    return text


Text = Annotated[str, _in_whole_characters]
"""Text in whole characters: JSON can carry half of one, which no database and no network takes."""


class Me(NamedTuple):
    """The bot itself."""

    id: Id
    username: Text


class PhotoSize(NamedTuple):
    """A picture in one size."""

    file_id: str


class Sent(NamedTuple):
    """A message of ours; `photo` has its picture's sizes, the largest last."""

    message_id: Id
    photo: tuple[PhotoSize, ...] = ()
    ephemeral_message_id: Id | None = None
    """Its number where one person alone sees it; None where everybody in the chat does."""


class Person(NamedTuple):
    """A user; bots are users too."""

    id: Id
    is_bot: bool = False
    language_code: Text | None = None


class Member(NamedTuple):
    """Somebody in a group or channel; a right that is None goes without saying for their status."""

    status: str
    user: Person
    can_post_messages: bool | None = None
    can_send_messages: bool | None = None
    can_send_photos: bool | None = None


class Permissions(NamedTuple):
    """What a group's plain members may do."""

    can_send_messages: bool | None = None
    can_send_photos: bool | None = None


class Group(NamedTuple):
    """A group or channel; channels have no permissions."""

    id: Id
    type: str
    permissions: Permissions | None = None


class Guest(NamedTuple):
    """A message of ours in a chat where we are no member."""

    inline_message_id: Text


class Hook(NamedTuple):
    """What Telegram calls for updates; `last_error_date` in seconds since 1970, 0 where there was none."""

    url: Text
    pending_update_count: int = 0
    last_error_date: int = 0
    last_error_message: Text = ""


class Members(NamedTuple):
    """Some people in a group."""

    members: list[Member]


Shape = TypeVar("Shape")


def shaped(shape: type[Shape], told: object) -> Shape:
    """What Telegram tells, if it makes sense. Raises UnreachableError."""
    try:
        return read(shape, told)
    except FormError:
        raise UnreachableError("an answer that makes no sense") from None
