"""What carries replies out to Telegram: messages, their changes, and words in private to who looks after a group."""

from contextlib import suppress
from typing import Any

import telegram as tg
from telegram.constants import ChatMemberStatus, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.errors import NO_TEXT, NOT_MODIFIED, mentions
from bot.adapters.telegram.inbound import INLINE, address
from bot.adapters.telegram.render import render
from bot.adapters.telegram.uploads import Uploads
from bot.chat.messages import Attachment, Reply
from bot.domain.places import Chat, ChatKind, Platform, Post

SEND_MESSAGE = "SendMessage"
"""As the library makes an object of a hundred parts of what its own `sendMessage` sent, and we need the id alone.

Telegram does not mind capitals; the library would, for a method it has, and tell us to use that.
"""

_REFUSED = (BadRequest, Forbidden, ChatMigrated)


class Sender:
    """One bot's messages. A reply with a picture is one message: its card is the caption."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._uploads = Uploads()

    async def send(self, chat: Chat, reply: Reply, *, below: int | None = None, within: float | None = None) -> Post:
        """Post a reply, `below` a message if it is to be seen whom it answers.

        `within` is how many seconds it may wait for its turn. Raises ChatGoneError, NotAllowedError, SlowDownError,
        UnreachableError.
        """
        with self._connection.errors_translated():
            return await self._send(chat, reply, below, within)

    async def edit(self, post: Post, reply: Reply) -> None:
        """Change a message's text or caption, its picture and its buttons; a picture that is there already stays.

        Raises PostGoneError, ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """
        with self._connection.errors_translated():
            try:
                await self._edit(post, reply)
            except BadRequest as error:
                if not mentions(error, NOT_MODIFIED):
                    raise

    async def tell_admin(self, chat: Chat, reply: Reply) -> bool:
        """Write to a group's owner, or else to one of its admins; False where nobody has a private chat with us.

        Raises SlowDownError, UnreachableError.
        """
        if chat.kind is not ChatKind.GROUP:
            return False
        with self._connection.errors_translated(), suppress(*_REFUSED):
            admins = await self._connection.bot.get_chat_administrators(address(chat)[0])
            for admin in sorted(admins, key=lambda admin: admin.status != ChatMemberStatus.OWNER):
                if not admin.user.is_bot:
                    with suppress(*_REFUSED):
                        await self._send(Chat(Platform.TELEGRAM, str(admin.user.id), ChatKind.PRIVATE), reply)
                        return True
        return False

    async def _send(self, chat: Chat, reply: Reply, below: int | None = None, within: float | None = None) -> Post:
        bot = self._connection.bot
        chat_id, topic = address(chat)
        text, keyboard = render(reply)
        if picture := _picture(reply):
            options: dict[str, Any] = {
                "caption": text,
                "filename": picture.name,
                "has_spoiler": reply.veiled or None,
                "message_thread_id": topic,
                "reply_parameters": tg.ReplyParameters(below, allow_sending_without_reply=True) if below else None,
                "rate_limit_args": within,
                "api_kwargs": {"reply_markup": keyboard},
            }
            photo = await self._uploads.send(picture.content, lambda file: bot.send_photo(chat_id, file, **options))
            return Post(chat, str(photo.message_id))
        message = {
            "chat_id": chat_id,
            "text": text,
            "parse_mode": ParseMode.HTML,
            "link_preview_options": {"is_disabled": True},
            "message_thread_id": topic,
            "reply_markup": keyboard,
            "reply_parameters": {"message_id": below, "allow_sending_without_reply": True} if below else None,
        }
        sent = await bot.do_api_request(SEND_MESSAGE, message, rate_limit_args=within)
        if reply.attachment:
            file = tg.InputFile(reply.attachment.content, reply.attachment.name)
            await bot.send_document(chat_id, file, message_thread_id=topic)
        return Post(chat, str(sent["message_id"]))

    async def _edit(self, post: Post, reply: Reply) -> None:
        bot = self._connection.bot
        text, keyboard = render(reply)
        if post.chat == INLINE:
            # No new file can be brought to where we are no member.
            await bot.edit_message_text(text, inline_message_id=post.message, api_kwargs={"reply_markup": keyboard})
            return
        where: dict[str, Any] = {
            "chat_id": address(post.chat)[0],
            "message_id": int(post.message),
            "api_kwargs": {"reply_markup": keyboard},
        }
        if picture := _picture(reply):
            look: dict[str, Any] = {"caption": text, "filename": picture.name, "has_spoiler": reply.veiled or None}
            # The library would give the call itself a parse mode too, which Telegram does not know there.
            where["api_kwargs"]["parse_mode"] = None
            await self._uploads.send(
                picture.content, lambda file: bot.edit_message_media(tg.InputMediaPhoto(file, **look), **where)
            )
            return
        try:
            await bot.edit_message_text(text, **where)
        except BadRequest as error:
            if not mentions(error, NO_TEXT):
                raise
            await bot.edit_message_caption(caption=text, **where)


def _picture(reply: Reply) -> Attachment | None:
    return reply.attachment if reply.attachment and reply.attachment.is_picture else None
