"""The shapes of what Telegram tells: of each answer and each update only what we read is held to one.

The library would make objects of a hundred parts of them, and fail where one part is odd.
"""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.chat.platform import UnreachableError

Id = Annotated[int, Field(ge=-(2**63), lt=2**63)]


def _in_whole_characters(text: str) -> str:
    text.encode()  # raises UnicodeEncodeError, a ValueError
    return text


Text = Annotated[str, AfterValidator(_in_whole_characters)]
"""Text in whole characters: JSON can carry half of one, which no database and no network takes."""


class Told(BaseModel):
    """Something that Telegram tells: the fields that we read, each held to its type; any others do not matter."""

    model_config = ConfigDict(strict=True, frozen=True, hide_input_in_errors=True)


class Me(Told):
    """The bot itself."""

    id: Id
    username: Text


class PhotoSize(Told):
    """A picture in one size."""

    file_id: str


class Sent(Told):
    """A message of ours; `photo` has its picture's sizes, the largest last."""

    message_id: Id
    photo: tuple[PhotoSize, ...] = Field(default=(), strict=False)
    ephemeral_message_id: Id | None = None
    """Its number where one person alone sees it; None where everybody in the chat does."""


class Person(Told):
    """A user; bots are users too."""

    id: Id
    is_bot: bool = False
    language_code: Text | None = None


class Member(Told):
    """Somebody in a group or channel; a right that is None goes without saying for their status."""

    status: str
    user: Person
    can_post_messages: bool | None = None
    can_send_messages: bool | None = None
    can_send_photos: bool | None = None


class Permissions(Told):
    """What a group's plain members may do."""

    can_send_messages: bool | None = None
    can_send_photos: bool | None = None


class Group(Told):
    """A group or channel; channels have no permissions."""

    id: Id
    type: str
    permissions: Permissions | None = None


class Guest(Told):
    """A message of ours in a chat where we are no member."""

    inline_message_id: Text


class Hook(Told):
    """What Telegram calls for updates; `last_error_date` in seconds since 1970, 0 where there was none."""

    url: Text
    pending_update_count: int = 0
    last_error_date: int = 0
    last_error_message: Text = ""


class Members(Told):
    """Some people in a group."""

    members: list[Member]


Shape = TypeVar("Shape", bound=Told)


def shaped(shape: type[Shape], told: object) -> Shape:
    """What Telegram tells, if it makes sense. Raises UnreachableError."""
    try:
        return shape.model_validate(told)
    except ValidationError:
        raise UnreachableError("an answer that makes no sense") from None
