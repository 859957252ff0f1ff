"""Invented cases of an invented afternoon at Monza, as race control's messages would tell of them."""

import datetime as dt
from dataclasses import replace

from bot.domain.cases import Case, Modifier, Naming, Penalty, Stage, StageKind
from bot.domain.noted_incidents import NotedIncident
from bot.domain.race_control import Car, Session
from bot.search.drafts import Drafts
from storage.incidents.reading import read_circuits, read_drivers

MONZA = Session("9999", "Italian Grand Prix", "Race", dt.date(2025, 9, 7), "Italy", "Monza", "Monza")
MONZA_SPRINT = replace(MONZA, key="9998", name="Sprint", date=dt.date(2025, 9, 6))
IMOLA_RACE = Session("9997", "Emilia Romagna Grand Prix", "Race", dt.date(2021, 4, 18), "Italy", "Imola", "Imola")
START = dt.datetime(2025, 9, 7, 13, tzinfo=dt.UTC)

VER = Car(1, "VER", "Max VERSTAPPEN", "Red Bull Racing")
NOR = Car(4, "NOR", "Lando NORRIS", "McLaren")
PIA = Car(81, "PIA", "Oscar PIASTRI", "McLaren")
ANT = Car(12, "ANT", "Andrea Kimi ANTONELLI", "Mercedes")
ALB = Car(23, "ALB", "Alexander ALBON", "Williams")

DRAFTS = Drafts(read_circuits(), read_drivers())


def at(minute: int) -> dt.datetime:
    """So many minutes after the start of the race."""
    return START + dt.timedelta(minutes=minute)


def noted(
    *cars: Car, opened: int = 10, place: str | None = "TURN 4", reason: str | None = "CAUSING A COLLISION"
) -> Case:
    """A case that race control has noted, and no more; message number n is said in the n-th minute."""
    stage = Stage(StageKind.NOTED, opened, at(opened), f"{place} INCIDENT NOTED")
    return Case(opened, at(opened), cars or (VER, NOR), place, reason, 12, None, None, (stage,))


def then(case: Case, kind: StageKind, index: int, text: str = "") -> Case:
    """The same case after another message."""
    return replace(case, stages=(*case.stages, Stage(kind, index, at(index), text)))


def penalised(case: Case, car: Car, index: int, kind: str = "10s time penalty") -> Case:
    """The same case after a penalty."""
    penalty = Penalty(car, kind, case.reason, at(index), index)
    return replace(then(case, StageKind.PENALTY, index), penalties=(*case.penalties, penalty))


def cleared(case: Case, index: int) -> Case:
    """The same case after the stewards have let it be."""
    return then(case, StageKind.NO_FURTHER, index, "FIA STEWARDS: REVIEWED NO FURTHER INVESTIGATION")


def corrected(case: Case, index: int, *cars: Car, place: str | None = None) -> Case:
    """The same case after race control has named other cars, or another place."""
    stage = Stage(StageKind.NOTED, index, at(index), "CORRECTION", Modifier.CORRECTION)
    earlier = (*case.earlier, Naming(case.cars, case.place))
    return replace(case, cars=cars, place=place or case.place, stages=(*case.stages, stage), earlier=earlier)


def draft(case: Case, session: Session = MONZA) -> NotedIncident:
    """The incident that a case is."""
    return DRAFTS.of(session, case)
