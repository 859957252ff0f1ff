"""How races, results and points are put into words, the same in every answer about a season."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import overload

from bot.chat.buttons import BUTTON_LABEL
from bot.chat.cards import CARD
from bot.chat.instants import Instant, Shown, Text, filled, joined
from bot.chat.text_limits import weight
from bot.domain import classifications
from bot.domain.race_times import Penalised
from bot.domain.season import PIT_LANE, Classification, Finish, Race, Witness
from bot.domain.sessions import SessionKind
from bot.i18n import _, counted, marked
from bot.i18n.formats import both, day, decimals, in_seconds, ordinal
from bot.i18n.races import short_race_name

SESSIONS = {
    SessionKind.PRACTICE_1: marked("Practice 1"),
    SessionKind.PRACTICE_2: marked("Practice 2"),
    SessionKind.PRACTICE_3: marked("Practice 3"),
    SessionKind.SPRINT_QUALIFYING: marked("Sprint qualifying"),
    SessionKind.SPRINT: marked("Sprint"),
    SessionKind.QUALIFYING: marked("Qualifying"),
    SessionKind.RACE: marked("Race"),
}

UNPLACED = {
    "R": marked("retired"),
    "D": marked("disqualified"),
    "E": marked("excluded"),
    "F": marked("did not qualify"),
    "N": marked("not classified"),
    "W": marked("withdrawn"),
}
"""What a classification says of who has no place, where the feed gives no reason."""

FRAME = 600
"""What the marks and blank lines around a card's parts may take up."""

UNTELLING = {"Finished", "Lapped"}
"""Statuses that are no reason for having no place."""

REASONS = (
    marked("accident"), marked("alternator"), marked("axle"), marked("battery"), marked("brakes"),
    marked("broken wing"), marked("chassis"), marked("clutch"), marked("collision"), marked("collision damage"),
    marked("cooling system"), marked("damage"), marked("debris"), marked("did not start"), marked("differential"),
    marked("distributor"), marked("driveshaft"), marked("drivetrain"), marked("electrical"), marked("electronics"),
    marked("engine"), marked("exhaust"), marked("fire"), marked("fuel leak"), marked("fuel pressure"),
    marked("fuel pump"), marked("fuel system"), marked("gearbox"), marked("halfshaft"), marked("handling"),
    marked("head gasket"), marked("hydraulics"), marked("ignition"), marked("illness"), marked("injection"),
    marked("injury"), marked("magneto"), marked("mechanical"), marked("oil leak"), marked("oil pressure"),
    marked("oil pump"), marked("out of fuel"), marked("overheating"), marked("physical"), marked("pneumatics"),
    marked("power loss"), marked("power unit"), marked("puncture"), marked("radiator"), marked("rear wing"),
    marked("spun off"), marked("stalled"), marked("steering"), marked("supercharger"), marked("suspension"),
    marked("technical"), marked("throttle"), marked("transmission"), marked("turbo"), marked("tyre"), marked("tyres"),
    marked("undertray"), marked("underweight"), marked("universal joint"), marked("valve"), marked("vibrations"),
    marked("water leak"), marked("water pressure"), marked("water pump"), marked("wheel"), marked("wheel nut"),
)  # fmt: skip
"""The usual ones of both witnesses, as they are said; any other is said in its own words."""


def race_label(race: Race) -> str:
    """A race on a button: `Emilia Romagna GP 2021`."""
    label = f"{short_race_name(race.name)} {race.season}"
    return label if len(label) <= BUTTON_LABEL and weight(label) <= 2 * BUTTON_LABEL else f"{race.season}, {race.round}"


SOURCES = {
    Witness.ARCHIVE: ("Jolpica-F1, CC BY-NC-SA 4.0",),
    Witness.F1DB: ("f1db, CC BY 4.0",),
    Witness.BOTH: ("Jolpica-F1, CC BY-NC-SA 4.0", "f1db, CC BY 4.0"),
    Witness.SHIPPED: (marked("Shipped with the bot, until it is fetched"),),
}
"""Who tells what a card shows, and under which licence."""


def updated(at: dt.datetime | None, witness: Witness = Witness.ARCHIVE) -> Text:
    """Where data is from, and when it was fetched."""
    return phrase((filled(_("Updated {time}"), time=_in_utc(at)) if at else "", *map(_, SOURCES[witness])))


def _in_utc(at: dt.datetime) -> Instant:
    return Instant(at, f"{day(at.date())}, {at:%H:%M} UTC", Shown.DATE_AND_TIME)


def countdown(left: dt.timedelta) -> str:
    """How long it is to a moment, in its two largest units: `3 days and 4 hours`."""
    minutes = int(left.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    units = (
        counted("{number} day", "{number} days", days) if days else "",
        counted("{number} hour", "{number} hours", hours) if hours else "",
        counted("{number} minute", "{number} minutes", minutes) if minutes else "",
    )
    first = next((place for place, unit in enumerate(units) if unit), None)
    if first is None:
        return _("less than a minute")
    told = [unit for unit in units[first : first + 2] if unit]
    return both(*told) if len(told) > 1 else told[0]


def gap(classification: Classification, finish: Finish) -> str:
    """The winner's time or how far behind a driver was: `+22.000`, `1 lap down`; empty where that is unknown."""
    behind = classifications.gap(classification, finish)
    return counted("{number} lap down", "{number} laps down", behind.laps) if behind.laps else decimals(behind.time)


def climb(finish: Finish) -> str:
    """Where a driver started, and the places won or lost since: `from 3 ↑2`; empty where that is unknown."""
    if finish.grid is None:
        return ""
    if finish.grid == PIT_LANE:
        return _("from the pit lane")
    change = finish.gained or 0
    start = _("from {place}").format(place=finish.grid)
    return f"{start}{f' ↑{change}' if change > 0 else f' ↓{-change}' if change else ''}"


def penalty(found: Penalised) -> str:
    """The penalty in a driver's time, and the place on the road that it cost: `5 seconds added, 4th on the road`."""
    added = _("{seconds} added").format(seconds=in_seconds(found.seconds))
    if found.on_the_road is None:
        return added
    return _("{added}, {road} on the road").format(added=added, road=ordinal(found.on_the_road))


def reason(finish: Finish) -> str:
    """Why a driver has no place, in the feed's words where they say why: `collision`, `disqualified`."""
    if finish.status in UNTELLING or finish.status.startswith("+") or not finish.status.strip():
        return unplaced(finish.place)
    first = finish.status.partition(" ")[0]
    kept = len(first) > 1 and first.isupper()  # an abbreviation, as in `CV joint`
    return finish.status if kept else _(finish.status[0].lower() + finish.status[1:])


def unplaced(place: str) -> str:
    """What a classification says of who has no place."""
    return _(UNPLACED.get(place, "not classified"))


def fastest_lap(classification: Classification) -> str:
    """Who drove the fastest lap, and when: `Hamilton, 1:16.702 on lap 60`; empty where that is unknown."""
    finish = classifications.fastest(classification)
    if finish is None or finish.fastest_lap is None:
        return ""
    said, name = _("{name}, {time} on lap {lap}"), classifications.names(classification)[finish.entrant.driver_id]
    return said.format(name=name, time=decimals(finish.fastest_lap.time), lap=finish.fastest_lap.lap)


ENOUGH = 120
"""What three names with their points may weigh: longer ones nobody has."""


@overload
def fitting(items: Sequence[str], room: int, separator: str = ...) -> str: ...
@overload
def fitting(items: Sequence[Text], room: int, separator: str = ...) -> Text: ...
def fitting(items: Sequence[Text], room: int, separator: str = "\n") -> Text:
    """As many items as weigh no more than `room`, the others counted; nothing where the only one is too heavy."""
    for shown in range(len(items), 0, -1):
        more = [_("and {number} more").format(number=len(items) - shown)] if shown < len(items) else []
        text = joined(separator, [*items[:shown], *more])
        if weight(text) <= room:
            return text
    return _("{number} in all").format(number=len(items)) if len(items) > 1 else ""


def whole(items: Sequence[str], shorter: Sequence[str], room: int) -> str:
    """Items in a row, none left out: in fewer words where there is no room; counted only where those are endless."""
    text = ", ".join(items)
    return text if weight(text) <= room else fitting(shorter, max(room, ENOUGH), ", ")


def room_beside(*texts: Text) -> int:
    """What may be added to a card that says all this."""
    return CARD - FRAME - sum(map(weight, texts))


@overload
def phrase(parts: Iterable[str]) -> str: ...
@overload
def phrase(parts: Iterable[Text]) -> Text: ...
def phrase(parts: Iterable[Text]) -> Text:
    """What is known of something, in a line."""
    return joined(" · ", filter(None, parts))
