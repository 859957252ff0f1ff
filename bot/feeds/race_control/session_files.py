"""A recorded session from a file or a folder: its messages, and what can be known of the session and its cars.

These stand in the recording itself, or in the files SessionInfo and DriverList beside it, or else in the names of the
file and its folders; without any of these the session is a race on the day of its first message.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bot.feeds.race_control.archive import SessionRecord
from bot.feeds.race_control.fields import text
from bot.feeds.race_control.recordings import DRIVERS, MESSAGES, SESSION, Recording, documents, read_recording
from bot.feeds.race_control.source import CarsSeen, SessionSeen, Update
from bot.feeds.race_control.topics import Topics

DEMO = Path(__file__).with_name("demo.json")
"""A short session that was never held, as the shipped bot has it."""

NAMELESS = "Grand Prix"

EVENT = ("event", "Event", "EventName", "meeting_name")
NAME = ("session", "Session", "SessionName", "session_name")
DATE = ("session_date", "date", "Date", "EventDate")
"""What the fields beside a list of messages are called, by whoever recorded them."""

_DATED = re.compile(r"(?:([0-9]{4}-[0-9]{2}-[0-9]{2})[ _-]+)?(.*)")
_SESSION_AT_END = re.compile(r"(?:^|[ _-])(race|sprint)$", re.IGNORECASE)


class NoRecordingError(Exception):
    """A file holds no session that could be replayed; the text says why."""


class _Named(NamedTuple):
    """What a file, or the fields in it, call the session; empty where they do not say."""

    event: str = ""
    name: str = ""
    date: str = ""


def read_session_files(path: Path) -> SessionRecord:
    """The session that a file, or a folder of the archive's files, has recorded. Raises NoRecordingError."""
    file = _messages_in(path) if path.is_dir() else path
    try:
        recording = read_recording(file.read_bytes())
        about = (*recording.about, *_beside(file))
    except OSError as error:
        raise NoRecordingError(f"{file} cannot be read: {error.strerror}.") from error
    if not recording.messages:
        raise NoRecordingError(f"{file} holds no messages of race control.")
    topics, updates = Topics(), list[Update]()
    for topic, payload in sorted(about, key=lambda each: each[0] != SESSION):
        updates += topics.delta(topic, payload)
    if not any(isinstance(update, SessionSeen) for update in updates):
        updates += topics.delta(SESSION, _info(file, recording))
        for topic, payload in about:
            updates += topics.delta(topic, payload) if topic == DRIVERS else []
    session = [update.session for update in updates if isinstance(update, SessionSeen)][-1]
    cars = [update.cars for update in updates if isinstance(update, CarsSeen)]
    return SessionRecord(session, cars[-1] if cars else {}, recording.messages)


def _messages_in(folder: Path) -> Path:
    """A folder's file of messages. Raises NoRecordingError."""
    for ending in ("jsonStream", "json"):
        if (file := folder / f"{MESSAGES}.{ending}").exists():
            return file
    raise NoRecordingError(f"{folder} has no {MESSAGES}.jsonStream or {MESSAGES}.json.")


def _beside(file: Path) -> Iterator[tuple[str, object]]:
    """What the files beside a recording say of the session and its drivers. Raises OSError."""
    for topic in (SESSION, DRIVERS):
        beside = (file.with_name(f"{topic}.{ending}") for ending in ("json", "jsonStream"))
        for there in [each for each in beside if each.exists()][:1]:
            for document in documents(there.read_text(encoding="utf-8-sig", errors="replace")):
                yield topic, document


def _info(file: Path, recording: Recording) -> dict[str, object]:
    """What a SessionInfo would say, as far as the recording's fields and its file's name tell."""
    fields, name = _in_fields(recording.heading), _in_name(file)
    day = _day(fields.date) or _day(name.date) or recording.messages[0].at.date()
    return {
        "Path": file.stem[:100],
        "Name": fields.name or name.name or "Race",
        "StartDate": f"{day.isoformat()}T00:00:00",
        "Meeting": {"Name": fields.event or name.event or NAMELESS},
    }


def _in_fields(heading: Mapping[str, object]) -> _Named:
    event, name, date = (
        next(filter(None, (text(heading.get(each)) for each in names)), "") for names in (EVENT, NAME, DATE)
    )
    return _Named(event, _capitalised(name), date)


def _day(said: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(said[:10])
    except ValueError:
        return None


def _in_name(file: Path) -> _Named:
    """`2031-06-08_dutch_grand_prix_race.json`, or `2031-06-08_Dutch_Grand_Prix/2031-06-08_Race/…` of an archive."""
    if file.stem == MESSAGES:
        inside, above = _split(file.absolute().parent.name), _split(file.absolute().parent.parent.name)
        return _Named(above.event, inside.name, inside.date)
    return _split(file.stem)


def _split(stem: str) -> _Named:
    dated = _DATED.fullmatch(stem)
    date, rest = (dated[1] or "", dated[2]) if dated else ("", stem)
    session = _SESSION_AT_END.search(rest)
    words = (rest[: session.start()] if session else rest).replace("_", " ").replace("-", " ")
    return _Named(text(_capitalised(words)) or "", _capitalised(session[1]) if session else "", date)


def _capitalised(words: str) -> str:
    return " ".join(word.capitalize() if word.islower() else word for word in words.split())
