"""Which case a notice is about, of all in its session; None where it is about a new one.

What counts first stands first in each ranking, and the order of the cases in the list is that of their opening.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from bot.domain.cases import Case, Notice, NoticeKind, Outcome, StageKind, is_procedure
from bot.domain.linking.likeness import (
    concerns_one_driver,
    contradict,
    different_reasons,
    near,
    same_key,
    same_place,
    same_reason,
    same_time,
)
from bot.domain.race_control import Car

REPEATED_WITHIN = dt.timedelta(seconds=60)
"""How long after it was noted the same incident, noted again, is no other one."""

REOPENED_WITHIN = dt.timedelta(minutes=15)
"""How long after the stewards let a case rest an investigation of the same takes it up again."""

BOTH_WITHIN = dt.timedelta(minutes=5)
"""How long after a case's penalty another of its drivers is given one for the same."""

Rank: TypeAlias = tuple[float, ...]
"""What counts for a case, the weightiest first; the highest is chosen."""


def noted_before(cases: Sequence[Case], notice: Notice) -> Case | None:
    """The open case that is noted once more: the same cars and place within a minute, or at the same time of day."""
    return _best(
        (case for case in cases if not case.ruled and same_key(case, notice) and _is_repeated(case, notice)),
        lambda case: (case.stages[-1].index,),
    )


def _is_repeated(case: Case, notice: Notice) -> bool:
    if contradict(case, notice) or different_reasons(case.reason, notice.reason):
        return False
    noted = [stage.at for stage in case.stages if stage.kind is StageKind.NOTED] or [case.opened_at]
    return same_time(case, notice) or notice.at - noted[-1] <= REPEATED_WITHIN


def going_on(cases: Sequence[Case], notice: Notice) -> Case | None:
    """The open case that is investigated, put off or let rest; of several alike the oldest."""

    def rank(case: Case) -> Rank:
        kind = case.stages[-1].kind
        return (
            same_key(case, notice),
            same_time(case, notice),
            not different_reasons(case.reason, notice.reason),
            kind.value != notice.kind.value,
            same_reason(case.reason, notice.reason),
            notice.kind is NoticeKind.NO_FURTHER and ("REVIEWED" in notice.text) == (kind is StageKind.NOTED),
            -case.opened_at.timestamp(),
        )

    return _best((case for case in cases if not case.ruled and _goes_on(case, notice)), rank)


def _goes_on(case: Case, notice: Notice) -> bool:
    """Whether a case is about the same cars, or about more or fewer of them in what is said to be the same incident.

    At the same place a verdict may give another reason; what one driver did somewhere may be many things.
    """
    if contradict(case, notice):
        return False
    if case.numbers == notice.numbers:
        if same_key(case, notice) and (len(case.cars) > 1 or case.place):
            return True
        perhaps = same_key(case, notice) or (bool(case.cars) and _may_be_there(case, notice))
        return perhaps and not different_reasons(case.reason, notice.reason)
    if not (case.numbers and notice.numbers and same_place(case.place, notice.place)):
        return False
    more_or_fewer = case.numbers < notice.numbers or case.numbers > notice.numbers
    alike = case.reason == notice.reason or same_reason(case.reason, notice.reason)
    return more_or_fewer and alike and bool(case.place or case.reason or same_time(case, notice))


def _may_be_there(case: Case, notice: Notice) -> bool:
    return same_time(case, notice) or near(case.place, notice.place)


def penalised_for_another(cases: Sequence[Case], notice: Notice) -> tuple[Case, Case] | None:
    """The case that the stewards go on with although it had its penalty, and the one that this must have been for.

    None where no other open case can have been meant.
    """
    if notice.kind is NoticeKind.UNDER_INVESTIGATION:
        return None
    for case in cases:
        if case.outcome is not Outcome.PENALTY or len(case.stages) == 1 or not same_key(case, notice):
            continue
        if contradict(case, notice) or different_reasons(case.reason, notice.reason):
            continue
        penalty = case.penalties[-1]
        for other in cases:
            if not other.ruled and penalty.car.number in other.numbers and may_be_for(other, penalty.reason):
                return case, other
    return None


def ruled_before(cases: Sequence[Case], notice: Notice) -> Case | None:
    """The case let rest that a notice says once more of, or takes up again."""

    def rests(case: Case) -> bool:
        if case.outcome is not Outcome.NO_FURTHER_ACTION or not same_key(case, notice) or contradict(case, notice):
            return False
        if different_reasons(case.reason, notice.reason):
            return False
        once_more = notice.kind is NoticeKind.NO_FURTHER
        return once_more or same_time(case, notice) or notice.at - case.stages[-1].at <= REOPENED_WITHIN

    return _best(filter(rests, cases), lambda case: (case.stages[-1].index,))


def meant_by_correction(cases: Sequence[Case], notice: Notice) -> Case | None:
    """The case that a notice corrects or updates, the newest of those that are alike.

    It has come as far as the notice says and shares a car and the place with it; or not as far; or it is said to have
    been elsewhere.
    """

    def rank(case: Case) -> Rank:
        here, shares = same_place(case.place, notice.place), bool(case.numbers & notice.numbers)
        same_cars, as_far = case.numbers == notice.numbers, case.stages[-1].kind.value == notice.kind.value
        not_penalised = case.outcome is not Outcome.PENALTY
        ways = (
            here and shares and as_far,
            here and shares and not_penalised and (same_cars or not case.ruled),
            same_cars and shares and as_far,
            same_cars and shares and not case.ruled,
            here and same_cars and shares and notice.kind is NoticeKind.NO_FURTHER,
        )
        return (next((len(ways) - at for at, way in enumerate(ways) if way), 0), case.stages[-1].index)

    best = _best(cases, rank)
    return best if best is not None and rank(best)[0] else None


def penalised_by_mistake(cases: Sequence[Case], car: Car, notice: Notice) -> Case | None:
    """The case whose penalty a correction takes the place of: one for the same car, or for the same reason."""

    def rank(case: Case) -> Rank:
        of_the_car = any(each.car.number == car.number for each in case.penalties)
        return (of_the_car, same_reason(case.penalties[-1].reason, notice.reason), case.penalties[-1].index)

    known = (case for case in cases if case.outcome is Outcome.PENALTY and car.number in case.numbers)
    best = _best(known, rank)
    return best if best is not None and any(rank(best)[:2]) else None


def penalised_now(cases: Sequence[Case], car: Car, notice: Notice) -> Case | None:
    """The case for which a car is given its penalty."""

    def rank(case: Case) -> Rank:
        return (
            not case.ruled,
            same_time(case, notice),
            same_reason(case.reason, notice.reason),
            case.stages[-1].kind is StageKind.UNDER_INVESTIGATION,
            case.reason is None,
            case.cars[0].number == car.number,
            case.opened,
        )

    def possible(case: Case) -> bool:
        if car.number not in case.numbers or contradict(case, notice):
            return False
        return (
            _also_for(case, car, notice) if case.ruled else same_time(case, notice) or may_be_for(case, notice.reason)
        )

    return _best(filter(possible, cases), rank)


def may_be_for(case: Case, reason: str | None) -> bool:
    """Whether a penalty for that reason can be for an open case, which may have been noted for another one."""
    if reason is None or same_reason(case.reason, reason):
        return True
    if case.reason is None:
        return len(case.cars) == 1 or not concerns_one_driver(reason)
    put_off = case.stages[-1].kind is StageKind.AFTER_SESSION
    return not put_off and not is_procedure(case.reason) and not is_procedure(reason)


def _also_for(case: Case, car: Car, notice: Notice) -> bool:
    """Whether another driver of a case was just given a penalty for the same."""
    fresh = case.outcome is Outcome.PENALTY and notice.at - case.stages[-1].at <= BOTH_WITHIN
    another = all(each.car.number != car.number for each in case.penalties)
    return fresh and another and same_reason(case.reason, notice.reason)


def _best(cases: Iterable[Case], rank: Callable[[Case], Rank]) -> Case | None:
    return max(cases, key=rank, default=None)
