"""What race control says of an incident, in words that say no more than it does: nobody is guilty before a ruling."""

import re

from bot.chat.instants import Instant, Shown, Text, text_of
from bot.domain.cases import Case, Outcome, Penalty, Stage, StageKind
from bot.domain.noted_incidents import RACE_CONTROL, NotedIncident, NotedRuling
from bot.domain.noted_rulings import penalties_by
from bot.domain.race_control import Car
from bot.i18n import _, formats, marked
from bot.i18n.formats import capital
from bot.i18n.venues import venue_name

NAMED = 6
"""Names in one breath; the rest are counted."""

PLACES = {
    "PIT LANE": marked("pit lane"),
    "PIT ENTRY": marked("pit entry"),
    "PIT EXIT": marked("pit exit"),
    "MAIN STRAIGHT": marked("main straight"),
    "START STRAIGHT": marked("start straight"),
    "START/FINISH STRAIGHT": marked("start/finish straight"),
}
REASONS = {
    "CAUSING A COLLISION": marked("causing a collision"),
    "FORCING ANOTHER DRIVER OFF THE TRACK": marked("forcing another driver off the track"),
    "LEAVING THE TRACK AND GAINING AN ADVANTAGE": marked("leaving the track and gaining an advantage"),
    "UNSAFE RELEASE": marked("unsafe release"),
    "DRIVING ERRATICALLY": marked("driving erratically"),
    "MOVING UNDER BRAKING": marked("moving under braking"),
    "REJOINING UNSAFELY": marked("rejoining unsafely"),
    "MORE THAN ONE CHANGE OF DIRECTION": marked("more than one change of direction"),
    "POSITIONS GIVEN BACK": marked("positions given back"),
}
"""What race control says an incident is about; what is not among them is shown in its own words."""

DECISIONS = (
    marked("no further action"),
    marked("no further investigation"),
    marked("no investigation necessary"),
)
"""What race control's messages say where somebody goes unpunished, as `bot.domain.noted_rulings` reads them."""

STAGES = {
    StageKind.NOTED: marked("Race control notes the incident."),
    StageKind.UNDER_INVESTIGATION: marked("The stewards investigate."),
    StageKind.AFTER_SESSION: marked("It will be investigated after the session."),
}
PENALTIES = {
    "drive through": marked("drive-through penalty for {name}"),
    "drive-through": marked("drive-through penalty for {name}"),
    "reprimand": marked("reprimand for {name}"),
    "black flag": marked("black flag for {name}"),
}
"""By how race control's words for one begin; what is not among them is shown in those words."""

_TURN = re.compile(r"(AFTER )?TURNS? (\d+)(?: ?(?:-|/|TO|AND) ?(?:TURN )?(\d+))?")
_SECONDS = re.compile(r"(\d+)(?:s| seconds?) (time|stop).*penalty")


def title(incident: NotedIncident) -> str:
    """Who, where and when: `Verstappen and Norris, turn 4, Monza 2025`."""
    parts = (names(incident), place(incident.case), f"{venue_name(incident.venue)} {incident.season}")
    return ", ".join(filter(None, parts))


def whereabouts(incident: NotedIncident) -> str:
    """Where and when, for who does not want to read whom it is about: `Turn 4, lap 12, Monza 2025`."""
    when = "" if (noted := lap(incident.case)) is None else _("lap {lap}").format(lap=noted)
    return capital(
        ", ".join(filter(None, (place(incident.case), when, f"{venue_name(incident.venue)} {incident.season}")))
    )


def lap(case: Case) -> int | None:
    """An incident's lap as race control names it, or the leader's when it was noted; None where neither is known."""
    return case.lap if case.lap_in_text is None else case.lap_in_text


def names(incident: NotedIncident) -> str:
    """The drivers in the order in which race control names them."""
    return formats.listed(list(incident.button_names.values()), NAMED)


def place(case: Case) -> str:
    """Where it was: `turn 4`, `after turn 11`, `pit lane`; empty where race control does not say."""
    words = " ".join((case.place or "").upper().split())
    turn = _TURN.fullmatch(words)
    if turn is None:
        return _(PLACES[words]) if words in PLACES else words.lower()
    where = _("turn {number}").format(number="–".join(filter(None, turn.groups()[1:])))
    return _("after {place}").format(place=where) if turn[1] else where


def reason(case: Case) -> str:
    """What race control says it is about: `causing a collision`; empty where it does not say."""
    return reason_in_words(case.reason or "")


def reason_in_words(words: str) -> str:
    """A reason as race control has it, in ours where we have any."""
    return _(REASONS[words.upper()]) if words.upper() in REASONS else words.lower()


def known(incident: NotedIncident) -> str:
    """All that is known of it before anybody tells its story."""
    if incident.retracted:
        return retraction(incident)
    said = (
        _("Race control noted an incident involving {names}: {reason}.")
        if incident.case.reason
        else _("Race control noted an incident involving {names}.")
    )
    return f"{said.format(names=names(incident), reason=reason(incident.case))} {state(incident)}".strip()


def retraction(incident: NotedIncident) -> str:
    """That race control has corrected itself, so that there is no such incident."""
    said = _("Race control has corrected this: it is no incident of its own between {names}.")
    return said.format(names=names(incident))


def state(incident: NotedIncident) -> str:
    """How it stands while nothing is decided: nobody is guilty of anything. Empty where something is."""
    case = incident.case
    if incident.retracted:
        return retraction(incident)
    if incident.ruling is not None:
        return ""
    if case.outcome is Outcome.AFTER_RACE:
        return _("The stewards look at it after the session. Nobody is guilty of anything yet.")
    if case.no_verdict_in_feed:
        return _("Race control's messages tell of no ruling.")
    if case.outcome is Outcome.INVESTIGATION_OPEN:
        return _("The stewards are investigating. Nobody is guilty of anything yet.")
    return _("Nobody is guilty of anything yet.")


def decision(incident: NotedIncident, ruling: NotedRuling) -> str:
    """A ruling in a line: `10-second time penalty for Verstappen`, `no further action`."""
    if ruling.source != RACE_CONTROL or ruling.message is None:
        return ruling.decision
    if ruling.decision in DECISIONS:
        return _(ruling.decision)
    return "; ".join(penalty(incident, each) for each in penalties_by(incident.case, ruling.message)) or ruling.decision


def penalty(incident: NotedIncident, imposed: Penalty) -> str:
    """A penalty in a line: `10-second time penalty for Verstappen`."""
    suspect = next((each for each in incident.suspects if each.number == imposed.car.number), None)
    name = incident.button_names[suspect.id] if suspect else imposed.car.code or str(imposed.car.number)
    timed = _SECONDS.fullmatch(imposed.kind)
    if timed is None:
        known = next((said for start, said in PENALTIES.items() if imposed.kind.startswith(start)), None)
        return _(known).format(name=name) if known else f"{imposed.kind}: {name}"
    said = (
        _("{seconds}-second time penalty for {name}")
        if timed[2] == "time"
        else _("{seconds}-second stop-and-go penalty for {name}")
    )
    return said.format(seconds=timed[1], name=name)


def stage_line(incident: NotedIncident, stage: Stage) -> Text:
    """A stage of the case in a line, written by the clock at the track: `15:09:12 – The stewards investigate`."""
    said = _said(incident, stage)
    if stage.modifier is not None:
        said = _("Race control corrects itself. {said}").format(said=said)
    time = Instant(stage.at, f"{stage.at.astimezone(incident.zone):%H:%M:%S}", Shown.TO_THE_SECOND)
    return text_of(time, f" – {said}")


def _said(incident: NotedIncident, stage: Stage) -> str:
    if stage.kind is StageKind.PENALTY:
        imposed = [penalty(incident, each) for each in incident.case.penalties if each.index == stage.index]
        return capital("; ".join(imposed) or _("a penalty")) + "."
    if stage.kind is StageKind.NO_FURTHER:
        ruling = next((each for each in _rulings(incident) if each.message == stage.index), None)
        return capital(decision(incident, ruling) if ruling else _(DECISIONS[0])) + "."
    return _(STAGES[stage.kind])


def timeline(incident: NotedIncident) -> list[Text]:
    """The stages of the case, and what was ruled on it elsewhere, a line each."""
    told = [(stage.at, stage_line(incident, stage)) for stage in incident.case.stages]
    told += [(each.made_at, _elsewhere(incident, each)) for each in _rulings(incident) if each.message is None]
    return [line for _at, line in sorted(told, key=lambda line: line[0])]


def _elsewhere(incident: NotedIncident, ruling: NotedRuling) -> Text:
    """A ruling of which race control did not speak, in a line: `8 September 2025 – …`."""
    return f"{formats.day(ruling.date)} – {capital(decision(incident, ruling))}."


def first_called(incident: NotedIncident) -> str:
    """What race control called it before it named other cars or another place; empty where it did not."""
    if not incident.case.earlier:
        return ""
    first = incident.case.earlier[0]
    surnames = {suspect.number: suspect.surname for suspect in incident.suspects}
    cars = [surnames.get(car.number) or _surname(car) for car in first.cars]
    return ", ".join(filter(None, (formats.listed(cars, NAMED), (first.place or "").lower())))


def _surname(car: Car) -> str:
    """What a driver is called who turned out not to be in it."""
    return car.driver.split()[-1].capitalize() if car.driver else car.code or str(car.number)


def _rulings(incident: NotedIncident) -> tuple[NotedRuling, ...]:
    return () if incident.ruling is None else (*reversed(incident.ruling.replaced), incident.ruling)
