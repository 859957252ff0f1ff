"""OpenF1's rows: a session, a car, a message, read or refused."""

import datetime as dt
from dataclasses import dataclass

from bot.domain.race_control import Car, Message, Session
from bot.feeds.race_control.fields import (
    LONGEST_TEXT,
    MOST_LAPS,
    Fields,
    driver_code,
    driver_name,
    moment,
    number,
    offset,
    text,
)
from bot.feeds.race_control.records import HIGHEST_KEY, HIGHEST_NUMBER
from bot.feeds.race_control.source import SessionSeen, SessionStatus

STATUS_ROW = "SessionStatus"
"""The category of rows that race control did not say: OpenF1 makes them from the session's status."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session whose event has yet to be looked up by `meeting_key`; its times are aware and in UTC."""

    key: str
    meeting_key: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    name: str
    date: dt.date
    country: str | None
    place: str | None
    circuit: str | None

    def seen(self, event: str) -> SessionSeen:
        """The session under its event's name."""
        session = Session(self.key, event, self.name, self.date, self.country, self.place, self.circuit)
        return SessionSeen(session, self.starts_at)


def read_session(row: Fields) -> SessionRow | None:
    """A row of sessions. Its key is live timing's own."""
    key, meeting = (number(row.get(name), HIGHEST_KEY) for name in ("session_key", "meeting_key"))
    starts_at, ends_at = moment(row.get("date_start")), moment(row.get("date_end"))
    ahead, name = offset(row.get("gmt_offset")), text(row.get("session_name"))
    if not key or not meeting or starts_at is None or ends_at is None or ahead is None or name is None:
        return None
    try:
        date = (starts_at + ahead).date()
    except OverflowError:
        return None
    where = (text(row.get(name)) for name in ("country_name", "location", "circuit_short_name"))
    return SessionRow(str(key), str(meeting), starts_at, ends_at, name, date, *where)


def read_event(row: Fields) -> str | None:
    """An event's name, from a row of meetings."""
    return text(row.get("meeting_name"))


def read_car(row: Fields) -> Car | None:
    """A row of drivers."""
    car, code = number(row.get("driver_number"), HIGHEST_NUMBER), driver_code(row.get("name_acronym"))
    if car is None or code is None:
        return None
    name = driver_name(row.get("first_name"), row.get("last_name"), row.get("full_name"))
    return Car(car, code, name, text(row.get("team_name")))


def read_message(row: Fields) -> Message | None:
    """A row of race_control; its index is yet to be given, by a `Transcript`."""
    at, words = moment(row.get("date")), text(row.get("message"), LONGEST_TEXT)
    if at is None or words is None:
        return None
    return Message(
        index=0,
        at=at,
        text=words,
        lap=number(row.get("lap_number"), MOST_LAPS),
        category=text(row.get("category")) or "",
        flag=text(row.get("flag")),
    )


def read_status(message: Message) -> SessionStatus | None:
    """How far the session is, where a row says that and nothing else: SESSION STARTED."""
    said = message.text.upper().removeprefix("SESSION ")
    return next((status for status in SessionStatus if status.upper() == said), None)
