"""How values are written as JSON documents.

Documents outlive versions of the program: a field that is added to a value needs a default.
"""

import json
from functools import lru_cache
from typing import Generic, TypeVar

from bot.domain.calendar_doubts import Doubts
from bot.domain.season import Classification, Race, Standings
from bot.forms.reading import read
from bot.forms.writing import as_json

Value = TypeVar("Value")

AT_HAND = 128
"""Values of a kind that are kept as they were read: what people ask about over and over, and all seasons' champions."""


class Documents(Generic[Value]):
    """What is kept as a document."""

    def __init__(self, kind: type[Value]) -> None:
        self._kind = kind
        self._read = lru_cache(AT_HAND)(self._read_anew)

    def read(self, document: str) -> Value:
        """The value that a document has. Raises ValueError."""
        return self._read(document)

    def _read_anew(self, document: str) -> Value:
        return read(self._kind, json.loads(document))

    def write(self, value: Value) -> str:
        """The document of a value: the same for equal ones, as documents are held against each other."""
        return as_json(value)


RACE = Documents(Race)
CLASSIFICATION = Documents(Classification)
STANDINGS = Documents(Standings)
DOUBTS = Documents(Doubts)
