"""Live timing's topics: keyframes, and the deltas after them, made into updates. Pure: no clock, no socket.

What cannot be read is skipped and counted; what belongs to another session is left to that session's keyframe.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.domain.race_control import Car, Message
from bot.feeds.race_control.fields import Fields, fields
from bot.feeds.race_control.records import entries, read_car, read_message, read_session, read_status
from bot.feeds.race_control.source import CarsSeen, MessagesSeen, SessionSeen, Update
from bot.feeds.race_control.transcript import Transcript
from bot.pacing.remembered import Remembered

SESSION, STATUS, DRIVERS, MESSAGES = "SessionInfo", "SessionStatus", "DriverList", "RaceControlMessages"

EARLY = dt.timedelta(hours=4)
LATE = dt.timedelta(hours=12)
"""How long before and after its published start a session's messages may be said.

Starts were published three hours off, and races were held up for hours; the session before a race or a sprint has
ended earlier than that.
"""

SESSIONS = 4
"""Upper bound of sessions whose messages are known, so that a feed that goes back to one does not repeat it."""

MOST_CARS = 100
LONGEST_VALUE = 500

_Shape = Mapping[str, "_Shape | None"]
_INFO: _Shape = {
    **dict.fromkeys(("Key", "Path", "Name", "StartDate", "GmtOffset")),
    "Meeting": {"Name": None, "Location": None, "Country": {"Name": None}, "Circuit": {"ShortName": None}},
}
_DRIVER: _Shape = dict.fromkeys(("RacingNumber", "Tla", "FirstName", "LastName", "FullName", "TeamName"))


class Topics:
    """What is known from the topics so far; the same keyframe again tells nothing new, and an older one takes nothing.

    `skipped` counts records that could not be read, `strays` messages that belong to another session.
    """

    def __init__(self) -> None:
        self.skipped = 0
        self.strays = 0
        self.wants_keyframes = False
        """Whether a delta has begun another session, of which cars and messages may have come before its name."""

        self._info: Fields = {}
        self._drivers: dict[str, Fields] = {}
        self._seen: SessionSeen | None = None
        self._told: SessionSeen | None = None
        self._cars: Mapping[int, Car] = {}
        self._transcripts: Remembered[str, Transcript] = Remembered(SESSIONS)

    def keyframes(self, frames: object) -> list[Update]:
        """Take all topics as they stand, from the answer to a subscription."""
        self.wants_keyframes = False
        known = fields(frames)
        if not known:
            self.skipped += 1
        if SESSION in known:
            self._take_info(known[SESSION], whole=True)
        if STATUS in known:
            self._take_status(known[STATUS])
        updates = list(self._session_updates())
        if DRIVERS in known:
            updates += self._take_drivers(known[DRIVERS], whole=True)
        if MESSAGES in known:
            updates += self._take_messages(known[MESSAGES])
        return updates

    def delta(self, topic: object, data: object) -> list[Update]:
        """Take a change of a topic, or a keyframe in its place, which is marked as one."""
        whole = fields(data).get("_kf") is True
        before = self._key()
        if topic == SESSION:
            self._take_info(data, whole=whole)
            self.wants_keyframes |= self._key() != before
        elif topic == STATUS:
            self._take_status(data)
        elif topic == DRIVERS:
            return list(self._take_drivers(data, whole=whole))
        elif topic == MESSAGES:
            return list(self._take_messages(data))
        return list(self._session_updates())

    def _key(self) -> str | None:
        return self._seen.session.key if self._seen else None

    def _take_info(self, data: object, *, whole: bool) -> None:
        info = _merged({} if whole else self._info, data, _INFO)
        session = read_session(info)
        if session is None or not isinstance(data, dict):
            self.skipped += 1
            return
        self._info = info
        if session.session.key == self._key() and self._seen:
            self._seen = replace(session, status=self._seen.status)
            return
        self._seen, self._drivers, self._cars = session, {}, {}
        self._transcripts.setdefault(session.session.key, Transcript())

    def _take_status(self, data: object) -> None:
        status = read_status(data)
        if status is None:
            self.skipped += 1
        elif self._seen and (status.is_over or not self._is_over):
            self._seen = replace(self._seen, status=status)

    def _session_updates(self) -> Iterator[Update]:
        if self._seen and self._seen != self._told:
            self._told = self._seen
            yield self._seen

    def _take_drivers(self, data: object, *, whole: bool) -> Iterator[Update]:
        if self._seen is None or (self._is_over and self._cars):
            return
        known = {} if whole else self._drivers
        for number, driver in entries(data):
            if isinstance(driver, dict) and (number in known or len(known) < MOST_CARS):
                known[number] = _merged(known.get(number, {}), driver, _DRIVER)
            else:
                self.skipped += 1
        self._drivers = known
        read = (read_car(number, driver) for number, driver in known.items())
        cars = {car.number: car for car in read if car}
        if cars and cars != self._cars:
            self._cars = cars
            yield CarsSeen(self._seen.session.key, cars)

    def _take_messages(self, data: object) -> Iterator[Update]:
        if self._seen is None:
            return
        transcript = self._transcripts[self._seen.session.key]
        read = list(self._read_messages(data))
        # Once a session is over, a list that begins anew is the next one's, even before that has a name.
        is_next = self._is_over and any(map(transcript.contradicts, read))
        ours = [] if is_next else [message for message in read if _belongs(message, self._seen)]
        self.strays += len(read) - len(ours)
        if fresh := transcript.take(sorted(ours, key=lambda message: message.index)):
            yield MessagesSeen(self._seen.session.key, fresh)

    def _read_messages(self, data: object) -> Iterator[Message]:
        messages = fields(data).get("Messages")
        if not isinstance(messages, list | dict):
            self.skipped += 1
        for index, record in entries(messages):
            message = read_message(index, record)
            if message:
                yield message
            else:
                self.skipped += 1

    @property
    def _is_over(self) -> bool:
        return self._seen is not None and self._seen.status is not None and self._seen.status.is_over


def _belongs(message: Message, seen: SessionSeen) -> bool:
    """Whether a message was said about when a session was held."""
    if seen.starts_at is None:
        return abs(message.at.date() - seen.session.date) <= dt.timedelta(days=1)
    return -EARLY <= message.at - seen.starts_at <= LATE


def _merged(known: Fields, change: object, shape: _Shape) -> Fields:
    """What is known with a change to it; of either only what has its place in the shape, so that noise is not kept."""
    changed = {**known, **fields(change)}
    return {
        name: _single(changed[name])
        if inner is None
        else _merged(fields(known.get(name)), fields(change).get(name), inner)
        for name, inner in shape.items()
        if name in changed
    }


def _single(value: object) -> object:
    """A value that is worth keeping: a number or a short text."""
    return value if isinstance(value, int) or (isinstance(value, str) and len(value) <= LONGEST_VALUE) else None
