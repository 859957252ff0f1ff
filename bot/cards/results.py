"""A result on a card: a race's or a sprint's with grid and points, qualifying's with the segments it was run in."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from bot.cards.incident_text import rows
from bot.cards.race_buttons import data_of, session_data
from bot.cards.season_text import (
    climb,
    fastest_lap,
    fitting,
    gap,
    penalty,
    phrase,
    reason,
    room_beside,
)
from bot.chat.buttons import Button
from bot.chat.cards import Card, Field
from bot.chat.instants import Text
from bot.chat.replies import Attachment, Reply
from bot.chat.text_limits import weight
from bot.domain.classifications import names, placed, started
from bot.domain.knockout import KNOCKOUT_SINCE, reached
from bot.domain.race_times import penalised
from bot.domain.season import Classification, Finish
from bot.domain.sessions import SessionKind
from bot.i18n import _, counted, marked
from bot.i18n.formats import day, decimals, points_won
from bot.i18n.races import race_name

ROOM_OUT = 700
DOORS = {
    SessionKind.RACE: marked("The race"),
    SessionKind.QUALIFYING: marked("Qualifying"),
    SessionKind.SPRINT: marked("The sprint"),
}
TITLES = {
    SessionKind.QUALIFYING: marked("{race} {season}, qualifying"),
    SessionKind.SPRINT: marked("{race} {season}, sprint"),
}

HEADINGS: Mapping[int | None, str] = {
    2: marked("Out in Q2:"),
    1: marked("Out in Q1:"),
    None: marked("Place or lap in doubt:"),
}
"""What stands above who came no further than that segment; None where nobody can say which it was."""


def classification_reply(
    classification: Classification, footer: Text, begun: Collection[SessionKind] = (), *, veiled: bool = False
) -> Reply:
    """A result with the race's other doors: the results of what else was `begun`, the recap, the standings."""
    race = classification.race
    card = (
        _qualifying(classification, footer)
        if classification.kind is SessionKind.QUALIFYING
        else _classification(classification, footer)
    )
    doors = [
        Button(_(label), "results", session_data(race, kind))
        for kind, label in DOORS.items()
        if kind in begun and kind is not classification.kind
    ]
    if SessionKind.RACE in begun:
        doors.append(Button(_("Recap"), "recap", data_of(race)))
    doors.append(Button(_("Standings"), "standings", f"drivers {race.season}"))
    if ways_known(classification):
        sprint = "sprint" if classification.kind is SessionKind.SPRINT else ""
        doors.append(Button(_("Grid to flag"), "results", f"{data_of(race, sprint)} picture"))
    return Reply(card, rows(doors, 3), veiled=veiled)


def ways_known(classification: Classification) -> bool:
    """Whether there are ways from the grid to the flag to be drawn: of two drivers at least."""
    racing = filter(started, classification.finishes)
    known = sum(bool(finish.place) and finish.grid is not None for finish in racing)
    return classification.kind is not SessionKind.QUALIFYING and known > 1


def drawn_reply(classification: Classification, picture: Attachment, *, veiled: bool = False) -> Reply:
    """The ways from the grid to the flag, in a message of its own."""
    sprint = "sprint" if classification.kind is SessionKind.SPRINT else ""
    whole = Button(_("The whole result"), "results", data_of(classification.race, sprint))
    grid = Button(_("The grid"), "results", data_of(classification.race, f"{sprint} grid".strip()))
    return Reply(Card(grid_to_flag(classification)), ((whole, grid),), separate=True, attachment=picture, veiled=veiled)


def grid_to_flag(classification: Classification) -> str:
    """What the picture of the ways is called: `Emilia Romagna Grand Prix 2021: from grid to flag`."""
    return _("{race}: from grid to flag").format(race=_title(classification))


def _title(classification: Classification) -> str:
    return _(TITLES.get(classification.kind, "{race} {season}")).format(
        race=race_name(classification.race.name), season=classification.race.season
    )


def occasion(classification: Classification) -> str:
    """When and where a session was held: `18 April 2021 · Autodromo Enzo e Dino Ferrari · Imola`."""
    race, session = classification.race, classification.race.session(classification.kind)
    return phrase((day(session.day) if session else "", race.circuit, race.locality))


def _classification(classification: Classification, footer: Text) -> Card:
    called = names(classification)
    unplaced = [finish for finish in classification.finishes if finish.place and not finish.classified]
    out = fitting([_unplaced(finish, called) for finish in unplaced], ROOM_OUT, "; ")
    doubtful = [
        phrase((called[finish.entrant.driver_id], *_known(classification, finish)))
        for finish in classification.finishes
        if not finish.place
    ]
    title, subtitle = _title(classification), occasion(classification)
    facts = {
        _("Place not known"): fitting(doubtful, ROOM_OUT, "; "),
        _("Not classified"): out,
        _("Fastest lap"): fastest_lap(classification),
        _("Driver of the day"): called.get(classification.driver_of_the_day or "", ""),
    }
    lines = _lines(classification, called, room_beside(title, subtitle, *facts.values(), footer))
    return Card(
        title,
        subtitle=subtitle,
        paragraphs=(lines,) if lines else (),
        fields=tuple(Field(name, value) for name, value in facts.items() if value),
        footer=footer,
    )


def _lines(classification: Classification, called: dict[str, str], room: int) -> str:
    """A line a driver: `1. Verstappen, Red Bull · 2:02:34.598 · from 3 ↑2 · 25 points · 2 stops`.

    Where there is no room for all of it, stops are left out first, and then teams.
    """
    added = {each.finish: penalty(each) for each in penalised(classification)}
    full, without_stops, shortest = [], [], []
    for finish in [each for each in classification.finishes if each.classified]:
        name = f"{finish.place}. {called[finish.entrant.driver_id]}"
        known = (*_known(classification, finish), added.get(finish, ""))
        full.append(phrase((f"{name}, {finish.entrant.team}", *known, _stops(finish))))
        without_stops.append(phrase((f"{name}, {finish.entrant.team}", *known)))
        shortest.append(phrase((name, *known)))
    for lines in (full, without_stops):
        if weight("\n".join(lines)) <= room:
            return "\n".join(lines)
    return fitting(shortest, room)


def _known(classification: Classification, finish: Finish) -> tuple[str, ...]:
    """What is known of a line besides its place and its driver; empty where it is not."""
    return gap(classification, finish), climb(finish), points_won(finish.points) if finish.points else ""


def _stops(finish: Finish) -> str:
    return counted("{number} stop", "{number} stops", len(finish.stops)) if finish.stops else ""


def _unplaced(finish: Finish, called: dict[str, str]) -> str:
    """Who has no place, and why: `Bottas – collision, after 30 laps`."""
    said = f"{called[finish.entrant.driver_id]} – {reason(finish)}"
    if not finish.laps or finish.place not in {"R", "N"}:
        return said
    return counted("{out}, after {number} lap", "{out}, after {number} laps", finish.laps, out=said)


class Lap(NamedTuple):
    """The lap that counts for a driver; its time is empty where none was set, and None where it is doubtful."""

    time: str | None = ""
    segment: int = 0


def _qualifying(classification: Classification, footer: Text) -> Card:
    title, subtitle, groups = _title(classification), occasion(classification), _groups(classification)
    room = room_beside(title, subtitle, footer) // len(groups)
    told = {heading: fitting(lines, room) for heading, lines in groups.items()}
    paragraphs = tuple("\n".join(filter(None, (heading, lines))) for heading, lines in told.items() if lines)
    return Card(title, subtitle=subtitle, paragraphs=paragraphs, footer=footer)


def _groups(classification: Classification) -> dict[str, list[str]]:
    """The lines of qualifying under their headings; those who came furthest have none, nor has anybody of old."""
    called, pole = (
        names(classification),
        next((lap_of(classification, each) for each in placed(classification, 1)), Lap()),
    )
    lines: dict[int | None, list[str]] = {}
    for finish, last in zip(classification.finishes, reached(classification), strict=True):
        place = f"{finish.place}. " if finish.place else ""
        told = [f"{place}{called[finish.entrant.driver_id]}, {finish.entrant.team}"]
        if last is not None and place:
            lap = lap_of(classification, finish)
            told += [_lap_said(lap, last), behind(lap, pole) if finish.position > 1 else ""]
        lines.setdefault(last, []).append(phrase(told))
    order = sorted(lines, key=lambda last: -1 if last is None else last, reverse=True)
    return {_(HEADINGS[last]) if last in HEADINGS else "": lines[last] for last in order}


def _lap_said(lap: Lap, reached: int) -> str:
    """A lap's time, and the segment it was driven in where the driver got further."""
    if not lap.time:
        return "" if lap.time is None else _("no time")
    time = decimals(lap.time)
    return _("{time} in Q{segment}").format(time=time, segment=lap.segment) if lap.segment < reached else time


def lap_of(classification: Classification, finish: Finish) -> Lap:
    """A driver's last time in a knockout, and the best of several sessions before there was one."""
    laps = [Lap(time, segment) for segment, time in enumerate(finish.segments, 1) if time != ""]
    if classification.race.season < KNOCKOUT_SINCE:
        doubtful = next((lap for lap in laps if lap.time is None), None)
        return doubtful or min(laps, key=_seconds, default=Lap())
    return laps[-1] if laps else Lap()


def behind(lap: Lap, pole: Lap) -> str:
    """How much slower than pole a lap was: `+0.035`; empty where it was not, as when it rained in Q3."""
    if not lap.time or not pole.time:
        return ""
    gap_to_pole = _seconds(lap) - _seconds(pole)
    return decimals(f"+{gap_to_pole:.3f}") if gap_to_pole >= 0 else ""


def _seconds(lap: Lap) -> float:
    minutes, _colon, seconds = (lap.time or "").rpartition(":")
    return 60 * int(minutes or 0) + float(seconds)
