"""The stewards' docket of a session: notices go in, cases come out."""

import datetime as dt
from bisect import insort
from dataclasses import replace

from bot.domain.cases import Case, Notice, NoticeKind
from bot.domain.linking.candidates import (
    going_on,
    meant_by_correction,
    noted_before,
    penalised_by_mistake,
    penalised_for_another,
    penalised_now,
    ruled_before,
)
from bot.domain.linking.growth import advanced, corrected, opened_by, penalised, penalty_moved
from bot.domain.race_control import Car


class Docket:
    """A session's cases, from the set of its notices: one that comes again, or late, changes nothing else.

    They are linked in the order of their times; a notice that is earlier than others that are there has the linking
    done anew, when cases are asked for next.
    """

    def __init__(self) -> None:
        self._notices: list[Notice] = []
        self._by_text: dict[tuple[dt.datetime, str], Notice] = {}
        self._indices: set[int] = set()
        self._cases: list[Case] = []
        self._linked = 0
        self._codes: dict[int, str] = {}
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

    def end(self) -> None:
        """Say that the session's verdicts are all given: what is open now has none in the feed, unless one comes."""
        self._over = True

    @property
    def unknown(self) -> int:
        """How many notices follow no known template."""
        return sum(notice.kind is NoticeKind.UNKNOWN for notice in self._notices)

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases of the session, with any number of cars, in the order in which they were opened."""
        if not self._linked:
            self._cases, self._codes = [], {}
        for notice in self._notices[self._linked :]:
            for car in notice.cars:
                if car.code:
                    self._codes.setdefault(car.number, car.code)
            link(self._cases, notice)
        self._linked = len(self._notices)
        return tuple(map(self._finished, self._cases))

    def _finished(self, case: Case) -> Case:
        """A case as it is shown: with the codes that race control left out, and whether the session is over."""
        if all(car.code for car in case.cars) and not self._over:
            return case
        cars = tuple(car if car.code else replace(car, code=self._codes.get(car.number, "")) for car in case.cars)
        return replace(case, cars=cars, over=self._over)


def link(cases: list[Case], notice: Notice) -> None:
    """Put the next notice of a session where it belongs: into a case, or into a new one at the list's end."""
    if notice.kind is NoticeKind.PENALTY:
        alone = tuple(car for car in notice.cars if not _penalise(cases, car, notice))
        if alone:
            cases.append(opened_by(replace(notice, cars=alone)))
    elif notice.kind not in {NoticeKind.PENALTY_SERVED, NoticeKind.UNKNOWN} and not _correct(cases, notice):
        known = _known(cases, notice)
        if known is None:
            cases.append(opened_by(notice))
        else:
            _put(cases, known, advanced(known, notice))


def _penalise(cases: list[Case], car: Car, notice: Notice) -> bool:
    """Give a car its penalty in its case; whether there is one."""
    mistaken = penalised_by_mistake(cases, car, notice) if notice.modifier is not None else None
    meant = mistaken or penalised_now(cases, car, notice)
    if meant is not None:
        _put(cases, meant, penalised(meant, car, notice))
    return meant is not None


def _correct(cases: list[Case], notice: Notice) -> bool:
    """Correct or update the case that a notice means to; whether it means to, and there is one."""
    meant = meant_by_correction(cases, notice) if notice.modifier is not None else None
    if meant is not None:
        _put(cases, meant, corrected(meant, notice))
    return meant is not None


def _known(cases: list[Case], notice: Notice) -> Case | None:
    """The case that a notice goes on with."""
    if notice.kind is NoticeKind.NOTED:
        return noted_before(cases, notice)
    if known := going_on(cases, notice) or ruled_before(cases, notice):
        return known
    if (pair := penalised_for_another(cases, notice)) is None:
        return None
    freed, charged = penalty_moved(*pair)
    for old, new in zip(pair, (freed, charged), strict=True):
        _put(cases, old, new)
    return freed


def _put(cases: list[Case], old: Case, new: Case) -> None:
    cases[next(at for at, case in enumerate(cases) if case is old)] = new


def _order(notice: Notice) -> tuple[dt.datetime, int]:
    return notice.at, notice.index
