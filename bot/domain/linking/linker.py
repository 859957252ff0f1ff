"""Linking the notices of a session, one after the other, to its cases."""

from collections import defaultdict
from collections.abc import Collection
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

NOBODY = -1
"""What stands for the number of a car where a case names none."""


class Linker:
    """The cases of a session so far, in the order in which they were opened, and the codes by which cars are known.

    `codes_left_out` says whether a car was named without its code.
    """

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.codes: dict[int, str] = {}
        self.codes_left_out = False
        self._places: dict[int, int] = {}
        self._of_car: defaultdict[int, set[int]] = defaultdict(set)

    def link(self, notice: Notice) -> None:
        """Put the next notice where it belongs: into a case, or into a new one."""
        for car in notice.cars:
            if car.code:
                self.codes.setdefault(car.number, car.code)
            else:
                self.codes_left_out = True
        if notice.kind is NoticeKind.PENALTY:
            alone = tuple(car for car in notice.cars if not self._penalise(car, notice))
            if alone:
                self._open(replace(notice, cars=alone))
        elif notice.kind not in {NoticeKind.PENALTY_SERVED, NoticeKind.UNKNOWN}:
            self._take_further(notice)

    def _penalise(self, car: Car, notice: Notice) -> bool:
        """Give a car its penalty in its case; whether there is one."""
        cases = self._about([car.number])
        mistaken = penalised_by_mistake(cases, car, notice) if notice.modifier is not None else None
        meant = mistaken or penalised_now(cases, car, notice)
        if meant is not None:
            self._replace(meant, penalised(meant, car, notice))
        return meant is not None

    def _take_further(self, notice: Notice) -> None:
        """Take the case that a notice is about as far as it says, correct it, or open it."""
        cases = self._about(notice.numbers)
        if notice.modifier is not None and (meant := meant_by_correction(cases, notice)):
            self._replace(meant, corrected(meant, notice))
        elif known := noted_before(cases, notice) if notice.kind is NoticeKind.NOTED else self._known(cases, notice):
            self._replace(known, advanced(known, notice))
        else:
            self._open(notice)

    def _known(self, cases: list[Case], notice: Notice) -> Case | None:
        """The case that the stewards go on with."""
        if known := going_on(cases, notice) or ruled_before(cases, notice):
            return known
        if (pair := penalised_for_another(cases, notice)) is None:
            return None
        freed, charged = penalty_moved(*pair)
        for old, new in zip(pair, (freed, charged), strict=True):
            self._replace(old, new)
        return freed

    def _about(self, numbers: Collection[int]) -> list[Case]:
        """The cases in which one of these cars is or was, or those in which none is."""
        places = set().union(*(self._of_car[number] for number in numbers)) if numbers else self._of_car[NOBODY]
        return [self.cases[place] for place in sorted(places)]

    def _open(self, notice: Notice) -> None:
        case = opened_by(notice)
        self._enter(len(self.cases), case)
        self.cases.append(case)

    def _replace(self, old: Case, new: Case) -> None:
        place = self._places.pop(old.opened)
        self._enter(place, new)
        self.cases[place] = new

    def _enter(self, place: int, case: Case) -> None:
        self._places[case.opened] = place
        for number in case.numbers or {NOBODY}:
            self._of_car[number].add(place)
