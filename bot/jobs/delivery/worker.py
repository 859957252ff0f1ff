"""One platform's deliveries: what is due goes out as fast as the platform lets it, and each outcome is stored."""

import asyncio
import datetime as dt
from collections import deque
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import NamedTuple

import structlog

from bot.chat.platform import Adapter
from bot.domain.deliveries import Delivery, Key, Outcome
from bot.domain.places import Platform
from bot.jobs.delivery.attempts import Attempts
from bot.jobs.delivery.tools import Tools
from bot.pacing.deadline import within
from bot.pacing.outages import Outages
from bot.pacing.spacing import Spacing
from storage.database.base import reason
from storage.database.faults import is_the_databases
from storage.taken_deliveries import LEASE

log = structlog.get_logger(__name__)

MOST_IN_FLIGHT = 24
"""Upper bound of messages that a platform is being sent at a time."""

MOST_UNCOMMITTED = 3 * MOST_IN_FLIGHT
"""Upper bound of messages sent but not yet committed as sent, per platform: what a crash may send twice, at most."""

BATCH = 4 * MOST_IN_FLIGHT
"""Deliveries that are taken from the outbox at a time."""

LONGEST_HOLD = dt.timedelta(seconds=LEASE / 2)
"""How long a delivery may wait to be sent since its process last had it; beyond that another may take it over."""

HEARTBEAT = LEASE / 4
"""Seconds between two signs of life, where several processes deliver."""

FAREWELL = 1.5
"""Seconds that messages in flight have when the bot is stopped."""

IDLE = 2.0
"""Seconds between two looks into an outbox that has nothing due."""

AFTER_TROUBLE = 60.0
"""Seconds until the outbox is looked into again after it could not be."""


class _Batch(NamedTuple):
    taken_at: dt.datetime
    deliveries: Sequence[Delivery]


class DeliveryWorker:
    """Delivers on one platform, whatever becomes of the others."""

    def __init__(self, adapter: Adapter, tools: Tools, spacing: Spacing) -> None:
        self._adapter = adapter
        self._outbox, self._clock = tools.outbox, tools.clock
        self._attempts = Attempts(adapter, tools, spacing)
        self._wake = asyncio.Event()
        self._spacing = spacing
        self._in_flight = asyncio.Semaphore(MOST_IN_FLIGHT)
        self._uncommitted = asyncio.Semaphore(MOST_UNCOMMITTED)
        self._taken: set[Key] = set()
        self._begun: set[Key] = set()
        """Those of them that are being sent, or whose outcome is being stored."""

        self._looking = asyncio.Lock()
        self._sending: dict[asyncio.Task[None], Key] = {}
        """Those that are on their way, or wait for their chat's turn."""

        self._unstored: deque[Outcome] = deque()
        self._held_at = tools.clock.now()
        """When this process last said that it has what it has taken."""

        self._untaken = Outages[Platform]()
        self._unheld = Outages[Platform]()

    async def run(self) -> None:
        """Deliver until cancelled; then wait for what is in flight, so that it is not sent again."""
        beating = asyncio.create_task(self._beat()) if self._outbox.is_shared else None
        try:
            while True:
                pause = IDLE
                try:
                    await self._deliver_all()
                    self._untaken.ends(self._adapter.platform)
                except Exception:
                    if self._untaken.begins(self._adapter.platform):
                        log.exception("delivery.take_failed", platform=self._adapter.platform)
                    pause = AFTER_TROUBLE
                await self._idle(pause)
        finally:
            if beating is not None:
                beating.cancel()
            await self._end()

    async def _end(self) -> None:
        """Leave what was not begun to other processes, and wait for what is in flight."""
        for sending, key in self._sending.items():
            if key not in self._begun:
                sending.cancel()  # its chat's turn may come when nobody stores any more that it was sent
        leaving = asyncio.create_task(self._let_go(self._taken - self._begun))
        await asyncio.wait({leaving, *self._sending}, timeout=FAREWELL)

    async def _let_go(self, keys: Collection[Key]) -> None:
        """Leave deliveries to whoever takes them first; where that fails, they are others' once their time is up."""
        if keys:
            with suppress(Exception):
                await self._outbox.let_go(keys, self._clock.now())

    async def _beat(self) -> None:
        """Say now and then that what was taken is in hand still, until cancelled; what is not any more is not begun."""
        while True:
            await self._clock.sleep(HEARTBEAT)
            keys, now = frozenset(self._taken), self._clock.now()
            try:
                held = await self._outbox.hold(keys, now) if keys else keys
            except Exception as error:
                self._not_held(error)
                continue
            self._unheld.ends(self._adapter.platform)
            self._held_at = now
            self._taken -= keys - held

    def _not_held(self, error: Exception) -> None:
        """Say once an outage that no sign of life could be given."""
        if self._unheld.begins(self._adapter.platform):
            # A trace tells nothing of a database that is slow or away.
            known = isinstance(error, TimeoutError) or is_the_databases(error)
            log.warning("delivery.not_held", platform=self._adapter.platform, reason=reason(error), exc_info=not known)

    def wake(self) -> None:
        """Look into the outbox now, as something was put there."""
        self._wake.set()

    async def _idle(self, seconds: float) -> None:
        """Wait until the next look is due, or asked for."""
        with suppress(TimeoutError):
            await within(self._clock, seconds, self._wake.wait())
        self._wake.clear()

    async def _deliver_all(self) -> None:
        """Send what is due, batch after batch; each is taken while the one before it goes out."""
        batch = await self._take()
        while batch.deliveries:
            taking = asyncio.create_task(self._take())
            try:
                await self._send_off(batch)
            except BaseException:
                taking.cancel()
                raise
            batch = await taking

    async def _take(self) -> _Batch:
        await self._store_again()
        async with self._looking:
            now = self._clock.now()
            batch = _Batch(now, await self._outbox.due(self._adapter.platform, now, BATCH, self._taken))
            self._taken.update(delivery.key for delivery in batch.deliveries)
        return batch

    async def _send_off(self, batch: _Batch) -> None:
        """Start to send each delivery as soon as the bounds and the platform's pace allow it."""
        for delivery in batch.deliveries:
            await self._uncommitted.acquire()
            await self._in_flight.acquire()
            await self._spacing.wait()
            if delivery.key not in self._taken or self._unstored or self._is_too_old(batch):
                self._in_flight.release()
                self._uncommitted.release()
                self._taken.discard(delivery.key)  # to be taken anew: by now it may be another process's
                continue
            sending = asyncio.create_task(self._deliver(delivery))
            self._sending[sending] = delivery.key
            sending.add_done_callback(self._sending.pop)

    def _is_too_old(self, batch: _Batch) -> bool:
        """Whether deliveries that were taken together may be another process's by now."""
        return self._clock.now() - max(batch.taken_at, self._held_at) > LONGEST_HOLD

    async def _store_again(self) -> None:
        """Store the outcomes that could not be, and send nothing until then, lest a broken database repeat messages."""
        while self._unstored:
            outcome = self._unstored[0]
            await self._outbox.settle(outcome)
            self._unstored.popleft()  # others may have come behind it meanwhile
            self._taken.discard(outcome.delivery.key)

    async def _deliver(self, delivery: Delivery) -> None:
        """Send a delivery and store its outcome; only then does it leave the bound of what a crash may repeat."""
        try:
            outcome = await self._outcome(delivery)
            if outcome is None:
                await self._leave(delivery)
            elif await self._stored(outcome):
                self._taken.discard(delivery.key)
        finally:
            self._begun.discard(delivery.key)
            self._uncommitted.release()

    async def _leave(self, delivery: Delivery) -> None:
        """Let go of what is another chat's by now, perhaps by the same key, to be taken anew at the next look.

        Not amid a look: one that began before would take it for a minute, and pass over it as one that is in hand.
        """
        async with self._looking:
            self._taken.discard(delivery.key)
            await self._let_go({delivery.key})

    async def _outcome(self, delivery: Delivery) -> Outcome | None:
        try:
            await self._spacing.wait_for_chat(delivery.chat)
            self._begun.add(delivery.key)
            return await self._attempts.attempt(delivery)
        finally:
            self._in_flight.release()

    async def _stored(self, outcome: Outcome) -> bool:
        """Store an outcome; False where that has to be tried again."""
        try:
            await self._outbox.settle(outcome)
        except Exception:  # the writer has logged it
            self._unstored.append(outcome)
            return False
        return True
