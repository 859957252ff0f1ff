"""A session from the past, told as if it were held now: a source of race control that knows how it ends."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import NoReturn

from bot.domain.race_control import Message
from bot.feeds.race_control.archive import SessionRecord
from bot.feeds.race_control.source import (
    CarsSeen,
    Line,
    LineState,
    MessagesSeen,
    SessionSeen,
    SessionStatus,
    Tell,
)
from bot.pacing.clock import Clock

LONGEST_SILENCE = dt.timedelta(minutes=30)
"""For how long of the session's time nothing is told at most; races that were held up for hours are not waited for."""


class Replay:
    """Tells a recorded session's messages at their pace, `speed` times as fast; a Source.

    Their times are moved as one, so that they are as far from one another as they were, which is what cases are told
    apart by, and the last one is said just when it is told. So none is ever said in time to come.
    """

    name = "replay"

    def __init__(self, record: SessionRecord, clock: Clock, speed: float) -> None:
        """`record` has at least one message; `speed` is more than 0."""
        self._record = record
        self._clock = clock
        self._due = list(_due(record.messages, speed))
        self._began: dt.datetime | None = None
        self.over = asyncio.Event()
        """Set once the last message was told."""

    async def run(self, tell: Tell) -> NoReturn:
        """Tell the session from where it is by now, and then nothing any more, until cancelled."""
        self._began = began = self._began or self._clock.now()
        moved = began + self._due[-1] - max(message.at for message in self._record.messages)
        day = (self._record.messages[0].at + moved).date()
        session = replace(self._record.session, date=day)
        seen = SessionSeen(session, status=SessionStatus.STARTED)
        await tell(LineState(self.name, Line.CONNECTED, began))
        await tell(seen)
        if self._record.cars:
            await tell(CarsSeen(session.key, self._record.cars))
        for message, due in zip(self._record.messages, self._due, strict=True):
            wait = (began + due - self._clock.now()).total_seconds()
            if wait > 0:
                await self._clock.sleep(wait)
            await tell(MessagesSeen(session.key, (replace(message, at=message.at + moved),)))
        await tell(replace(seen, status=SessionStatus.FINALISED))
        self.over.set()
        while True:
            await asyncio.Event().wait()

    async def look(self) -> LineState:
        """A recording is always there."""
        return LineState(self.name, Line.CONNECTED, self._clock.now())


def _due(messages: tuple[Message, ...], speed: float) -> Iterator[dt.timedelta]:
    """How long after the beginning each message is told."""
    due, latest = dt.timedelta(), messages[0].at
    for message in messages:
        silence = max(message.at - latest, dt.timedelta())
        due += min(silence, LONGEST_SILENCE) / speed
        latest = max(latest, message.at)
        yield due
