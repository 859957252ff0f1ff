"""Who looks after a chat is told why its news do not arrive, once."""

from typing import TYPE_CHECKING

import structlog

from bot.cards.unseen_chat import unseen_chat_reply
from bot.chat.platform import Adapter, SlowDownError, UnreachableError
from bot.chat.replies import Reply
from bot.domain.deliveries import Delivery
from bot.i18n import speaking
from storage.subscriptions import Subscriptions
from storage.unseen_chats import UnseenChats

if TYPE_CHECKING:
    from bot.domain.places import Chat

log = structlog.get_logger(__name__)


class Admins:
    """One platform's admins. That they were told is noted afterwards: a death in between tells twice, and not never."""

    def __init__(self, adapter: Adapter, subscriptions: Subscriptions, unseen: UnseenChats) -> None:
        self._adapter = adapter
        self._subscriptions = subscriptions
        self._unseen = unseen
        self._telling: set[Chat] = set()

    async def warn(self, delivery: Delivery, warning: Reply) -> None:
        """Say that the bot lacks a right, unless that was said; where it fails, the next delivery tries again."""
        if delivery.chat in self._telling:
            return
        self._telling.add(delivery.chat)
        try:
            if await self._subscriptions.unwarned(delivery.chat) and await self._tell(delivery, warning):
                await self._subscriptions.warn(delivery.chat)
        finally:
            self._telling.discard(delivery.chat)

    async def unseen(self, delivery: Delivery, *, over: bool) -> bool:
        """Say that a chat cannot be seen; whether that was said. Of several who try it at a moment one is to.

        It was where nobody can be reached: whom the chat belongs to may be unknown as well.
        """
        with speaking(delivery.settings.language):
            said = unseen_chat_reply(delivery.chat, ended=over)
        told = await self._tell(delivery, said)
        if told:
            await self._unseen.told(delivery.chat_id)
        return told

    async def _tell(self, delivery: Delivery, reply: Reply) -> bool:
        """Write to an admin, whoever turned topics on first; False where the platform fails."""
        try:
            first = await self._subscriptions.subscriber(delivery.chat)
            await self._adapter.tell_admin(delivery.chat, reply, first)
        except (SlowDownError, UnreachableError) as error:
            log.warning("delivery.admin_not_told", platform=self._adapter.platform, reason=repr(error))
            return False
        return True
