"""One attempt to deliver something, and what becomes of the delivery by what the platform says."""

from contextlib import suppress

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
from bot.domain.deliveries import Delivery, Outcome, PollShown, State
from bot.domain.places import ChatKind, Post
from bot.i18n import speaking
from bot.jobs.delivery.admins import Admins
from bot.jobs.delivery.retry import put_off
from bot.jobs.delivery.tools import Tools
from bot.pacing.spacing import Spacing
from storage.database.failing_work import FailingWork

log = structlog.get_logger(__name__)


class Attempts:
    """Attempts on one platform; where it is the platform that fails, its whole pace is held."""

    def __init__(self, adapter: Adapter, tools: Tools, spacing: Spacing) -> None:
        self._adapter = adapter
        self._subscriptions, self._unseen = tools.subscriptions, tools.unseen
        self._rendered, self._warning, self._posted = tools.rendered, tools.warning, tools.posted
        self._moved, self._clock, self._strategy = tools.moved, tools.clock, tools.strategy
        self._spacing = spacing
        self._failures_in_a_row = 0
        self._outages = 0
        self._failing = FailingWork[int]()
        self._admins = Admins(adapter, tools.subscriptions, tools.unseen)

    async def attempt(self, delivery: Delivery) -> Outcome | None:
        """Send a delivery; its outcome, whatever happens, or None where it is another chat's now."""
        told = delivery.announcement_id
        try:
            outcome = await self._attempt(delivery)
        except Exception as error:
            if self._failing.begins(told, error):
                log.exception("delivery.attempt_failed", platform=self._adapter.platform, announcement=told)
            return self._logged(self._strategy.after_failure(delivery, type(error).__name__, self._clock.now()))
        self._failing.ends(told)
        return outcome

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
        over, told = unseen.is_over(now), unseen.told
        if unseen.is_to_be_told(now):
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
