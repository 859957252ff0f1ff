"""Live timing's records, as the stream and the archive have them: a session, a car, a message, read or refused."""

import datetime as dt
from collections.abc import Iterator

from bot.domain.race_control import Car, Message, Session
from bot.feeds.race_control.fields import (
    LONGEST_TEXT,
    MOST_LAPS,
    Fields,
    driver_code,
    driver_name,
    fields,
    moment,
    number,
    offset,
    text,
)
from bot.feeds.race_control.source import SessionSeen, SessionStatus

HIGHEST_NUMBER = 999
HIGHEST_INDEX = 99_999
HIGHEST_KEY = 999_999_999


def entries(value: object) -> Iterator[tuple[str, object]]:
    """The items of a list, or of the dict that stands for one in a delta, by index or key."""
    pairs = enumerate(value) if isinstance(value, list) else fields(value).items()
    # A keyframe is marked as one among its own keys.
    return ((str(key), each) for key, each in pairs if key != "_kf")


def read_session(info: Fields) -> SessionSeen | None:
    """The session that a SessionInfo is about.

    Its key is the number that OpenF1 knows it by as well, or its path where there is no number.
    """
    meeting = fields(info.get("Meeting"))
    numbered = number(info.get("Key"), HIGHEST_KEY)
    key = str(numbered) if numbered else text(info.get("Path"), longest=200)
    event, name, starts = text(meeting.get("Name")), text(info.get("Name")), moment(info.get("StartDate"))
    if key is None or event is None or name is None or starts is None:
        return None
    session = Session(
        key=key,
        event=event,
        name=name,
        date=starts.date(),
        country=text(fields(meeting.get("Country")).get("Name")),
        place=text(meeting.get("Location")),
        circuit=text(fields(meeting.get("Circuit")).get("ShortName")),
    )
    return SessionSeen(session, _in_utc(starts, offset(info.get("GmtOffset"))))


def read_status(record: object) -> SessionStatus | None:
    """How far a session is, from a SessionStatus."""
    said = fields(record).get("Status")
    return next((status for status in SessionStatus if status == said), None)


def read_car(number_in_list: str, driver: Fields) -> Car | None:
    """A car, from an entry of DriverList."""
    car = number(driver.get("RacingNumber", number_in_list), HIGHEST_NUMBER)
    code = driver_code(driver.get("Tla"))
    if car is None or code is None:
        return None
    name = driver_name(driver.get("FirstName"), driver.get("LastName"), driver.get("FullName"))
    return Car(car, code, name, text(driver.get("TeamName")))


def read_message(index: str, record: object) -> Message | None:
    """A message, from an entry of RaceControlMessages."""
    said = fields(record)
    place, at = number(index, HIGHEST_INDEX), moment(said.get("Utc"))
    words = text(said.get("Message"), LONGEST_TEXT)
    if place is None or at is None or words is None:
        return None
    return Message(
        index=place,
        at=at,
        text=words,
        lap=number(said.get("Lap"), MOST_LAPS),
        category=text(said.get("Category")) or "",
        flag=text(said.get("Flag")),
    )


def _in_utc(local: dt.datetime, ahead: dt.timedelta | None) -> dt.datetime | None:
    """A start, which is given by the track's clocks."""
    try:
        return None if ahead is None else local - ahead
    except OverflowError:
        return None
