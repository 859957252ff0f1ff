"""Answers for one person alone: in the group, where only they see it, else in a toast or in their private chat."""

from collections.abc import Callable
from contextlib import suppress

from bot.adapters.telegram.answering.ephemeral import Asked, Ephemeral
from bot.adapters.telegram.answering.once import Once
from bot.adapters.telegram.answering.public import PublicAnswers, has_file
from bot.adapters.telegram.inbound import INLINE
from bot.adapters.telegram.lost import UNDELIVERED
from bot.adapters.telegram.render import toast
from bot.chat.cards import Card
from bot.chat.dispatcher import Dispatcher
from bot.chat.platform import ChatGoneError, NotAllowedError
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.i18n import _, marked

OPEN_TO_PRESS = marked("Open a private chat with me first, then press again.")
OPEN_TO_ASK = marked("Open a private chat with me first, then ask again.")
ASK_AS_YOURSELF = marked("That is for one person alone, and I cannot see who you are here. Ask me in private.")


class PrivateAnswers:
    """Answers one person alone; `posted` is told what a message that goes on moving shows.

    Raises the errors of `bot.chat.platform`, and TooLateError.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        ephemeral: Ephemeral,
        public: PublicAnswers,
        once: Once,
        posted: Callable[[Post, Reply], None],
    ) -> None:
        self._dispatcher = dispatcher
        self._ephemeral = ephemeral
        self._public = public
        self._once = once
        self._posted = posted

    async def whisper(self, request: Request, reply: Reply, press: Asked) -> tuple[str, Reply | None]:
        """Answer a press for one person alone: in the group, where only they see it, else in a toast or their chat.

        The toast to show, and what is still to be shown to all: a door of the group's that opens below it instead.
        """
        said = toast(reply)
        is_whole = said is not None and reply.private and not (reply.replace or reply.buttons or reply.card.votes)
        if not is_whole and await self._shown_alone(request, reply, press):
            return "", None
        if reply.aside and not _out_of_sight(request, reply):
            return "", reply
        if said is None:
            try:
                await self._confide(request, reply)
            except (ChatGoneError, NotAllowedError):
                with self._dispatcher.speaking(request.chat):
                    return _(OPEN_TO_PRESS), None
        return said or "", None

    async def tell(self, request: Request, reply: Reply, what: Asked, below: int) -> None:
        """Answer a command in a group for one person alone; or `below` their message, if we may not write to them."""
        if await self._shown_alone(request, reply, what):
            return
        try:
            await self._confide(request, reply)
        except (ChatGoneError, NotAllowedError):
            with self._dispatcher.speaking(request.chat):
                refused = Reply(Card(_(ASK_AS_YOURSELF if request.user.is_chat else OPEN_TO_ASK)))
            await self._public.post(request.update, request.chat, reply if is_notice(reply) else refused, below)

    async def _shown_alone(self, request: Request, reply: Reply, what: Asked) -> bool:
        """Whether it could be shown to who asked alone, in the group: in what they have open there, or by itself."""
        open_already = request.pressed
        if reply.replace and open_already and open_already.only_for:
            with suppress(*UNDELIVERED):  # it may be gone by now
                await self._public.change(open_already, reply)
                return True
        acknowledges = reply.private and open_already is not None
        if not (acknowledges or await self._once.may_answer(request.update)):
            return True
        opened = await self._ephemeral.show(request, reply.seen_alone, what)
        if opened and (reply.poll or reply.awaits):
            self._posted(opened, reply.seen_alone)
        return opened is not None

    async def _confide(self, request: Request, reply: Reply) -> None:
        """Write to the asker's private chat. Raises ChatGoneError where they never opened one, or blocked us.

        So it does for who speaks as a chat: nobody knows who that is.
        """
        if request.user.is_chat:
            raise ChatGoneError("somebody who speaks as a chat")
        alone = Chat(Platform.TELEGRAM, request.user.id, ChatKind.PRIVATE)
        await self._public.post(request.update, alone, reply.seen_alone)


def is_for_the_presser(request: Request, reply: Reply) -> bool:
    """Whether an answer to a press is for who pressed: it is private, or a door's, or below what they alone see."""
    alone = request.pressed is not None and bool(request.pressed.only_for)
    return reply.private or reply.aside or alone or _out_of_sight(request, reply)


def is_notice(reply: Reply) -> bool:
    """Whether a reply is a sentence alone, which tells nobody anything of the asker."""
    return reply.card == Card(reply.card.title) and not reply.attachment


def _out_of_sight(request: Request, reply: Reply) -> bool:
    """Whether an answer to a press could not be shown where it was pressed: below an inline message.

    Its chat is unknown to us, so only the message itself can be changed, and that only to what needs no new file.
    """
    post = request.pressed
    return post is not None and post.chat == INLINE and (not reply.replace or has_file(reply) or not post.message)
