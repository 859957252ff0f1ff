"""Delivery: every platform has a worker of its own, so that none holds up another."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping

from bot.chat.messages import Reply
from bot.chat.platform import Adapter
from bot.domain.places import Platform
from bot.jobs.delivery.rendered import RenderedBulletins, Write
from bot.jobs.delivery.worker import DeliveryWorker, Desk
from bot.pacing.spacing import Spacing
from storage.outbox import Outbox
from storage.subscriptions import Subscriptions

TELEGRAM_A_SECOND = 24.0
"""Of the 28 messages a second that we allow ourselves on Telegram; the others are for people who ask something."""

TELEGRAM_CHAT_GAP = 1.0
"""Seconds between two messages to a chat on Telegram. Discord says in its headers what it allows."""


class Deliverer:
    """Carries what is due in the outbox to the chats."""

    def __init__(
        self,
        outbox: Outbox,
        subscriptions: Subscriptions,
        write: Write,
        warning: Callable[[str], Reply],
        now: Callable[[], dt.datetime],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._desk = Desk(outbox, subscriptions, RenderedBulletins(write, now), warning, now, sleep)

    async def run(self, adapters: Mapping[Platform, Adapter]) -> None:
        """Deliver on these platforms until cancelled."""
        async with asyncio.TaskGroup() as group:
            for adapter in adapters.values():
                group.create_task(self.worker(adapter).run(), name=f"deliveries to {adapter.platform}")

    def worker(self, adapter: Adapter, spacing: Spacing | None = None) -> DeliveryWorker:
        """A platform's worker, with the pace that the platform asks for."""
        return DeliveryWorker(adapter, self._desk, spacing or _spacing(adapter.platform))


def _spacing(platform: Platform) -> Spacing:
    return Spacing(TELEGRAM_A_SECOND, TELEGRAM_CHAT_GAP) if platform is Platform.TELEGRAM else Spacing()
