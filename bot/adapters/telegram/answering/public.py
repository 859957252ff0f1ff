"""Answers that everybody in a chat can read: posted, changed in their place, carried to what the chat has become."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from bot.adapters.telegram.answering.following import Following
from bot.adapters.telegram.answering.once import Once
from bot.adapters.telegram.inbound import INLINE
from bot.adapters.telegram.retry import patiently
from bot.adapters.telegram.sender import Sender
from bot.chat.platform import ChatMovedError, NotAllowedError, PostGoneError
from bot.chat.replies import Reply, in_words
from bot.chat.requests import Request
from bot.domain.places import Chat, Post
from bot.pacing.clock import Clock

PATIENCE = 120.0
"""Seconds after which an answer that a busy group holds back is dropped: it would only confuse."""

Outcome = TypeVar("Outcome")


class Groups(Protocol):
    """What knows which groups have become supergroups."""

    def goes_on_as(self, chat: Chat) -> Chat:
        """What a chat is by now."""

    async def move(self, old: Chat, new: Chat) -> None:
        """A chat goes on under another id, with all that is kept of it."""


class PublicAnswers:
    """Shows answers to all; `posted` is told what each message of ours shows from then on.

    Raises the errors of `bot.chat.platform`, and TooLateError.
    """

    def __init__(
        self,
        sender: Sender,
        following: Following,
        posted: Callable[[Post, Reply], None],
        groups: Groups,
        once: Once,
        clock: Clock,
    ) -> None:
        self._sender = sender
        self._following = following
        self._posted = posted
        self._groups = groups
        self._once = once
        self._clock = clock

    async def show(self, request: Request, reply: Reply) -> None:
        """Answer where everybody in the chat can read it."""
        post = request.pressed
        if post and reply.replace and not has_file(reply):
            try:
                await self.change(post, reply)
            except (PostGoneError, ChatMovedError):
                # Such as a picture's message, whose caption has no room for what is to be read now.
                if post.chat == INLINE:
                    raise
            else:
                return
        is_there = post is not None and post.chat == request.chat  # and not in the group that has become another
        below = int(post.message) if post and is_there and reply.aside else None
        await self.post(request.update, request.chat, reply, below)

    async def change(self, post: Post, reply: Reply) -> None:
        """Let a message of ours show an answer."""
        self._following.turned(post)
        await self._with_picture(reply, lambda reply: self._sender.edit(post, reply, within=PATIENCE))
        self._posted(post, reply)

    async def post(self, update: str, chat: Chat, reply: Reply, below: int | None = None) -> None:
        """Write to a chat, `below` a message of it; where the group has just become a supergroup, to that.

        An update that is delivered again after it was answered so is not answered so again.
        """
        if not await self._once.may_answer(update):
            return
        try:
            await self._write(chat, reply, below)
        except ChatMovedError as moved:
            await self._groups.move(chat, moved.chat)
            await self._write(moved.chat, reply)  # where that message has another number

    async def _write(self, chat: Chat, reply: Reply, below: int | None = None) -> None:
        post = await self._with_picture(
            reply, lambda reply: self._sender.send(chat, reply, below=below, within=PATIENCE)
        )
        self._posted(post, reply)
        if (file := reply.attachment) and not file.is_picture:
            # By itself, so that a file that fails is no reason to send the message twice.
            await self._patiently(lambda: self._sender.send_file(chat, file, within=PATIENCE))

    async def _with_picture(self, reply: Reply, carry: Callable[[Reply], Awaitable[Outcome]]) -> Outcome:
        """Carry an answer out; in words alone where the chat takes no pictures."""
        try:
            return await self._patiently(lambda: carry(reply))
        except NotAllowedError:
            worded = in_words(reply)
            if worded == reply:
                raise
            return await self._patiently(lambda: carry(worded))

    async def _patiently(self, call: Callable[[], Awaitable[Outcome]]) -> Outcome:
        return await patiently(call, self._clock, PATIENCE)


def has_file(reply: Reply) -> bool:
    """Whether a file goes with the reply, which takes a message of its own."""
    return reply.attachment is not None and not reply.attachment.is_picture
