"""One platform's deliveries: what is due goes out as fast as the platform lets it, and each outcome is stored."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

import structlog

from bot.chat.digests import digest
from bot.chat.platform import (
    Adapter,
    ChatGoneError,
    ChatMovedError,
    ChatUnseenError,
    NotAllowedError,
    PostGoneError,
    SlowDownError,
    UnreachableError,
)
from bot.chat.replies import Bulletin, Reply
from bot.domain.deliveries import Delivery, Key, Outcome, PollShown, State
from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.i18n import speaking
from bot.jobs.delivery.admins import Admins
from bot.jobs.delivery.rendered import RenderedBulletins
from bot.jobs.delivery.retry import RetryStrategy, put_off
from bot.pacing.clock import Clock
from bot.pacing.deadline import within
from bot.pacing.outages import Outages
from bot.pacing.spacing import Spacing
from storage.outbox import LEASE, Outbox
from storage.subscriptions import Subscriptions
from storage.unseen_chats import UnseenChats

log = structlog.get_logger(__name__)

MOST_IN_FLIGHT = 24
"""Upper bound of messages that a platform is being sent at a time."""

MOST_UNCOMMITTED = 3 * MOST_IN_FLIGHT
"""Upper bound of messages sent but not yet committed as sent, per platform: what a crash may send twice, at most."""

BATCH = 4 * MOST_IN_FLIGHT
"""Deliveries that are taken from the outbox at a time."""

LONGEST_HOLD = dt.timedelta(seconds=LEASE / 2)
"""How long a delivery that was taken may wait to be sent; beyond that another process may take it over."""

FAREWELL = 1.5
"""Seconds that messages in flight have when the bot is stopped."""

IDLE = 2.0
"""Seconds between two looks into an outbox that has nothing due."""

AFTER_TROUBLE = 60.0
"""Seconds until the outbox is looked into again after it could not be."""


class Tools(NamedTuple):
    """What every platform's worker works with."""

    outbox: Outbox
    subscriptions: Subscriptions
    unseen: UnseenChats
    rendered: RenderedBulletins
    moved: Callable[[Chat, Chat], Awaitable[None]]
    """Takes along what is kept of a chat that goes on as another."""

    warning: Callable[[str], Reply]
    """What an admin is told about a right that the bot lacks."""

    clock: Clock
    strategy: RetryStrategy = RetryStrategy()
    posted: Callable[[Post, Reply], None] = lambda _post, _reply: None
    """Takes note of what a message shows that has arrived."""


class _Batch(NamedTuple):
    taken_at: dt.datetime
    deliveries: Sequence[Delivery]


class DeliveryWorker:
    """Delivers on one platform, whatever becomes of the others."""

    def __init__(self, adapter: Adapter, tools: Tools, spacing: Spacing) -> None:
        self._adapter = adapter
        self._outbox, self._subscriptions, self._unseen = tools.outbox, tools.subscriptions, tools.unseen
        self._rendered, self._warning, self._posted = tools.rendered, tools.warning, tools.posted
        self._moved, self._clock, self._strategy = tools.moved, tools.clock, tools.strategy
        self._wake = asyncio.Event()
        self._spacing = spacing
        self._in_flight = asyncio.Semaphore(MOST_IN_FLIGHT)
        self._uncommitted = asyncio.Semaphore(MOST_UNCOMMITTED)
        self._taken: set[Key] = set()
        self._sending: set[asyncio.Task[None]] = set()
        self._unstored: list[Outcome] = []
        self._failures_in_a_row = 0
        self._outages = 0
        self._admins = Admins(adapter, tools.subscriptions, tools.unseen)
        self._untaken = Outages[Platform]()

    async def run(self) -> None:
        """Deliver until cancelled; then wait for what is in flight, so that it is not sent again."""
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
            if self._sending:
                await asyncio.wait(self._sending, timeout=FAREWELL)

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
            if self._unstored or self._clock.now() - batch.taken_at > LONGEST_HOLD:
                self._in_flight.release()
                self._uncommitted.release()
                self._taken.discard(delivery.key)  # to be taken anew: by now it may be another process's
                continue
            sending = asyncio.create_task(self._deliver(delivery))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)

    async def _store_again(self) -> None:
        """Store the outcomes that could not be, and send nothing until then, lest a broken database repeat messages."""
        while self._unstored:
            outcome = self._unstored[-1]
            await self._outbox.settle(outcome)
            self._unstored.pop()
            self._taken.discard(outcome.delivery.key)

    async def _deliver(self, delivery: Delivery) -> None:
        """Send a delivery and store its outcome; only then does it leave the bound of what a crash may repeat."""
        try:
            outcome = await self._outcome(delivery)
            if outcome is None or await self._stored(outcome):
                self._taken.discard(delivery.key)
        finally:
            self._uncommitted.release()

    async def _outcome(self, delivery: Delivery) -> Outcome | None:
        try:
            await self._spacing.wait_for_chat(delivery.chat)
            return await self._attempt(delivery)
        except Exception as error:
            log.exception(
                "delivery.attempt_failed", platform=self._adapter.platform, announcement=delivery.announcement_id
            )
            return self._logged(self._strategy.after_failure(delivery, type(error).__name__, self._clock.now()))
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

    async def _attempt(self, delivery: Delivery) -> Outcome | None:
        """Send a delivery; its outcome, or None where it is another chat's now."""
        bulletin, outages = await self._rendered.of(delivery), self._outages
        if bulletin is None:
            return Outcome(delivery, State.DROPPED, self._clock.now())
        try:
            message = await self._send(delivery, bulletin)
        except ChatGoneError as gone:
            return await self._closed(delivery, gone)
        except UnreachableError as error:
            return self._unreached(delivery, str(error), outages)
        except (NotAllowedError, SlowDownError) as error:
            return await self._put_off(delivery, error)
        self._failures_in_a_row = self._outages = 0
        return self._sent(delivery, bulletin.reply, message)

    def _sent(self, delivery: Delivery, reply: Reply, message: str | None) -> Outcome:
        """The outcome of a delivery that arrived; where there was no message to amend, it is dropped."""
        if message is None:
            return Outcome(delivery, State.DROPPED, self._clock.now())
        self._posted(Post(delivery.chat, message), reply)
        # A private chat's number is a person's own, and is in no list of messages.
        shows = None
        if reply.poll is not None and delivery.chat.kind is not ChatKind.PRIVATE:
            shows = PollShown(reply.poll, reply.question, digest(reply.card))
        return Outcome(delivery, State.SENT, self._clock.now(), message=message, shows=shows)

    async def _send(self, delivery: Delivery, bulletin: Bulletin) -> str | None:
        """Correct what was said before, as far as that can be, and say what is new; the id of the message that says it.

        None where an earlier message was to be amended of which nobody knows any more.
        """
        corrected = bulletin.reply if bulletin.amends else bulletin.corrected
        if corrected is not None and delivery.follows is not None:
            with suppress(PostGoneError, NotAllowedError):
                await self._adapter.edit(Post(delivery.chat, delivery.follows), corrected)
        if bulletin.amends:
            return delivery.follows
        once, ping = f"{delivery.announcement_id}-{delivery.chat_id}", delivery.role or ""
        return (await self._adapter.send(delivery.chat, bulletin.reply, once=once, ping=ping)).message

    def _unreached(self, delivery: Delivery, problem: str, outages: int) -> Outcome:
        """The platform could not be reached: a chat's attempts are counted only while others get through.

        `outages` is how often the platform had been left alone before the attempt. All attempts that fail after the
        same number lead to the same next wait; otherwise many failures of one moment would end in the longest.
        """
        self._failures_in_a_row += 1
        if self._failures_in_a_row <= self._strategy.outage_after:
            return self._logged(self._strategy.after_failure(delivery, problem, self._clock.now()))
        self._outages = max(self._outages, outages + 1)
        wait = self._strategy.outage.after(self._outages)
        self._spacing.pause(wait)
        return put_off(delivery, wait, problem, self._clock.now())

    async def _put_off(self, delivery: Delivery, error: NotAllowedError | SlowDownError) -> Outcome:
        if isinstance(error, NotAllowedError):
            return await self._refused(delivery, str(error))
        self._spacing.pause(error.seconds)
        return put_off(delivery, error.seconds, str(error), self._clock.now())

    async def _closed(self, delivery: Delivery, gone: ChatGoneError) -> Outcome | None:
        """The chat is another one now, cannot be seen, or has ended; None where the delivery is the other one's."""
        match gone:
            case ChatMovedError():
                await self._moved(delivery.chat, gone.chat)
                return None
            case ChatUnseenError():
                return await self._out_of_sight(delivery, str(gone))
        await self._subscriptions.end_all(delivery.chat)
        return Outcome(delivery, State.DROPPED, self._clock.now(), problem=str(gone))

    async def _out_of_sight(self, delivery: Delivery, problem: str) -> Outcome:
        """The chat cannot be seen: try for a day, tell an admin once that is no hiccup, and then end its topics."""
        now = self._clock.now()
        unseen = await self._unseen.tried(delivery.chat_id, now)
        over = unseen.is_over(now)
        if over or unseen.is_worth_telling(now):
            told = await self._admins.unseen(delivery, over=over)
            if over and told and await self._subscriptions.end_unseen(delivery.chat, now):
                log.warning("delivery.chat_ended", platform=self._adapter.platform, chat=delivery.chat_id)
                return Outcome(delivery, State.DROPPED, now, problem=problem)
        return put_off(delivery, self._strategy.unseen.after(unseen.tries), problem, now)

    async def _refused(self, delivery: Delivery, problem: str) -> Outcome:
        """The bot lacks a right: leave the chat alone for a while, and then tell one of its admins, once."""
        outcome = self._strategy.after_refusal(delivery, problem, self._clock.now())
        if outcome.state is State.DEAD:
            with speaking(delivery.settings.language):
                warning = self._warning(problem)
            await self._admins.warn(delivery, warning)
        return self._logged(outcome)

    def _logged(self, outcome: Outcome) -> Outcome:
        """The outcome, after a line of the log where it means that the delivery is given up."""
        if outcome.state is State.DEAD:
            log.warning(
                "delivery.given_up",
                platform=self._adapter.platform,
                announcement=outcome.delivery.announcement_id,
                chat=outcome.delivery.chat_id,
                problem=outcome.problem,
            )
        return outcome
