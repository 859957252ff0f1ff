"""A pace that all processes on one PostgreSQL database keep together, by an allowance that is stored there.

Turns are taken in blocks: for those who wait at that moment, and while calls come one after the other, for as many more
as came of late. They are `BLOCK` at most, and no sooner taken than those before have nearly come: so one process leaves
turns to the others, and a transaction serves many calls just when there are many. What was taken and not used within
`KEPT` seconds is lost.
"""

import asyncio
from collections import deque

import structlog

from bot.events import AllowanceClosed, Events, Missed, Subscription
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from bot.pacing.pace import OwnPace
from bot.pacing.window import Allowance
from storage.allowances import Allowances
from storage.database.base import reason

log = structlog.get_logger(__name__)

BLOCK = 7
"""Upper bound of turns that are taken at a time: at Telegram's 28 a second, some four transactions a second."""

KEPT = 0.25
"""Seconds for which a turn may be used after its moment: by so much of a second's allowance more may be used in one."""

AHEAD = 0.05
"""Seconds before the last turn of a block at which the next may be taken."""

OF_CHAT = ": "
"""What stands between a pace's name and a chat's in the name of that chat's allowance."""

A_DAY = 86_400.0
"""Seconds between two rounds in which chats' allowances are forgotten, each of which lasts a minute."""

PATIENCE = 3.0
"""Seconds after which a database that does not answer is not waited for."""


class SharedPace:
    """One process's part in a shared pace. While the database is away, this process keeps the allowance by itself."""

    def __init__(self, allowances: Allowances, name: str, allowance: Allowance, events: Events, clock: Clock) -> None:
        self._allowances = allowances
        self._name = name
        self._allowance = allowance
        self._events = events
        self._closed: Subscription[AllowanceClosed] = events.subscribe(AllowanceClosed)
        self._clock = clock
        self._own = OwnPace(clock, allowance)
        self._waiting: deque[asyncio.Future[float]] = deque()
        self._somebody_waits = asyncio.Event()
        self._asked: deque[float] = deque(maxlen=BLOCK)
        """The moments at which turns were asked for last."""

        self._spare: deque[float] = deque()
        """Turns that were taken for who would come next."""

        self._to_tell = 0.0
        """Until when the platform wants nothing, by the stopwatch, as the others are to be told; 0 once they are."""

        self._silenced = asyncio.Event()
        self._last_turn = clock.monotonic()
        self._outages = Outages[str]()

    async def run(self) -> None:
        """Take turns for those who wait, and tell and hear of silences, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._take_turns())
            group.create_task(self._tell())
            group.create_task(self._hear())
            group.create_task(self._forget_chats())

    async def turn(self) -> None:
        """Wait until one more call may be made."""
        now = self._clock.monotonic()
        self._asked.append(now)
        while self._spare and self._spare[0] < now - KEPT:
            self._spare.popleft()
        turn = self._spare.popleft() if self._spare else await self._taken()
        if (wait := turn - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait)

    def _taken(self) -> "asyncio.Future[float]":
        """The next turn, once it is taken."""
        turn: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._somebody_waits.set()
        return turn

    def wait(self) -> float:
        """Seconds until there would be a turn, as far as this process knows."""
        whole = len(self._waiting) * self._allowance.seconds / self._allowance.calls
        return max(0.0, self._last_turn - self._clock.monotonic()) + whole

    async def sent(self, chat: str, allowance: Allowance, messages: int) -> float:
        """Take turns in a chat's allowance for what was sent there; seconds until the last of them."""
        try:
            async with asyncio.timeout(PATIENCE):
                granted = await self._allowances.take(f"{self._name}{OF_CHAT}{chat}", allowance, messages)
        except Exception as error:
            if self._outages.begins("chats"):
                log.warning("pace.not_shared", allowance=self._name, reason=reason(error))
            return 0.0
        self._outages.ends("chats")
        return granted.turns[-1] - granted.now

    def fall_silent(self, seconds: float) -> None:
        """Take note that the platform wants nothing; the others are told."""
        self._own.fall_silent(seconds)
        self._to_tell = max(self._to_tell, self._clock.monotonic() + seconds)
        self._silenced.set()

    def silence(self) -> float:
        """Seconds for which that is so, whoever was told."""
        return self._own.silence()

    async def _take_turns(self) -> None:
        while True:
            await self._somebody_waits.wait()
            self._somebody_waits.clear()
            while self._waiting:
                waiting = [self._waiting.popleft() for _ in range(min(BLOCK, len(self._waiting)))]
                expected = sum(asked > self._clock.monotonic() - KEPT for asked in self._asked)
                turns = await self._turns(max(len(waiting), expected))
                self._last_turn = turns[-1]
                self._spare.extend(turns[len(waiting) :])
                for each, turn in zip(waiting, turns, strict=False):
                    if not each.done():  # whoever waited may have been cancelled
                        each.set_result(turn)
                if (rest := self._last_turn - AHEAD - self._clock.monotonic()) > 0:
                    await self._clock.sleep(rest)

    async def _turns(self, number: int) -> list[float]:
        """The next turns, by the stopwatch."""
        try:
            async with asyncio.timeout(PATIENCE):
                granted = await self._allowances.take(self._name, self._allowance, number)
        except Exception as error:
            if self._outages.begins(self._name):
                log.warning("pace.not_shared", allowance=self._name, reason=reason(error))
            for _ in range(number):
                await self._own.turn()
            return [self._clock.monotonic()] * number
        self._outages.ends(self._name)
        now = self._clock.monotonic()
        self._own.fall_silent(granted.silent_until - granted.now)
        return [now + turn - granted.now for turn in granted.turns]

    async def _tell(self) -> None:
        """Store each silence, and tell the others of it; where that fails, they are asked to wait by themselves."""
        while True:
            await self._silenced.wait()
            self._silenced.clear()
            until, self._to_tell = self._to_tell, 0.0
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._allowances.fall_silent(self._name, until - self._clock.monotonic())
            except Exception as error:
                if self._outages.begins("silence"):
                    log.warning("pace.not_shared", allowance=self._name, reason=reason(error))
                continue
            self._outages.ends("silence")
            self._events.publish(AllowanceClosed(self._name))

    async def _hear(self) -> None:
        async for event in self._closed:
            if isinstance(event, Missed) or event.allowance == self._name:
                try:
                    self._own.fall_silent(await self._allowances.silence(self._name))
                except Exception as error:
                    log.warning("pace.not_shared", allowance=self._name, reason=reason(error))

    async def _forget_chats(self) -> None:
        while True:
            await self._clock.sleep(A_DAY)
            try:
                await self._allowances.forget(f"{self._name}{OF_CHAT}")
            except Exception as error:
                log.warning("pace.not_shared", allowance=self._name, reason=reason(error))
