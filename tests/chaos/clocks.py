"""A night of recaps on a server, told by two processes whose machines' clocks are wrong, and are set again and again.

They go by the server's clock: neither takes what the other has in hand, and what one of them has in hand when it is
killed is sent as soon as anybody may think it dead, by what time really passes.
"""

import asyncio
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from random import Random
from time import monotonic

from sqlalchemy import Connection, select

from bot.domain.deliveries import State
from bot.jobs.delivery.worker import MOST_UNCOMMITTED
from bot.pacing.clock import SystemClock
from storage import tables
from storage.database.base import Database
from storage.database.open import open_database
from storage.database_clock import DatabaseClock
from storage.taken_deliveries import LEASE
from tests.chaos.nights import Night
from tests.chaos.server_troubles import racing_server
from tests.jobs.delivery.kill import NOW, Deliverer, RaceEvening, announce, deliver

CHATS = 200

HOURS = 2.0
"""By how many a clock may be wrong, either way."""

SENDING = 1.0
"""Seconds that a message takes, so that both processes have some in hand at once."""

PATIENCE = 20.0
"""Seconds beyond a delivery's lease within which what a dead process had in hand has to arrive."""


class WrongClock(SystemClock):
    """A clock that somebody sets again and again, though its stopwatch is right."""

    def __init__(self) -> None:
        self._random = Random()

    def now(self) -> dt.datetime:
        """Some time of day within hours of what it is."""
        return super().now() + dt.timedelta(hours=self._random.uniform(-HOURS, HOURS))


class Evening(RaceEvening):
    """An evening by the server's clock, as a process has it whose own is wrong; over once all is settled."""

    def __init__(self, database: Database, clock: DatabaseClock, tell: Callable[[str], object]) -> None:
        super().__init__(database, NOW, tell)
        self._clock = clock

    def now(self) -> dt.datetime:
        """The time of day, as the process takes it to be."""
        return self._clock.now()

    def anything_left(self, connection: Connection) -> bool:
        """Whether anything is on its way, in whosever hand."""
        its = tables.delivery.c
        return connection.execute(select(its.chat_id).where(its.state == State.PENDING)).first() is not None


def deliver_by_wrong_clock(url: str, _moment: dt.datetime, tell: Callable[[str], object]) -> None:
    """What such a process does."""
    asyncio.run(_deliver(open_database(url), tell))


async def _deliver(database: Database, tell: Callable[[str], object]) -> None:
    clock = DatabaseClock(WrongClock())
    async with clock.following(database):
        await deliver(database, Evening(database, clock, tell), tell, SENDING)


def apart(random: Random, _hard: float) -> Night:
    """Of two processes by wrong clocks one is killed, and the other tells the rest, neither too soon nor too late."""
    with racing_server() as (_server, url):
        asyncio.run(announce(url, CHATS))
        two = [Deliverer(url, does=deliver_by_wrong_clock) for _ in range(2)]
        random.shuffle(two)
        dies, goes_on = two
        dies.wait(random.randint(1, CHATS // 4))
        dies.kill()
        in_hand = asyncio.run(_in_hand(url))
        after = _moments(goes_on)
        goes_on.kill()
    arrived = Counter([*dies.arrived, *goes_on.arrived])
    return Night(
        recaps=CHATS,
        recaps_lost=CHATS - len(arrived),
        twice=arrived.total() - len(arrived),
        in_flight=MOST_UNCOMMITTED,
        mistakes=tuple(_mistakes(in_hand, after)),
    )


def _moments(deliverer: Deliverer) -> dict[str, float]:
    """In how many seconds from now each message arrives, or was seen to have; back once all have."""
    began, moments = monotonic(), dict[str, float]()
    while not deliverer.is_done:
        deliverer.wait(len(deliverer.arrived) + 1)
        for chat in deliverer.arrived[len(moments) :]:
            moments[chat] = monotonic() - began
    return moments


async def _in_hand(url: str) -> list[set[str]]:
    """The chats whose messages each process has in hand, whether it is dead or not."""
    database, chat, delivery = open_database(url), tables.chat, tables.delivery
    taken = (delivery.c.state == State.PENDING) & delivery.c.taken_by.is_not(None)
    rows = select(delivery.c.taken_by, chat.c.external).join_from(chat, delivery).where(taken)
    by_holder = defaultdict[str, set[str]](set)
    for holder, external in await database.read(lambda connection: connection.execute(rows).all()):
        by_holder[holder].add(external)
    await database.close()
    return [*by_holder.values()]


def _mistakes(in_hand: Sequence[Collection[str]], after: Mapping[str, float]) -> Iterator[str]:
    """What arrived too late; or too soon, where both had some in hand: that the one is dead shows in time alone."""
    if max(after.values()) > LEASE + PATIENCE:
        yield "what a dead process had in hand was held"
    first = [min((after[chat] for chat in chats if chat in after), default=LEASE) for chats in in_hand]
    if len(first) > 1 and max(first) < LEASE / 2:
        yield "what somebody had in hand was stolen"


BY_WRONG_CLOCKS = {"clocks wrong amid recaps": apart}
