"""Delivery: every platform has a worker of its own, so that none holds up another."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from bot.chat.platform import Adapter
from bot.domain.places import Platform
from bot.events import DeliveriesMade, Events
from bot.jobs.delivery.tools import Tools
from bot.jobs.delivery.worker import DeliveryWorker
from bot.pacing.pace import Pace
from bot.pacing.spacing import Spacing

SAVED_UP = 1.0
"""Seconds of silence that are saved up, as platforms count by the second: what a race brings goes out in a burst."""

Share: TypeAlias = Callable[[str, int], Pace | None]
"""The pace of a name, of so many in a second, that all processes keep together; None where there is one process."""


class Deliverer:
    """Carries what is due in the outbox to the chats."""

    def __init__(self, tools: Tools, events: Events, share: Share = lambda _name, _a_second: None) -> None:
        self._tools = tools
        self._share = share
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
        return DeliveryWorker(adapter, self._tools, spacing or self._spacing(adapter))

    def _spacing(self, adapter: Adapter) -> Spacing:
        a_second, clock = adapter.deliveries_a_second, self._tools.clock
        shared = self._share(f"{adapter.platform} deliveries", int(a_second)) if a_second else None
        if shared is not None:
            return Spacing(clock, chat_gap=adapter.delivery_chat_gap, turn=shared.turn)
        return Spacing(clock, a_second, adapter.delivery_chat_gap, saved_up=SAVED_UP)
