"""A real process that votes for ever, whatever happens to its database: who is told that it went wrong presses again.

It sends the number of each acknowledged vote; `tests.storage.kill.ballot` says whose it is and what for.
"""

import asyncio
import datetime as dt
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple

from bot.app.logs import configure
from bot.pacing.clock import SystemClock
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.database.limits import Limits
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.polls import Polls
from tests.storage.kill import ballot
from tests.support.incidents import catalogue

VOTERS = 40
"""Who vote at once in a process."""

AGAIN = 0.05
"""Seconds until somebody presses again who was told that it went wrong."""

LIMITS = Limits(connections=3, statement_timeout=5.0, lock_timeout=5.0, patience=2.0)
YEARS = 10
"""By how many a clock that jumps may be wrong."""


class Errand(NamedTuple):
    """Where a process votes, its first vote's number, where its log goes, and whether its clock jumps."""

    url: str
    first: int
    log: Path
    jumps: bool = False


class JumpingClock(SystemClock):
    """A clock that somebody sets again and again, to any time."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def now(self) -> dt.datetime:
        """Some time of day, which has nothing to do with the one before."""
        return super().now() + dt.timedelta(days=self._random.uniform(-365, 365) * YEARS)


def vote_until_killed(errand: Errand, acknowledge: Callable[[int], object]) -> None:
    """What the process does."""
    with errand.log.open("a", buffering=1) as log:  # a line is there although the process is killed after it
        configure("INFO", "json", (), log)
        asyncio.run(_vote(errand, acknowledge))


async def _vote(errand: Errand, acknowledge: Callable[[int], object]) -> None:
    database = open_database(errand.url, LIMITS)
    clock = JumpingClock(Random(errand.first)) if errand.jumps else SystemClock()
    polls, handled = await Polls.open(database, catalogue()), HandledUpdates(database, clock)
    box = BallotBox(database, await Chats.open(database, handled), handled, clock)
    numbers = count(errand.first)

    async def voter() -> None:
        for number in numbers:
            await _press(box, polls, number)
            acknowledge(number)

    await asyncio.gather(box.run(), *(voter() for _ in range(VOTERS)))


async def _press(box: BallotBox, polls: Polls, number: int) -> None:
    """Press until the vote is acknowledged; it is one update, which may have been counted although nobody heard."""
    while True:
        try:
            await box.cast(ballot(polls, number))
        except Exception:
            await asyncio.sleep(AGAIN)
        else:
            return
