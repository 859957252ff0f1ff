"""/recap: a race's story on one card, with the incidents that are told of it."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from bot.dispatch import Command
from bot.messages import TITLE, Attachment, Button, Card, Field, Reply, Request, weight
from bot.pictures.painter import Painter
from bot.season import Finish, Race, SessionKind, Sheet, Table, TableKind
from handlers.races import Races, data_of
from handlers.season_words import (
    AS_PICTURE,
    fastest_lap,
    fitting,
    gap,
    names,
    ordinal,
    phrase,
    placed,
    points,
    reason,
    updated,
)
from handlers.wording import day, listed, rows
from storage.incidents import Incident, Incidents
from storage.seasons import Seasons

PODIUM = 3
ROOM = 300
ROOM_OUT = 700
MOST_INCIDENTS = 6
WEEKEND = (dt.timedelta(days=-3), dt.timedelta(days=1))
"""An incident of a race is dated on its weekend; the day at the track may be another than in UTC."""

NEVER_STARTED = {"W", "F"}
_MARGIN = re.compile(r"\+([0-9:.]+)")


class Recaps:
    """Tell how a race went."""

    def __init__(self, seasons: Seasons, races: Races, incidents: Incidents, painter: Painter) -> None:
        self._seasons = seasons
        self._races = races
        self._incidents = incidents
        self._painter = painter

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (Command("recap", "A race's story on one card", self.tell, argument="race and season"),)

    async def tell(self, request: Request) -> Reply:
        """The story of the race that is asked for, or of the latest; `picture` at the argument's end draws it."""
        race = await self._races.find(AS_PICTURE.sub("", request.argument), request)
        if isinstance(race, Reply):
            return race
        sheet = await self._races.sheet(race, SessionKind.RACE, request)
        table = await self._seasons.table(race.season, TableKind.DRIVERS, race.round)
        if table is None:
            self._races.wish(race)
        elif AS_PICTURE.search(request.argument):
            return await self._drawn(sheet, table)
        footer = updated(await self._seasons.updated(sheet))
        return recap_reply(sheet, table, self._told_of(race), footer, replace=request.pressed is not None)

    async def _drawn(self, sheet: Sheet, table: Table) -> Reply:
        """The race in a picture, in a message of its own."""
        from bot.pictures.recap import recap  # noqa: PLC0415 - Pillow is loaded for the first picture

        race = sheet.race
        before = await self._seasons.table(race.season, TableKind.DRIVERS, race.round - 1) if race.round > 1 else None
        picture = await self._painter.paint(recap, sheet, table, before)
        attachment = Attachment("recap.png", picture.png, picture.alt)
        return Reply(
            Card(f"{race.name} {race.season}"), ((Button("The story", "recap", data_of(race)),),), attachment=attachment
        )

    def _told_of(self, race: Race) -> list[Incident]:
        """The incidents of a race's weekend, newest first."""
        first, last = (race.race.day + days for days in WEEKEND)
        return [incident for incident in self._incidents if first <= incident.date <= last][:MOST_INCIDENTS]


def recap_reply(
    sheet: Sheet, table: Table | None, incidents: Sequence[Incident], footer: str, *, replace: bool = False
) -> Reply:
    """The story of a race; `table` is the drivers' championship after it."""
    race, called = sheet.race, names(sheet)
    facts = {
        "Podium": fitting(list(_podium(sheet, called)), ROOM, ", "),
        "Most places won": _furthest([finish for finish in sheet.finishes if (finish.gained or 0) > 0], called),
        "Most places lost": _furthest([finish for finish in sheet.finishes if (finish.gained or 0) < 0], called),
        "Fastest lap": fitting([fastest_lap(sheet)], ROOM),
        "Out": fitting(list(_out(sheet, called)), ROOM_OUT, "; "),
        "Championship": fitting(list(_leaders(table, called)), ROOM, ", ") if table else "",
        "Its incidents": fitting([incident.title for incident in incidents], ROOM_OUT, "; "),
    }
    lead = _lead(sheet, called)
    card = Card(
        _title(sheet, called),
        subtitle=fitting([phrase((day(race.race.day), race.circuit, race.locality))], ROOM),
        paragraphs=(lead,) if lead else (),
        fields=tuple(Field(name, value) for name, value in facts.items() if value),
        footer=footer,
    )
    crashes = rows((Button(incident.short_title, "crash", incident.id) for incident in incidents), 2)
    doors = [Button("Result", "results", data_of(race)), Button("Standings", "standings", f"drivers {race.season}")]
    if table is not None:
        doors.append(Button("As a picture", "recap", data_of(race, "picture")))
    return Reply(card, (*crashes, tuple(doors)), replace=replace)


def _title(sheet: Sheet, called: dict[str, str]) -> str:
    """The headline: `Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris`."""
    first, others = _on(sheet, called, 1), [*_on(sheet, called, 2), *_on(sheet, called, 3)]
    if not first:
        return sheet.race.name
    behind = f" from {listed(others)}" if others else ""
    title = f"{sheet.race.name}: {listed(first)} {'win' if len(first) > 1 else 'wins'}{behind}"
    return title if weight(title) <= TITLE else sheet.race.name


def _lead(sheet: Sheet, called: dict[str, str]) -> str:
    """Where the winner came from and by how much: `Verstappen won from 3rd on the grid, 22.000 seconds ahead of …`."""
    winners, seconds = placed(sheet, 1), placed(sheet, 2)
    if len(winners) != 1:
        return ""
    (winner,) = winners
    start = f" from {ordinal(winner.grid)} on the grid" if winner.grid else ""
    margin = _margin(seconds[0], winner) if seconds else ""
    ahead = f", {margin} ahead of {listed(_on(sheet, called, 2))}" if margin else ""
    story = f"{called[winner.entrant.driver_id]} won{start}{ahead}."
    return fitting([story], ROOM_OUT) if start or ahead else ""


def _margin(second: Finish, winner: Finish) -> str:
    behind = gap(second, winner)
    if behind.endswith(" down"):
        return behind.removesuffix(" down")
    margin = _MARGIN.fullmatch(behind)
    return "" if margin is None else margin[1] if ":" in margin[1] else f"{margin[1]} seconds"


def _on(sheet: Sheet, called: dict[str, str], place: int) -> list[str]:
    return [called[finish.entrant.driver_id] for finish in placed(sheet, place)]


def _podium(sheet: Sheet, called: dict[str, str]) -> Iterator[str]:
    """The first three with their teams: `1. Verstappen (Red Bull)`."""
    for place in range(1, PODIUM + 1):
        for finish in placed(sheet, place):
            yield f"{place}. {called[finish.entrant.driver_id]} ({finish.entrant.team})"


def _furthest(finishes: Sequence[Finish], called: dict[str, str]) -> str:
    """Who won, or lost, the most places: `Sainz, from 11th to 5th`, `Sainz and Alonso, 5 each`."""
    most = max((abs(finish.gained or 0) for finish in finishes), default=0)
    furthest = [finish for finish in finishes if abs(finish.gained or 0) == most]
    if not furthest:
        return ""
    who = listed([called[finish.entrant.driver_id] for finish in furthest])
    if len(furthest) > 1:
        return fitting([f"{who}, {most} each"], ROOM)
    return fitting([f"{who}, from {ordinal(furthest[0].grid or 0)} to {ordinal(furthest[0].position)}"], ROOM)


def _out(sheet: Sheet, called: dict[str, str]) -> Iterator[str]:
    """Who started and was not classified, by reason: `Bottas and Russell (collision)`."""
    placed_ids = {finish.entrant.driver_id for finish in sheet.finishes if finish.classified}
    reasons: dict[str, dict[str, None]] = {}
    for finish in sheet.finishes:
        if finish.entrant.driver_id not in placed_ids and finish.place not in NEVER_STARTED:
            reasons.setdefault(reason(finish), {})[called[finish.entrant.driver_id]] = None
    for why, who in reasons.items():
        yield f"{listed(list(who))} ({why})"


def _leaders(table: Table, called: dict[str, str]) -> Iterator[str]:
    """The championship's first three: `Hamilton 44`."""
    for row in table.rows:
        if row.position and row.position <= PODIUM:
            yield f"{called.get(row.id, row.name)} {points(row.points)}"
