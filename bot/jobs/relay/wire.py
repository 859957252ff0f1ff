"""How an event is written on the line between processes, and read from it: its kind, and the ids that it is made of."""

import json
from typing import Any, TypeAlias

from bot.events import (
    AllowanceClosed,
    CalendarChanged,
    CaseChanged,
    ChatChanged,
    DeliveriesMade,
    Missed,
    PollMoved,
    PollViewChanged,
    ResultStored,
    RulingMade,
)
from bot.forms.reading import read
from bot.forms.writing import as_json

Relayed: TypeAlias = (
    PollMoved
    | CaseChanged
    | RulingMade
    | PollViewChanged
    | ChatChanged
    | DeliveriesMade
    | ResultStored
    | CalendarChanged
    | AllowanceClosed
    | Missed
)
"""What other processes on the database are told. A wish is looked up by the process that was asked, and told there."""

KINDS: tuple[type[Any], ...] = (
    PollMoved,
    CaseChanged,
    RulingMade,
    PollViewChanged,
    ChatChanged,
    DeliveriesMade,
    ResultStored,
    CalendarChanged,
    AllowanceClosed,
)

_KINDS = {kind.__name__: kind for kind in (*KINDS, Missed)}


def as_text(event: Relayed, teller: str) -> str:
    """An event as it is told by a process. Which message was pressed is that process's own affair, and left out."""
    if isinstance(event, PollMoved):
        event = event._replace(pressed=None)
    name = type(event).__name__
    return as_json([teller, name, event])


def from_text(text: str, besides: str) -> Relayed | None:
    """The event that was told, or None where it was told by the process `besides`, or is none that this version knows.

    A newer version beside this one may tell others, and whoever may use the database may tell anything.
    """
    try:
        teller, name, ids = json.loads(text)
        if teller == besides or name not in _KINDS:
            return None
        kind = _KINDS[name]
        if kind is PollMoved and isinstance(ids, list):  # a tuple, and written as one
            ids = dict(zip(PollMoved._fields, ids, strict=False))
        event: Relayed = read(kind, ids)
    except (ValueError, TypeError, RecursionError):
        return None
    return event
