"""How a case takes up a notice: a stage more, other cars or another place, a reason, a penalty."""

from dataclasses import replace

from bot.domain.cases import Case, Naming, Notice, Outcome, Penalty, Stage, StageKind
from bot.domain.linking.likeness import same_place, same_reason
from bot.domain.race_control import Car

EARLY = (StageKind.NOTED, StageKind.UNDER_INVESTIGATION, StageKind.AFTER_SESSION)
"""The stages before a verdict, in their order."""


def opened_by(notice: Notice) -> Case:
    """A case that a notice opens."""
    case = Case(
        notice.index, notice.at, notice.cars, notice.place, notice.reason, notice.lap, notice.lap_in_text,
        notice.incident_time, (_stage(notice),),
    )  # fmt: skip
    return replace(case, penalties=tuple(_penalty(car, notice) for car in notice.cars)) if notice.penalty else case


def advanced(case: Case, notice: Notice) -> Case:
    """A case after a notice that says how it goes on.

    Cars that are added are taken up, none are dropped: that takes a correction. A verdict's reason is that of the case
    only where none was said before.
    """
    grown = notice.numbers > case.numbers
    replaces = notice.reason is not None and notice.kind.value in EARLY
    return replace(
        _renamed(_with_stage(case, notice), notice.cars if grown else case.cars, notice.place),
        reason=_fuller(case.reason, notice.reason) if replaces or case.reason is None else case.reason,
        lap_in_text=case.lap_in_text or notice.lap_in_text,
        incident_time=case.incident_time or notice.incident_time,
    )


def corrected(case: Case, notice: Notice) -> Case:
    """A case after a notice that corrects or updates an earlier one: all that it says counts from now on."""
    return replace(
        _renamed(_with_stage(case, notice), notice.cars, notice.place),
        reason=_fuller(case.reason, notice.reason),
        lap_in_text=notice.lap_in_text or case.lap_in_text,
        incident_time=notice.incident_time or case.incident_time,
        penalties=() if case.outcome is Outcome.PENALTY else case.penalties,
    )


def penalised(case: Case, car: Car, notice: Notice) -> Case:
    """A case after one of its cars was given a penalty; a correction takes the place of the one that was wrong."""
    in_force = list(case.penalties)
    if notice.modifier is not None and in_force:
        in_force.remove(next((each for each in in_force if each.car.number == car.number), in_force[-1]))
    return replace(
        _with_stage(case, notice),
        penalties=(*in_force, _penalty(car, notice)),
        reason=case.reason or notice.reason,
        incident_time=case.incident_time or notice.incident_time,
    )


def penalty_moved(case: Case, other: Case) -> tuple[Case, Case]:
    """A case without its last penalty, and another one with it, as it turned out to be for that one."""
    penalty = case.penalties[-1]
    stage = next(stage for stage in case.stages if stage.index == penalty.index)
    freed = replace(
        case, penalties=case.penalties[:-1], stages=tuple(each for each in case.stages if each is not stage)
    )
    return freed, replace(other, penalties=(*other.penalties, penalty), stages=(*other.stages, stage))


def _stage(notice: Notice) -> Stage:
    return Stage(StageKind(notice.kind.value), notice.index, notice.at, notice.text, notice.modifier)


def _penalty(car: Car, notice: Notice) -> Penalty:
    return Penalty(car, notice.penalty or "", notice.reason, notice.at, notice.index)


def _with_stage(case: Case, notice: Notice) -> Case:
    """A case with a stage more; one that is noted anew later on takes back nothing of what came after.

    The lowest index stays its key, also where the clock has the messages the other way round; but not that of a
    penalty, as one message may punish drivers of several cases, and a key is no other case's.
    """
    stage, stages = _stage(notice), case.stages
    place = len(stages)
    if stage.kind is StageKind.NOTED:
        place = next((at for at, each in enumerate(stages) if each.kind is not StageKind.NOTED), place)
    if stage.index < case.opened and stage.kind is not StageKind.PENALTY:
        case = replace(case, opened=stage.index, opened_at=stage.at, lap=notice.lap)
    return replace(case, stages=(*stages[:place], stage, *stages[place:]))


def _fuller(before: str | None, now: str | None) -> str | None:
    """The reason that is said now, or the one from before where it says nothing else, or only its beginning."""
    if before and (not now or (same_reason(before, now) and len(before) > len(now))):
        return before
    return now


def _renamed(case: Case, cars: tuple[Car, ...], place: str | None) -> Case:
    """A case under other cars or at another place, if they are others; it keeps those by which it was known before.

    The same cars keep their first order, and a place that is not said stays what it was.
    """
    others = {car.number for car in cars} != case.numbers
    elsewhere = place is not None and not same_place(place, case.place)
    if not others and not elsewhere:
        return case
    renamed = others or case.place is not None
    return replace(
        case,
        cars=cars if others else case.cars,
        place=place if elsewhere else case.place,
        earlier=(*case.earlier, Naming(case.cars, case.place)) if renamed else case.earlier,
    )
