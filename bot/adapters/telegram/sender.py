"""What carries replies out to Telegram: messages, their changes, and words in private to who looks after a group."""

from contextlib import suppress
from functools import partial
from typing import Any

from bot.adapters.telegram.api.errors import NoTextError, NotModifiedError, RefusedError
from bot.adapters.telegram.api.parameters import Photo
from bot.adapters.telegram.api.shapes import Sent
from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.inbound import INLINE, address
from bot.adapters.telegram.permissions import OWNER
from bot.adapters.telegram.render import render
from bot.adapters.telegram.uploads import Uploads
from bot.chat.platform import ChatGoneError, NotAllowedError, PostGoneError
from bot.chat.replies import Attachment, Reply
from bot.domain.places import Chat, ChatKind, Platform, Post, User

_REFUSED = (ChatGoneError, NotAllowedError, PostGoneError, RefusedError)


class Sender:
    """One bot's messages. A reply with a picture is one message: its card is the caption."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._uploads = Uploads()

    async def send(self, chat: Chat, reply: Reply, *, below: int | None = None, within: float | None = None) -> Post:
        """Post a reply without the file that may go with it; `below` is the message that it answers, if any.

        `within` is how many seconds it may wait for its turn. Raises ChatGoneError, NotAllowedError, SlowDownError,
        UnreachableError.
        """
        return Post(chat, str((await self.carry(where(chat), reply, below=below, within=within)).message_id))

    async def carry(
        self, place: dict[str, Any], reply: Reply, *, below: int | None = None, within: float | None = None
    ) -> Sent:
        """Post a reply to a place as the Bot API takes it: to a chat, or in it to one person. Raises as `send` does."""
        api = self._connection.api
        text, keyboard = render(reply)
        if picture := _picture(reply):
            photo = partial(Photo, name=picture.name, caption=text, veiled=reply.veiled)
            return await self._uploads.send(
                picture.content, lambda file: api.send_photo(place, photo(file), keyboard, below=below, within=within)
            )
        return await api.send_text(place, text, keyboard, below=below, within=within)

    async def send_file(self, chat: Chat, file: Attachment, *, within: float | None = None) -> None:
        """Post a file that is no picture. Raises as `send` does."""
        await self._connection.api.send_file(where(chat), file, within=within)

    async def edit(self, post: Post, reply: Reply, *, within: float | None = None) -> None:
        """Change a message's text or caption, its picture and its buttons; a picture that is there already stays.

        Raises PostGoneError, ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """
        with suppress(NotModifiedError):
            await self._edit(post, reply, within)

    async def tell_admin(self, chat: Chat, reply: Reply, first: User | None) -> bool:
        """Write to whoever comes first, to a group's owner, to one of its admins, or else in its general topic.

        False where nobody has a private chat with us, and there is no such topic beside the chat. Raises
        SlowDownError, UnreachableError.
        """
        if chat.kind is not ChatKind.GROUP:
            return False
        if first is not None and await self._reaches(Chat(Platform.TELEGRAM, first.id, ChatKind.PRIVATE), reply):
            return True
        group, topic = address(chat)
        with suppress(*_REFUSED):
            admins = await self._connection.api.admins(group)
            for admin in sorted(admins, key=lambda admin: admin.status != OWNER):
                alone = Chat(Platform.TELEGRAM, str(admin.user.id), ChatKind.PRIVATE)
                if not admin.user.is_bot and await self._reaches(alone, reply):
                    return True
        return topic is not None and await self._reaches(Chat(Platform.TELEGRAM, str(group)), reply)

    async def _reaches(self, chat: Chat, reply: Reply) -> bool:
        """Write to a chat; False where that is refused."""
        with suppress(*_REFUSED):
            await self.send(chat, reply)
            return True
        return False

    async def _edit(self, post: Post, reply: Reply, within: float | None) -> None:
        api = self._connection.api
        text, keyboard = render(reply)
        if post.chat == INLINE:
            # No new file can be brought to where we are no member.
            await api.edit_text({"inline_message_id": post.message}, text, keyboard, within=within)
            return
        message = (
            {"receiver_user_id": int(post.only_for), "ephemeral_message_id": int(post.message)}
            if post.only_for
            else {"message_id": int(post.message)}
        )
        place = {"chat_id": address(post.chat)[0], **message}
        if picture := _picture(reply):
            photo = partial(Photo, name=picture.name, caption=text, veiled=reply.veiled)
            await self._uploads.send(
                picture.content, lambda file: api.edit_photo(place, photo(file), keyboard, within=within)
            )
            return
        try:
            await api.edit_text(place, text, keyboard, within=within)
        except NoTextError:
            await api.edit_caption(place, text, keyboard, within=within)


def where(chat: Chat) -> dict[str, Any]:
    """A chat, and the topic if it is one, as the Bot API takes it."""
    group, topic = address(chat)
    return {"chat_id": group, "message_thread_id": topic}


def _picture(reply: Reply) -> Attachment | None:
    return reply.attachment if reply.attachment and reply.attachment.is_picture else None
