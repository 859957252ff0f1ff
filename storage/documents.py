"""How values are written as JSON documents.

Documents outlive versions of the program: a field that is added to a value needs a default.
"""

from functools import cached_property
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from bot.domain.calendar_doubts import Doubts
from bot.domain.season import Classification, Race, Standings

Value = TypeVar("Value")


class Documents(Generic[Value]):
    """What is kept as a document."""

    def __init__(self, kind: type[Value]) -> None:
        self._kind = kind

    @cached_property
    def written(self) -> TypeAdapter[Value]:
        """How it is written and read; made for the first one, as it takes memory and a bot without a feed has none."""
        return TypeAdapter(self._kind)


RACE = Documents(Race)
CLASSIFICATION = Documents(Classification)
STANDINGS = Documents(Standings)
DOUBTS = Documents(Doubts)
