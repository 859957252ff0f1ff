"""Delivery: every platform has a worker of its own, so that none holds up another."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.chat.platform import Adapter
from bot.domain.places import Platform
from bot.events import DeliveriesMade, Events
from bot.jobs.delivery.tools import Tools
from bot.jobs.delivery.worker import DeliveryWorker
from bot.pacing.spacing import Spacing

SAVED_UP = 1.0
"""Seconds of silence that are saved up, as platforms count by the second: what a race brings goes out in a burst."""


class Deliverer:
    """Carries what is due in the outbox to the chats."""

    def __init__(self, tools: Tools, events: Events) -> None:
        self._tools = tools
        self._made = events.subscribe(DeliveriesMade)

    async def run(self, adapters: Mapping[Platform, Adapter]) -> None:
        """Deliver on these platforms until cancelled."""
        workers = {platform: self.worker(adapter) for platform, adapter in adapters.items()}
        async with asyncio.TaskGroup() as group:
            for platform, worker in workers.items():
                group.create_task(worker.run(), name=f"deliveries to {platform}")
            group.create_task(self._wake(tuple(workers.values())), name="deliveries made")

    async def _wake(self, workers: Sequence[DeliveryWorker]) -> None:
        """Have the workers look at once where this process put something into the outbox."""
        async for _made in self._made:
            for worker in workers:
                worker.wake()

    def worker(self, adapter: Adapter, spacing: Spacing | None = None) -> DeliveryWorker:
        """A platform's worker, with the pace that the platform asks for."""
        pace = spacing or Spacing(
            self._tools.clock, adapter.deliveries_a_second, adapter.delivery_chat_gap, saved_up=SAVED_UP
        )
        return DeliveryWorker(adapter, self._tools, pace)
