"""SignalR Core's protocol, as far as live timing speaks it: records in texts, and what each of them is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from bot.feeds.race_control.fields import Fields, fields

END = "\x1e"
"""What ends a record. A text may hold several, and a record may come in several texts."""

LONGEST_RECORD = 2_000_000
"""Upper bound of a record's characters; the keyframes of a whole race have some ten thousand."""


@dataclass(frozen=True, slots=True)
class Keyframes:
    """The answer to a subscription: all topics as they stand."""

    topics: object


@dataclass(frozen=True, slots=True)
class Delta:
    """A topic's change."""

    topic: object
    data: object


@dataclass(frozen=True, slots=True)
class Ping:
    """To be answered likewise."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The server ends the line."""


@dataclass(frozen=True, slots=True)
class Disagreed:
    """The handshake was answered with an error."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The subscription was answered with an error."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """The handshake was answered."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What came is no record."""


Record: TypeAlias = Keyframes | Delta | Ping | Closed | Failed | Agreed | Disagreed | Unreadable | None
"""None stands for a record that is of no interest to us."""


def written(record: Fields) -> str:
    """A record as it is sent."""
    return json.dumps(record) + END


def handshake() -> str:
    """The first record of a line: which protocol we speak."""
    return written({"protocol": "json", "version": 1})


def subscription(topics: tuple[str, ...]) -> str:
    """The wish to be told about topics, which is answered with their keyframes, however often it is made."""
    return written({"type": 1, "invocationId": "0", "target": "Subscribe", "arguments": [list(topics)]})


def pong() -> str:
    """The answer to a ping."""
    return written({"type": 6})


class Records:
    """Takes texts as they arrive, and gives the records in them once they are complete."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0

    def read(self, text: str) -> Iterator[Record]:
        """The records that a text completes. Of one that is too long nothing is kept but that there was one."""
        *ends, rest = text.split(END)
        for end in ends:
            self._keep(end)
            whole = "".join(self._pieces)
            is_too_long = self._length > LONGEST_RECORD
            self._pieces.clear()
            self._length = 0
            yield Unreadable() if is_too_long else _record(whole)
        self._keep(rest)

    def _keep(self, piece: str) -> None:
        self._length += len(piece)
        if self._length > LONGEST_RECORD:
            self._pieces.clear()
        elif piece:
            self._pieces.append(piece)


def _record(whole: str) -> Record:
    try:
        said = json.loads(whole)
    except (ValueError, RecursionError):
        return Unreadable()
    record: Record
    match said:
        case {"type": 1}:
            record = _event(said)
        case {"type": 3, "invocationId": "0", "error": _}:
            record = Failed()
        case {"type": 3, "invocationId": "0"}:
            record = Keyframes(said["result"]) if "result" in said else Failed()
        case {"type": 6}:
            record = Ping()
        case {"type": 7}:
            record = Closed()
        case {"type": _}:
            record = None
        case {"error": _}:
            record = Disagreed()
        case _:
            # The answer to the handshake is empty where all is well.
            record = Agreed() if said == {} else Unreadable()
    return record


def _event(said: Fields) -> Record:
    arguments = said.get("arguments")
    if said.get("target") != "feed":
        return None
    if not isinstance(arguments, list) or len(arguments) < 2:  # noqa: PLR2004 - a topic and its change
        return Unreadable()
    return Delta(arguments[0], arguments[1])


def connection_token(negotiation: bytes) -> str | None:
    """What a negotiation grants a line by; None where the answer is none that we know."""
    try:
        token = fields(json.loads(negotiation)).get("connectionToken")
    except (ValueError, RecursionError):
        return None
    return token if isinstance(token, str) and token else None
