"""Asking Telegram for updates: each is handed on once, whatever is in it, and whatever happens to the connection."""

from collections import Counter
from dataclasses import dataclass
from typing import NoReturn

import structlog

from bot.adapters.telegram.api.client import Api
from bot.adapters.telegram.api.errors import CalledInsteadError, GarbledError, PolledElsewhereError, UnauthorizedError
from bot.adapters.telegram.intake import HandOn, Intake, log_unreadable
from bot.adapters.telegram.updates import part, update_id
from bot.chat.platform import SlowDownError, TokenRefusedError, UnreachableError
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock

log = structlog.get_logger(__name__)

LONG_POLL = 30
"""Seconds that Telegram may keep us waiting for the next update."""

AT_ONCE = 100
"""Upper bound of updates in one answer; Telegram's own."""

REFUSALS = 3
"""How often in a row the token is refused before that is believed."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A way in which polling fails: its event in the log, once it has failed `told_after` times, and the pauses."""

    event: str
    pauses: Backoff
    told_after: int = 1


UNREACHED = Trouble("telegram.poll_failed", Backoff(first=0.5, longest=30.0))
CONFLICT = Trouble("telegram.poll_conflict", Backoff(first=1.5, longest=30.0), told_after=3)
"""After a restart, the poll of the process before us is still open for a moment."""

REFUSAL = Trouble("telegram.token_doubted", Backoff(first=2.0, longest=10.0))
"""Proxies, and Telegram itself now and then, refuse a token that is good."""


class Outage:
    """How often Telegram has failed us since the last success."""

    def __init__(self) -> None:
        self._failures: Counter[Trouble] = Counter()

    def pause(self, error: UnreachableError) -> float:
        """Seconds to wait after one more failure; each kind is logged once. Raises TokenRefusedError."""
        trouble = _trouble(error)
        self._failures[trouble] += 1
        failures = self._failures[trouble]
        if trouble is REFUSAL and failures == REFUSALS:
            raise TokenRefusedError("Telegram does not know this token: check TELEGRAM_BOT_TOKEN.")
        pause = trouble.pauses.after(failures)
        if failures == trouble.told_after:
            log.warning(trouble.event, reason=str(error), retry_in=round(pause, 1))
        return pause

    def over(self) -> None:
        """Take note of a success."""
        if self._failures:
            log.info("telegram.poll_resumed", failures=self._failures.total())
            self._failures.clear()


def _trouble(error: UnreachableError) -> Trouble:
    match error:
        case UnauthorizedError():
            return REFUSAL
        case PolledElsewhereError():
            return CONFLICT
        case _:
            return UNREACHED


class Polling:
    """One bot's updates, over all of its connections; `hand_on` is awaited for each of them in turn."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset = 0
        self._limit = AT_ONCE
        self._intake = Intake()

    async def run(self, api: Api, hand_on: HandOn) -> NoReturn:
        """Take updates until cancelled. Raises TokenRefusedError."""
        outage = Outage()
        while True:
            try:
                await self._poll(api, hand_on)
            except SlowDownError as asked:
                await self._clock.sleep(asked.seconds)
            except UnreachableError as error:
                await self._clock.sleep(outage.pause(error))
            else:
                outage.over()

    async def confirm(self, api: Api) -> None:
        """Tell Telegram what was taken, so that no restart takes it twice. Raises UnreachableError, SlowDownError."""
        await api.updates(self._offset, limit=1, seconds=0)

    async def _poll(self, api: Api, hand_on: HandOn) -> None:
        try:
            answer = await api.updates(self._offset, self._limit, LONG_POLL)
        except GarbledError as garbled:
            self._narrow_down(garbled)
            return
        except CalledInsteadError:
            log.warning("telegram.webhook_removed")
            await api.delete_webhook()
            return
        if not isinstance(answer, list):
            raise UnreachableError("an answer that is no list of updates")
        if answer:
            await self._take(answer, hand_on)
        else:
            self._limit = AT_ONCE

    async def _take(self, answer: list[object], hand_on: HandOn) -> None:
        """Hand on what is new in an answer. Raises UnreachableError where nothing is."""
        highest, is_fresh = -1, False
        for update in answer:
            number = update_id(update)
            if number is None:
                continue
            highest = max(highest, number)
            if self._intake.has(number):
                continue
            await self._intake.take(number, update, hand_on)
            # Not the greatest ever: after a quiet week Telegram may go on with lower ones.
            self._offset = highest + 1
            is_fresh = True
        if not is_fresh:
            # To ask again at once would bring the same answer at once.
            self._offset = max(self._offset, highest + 1)
            raise UnreachableError("an answer without a new update")
        for update in answer:
            if update_id(update) is None:
                log_unreadable(None, part(update)[0], "update_id: missing")

    def _narrow_down(self, garbled: GarbledError) -> None:
        """Ask for one update at a time until the one that garbles the answer comes first, and step over that.

        Raises the error where no update is to blame.
        """
        number = garbled.update_id
        if number is None or self._intake.has(number):
            raise garbled
        if self._limit > 1:
            self._limit = 1
            return
        log_unreadable(number, None, str(garbled))
        self._intake.leave(number)
        self._offset, self._limit = number + 1, AT_ONCE
