"""What Telegram's errors mean to the rest of the bot."""

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.adapters.telegram.rate_limit import seconds
from bot.chat.platform import (
    ChatGoneError,
    ChatMovedError,
    NotAllowedError,
    PostGoneError,
    SlowDownError,
    UnreachableError,
)
from bot.domain.places import Chat, Platform
from bot.i18n import marked

NOT_MODIFIED = "message is not modified"
NO_TEXT = "there is no text in the message to edit"

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
_CHAT_GONE = (
    "chat not found",
    "deactivated",
    "kicked",
    "channel_private",
    "peer_id_invalid",
    "thread not found",
    "topic_deleted",
)
_POST_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message_author_required",
    NO_TEXT,
    "there is no caption in the message to edit",
    "caption is too long",
    "caption_too_long",
)
_FILE_UNKNOWN = (
    "wrong file",
    "wrong remote file",
    "invalid file",
    "file_id_invalid",
    "file_reference",
    "file reference",
)


def meaning(error: TelegramError, said: str) -> Exception:
    """The platform's error for one of the library's; `said` is its text without the token."""
    match error:
        case RetryAfter():
            return SlowDownError(seconds(error))
        case ChatMigrated():
            return ChatMovedError(Chat(Platform.TELEGRAM, str(error.new_chat_id)))
        case BadRequest() | Forbidden():
            return _refusal(error, said)
        case _:
            return UnreachableError(said)


def mentions(error: TelegramError, *signs: str) -> bool:
    """Whether an error's text holds one of the signs."""
    text = error.message.lower()
    return any(sign in text for sign in signs)


def file_unknown(error: TelegramError) -> bool:
    """Whether a file's id, which Telegram gave us once, is refused by now."""
    return mentions(error, *_FILE_UNKNOWN)


def _refusal(error: BadRequest | Forbidden, said: str) -> Exception:
    missing = next((sentence for sign, sentence in _NOT_ALLOWED if mentions(error, sign)), None)
    if missing is not None:
        return NotAllowedError(missing)
    if isinstance(error, Forbidden) or mentions(error, *_CHAT_GONE):
        return ChatGoneError(said)
    return PostGoneError(said) if mentions(error, *_POST_GONE) else UnreachableError(said)
