"""Watching OpenF1's latest session: what is asked when, and what is new in the answers."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import structlog

from bot.domain.race_control import Car, Message
from bot.feeds.race_control.openf1_api import OpenF1Api
from bot.feeds.race_control.openf1_rows import (
    STATUS_ROW,
    SessionRow,
    read_car,
    read_event,
    read_message,
    read_session,
    read_status,
)
from bot.feeds.race_control.source import CarsSeen, MessagesSeen, SessionSeen, Tell
from bot.feeds.race_control.transcript import Transcript
from bot.pacing.clock import Clock

log = structlog.get_logger(__name__)

Row = TypeVar("Row")

LIVE_PAUSE = 4.0
"""Seconds between questions while a session runs: 15 of the 30 a minute that are allowed."""

IDLE_PAUSE = 60.0
"""Seconds between questions otherwise, and between looking for another session, or for cars while there are none."""

CARS_PAUSE = 600.0
"""Seconds after which known cars are asked for again."""

AROUND = dt.timedelta(hours=1)
"""How long before its published start and after its published end a session is taken to be live."""

TALKATIVE = dt.timedelta(minutes=30)
"""How long after race control's last message it is too, whatever was published."""

OVERLAP = dt.timedelta(minutes=1)
"""How far each question goes back behind the last message: some arrive out of order, many in one second."""


@dataclass
class _Latest:
    """The latest session, and what of it has been told."""

    row: SessionRow
    seen: SessionSeen
    cars: Mapping[int, Car] = field(default_factory=dict)
    cars_due: float = 0.0
    transcript: Transcript = field(default_factory=Transcript)
    last_said: dt.datetime | None = None

    def is_live(self, now: dt.datetime) -> bool:
        """Whether race control is likely to say something soon."""
        if self.last_said and abs(now - self.last_said) <= TALKATIVE:
            return True
        return self.row.starts_at - AROUND <= now <= self.row.ends_at + AROUND


class Watch:
    """Asks what is due, and tells what is new; an answer is told before the next question is asked."""

    def __init__(self, api: OpenF1Api, clock: Clock, tell: Tell) -> None:
        self._api = api
        self._clock = clock
        self._tell = tell
        self._latest: _Latest | None = None
        self._session_due = clock.monotonic()
        self._has_complained = False

    async def look(self) -> float:
        """Look once; seconds until it is worth looking again. Raises what OpenF1Api does."""
        if self._clock.monotonic() >= self._session_due:
            await self._look_for_session()
            self._session_due = self._clock.monotonic() + IDLE_PAUSE
        latest = self._latest
        if latest is None:
            return IDLE_PAUSE
        if self._clock.monotonic() >= latest.cars_due:
            await self._look_for_cars(latest)
        await self._look_for_messages(latest)
        return LIVE_PAUSE if latest.is_live(self._clock.now()) else IDLE_PAUSE

    async def _look_for_session(self) -> None:
        rows = await self._api.rows("sessions", {"session_key": "latest"})
        (row,) = self._readable(map(read_session, rows[:1])) or (None,)
        known = self._latest
        if row is None or (known and row == known.row):
            return
        if known and row.key == known.row.key:
            known.row = row
            known.seen = replace(row.seen(known.seen.session.event), status=known.seen.status)
            await self._tell(known.seen)
            return
        rows = await self._api.rows("meetings", {"meeting_key": row.meeting_key})
        for event in self._readable(map(read_event, rows[:1])):
            self._latest = _Latest(row, row.seen(event), cars_due=self._clock.monotonic())
            await self._tell(self._latest.seen)

    async def _look_for_cars(self, latest: _Latest) -> None:
        # Set before it is asked, so that messages do not wait for cars that cannot be had.
        latest.cars_due = self._clock.monotonic() + IDLE_PAUSE
        rows = await self._api.rows("drivers", {"session_key": latest.row.key})
        cars = {car.number: car for car in self._readable(map(read_car, rows))}
        if not cars:
            return
        latest.cars_due = self._clock.monotonic() + CARS_PAUSE
        if cars != latest.cars:
            latest.cars = cars
            await self._tell(CarsSeen(latest.row.key, cars))

    async def _look_for_messages(self, latest: _Latest) -> None:
        since = {"date>": (latest.last_said - OVERLAP).isoformat()} if latest.last_said else {}
        rows = await self._api.rows("race_control", {"session_key": latest.row.key, **since})
        said = sorted(self._readable(map(read_message, rows)), key=lambda message: message.at)
        if said:
            latest.last_said = said[-1].at
        await self._tell_status(latest, [message for message in said if message.category == STATUS_ROW])
        if fresh := latest.transcript.take(message for message in said if message.category != STATUS_ROW):
            await self._tell(MessagesSeen(latest.row.key, fresh))

    async def _tell_status(self, latest: _Latest, rows: list[Message]) -> None:
        statuses = [status for status in map(read_status, rows) if status]
        if statuses and statuses[-1] is not latest.seen.status:
            latest.seen = replace(latest.seen, status=statuses[-1])
            await self._tell(latest.seen)

    def _readable(self, read: Iterable[Row | None]) -> list[Row]:
        """What could be read; where something could not, that is logged, once."""
        every = list(read)
        readable = [each for each in every if each is not None]
        if len(readable) < len(every) and not self._has_complained:
            self._has_complained = True
            log.warning("race_control.record_skipped", source="openf1")
        return readable
