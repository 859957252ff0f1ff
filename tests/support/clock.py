"""Time as tests have it: it passes at once for whoever sleeps, stands still until the test lets it go on, or races."""

import asyncio
import datetime as dt
import math
import time
from collections.abc import Callable
from contextlib import suppress

A_MOMENT = 0.01
"""Seconds of real time for which held time waits at most."""

TIMES_AS_FAST = 10

IMOLA_EVENING = dt.datetime(2021, 4, 18, 20, tzinfo=dt.UTC)


class FakeClock:
    """A clock whose sleep takes no time; `slept` is how long each was meant to be, in seconds."""

    def __init__(self, start: dt.datetime = IMOLA_EVENING) -> None:
        self.start = start
        self.seconds = 0.0
        """Since the test began."""

        self.slept: list[float] = []

    def now(self) -> dt.datetime:
        """The time of day."""
        return self.start + dt.timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Seconds since the test began."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)

    def set(self, moment: dt.datetime) -> None:
        """Make it that time of day."""
        self.seconds = (moment - self.start).total_seconds()

    def pass_by(self, time: dt.timedelta | float) -> None:
        """Let time go by, in seconds where it is a number."""
        self.seconds += time.total_seconds() if isinstance(time, dt.timedelta) else time


class HeldClock(FakeClock):
    """A clock on which whoever sleeps does so until the test wakes them."""

    def __init__(self, start: dt.datetime = IMOLA_EVENING) -> None:
        super().__init__(start)
        self._sleepers: list[tuple[float, asyncio.Event]] = []
        self._somebody_sleeps = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Sleep until the test says so."""
        self.slept.append(seconds)
        sleeper = (self.seconds + seconds, asyncio.Event())
        self._sleepers.append(sleeper)
        self._somebody_sleeps.set()
        try:
            await sleeper[1].wait()
        finally:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)

    async def wake(self) -> float:
        """Wake who has slept longest, once somebody sleeps, whatever the time; the moment they meant to sleep until."""
        await self.asleep()
        until, alarm = self._sleepers.pop(0)
        alarm.set()
        return until

    async def wake_in_time(self, within: float = math.inf) -> None:
        """Wake whoever means to wake first, at that moment, once somebody means to within so many seconds."""
        await self.asleep(self.seconds + within)
        self._sleepers.sort(key=lambda sleeper: sleeper[0])
        self.seconds = max(self.seconds, await self.wake())

    async def go_on_while(self, condition: Callable[[], bool]) -> None:
        """Let time go on from one sleeper's alarm to the next as long as something is so.

        Time waits until one of those who were woken has done its work and sleeps again, or a moment where none does:
        otherwise it would run away from real databases and sockets, by days on a busy machine.
        """
        while condition():
            await self.asleep()
            if not condition():
                return  # it became so while everybody was at work
            self._somebody_sleeps.clear()
            self.move_on()
            with suppress(TimeoutError):
                async with asyncio.timeout(A_MOMENT):
                    await self._somebody_sleeps.wait()

    async def asleep(self, until: float = math.inf) -> None:
        """Wait until somebody sleeps who means to wake by then."""
        while all(wakes > until for wakes, _alarm in self._sleepers):
            self._somebody_sleeps.clear()
            await self._somebody_sleeps.wait()

    def move_on(self) -> None:
        """Go to the moment at which the next sleeper wakes, if there is one, and wake all that are due then."""
        self.seconds = max(self.seconds, min((until for until, _alarm in self._sleepers), default=self.seconds))
        for sleeper in [each for each in self._sleepers if each[0] <= self.seconds]:
            self._sleepers.remove(sleeper)
            sleeper[1].set()

    async def go_on_until(self, moment: float) -> None:
        """Let time pass until so many seconds since the test began, waking each sleeper in turn."""
        while any(until <= moment for until, _alarm in self._sleepers):
            self.move_on()
            for _round in range(3):
                await asyncio.sleep(0)
        self.seconds = moment


class RacingClock:
    """A clock that runs ten times as fast as the world's, where real sockets take the time they take."""

    def __init__(self, start: dt.datetime) -> None:
        self.set(start)

    def now(self) -> dt.datetime:
        """The time of day."""
        return self._start + dt.timedelta(seconds=self.monotonic() - self._set_at)

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic() * TIMES_AS_FAST

    async def sleep(self, seconds: float) -> None:
        """Sleep a tenth of it."""
        await asyncio.sleep(seconds / TIMES_AS_FAST)

    def set(self, moment: dt.datetime) -> None:
        """Make it that time of day; whoever sleeps sleeps on."""
        self._start, self._set_at = moment, self.monotonic()

    def pass_by(self, time: dt.timedelta) -> None:
        """Make it so much later."""
        self.set(self.now() + time)

    async def go_on_while(self, condition: Callable[[], bool]) -> None:
        """Wait as long as something is so."""
        while condition():
            await self.sleep(TIMES_AS_FAST * A_MOMENT)
