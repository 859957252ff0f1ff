"""One platform's deliveries: what is due goes out, as fast as the platform lets it, and each outcome is put down."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

import structlog

from bot.chat.messages import Bulletin, Reply
from bot.chat.platform import (
    Adapter,
    ChatGoneError,
    ChatMovedError,
    NotAllowedError,
    PostGoneError,
    SlowDownError,
    UnreachableError,
)
from bot.domain.deliveries import Delivery, Key, Outcome, State
from bot.domain.places import Post
from bot.i18n import speaking
from bot.jobs.delivery.rendered import RenderedBulletins
from bot.pacing.spacing import Spacing
from storage.outbox import LEASE, Outbox
from storage.subscriptions import Subscriptions

log = structlog.get_logger(__name__)

AT_ONCE = 24
"""Messages that one platform is sent at a time."""

ON_THEIR_WAY = 3 * AT_ONCE
"""Messages to one platform of which it is not on disk that they arrived: what a kill may repeat, at most."""

A_BATCH = 4 * AT_ONCE
"""Deliveries that are taken from the outbox at a time."""

HELD = dt.timedelta(seconds=LEASE / 2)
"""How long what has been taken may wait for its turn."""

FAREWELL = 1.5
"""Seconds that messages on their way have when the bot is stopped."""

IDLE = 2.0
"""Seconds between two looks into an outbox that has nothing due."""

FIRST_PAUSE, LONGEST_PAUSE = 10, 3600
"""Seconds until a delivery that failed is tried again, doubled each time."""

MOST_ATTEMPTS = 12
"""Failures after which a delivery is given up, some three hours after the first."""

A_FEW = 3
"""Failures in a row beyond which it is the platform that fails and not a chat."""

FIRST_REST, LONGEST_REST = 2.0, 60.0
"""Seconds between two tries while a platform fails, doubled each time."""

NOT_ALLOWED_PAUSES = (900, 3600, 6 * 3600)
"""Seconds between tries where we lack a right; then an admin is told, once."""


class Desk(NamedTuple):
    """What a worker works with."""

    outbox: Outbox
    subscriptions: Subscriptions
    wording: RenderedBulletins
    warning: Callable[[str], Reply]
    now: Callable[[], dt.datetime]
    sleep: Callable[[float], Awaitable[object]]


class _Batch(NamedTuple):
    taken_at: dt.datetime
    deliveries: Sequence[Delivery]


class DeliveryWorker:
    """Delivers on one platform, whatever becomes of the others."""

    def __init__(self, adapter: Adapter, desk: Desk, spacing: Spacing) -> None:
        self._adapter = adapter
        self._desk = desk
        self._spacing = spacing
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._on_their_way = asyncio.Semaphore(ON_THEIR_WAY)
        self._taken: set[Key] = set()
        self._sending: set[asyncio.Task[None]] = set()
        self._unsettled: list[Outcome] = []
        self._failures = 0
        self._rest = 0.0

    async def run(self) -> None:
        """Deliver until cancelled; then wait for what is on its way, so that it is not sent again."""
        try:
            while True:
                pause = IDLE
                try:
                    await self._deliver_all()
                except Exception:
                    log.exception("deliveries not taken", platform=self._adapter.platform)
                    pause = LONGEST_REST
                await self._desk.sleep(pause)
        finally:
            if self._sending:
                await asyncio.wait(self._sending, timeout=FAREWELL)

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
        await self._settle_again()
        now = self._desk.now()
        batch = _Batch(now, await self._desk.outbox.due(self._adapter.platform, now, A_BATCH, self._taken))
        self._taken.update(delivery.key for delivery in batch.deliveries)
        return batch

    async def _send_off(self, batch: _Batch) -> None:
        """Set each delivery on its way when it is its turn."""
        for delivery in batch.deliveries:
            await self._on_their_way.acquire()
            await self._slots.acquire()
            await self._spacing.wait()
            if self._unsettled or self._desk.now() - batch.taken_at > HELD:
                self._slots.release()
                self._on_their_way.release()
                self._taken.discard(delivery.key)  # to be taken anew: by now it may be somebody else's
                continue
            sending = asyncio.create_task(self._deliver(delivery))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)

    async def _settle_again(self) -> None:
        """Put down what could not be; until that is done nothing is sent, or a broken database would repeat us."""
        while self._unsettled:
            outcome = self._unsettled[-1]
            await self._desk.outbox.settle(outcome)
            self._unsettled.pop()
            self._taken.discard(outcome.delivery.key)

    async def _deliver(self, delivery: Delivery) -> None:
        """Send a delivery; it is on its way until what became of it is on disk, for a kill repeats what is not."""
        try:
            outcome = await self._outcome(delivery)
            if outcome is None or await self._settled(outcome):
                self._taken.discard(delivery.key)
        finally:
            self._on_their_way.release()

    async def _outcome(self, delivery: Delivery) -> Outcome | None:
        try:
            await self._spacing.wait_for_chat(delivery.chat)
            return await self._attempt(delivery)
        except Exception as error:
            log.exception("delivery failed", platform=self._adapter.platform, announcement=delivery.announcement_id)
            return self._again(delivery, type(error).__name__)
        finally:
            self._slots.release()

    async def _settled(self, outcome: Outcome) -> bool:
        """Put an outcome down; False where that has to be tried again."""
        try:
            await self._desk.outbox.settle(outcome)
        except Exception:  # the writer has logged it
            self._unsettled.append(outcome)
            return False
        return True

    async def _attempt(self, delivery: Delivery) -> Outcome | None:
        """Send a delivery; what became of it, or None where it is another chat's now."""
        bulletin, rest = await self._desk.wording.of(delivery), self._rest
        if bulletin is None:
            return Outcome(delivery, State.DROPPED, self._desk.now())
        try:
            message = await self._send(delivery, bulletin)
        except ChatMovedError as moved:
            await self._desk.subscriptions.move(delivery.chat, moved.chat)
            return None
        except ChatGoneError as gone:
            await self._desk.subscriptions.end_all(delivery.chat)
            return Outcome(delivery, State.DROPPED, self._desk.now(), problem=str(gone))
        except UnreachableError as error:
            return self._unreached(delivery, str(error), rest)
        except (NotAllowedError, SlowDownError) as error:
            return await self._put_off(delivery, error)
        self._failures, self._rest = 0, 0.0
        return Outcome(delivery, State.SENT, self._desk.now(), message=message)

    async def _send(self, delivery: Delivery, bulletin: Bulletin) -> str:
        """Correct what was said before, as far as that can be, and say what is new; the new message's id."""
        if bulletin.corrected is not None and delivery.follows is not None:
            with suppress(PostGoneError, NotAllowedError):
                await self._adapter.edit(Post(delivery.chat, delivery.follows), bulletin.corrected)
        once, ping = f"{delivery.announcement_id}-{delivery.chat_id}", delivery.role or ""
        return (await self._adapter.send(delivery.chat, bulletin.reply, once=once, ping=ping)).message

    async def _put_off(self, delivery: Delivery, error: NotAllowedError | SlowDownError) -> Outcome:
        if isinstance(error, NotAllowedError):
            return await self._not_allowed(delivery, str(error))
        self._spacing.pause(error.seconds)
        return self._later(delivery, error.seconds, str(error), delivery.attempts)

    def _unreached(self, delivery: Delivery, problem: str, rest: float) -> Outcome:
        """The platform could not be reached: a chat's attempts are counted only while others get through.

        `rest` is the one before the attempt. All that fails after the same one leads to the same next one, or many
        failures of one moment would end in the longest.
        """
        self._failures += 1
        if self._failures <= A_FEW:
            return self._again(delivery, problem)
        self._rest = max(self._rest, min(2 * rest or FIRST_REST, LONGEST_REST))
        self._spacing.pause(self._rest)
        return self._later(delivery, self._rest, problem, delivery.attempts)

    def _again(self, delivery: Delivery, problem: str) -> Outcome:
        """Try once more after a pause that grows, or give up."""
        attempts = delivery.attempts + 1
        if attempts >= MOST_ATTEMPTS:
            return self._given_up(delivery, problem)
        pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
        return self._later(delivery, pause, problem, attempts)

    def _later(self, delivery: Delivery, seconds: float, problem: str, attempts: int) -> Outcome:
        now = self._desk.now()
        due_at = now + dt.timedelta(seconds=seconds)
        return Outcome(delivery, State.PENDING, now, problem=problem, due_at=due_at, attempts=attempts)

    async def _not_allowed(self, delivery: Delivery, problem: str) -> Outcome:
        """Leave a chat alone for a while, in which its admins may notice by themselves; then tell one of them."""
        if delivery.attempts < len(NOT_ALLOWED_PAUSES):
            return self._later(delivery, NOT_ALLOWED_PAUSES[delivery.attempts], problem, delivery.attempts + 1)
        if await self._desk.subscriptions.warn(delivery.chat):
            try:
                with speaking(delivery.settings.language):
                    warning = self._desk.warning(problem)
                await self._adapter.tell_admin(delivery.chat, warning)
            except (SlowDownError, UnreachableError) as error:
                log.warning("admin not told", platform=self._adapter.platform, reason=repr(error))
        return self._given_up(delivery, problem)

    def _given_up(self, delivery: Delivery, problem: str) -> Outcome:
        log.warning(
            "delivery given up",
            platform=self._adapter.platform,
            announcement=delivery.announcement_id,
            chat=delivery.chat_id,
            problem=problem,
        )
        return Outcome(delivery, State.DEAD, self._desk.now(), problem=problem, attempts=delivery.attempts + 1)
