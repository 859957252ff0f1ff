"""Answers where we are no member: what is typed or called after our name becomes a message posted inline."""

from collections.abc import Callable

from bot.adapters.telegram.answering.private import OPEN_TO_ASK, is_notice
from bot.adapters.telegram.answering.queries import Queries
from bot.adapters.telegram.api.parameters import Json, article
from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.inbound import INLINE, asked_of_a_guest, searched
from bot.adapters.telegram.render import render
from bot.adapters.telegram.updates import ChosenResult, GuestMessage, InlineQuery
from bot.chat.cards import Card
from bot.chat.commands import Offer
from bot.chat.dispatcher import Dispatcher
from bot.chat.replies import Reply
from bot.domain.places import Post
from bot.i18n import _

OFFERS = 50
"""Upper bound of an inline query's results; Telegram's own."""

GUEST = "guest"
"""The id of the one result that answers who called us where we are no member."""


class InlineAnswers:
    """Offers cards, and learns which was posted; `posted` is told what each message of ours shows from then on."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        connection: Connection,
        queries: Queries,
        posted: Callable[[Post, Reply], None],
    ) -> None:
        self._dispatcher = dispatcher
        self._connection = connection
        self._queries = queries
        self._posted = posted

    async def offer(self, query: InlineQuery) -> None:
        """Offer cards to who types after our name."""
        offers = await self._dispatcher.offer(query.query, searched(query.query, query.sender))
        await self._queries.answer_inline(query.id, [_article(offer) for offer in offers[:OFFERS]])

    async def chosen(self, chosen: ChosenResult) -> None:
        """Tell which card has been posted: Telegram names only its id."""
        if not chosen.inline_message_id:
            return
        for offer in await self._dispatcher.offer(chosen.query, searched(chosen.query, chosen.sender)):
            if offer.id == chosen.result_id:
                self._posted(Post(INLINE, chosen.inline_message_id), offer.reply)

    async def called(self, update: int, message: GuestMessage) -> None:
        """Answer in a chat where we are no member: the answer is a message as if it had been posted inline."""
        request = asked_of_a_guest(update, message, self._connection.me.username)
        reply = await self._dispatcher.dispatch(request) if request else None
        if reply is None:
            return
        if reply.private and not is_notice(reply):
            reply = Reply(Card(_(OPEN_TO_ASK)))
        result = _article(Offer(GUEST, reply.card.title, "", reply))
        posted = await self._queries.answer_guest(message.guest_query_id, result)
        if posted is not None:
            self._posted(Post(INLINE, posted), reply)


def _article(offer: Offer) -> Json:
    text, keyboard = render(offer.reply)
    return article(offer.id, offer.title, offer.description, text, keyboard)
