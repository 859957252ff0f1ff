"""Incidents in a row, of which there may be thousands: each is put together as it is looked at."""

from collections.abc import Callable, Sequence
from typing import overload

from bot.domain.incidents import Incident


class Listed(Sequence[Incident]):
    """Incidents in a row, each put together as it is looked at."""

    def __init__(self, ids: Sequence[str], incident: Callable[[str], Incident]) -> None:
        self._ids = ids
        self._incident = incident

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Incident: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Incident]: ...
    def __getitem__(self, index: int | slice) -> Incident | Sequence[Incident]:
        if isinstance(index, slice):
            return [self._incident(each) for each in self._ids[index]]
        return self._incident(self._ids[index])
