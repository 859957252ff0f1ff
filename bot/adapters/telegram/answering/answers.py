"""What becomes of an update: who is asked for its answer, and who then shows it."""

from collections.abc import Callable
from dataclasses import replace

from bot.adapters.telegram.answering.asking import Asking
from bot.adapters.telegram.answering.ephemeral import Asked
from bot.adapters.telegram.answering.inline import InlineAnswers
from bot.adapters.telegram.answering.once import Once
from bot.adapters.telegram.answering.private import PrivateAnswers, is_for_the_presser
from bot.adapters.telegram.answering.public import PATIENCE, Groups, PublicAnswers
from bot.adapters.telegram.answering.queries import Queries
from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.inbound import INLINE, address, asked, moves, pressed
from bot.adapters.telegram.updates import ChosenResult, GuestMessage, InlineQuery, Message, Press, Update
from bot.chat.dispatcher import Dispatcher
from bot.chat.replies import Reply
from bot.domain.places import Chat, ChatKind, Post
from bot.i18n import _, marked
from bot.pacing.clock import Clock

BUSY = marked("It is busy here: the answer comes in a moment.")
TOO_BUSY = marked("It is too busy here for an answer: please try again in a few minutes.")


class Answers:
    """Answers updates: each where it is to be read, and by whom; `posted` is told of those posted inline."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        connection: Connection,
        public: PublicAnswers,
        private: PrivateAnswers,
        posted: Callable[[Post, Reply], None],
        groups: Groups,
        once: Once,
        clock: Clock,
    ) -> None:
        self._dispatcher = dispatcher
        self._connection = connection
        self._groups = groups
        self._once = once
        self._clock = clock
        self._asking = Asking(dispatcher, connection, clock)
        self._queries = Queries(connection, clock)
        self._public = public
        self._private = private
        self._inline = InlineAnswers(dispatcher, connection, self._queries, posted)

    async def take(self, update: Update) -> None:
        """Answer an update. Raises the errors of `bot.chat.platform`, and TooLateError."""
        with self._once.answering(str(update.id)):
            await self._answer(update)

    async def _answer(self, update: Update) -> None:
        match update.content:
            case GuestMessage() as message:
                await self._inline.called(update.id, message)
            case Message() as message if moved := moves(message):
                await self._groups.move(*moved)
            case Message() as message:
                await self._typed(update.id, message)
            case Press() as press:
                await self._pressed(update.id, press)
            case InlineQuery() as query:
                await self._inline.offer(query)
            case ChosenResult() as chosen:
                await self._inline.chosen(chosen)

    async def _typed(self, update: int, message: Message) -> None:
        since = self._clock.monotonic()
        request = asked(update, message, self._connection.me.username, self._dispatcher.commands)
        if request is None:
            return
        request = replace(request, chat=self._groups.goes_on_as(request.chat))
        reply = await self._asking.dispatch(request)
        if reply is None:
            return
        if reply.private and request.chat.kind is ChatKind.GROUP:
            what = Asked(since, command=message.ephemeral_message_id)
            await self._private.tell(request, reply, what, below=message.message_id)
        else:
            await self._public.show(request, reply)

    async def _pressed(self, update: int, press: Press) -> None:
        request, since = pressed(update, press), self._clock.monotonic()
        request = replace(request, chat=self._groups.goes_on_as(request.chat))
        said, reply = "", None
        try:
            reply = await self._asking.dispatch(request)
            if reply and is_for_the_presser(request, reply):
                said, reply = await self._private.whisper(request, reply, Asked(since, press.id))
            if reply and (wait := self._connection.wait(_number(request.chat))) > 0:
                with self._dispatcher.speaking(request.chat):
                    said = _(BUSY) if wait <= PATIENCE else _(TOO_BUSY)
        finally:
            # Before the reply is shown, which may have to wait for the group's pace.
            await self._queries.answer_press(press.id, said)
        if reply:
            await self._public.show(request, reply)


def _number(chat: Chat) -> int | None:
    """A chat's id as Telegram's pace goes by it; None for an inline message's."""
    return None if chat == INLINE else address(chat)[0]
