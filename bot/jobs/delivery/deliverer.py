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
        pace = spacing or Spacing(adapter.deliveries_a_second, adapter.delivery_chat_gap)
        return DeliveryWorker(adapter, self._desk, pace)
