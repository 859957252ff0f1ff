"""The stewards' docket of a session: notices go in, cases come out."""

import datetime as dt
import re
from bisect import insort
from dataclasses import replace

from bot.domain.cases import Case, Notice, NoticeKind
from bot.domain.linking.linker import Linker
from bot.domain.race_control import Car

_FACTS = re.compile(r"\([A-Z]{3}\)|[0-9]+")
"""What differs between two messages of one template: cars, corners, laps, times."""


class Docket:
    """A session's cases, from the set of its notices: one that comes again, or late, changes nothing else.

    They are linked in the order of their times; a notice that is earlier than others that are there has the linking
    done anew, when cases are asked for next.
    """

    def __init__(self) -> None:
        self._notices: list[Notice] = []
        self._by_text: dict[tuple[dt.datetime, str], Notice] = {}
        self._indices: set[int] = set()
        self._linker = Linker()
        self._linked = 0
        self._shown: tuple[Case, ...] | None = ()
        self._over = False

    def take(self, notice: Notice) -> None:
        """Take a notice up, once: one with a known index, or the same words at the same second, is the same one."""
        if notice.index in self._indices:
            return
        self._indices.add(notice.index)
        twin = self._by_text.get((notice.at, notice.text))
        if twin is not None:
            if twin.index < notice.index:
                return
            self._notices.remove(twin)
            self._linked = 0
        self._by_text[notice.at, notice.text] = notice
        if self._notices and _order(notice) < _order(self._notices[-1]):
            self._linked = 0
        insort(self._notices, notice, key=_order)
        self._shown = None

    def end(self) -> None:
        """Say that the session's verdicts are all given: what is open now has none in the feed, unless one comes."""
        self._over = True
        self._shown = None

    def go_on(self) -> None:
        """Say that verdicts are given again: it was taken for over too early."""
        self._over = False
        self._shown = None

    @property
    def unknown(self) -> int:
        """How many templates of notices are not known; the same words about other cars or corners are one."""
        unknown = (notice.text.upper() for notice in self._notices if notice.kind is NoticeKind.UNKNOWN)
        return len({_FACTS.sub("#", text) for text in unknown})

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases of the session, with any number of cars, in the order in which they were opened."""
        if self._shown is None:
            if not self._linked:
                self._linker = Linker()
            for notice in self._notices[self._linked :]:
                self._linker.link(notice)
            self._linked = len(self._notices)
            unfinished = self._over or self._linker.codes_left_out
            self._shown = tuple(map(self._finished, self._linker.cases) if unfinished else self._linker.cases)
        return self._shown

    def _finished(self, case: Case) -> Case:
        """A case as it is shown: with the codes that race control left out, and whether the session is over."""
        penalties = tuple(replace(penalty, car=self._named(penalty.car)) for penalty in case.penalties)
        return replace(case, cars=tuple(map(self._named, case.cars)), penalties=penalties, over=self._over)

    def _named(self, car: Car) -> Car:
        return car if car.code else replace(car, code=self._linker.codes.get(car.number, ""))


def _order(notice: Notice) -> tuple[dt.datetime, int]:
    return notice.at, notice.index
