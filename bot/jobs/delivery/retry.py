"""What becomes of a delivery that did not arrive: when it is tried again, and when it is given up."""

import datetime as dt
from dataclasses import dataclass, field

from bot.domain.deliveries import Delivery, Outcome, State
from bot.pacing.backoff import Backoff


@dataclass(frozen=True, slots=True)
class RetryStrategy:
    """The waits between the attempts of a delivery, and how many there are."""

    failure: Backoff = field(default_factory=lambda: Backoff(first=10, longest=3600))
    """Between attempts that fail, in seconds."""

    most_failures: int = 12
    """Failures after which a delivery is given up, some three hours after the first."""

    not_allowed: tuple[int, ...] = (900, 3600, 6 * 3600)
    """Seconds between attempts where the bot lacks a right; after the last of them an admin is told."""

    unseen: Backoff = field(default_factory=lambda: Backoff(first=600, longest=4 * 3600))
    """Between tries of a chat that cannot be seen, in seconds; these cost a delivery no attempt."""

    outage: Backoff = field(default_factory=lambda: Backoff(first=2, longest=60))
    """Between attempts while the platform itself fails, in seconds; these cost a delivery no attempt."""

    outage_after: int = 3
    """Failures in a row beyond which it is the platform that fails and not a chat."""

    def after_failure(self, delivery: Delivery, problem: str, now: dt.datetime) -> Outcome:
        """Pending until the next attempt, or dead after the last one."""
        failures = delivery.attempts + 1
        if failures >= self.most_failures:
            return given_up(delivery, problem, now)
        return put_off(delivery, self.failure.after(failures), problem, now, failures)

    def after_refusal(self, delivery: Delivery, problem: str, now: dt.datetime) -> Outcome:
        """Pending while an admin may notice by themselves that the bot lacks a right, or dead after that."""
        if delivery.attempts >= len(self.not_allowed):
            return given_up(delivery, problem, now)
        return put_off(delivery, self.not_allowed[delivery.attempts], problem, now, delivery.attempts + 1)


def put_off(delivery: Delivery, seconds: float, problem: str, now: dt.datetime, attempts: int | None = None) -> Outcome:
    """Pending for so many seconds; `attempts` is how often it has failed by now, None for as often as before."""
    due_at = now + dt.timedelta(seconds=seconds)
    return Outcome(delivery, State.PENDING, now, problem=problem, due_at=due_at, attempts=attempts)


def given_up(delivery: Delivery, problem: str, now: dt.datetime) -> Outcome:
    """Dead: not tried again unless an operator says so."""
    return Outcome(delivery, State.DEAD, now, problem=problem, attempts=delivery.attempts + 1)
