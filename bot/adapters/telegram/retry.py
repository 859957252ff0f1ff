"""How long an answer to a person is tried: what fails by itself twice more, what has to wait until it is too late."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.adapters.telegram.api.errors import BusyError, RefusedError
from bot.chat.platform import SlowDownError, UnreachableError
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock

TRIES = 3
"""Upper bound of tries of a call that fails by itself: a 500, a proxy's page, a line that is cut."""

PAUSES = Backoff(first=1.5, longest=3.0)
"""Seconds between these."""

Answer = TypeVar("Answer")


class TooLateError(Exception):
    """An answer would come too late to be worth something."""

    def __init__(self, patience: float) -> None:
        super().__init__(f"not within {patience:.0f} s")


async def patiently(call: Callable[[], Awaitable[Answer]], clock: Clock, patience: float) -> Answer:
    """Make a call for somebody who waits for its outcome: again where it fails, later where Telegram asks to wait.

    Telegram takes no key by which it could tell a second message from the first, so where only the response was lost
    an answer comes twice. That is better than none for a person who waits. It is not for news, which nobody waits for:
    these are retried by who delivers them.
    Raises TooLateError where `patience`, in seconds, would be over first, and whatever the last try raises.
    """
    until = clock.monotonic() + patience
    failures = 0
    while True:
        try:
            return await call()
        except SlowDownError as asked:
            pause = asked.seconds
        except (BusyError, RefusedError):
            raise
        except UnreachableError:
            failures += 1
            if failures == TRIES:
                raise
            pause = PAUSES.after(failures)
        if clock.monotonic() + pause > until:
            raise TooLateError(patience)
        await clock.sleep(pause)
