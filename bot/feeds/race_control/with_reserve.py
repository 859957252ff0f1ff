"""Two sources as one: where the first does not want us, or is gone for long, the reserve drives until it is back."""

import asyncio
from dataclasses import replace
from typing import NoReturn

from bot.feeds.race_control.source import Line, LineState, MessagesSeen, Source, Tell, Update
from bot.feeds.race_control.transcript import Transcript
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered

PATIENCE = 60.0
"""Seconds for which the first source may be lost before the reserve takes over; refused, it is replaced at once."""

SESSIONS = 4
"""Upper bound of sessions whose messages are known."""


class WithReserve:
    """The first source, with a reserve; a Source.

    Both know a session by the same key, so that what one of them has told the other does not tell again, and their
    messages get indexes in which they agree.
    """

    def __init__(self, first: Source, reserve: Source, clock: Clock) -> None:
        self._first = first
        self._reserve = reserve
        self._clock = clock
        self.name = first.name

    async def run(self, tell: Tell) -> NoReturn:
        """Listen until cancelled. What `tell` raises ends the run as a part of an ExceptionGroup."""
        async with asyncio.TaskGroup() as group:
            relay = _Relay(self._reserve, self._clock, tell, group)
            await self._first.run(relay.tell_of_first)

    async def look(self) -> LineState:
        """What the first source's line is."""
        return await self._first.look()


class _Relay:
    """Tells what either source says, one update at a time, and sends the reserve out and calls it back."""

    def __init__(self, reserve: Source, clock: Clock, tell: Tell, group: asyncio.TaskGroup) -> None:
        self._reserve = reserve
        self._clock = clock
        self._tell = tell
        self._group = group
        self._turn = asyncio.Lock()
        self._out: asyncio.Task[None] | None = None
        self._is_driving = False
        self._transcripts: Remembered[str, Transcript] = Remembered(SESSIONS)

    async def tell_of_first(self, update: Update) -> None:
        """Pass an update of the first source on; a change of its line decides who drives."""
        async with self._turn:
            if isinstance(update, LineState):
                self._choose(update.line)
            await self._pass_on(update)

    async def _tell_of_reserve(self, update: Update) -> None:
        async with self._turn:
            await self._pass_on(update)

    def _choose(self, line: Line) -> None:
        if line is Line.LOST and self._out is None:
            self._send_out(wait=PATIENCE)
        elif line is Line.REFUSED and not self._is_driving:
            self._call_back()
            self._send_out(wait=0.0)
        elif line in (Line.CONNECTED, Line.WAITING):
            self._call_back()

    def _send_out(self, wait: float) -> None:
        self._out = self._group.create_task(self._drive(wait), name="reserve")

    def _call_back(self) -> None:
        # It is our turn, so the reserve is not within `tell`: at most an answer on its way is lost.
        if self._out is not None:
            self._out.cancel()
        self._out, self._is_driving = None, False

    async def _drive(self, wait: float) -> None:
        if wait:
            await self._clock.sleep(wait)
        self._is_driving = True
        await self._reserve.run(self._tell_of_reserve)

    async def _pass_on(self, update: Update) -> None:
        if isinstance(update, MessagesSeen):
            transcript = self._transcripts.setdefault(update.session_key, Transcript())
            fresh = transcript.take(update.messages)
            if not fresh:
                return
            update = replace(update, messages=fresh)
        await self._tell(update)
