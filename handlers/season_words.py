"""How races, results and points are put into words, the same in every answer about a season."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.messages import BUTTON_LABEL, CARD, weight
from bot.season import PIT_LANE, Finish, Race, SessionKind, Sheet
from handlers.wording import counted, day

SESSIONS = {
    SessionKind.PRACTICE_1: "Practice 1",
    SessionKind.PRACTICE_2: "Practice 2",
    SessionKind.PRACTICE_3: "Practice 3",
    SessionKind.SPRINT_QUALIFYING: "Sprint qualifying",
    SessionKind.SPRINT: "Sprint",
    SessionKind.QUALIFYING: "Qualifying",
    SessionKind.RACE: "Race",
}

UNPLACED = {
    "R": "retired",
    "D": "disqualified",
    "E": "excluded",
    "F": "did not qualify",
    "N": "not classified",
    "W": "withdrawn",
}
"""What a classification says of who has no place, where the feed gives no reason."""

FRAME = 600
"""What the marks and blank lines around a card's parts may take up."""

UNTELLING = {"Finished", "Lapped"}
"""Statuses that are no reason for having no place."""

AS_PICTURE = re.compile(r"(?:^|\s)picture$")
"""At the end of an argument: the answer is to be drawn."""


def race_label(race: Race) -> str:
    """A race on a button: `Emilia Romagna GP 2021`."""
    label = f"{race.name.replace('Grand Prix', 'GP')} {race.season}"
    return label if len(label) <= BUTTON_LABEL and weight(label) <= 2 * BUTTON_LABEL else f"{race.season}, {race.round}"


def updated(at: dt.datetime | None) -> str:
    """Where data is from, and when it was fetched."""
    when = f"Updated {day(at.date())}, {at:%H:%M} UTC · " if at else ""
    return f"{when}Jolpica-F1, CC BY-NC-SA 4.0"


def countdown(left: dt.timedelta) -> str:
    """How long it is to a moment, in its two largest units: `3 days and 4 hours`."""
    minutes = int(left.total_seconds() // 60)
    units = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    first = next((place for place, (number, _) in enumerate(units) if number), None)
    if first is None:
        return "less than a minute"
    told = [counted(number, unit, f"{unit}s") for number, unit in units[first : first + 2] if number]
    return " and ".join(told)


def names(sheet: Sheet) -> dict[str, str]:
    """What drivers are called, by id: the family name, with the given one where two share it."""
    entrants = {finish.entrant.driver_id: finish.entrant for finish in sheet.finishes}
    families = Counter(entrant.family_name for entrant in entrants.values())
    return {
        driver_id: entrant.name if families[entrant.family_name] > 1 else entrant.family_name
        for driver_id, entrant in entrants.items()
    }


def placed(sheet: Sheet, place: int) -> list[Finish]:
    """Who took a place: one driver, or those who shared a car."""
    return [finish for finish in sheet.finishes if finish.classified and finish.place == str(place)]


def gap(finish: Finish, winner: Finish) -> str:
    """The winner's time or how far behind a driver was: `+22.000`, `1 lap down`; empty where that is unknown."""
    if finish.laps and winner.laps and finish.laps < winner.laps:
        return f"{counted(winner.laps - finish.laps, 'lap', 'laps')} down"
    if finish.status in {"", "Finished"}:
        return finish.time or ""
    return finish.status if finish.status.startswith("+") else ""


def climb(finish: Finish) -> str:
    """Where a driver started, and the places won or lost since: `from 3 ↑2`; empty where that is unknown."""
    if finish.grid is None:
        return ""
    if finish.grid == PIT_LANE:
        return "from the pit lane"
    change = finish.gained or 0
    return f"from {finish.grid}{f' ↑{change}' if change > 0 else f' ↓{-change}' if change else ''}"


def reason(finish: Finish) -> str:
    """Why a driver has no place, in the feed's words where they say why: `collision`, `disqualified`."""
    usual = UNPLACED.get(finish.place, "not classified")
    if finish.status in UNTELLING or finish.status.startswith("+") or not finish.status:
        return usual
    return finish.status if finish.status.isupper() else finish.status[0].lower() + finish.status[1:]


def points(number: float) -> str:
    """Points without needless decimals: `44`, `25.5`."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def ordinal(place: int) -> str:
    """A place in a race: `1st`, `12th`, `22nd`."""
    ending = "th" if place % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def fastest_lap(sheet: Sheet) -> str:
    """Who drove the fastest lap, and when: `Hamilton, 1:16.702 on lap 60`; empty where that is unknown."""
    for finish in sheet.finishes:
        if finish.fastest_lap is not None and finish.fastest_lap.rank == 1:
            name = names(sheet)[finish.entrant.driver_id]
            return f"{name}, {finish.fastest_lap.time} on lap {finish.fastest_lap.lap}"
    return ""


def fitting(items: Sequence[str], room: int, separator: str = "\n") -> str:
    """As many items as weigh no more than `room`, the others counted; nothing where the only one is too heavy."""
    for shown in range(len(items), 0, -1):
        more = [f"and {len(items) - shown} more"] if shown < len(items) else []
        text = separator.join([*items[:shown], *more])
        if weight(text) <= room:
            return text
    return f"{len(items)} in all" if len(items) > 1 else ""


def room_beside(*texts: str) -> int:
    """What may be added to a card that says all this."""
    return CARD - FRAME - sum(map(weight, texts))


def phrase(parts: Iterable[str]) -> str:
    """What is known of something, in a line."""
    return " · ".join(filter(None, parts))
