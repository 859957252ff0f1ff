"""Reading recordings of a session's race control messages, in the shapes in which people have them.

These are the live timing's archive (a keyframe, or a line an update), the list of such updates, FastF1's saved lines,
lines that name type, json and dateTime, OpenF1's list, and a plain list of messages. A record that is none of these is
skipped and counted; nothing raises.
"""

import ast
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.domain.race_control import Message
from bot.feeds.race_control import openf1_rows, records

SESSION, DRIVERS, MESSAGES = "SessionInfo", "DriverList", "RaceControlMessages"

SKIPPED: Final = object()
"""What stands for a document that could not be read, as None is one that can be."""

DEEPEST = 4
"""Levels of lists and wrappings around a payload: a line of a list of saved lines has three."""

MOST_MESSAGES = 100_000
"""Upper bound of a message's index in its session; real sessions have some hundreds."""

_STREAM_TIME = re.compile(r"[0-9]{1,3}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?\s*(?=[\[{])")
_INDEX = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded: the messages in the order of their indices, and how many records were skipped.

    `about` are the payloads on the session and its drivers, each with its topic, and `heading` what else stands beside
    a list of messages.
    """

    messages: tuple[Message, ...]
    skipped: int
    about: tuple[tuple[str, object], ...] = ()
    heading: Mapping[str, object] = field(default_factory=dict)


def read_recording(data: bytes | str) -> Recording:
    """The messages of a recording, whatever its shape; an index is the feed's own, or the place in a list."""
    text = data if isinstance(data, str) else data.decode("utf-8-sig", errors="replace")
    found = _Records()
    for document in documents(text):
        found.take(document)
    messages = {index: _message(index, record) for index, record in sorted(found.by_index.items())}
    read = {index: message for index, message in messages.items() if message is not None}
    skipped = found.skipped + len(messages) - len(read)
    return Recording(_each_once(read, found), skipped, tuple(found.about), found.heading)


def _message(index: int, record: dict[str, Any]) -> Message | None:
    """The message that a record of live timing, or of OpenF1, is; None where it has no time or no words."""
    if "message" in record:
        message = openf1_rows.read_message(record)
        return None if message is None else replace(message, index=index)
    return records.read_message(str(index), record)


def _each_once(messages: dict[int, Message], found: "_Records") -> tuple[Message, ...]:
    """The messages without those that OpenF1 repeats, which are told by their second and their words."""
    once = {
        (message.at, message.text) if "message" in found.by_index[index] else index: message
        for index, message in reversed(messages.items())
    }
    return tuple(sorted(once.values(), key=lambda message: message.index))


def documents(text: str) -> Iterator[Any]:
    """What stands in a file: one document, or one on each line; SKIPPED where it is none."""
    text = text.removeprefix("\ufeff")
    whole = _parsed(text)
    if whole is not SKIPPED:
        yield whole
        return
    for line in text.split("\n"):
        said = line.strip("\ufeff\x1e \t\r")
        if said:
            time = _STREAM_TIME.match(said)
            yield _parsed_line(said[time.end() :] if time else said)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return SKIPPED


def _parsed_line(line: str) -> Any:
    """A line of JSON, or of Python, in which FastF1 saves lines; literals alone are read, nothing is run."""
    parsed = _parsed(line)
    if parsed is not SKIPPED or not line.startswith(("[", "{")):
        return parsed
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.literal_eval(line)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return SKIPPED


@dataclass(slots=True)
class _Records:
    """What the documents of a recording say of each message, by its index: later ones add to earlier ones."""

    by_index: dict[int, dict[str, Any]] = field(default_factory=dict)
    skipped: int = 0
    about: list[tuple[str, object]] = field(default_factory=list)
    heading: dict[str, object] = field(default_factory=dict)
    _lines: int = 0

    def take(self, document: Any, depth: int = 0) -> None:
        """Take up what a document holds: a payload, a wrapping around one, a message, or a list of these."""
        match document:
            case {"Messages": list() | dict() as messages}:
                self.heading |= {name: value for name, value in document.items() if name != "Messages"}
                self._take_payload(messages)
            case {"type": str(topic), "json": payload} | [str(topic), payload, *_]:
                self._take_topic(topic, _parsed(payload) if isinstance(payload, str) else payload, depth)
            case {"RaceControlMessages": _}:
                for topic, payload in document.items():
                    self._take_topic(topic, payload, depth)
            case dict() if _is_message(document):
                self._put(self._lines, document)
                self._lines += 1
            case list() if any(map(_is_message, document)):
                self._take_payload(document)
            case list() if depth < DEEPEST:
                for each in document:
                    self.take(each, depth + 1)
            case _:
                self.skipped += 1

    def _take_topic(self, topic: object, payload: Any, depth: int) -> None:
        if topic == MESSAGES:
            self.take(payload, depth + 1)
        elif topic in {SESSION, DRIVERS}:
            self.about.append((str(topic), payload))

    def _take_payload(self, messages: list[Any] | dict[Any, Any]) -> None:
        if isinstance(messages, list):
            for index, record in enumerate(messages):
                self._put(index, record)
            return
        for key, record in messages.items():
            if isinstance(key, str) and _INDEX.fullmatch(key):
                self._put(int(key), record)
            elif key != "_kf":
                self.skipped += 1

    def _put(self, index: int, record: Any) -> None:
        if isinstance(record, dict) and index < MOST_MESSAGES:
            self.by_index.setdefault(index, {}).update(record)
        else:
            self.skipped += 1


def _is_message(value: Any) -> bool:
    return isinstance(value, dict) and not value.keys().isdisjoint(("Message", "message"))
