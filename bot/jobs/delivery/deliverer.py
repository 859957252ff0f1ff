"""Delivery: every platform has a worker of its own, so that none holds up another."""

import asyncio
from collections.abc import Mapping

from bot.chat.platform import Adapter
from bot.domain.places import Platform
from bot.jobs.delivery.worker import DeliveryWorker, Tools
from bot.pacing.spacing import Spacing


class Deliverer:
    """Carries what is due in the outbox to the chats."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def run(self, adapters: Mapping[Platform, Adapter]) -> None:
        """Deliver on these platforms until cancelled."""
        async with asyncio.TaskGroup() as group:
            for adapter in adapters.values():
                group.create_task(self.worker(adapter).run(), name=f"deliveries to {adapter.platform}")

    def worker(self, adapter: Adapter, spacing: Spacing | None = None) -> DeliveryWorker:
        """A platform's worker, with the pace that the platform asks for."""
        pace = spacing or Spacing(self._tools.clock, adapter.deliveries_a_second, adapter.delivery_chat_gap)
        return DeliveryWorker(adapter, self._tools, pace)
