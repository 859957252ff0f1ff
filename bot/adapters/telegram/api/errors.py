"""What Telegram's refusals and failures mean to the rest of the bot."""

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bot.adapters.telegram.api.http import TooManyRequestsError, UnreadableAnswerError
from bot.chat.platform import (
    ChatGoneError,
    ChatMovedError,
    ChatUnseenError,
    NotAllowedError,
    PostGoneError,
    SlowDownError,
    UnreachableError,
)
from bot.domain.places import Chat, Platform
from bot.i18n import marked

LONGEST_SAID = 200
"""Characters that are told of an error; a proxy's may be a whole page."""


class RefusedError(UnreachableError):
    """Telegram refuses the call, for a reason that we do not know: to repeat it at once would change nothing."""


class QueryGoneError(RefusedError):
    """The query, a press or an inline one, has been answered or has waited for too long."""


class FileUnknownError(RefusedError):
    """A file's id, which Telegram gave us once, is refused by now."""


class NotModifiedError(RefusedError):
    """The message shows already what it was to show."""


class NoTextError(PostGoneError):
    """The message has no text to be changed: it is a picture, which has a caption."""


class ClocksUnknownError(RefusedError):
    """The server is older than readers' clocks, and refuses a text that shows one."""


class BusyError(UnreachableError):
    """A chat has had so many messages that one more would have to wait for longer than it may."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"the chat has had too many messages: the next one has to wait {wait:.0f} s")


class UnauthorizedError(UnreachableError):
    """Telegram does not accept the token; now and then it says so of one that is good."""


class PolledElsewhereError(UnreachableError):
    """Somebody else is asking for the updates of this bot."""


class CalledInsteadError(UnreachableError):
    """Telegram calls an address for the updates of this bot, and hands out none to who asks."""


class GarbledError(UnreachableError):
    """An answer that cannot be read; `update_id` is that of the first update in it, where one is named."""

    def __init__(self, update_id: int | None) -> None:
        super().__init__("the answer cannot be read")
        self.update_id = update_id


_NO_MESSAGES = marked("The bot lacks the right to send messages.")
_NO_PHOTOS = marked("The bot lacks the right to send photos.")
_NO_FILES = marked("The bot lacks the right to send files.")
_NOT_ALLOWED = (
    ("topic_closed", marked("The topic is closed.")),
    ("send_photos_forbidden", _NO_PHOTOS),
    ("send_media_forbidden", _NO_PHOTOS),
    ("rights to send photos", _NO_PHOTOS),
    ("send_docs_forbidden", _NO_FILES),
    ("rights to send documents", _NO_FILES),
    ("administrator rights in the channel", marked("The bot lacks the right to post messages in the channel.")),
    ("chat_admin_required", marked("The bot lacks the right to post messages: only admins may.")),
    ("chat_restricted", marked("Telegram has restricted the chat.")),
    ("not enough rights", _NO_MESSAGES),
    ("no rights to send", _NO_MESSAGES),
    ("no write access", _NO_MESSAGES),
    ("chat_write_forbidden", _NO_MESSAGES),
    ("chat_guest_send_forbidden", _NO_MESSAGES),
    ("send_plain_forbidden", _NO_MESSAGES),
)
_REFUSALS: tuple[tuple[type[Exception], tuple[str, ...]], ...] = (
    (
        ChatUnseenError,
        (
            "chat not found",
            "channel_private",
            "channel_invalid",
            "peer_id_invalid",
            "chat_id_invalid",
            "thread not found",
            "topic_deleted",
            "topic_id_invalid",
        ),
    ),
    (ChatGoneError, ("deactivated", "kicked", "blocked")),
    (
        PostGoneError,
        (
            "message to edit not found",
            "message can't be edited",
            "message_id_invalid",
            "message_author_required",
            "there is no caption in the message to edit",
            "caption is too long",
            "caption_too_long",
        ),
    ),
    (NoTextError, ("there is no text in the message to edit",)),
    (NotModifiedError, ("message is not modified",)),
    (ClocksUnknownError, ('unsupported start tag "tg-time"',)),
    (
        FileUnknownError,
        (
            "wrong file",
            "wrong remote file",
            "invalid file",
            "file_id_invalid",
            "file_reference",
            "file reference",
        ),
    ),
    (QueryGoneError, ("query is too old", "query id is invalid")),
)
"""The words by which a refusal is known, in small letters, and what it means."""


def meaning(error: TelegramError, token: str) -> Exception:
    """The platform's error for one of the library's, without the token, which a network's error may quote."""
    said = error.message.replace(token, "…")
    match error:
        case TooManyRequestsError():
            found: Exception = SlowDownError(error.seconds)
        case UnreadableAnswerError():
            found = GarbledError(error.update_id)
        case ChatMigrated():
            found = ChatMovedError(Chat(Platform.TELEGRAM, str(error.new_chat_id)))
        case InvalidToken():
            found = UnauthorizedError("Telegram does not accept the token")
        case Conflict() if "webhook" in said:
            found = CalledInsteadError(said[:LONGEST_SAID])
        case Conflict():
            found = PolledElsewhereError(said[:LONGEST_SAID])
        case BadRequest() | Forbidden():
            found = _refusal(said, forbidden=isinstance(error, Forbidden))
        case _:
            found = UnreachableError(said[:LONGEST_SAID])
    return found


def _refusal(said: str, *, forbidden: bool) -> Exception:
    words = said.lower()
    missing = next((sentence for sign, sentence in _NOT_ALLOWED if sign in words), None)
    if missing is not None:
        return NotAllowedError(missing)
    if forbidden:
        return ChatGoneError(said)
    kind = next((kind for kind, signs in _REFUSALS if any(sign in words for sign in signs)), RefusedError)
    return kind(said[:LONGEST_SAID])
