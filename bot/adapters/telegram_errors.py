"""What Telegram's errors mean to the rest of the bot."""

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.adapters.telegram_pace import seconds
from bot.messages import Chat, Platform
from bot.platform import (
    ChatGoneError,
    ChatMovedError,
    NotAllowedError,
    PostGoneError,
    SlowDownError,
    UnreachableError,
)

NOT_MODIFIED = "message is not modified"
NO_TEXT = "there is no text in the message to edit"

_NOT_ALLOWED = (
    ("topic_closed", "The topic is closed."),
    ("send_photos_forbidden", "The bot lacks the right to send photos."),
    ("send_media_forbidden", "The bot lacks the right to send photos."),
    ("rights to send photos", "The bot lacks the right to send photos."),
    ("send_docs_forbidden", "The bot lacks the right to send files."),
    ("rights to send documents", "The bot lacks the right to send files."),
    ("administrator rights in the channel", "The bot lacks the right to post messages in the channel."),
    ("chat_admin_required", "The bot lacks the right to post messages: only admins may."),
    ("chat_restricted", "Telegram has restricted the chat."),
    ("not enough rights", "The bot lacks the right to send messages."),
    ("no rights to send", "The bot lacks the right to send messages."),
    ("no write access", "The bot lacks the right to send messages."),
    ("chat_write_forbidden", "The bot lacks the right to send messages."),
    ("chat_guest_send_forbidden", "The bot lacks the right to send messages."),
    ("send_plain_forbidden", "The bot lacks the right to send messages."),
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
