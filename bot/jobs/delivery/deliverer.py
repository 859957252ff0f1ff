"""Delivery: every platform has a worker of its own, so that none holds up another."""

import asyncio
from collections.abc import Mapping

from bot.chat.platform import Adapter
from bot.domain.places import Platform
from bot.jobs.delivery.worker import DeliveryWorker, Tools
from bot.pacing.spacing import Spacing

TELEGRAM_A_SECOND = 24.0
"""Of the 28 messages a second that we allow ourselves on Telegram; the others are for people who ask something."""

TELEGRAM_CHAT_GAP = 1.0
"""Seconds between two messages to a chat on Telegram. Discord says in its headers what it allows."""


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
        return DeliveryWorker(adapter, self._tools, spacing or self._spacing(adapter.platform))

    def _spacing(self, platform: Platform) -> Spacing:
        if platform is Platform.TELEGRAM:
            return Spacing(self._tools.clock, TELEGRAM_A_SECOND, TELEGRAM_CHAT_GAP)
        return Spacing(self._tools.clock)
