"""The recap card: a race's podium, the championship after it, and what else there is to tell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.season import Classification, Finish, SessionKind, Standings
from bot.i18n import _, counted
from bot.i18n.formats import day, ordinal, points
from bot.pictures import highlights
from bot.pictures.canvas import MARGIN, RIGHT, Align, Box, Canvas, Picture
from bot.pictures.colours import GAIN, INK, LINE, LOSS, MUTED, team_colour
from bot.pictures.fonts import Style, Weight
from bot.pictures.words import listed

LABEL = Style(24, Weight.SEMIBOLD)
WINNER = Style(42, Weight.BOLD)
NAME = Style(36, Weight.SEMIBOLD)
PLACE = Style(36)
ROW = Style(31, Weight.SEMIBOLD)
NUMBER = Style(31)
DETAIL = Style(25)

TOP, STEP, TALL = 196, 86, 70
"""Where the first standing of the podium and the championship begins, how far it is to the next, and its height."""

MIDDLE = 812
"""Where the championship's column begins."""

STRIP, COLUMNS, GUTTER = 464, 4, 24
"""The upper edge of the facts at the bottom, how many there are, and how far apart."""


_LAPS = re.compile(r"\+(\d+) Laps?")


@dataclass(frozen=True, slots=True)
class Fact:
    """A thing worth telling, in three lines."""

    label: str
    value: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.label}: {self.value}{self.detail and f' ({self.detail})'}."


def recap_picture(
    classification: Classification, after: Standings | None = None, before: Standings | None = None
) -> Picture:
    """A race or a sprint in a picture; `after` and `before` are the drivers' championship with it and without."""
    return _drawn(classification, after, before).picture(_described(classification, after))


def _drawn(classification: Classification, after: Standings | None, before: Standings | None) -> Canvas:
    canvas = Canvas()
    canvas.heading(_title(classification), " · ".join(_occasion(classification)))
    _podium(canvas, highlights.podium(classification))
    if after is not None:
        canvas.bar(Box(MIDDLE - 33, TOP - 34, MIDDLE - 31, TOP + 2 * STEP + TALL), LINE)
        _championship(canvas, after, highlights.climbed(after, before) if before else {})
    canvas.bar(Box(MARGIN, STRIP, RIGHT, STRIP + 2), LINE)
    width = (RIGHT - MARGIN + GUTTER) // COLUMNS
    for column, fact in enumerate(_facts(classification)):
        at, room = MARGIN + column * width, width - GUTTER
        canvas.text(fact.label, (at, STRIP + 38), LABEL, MUTED, width=room)
        canvas.text(fact.value, (at, STRIP + 76), ROW, INK, width=room)
        canvas.text(fact.detail, (at, STRIP + 112), DETAIL, MUTED, width=room)
    return canvas


def _podium(canvas: Canvas, finishes: tuple[Finish, ...]) -> None:
    canvas.text(_("Podium"), (MARGIN, TOP - 16), LABEL, MUTED, width=400)
    for standing, finish in enumerate(finishes):
        top, left = TOP + standing * STEP, MARGIN + 76
        driver = finish.entrant
        canvas.bar(Box(MARGIN, top, MARGIN + 10, top + TALL), team_colour(driver.team_id))
        canvas.text(str(finish.position), (MARGIN + 34, top + 30), PLACE, MUTED, width=36)
        canvas.text(driver.name, (left, top + 30), NAME if standing else WINNER, INK, width=430)
        canvas.text(driver.team, (left, top + 68), DETAIL, MUTED, width=430)
        canvas.text(_gap(finish), (MIDDLE - 64, top + 30), NUMBER, INK, width=170, align=Align.RIGHT)
    if not finishes:
        canvas.text(_("Nobody was classified"), (MARGIN, TOP + 30), NAME, INK, width=600)


def _championship(canvas: Canvas, standings: Standings, climbed: dict[str, int]) -> None:
    canvas.text(_("Championship"), (MIDDLE, TOP - 16), LABEL, MUTED, width=300)
    if not standings.entries:
        canvas.text(_("No points yet"), (MIDDLE, TOP + 30), ROW, INK, width=RIGHT - MIDDLE)
    for line, standing in enumerate(standings.entries[:3]):
        baseline, left = TOP + 30 + line * STEP, MIDDLE + 40
        canvas.text(f"{standing.position or '–'}", (MIDDLE, baseline), NUMBER, MUTED, width=36)
        canvas.text(standing.name, (left, baseline), ROW, INK, width=262)
        canvas.text(points(standing.points), (RIGHT, baseline), ROW, INK, width=100, align=Align.RIGHT)
        if (places := climbed.get(standing.id)) is not None:
            ink = MUTED if not places else GAIN if places > 0 else LOSS
            canvas.text(_change(places), (left, baseline + 36), DETAIL, ink, width=262)


def _title(classification: Classification) -> str:
    return (
        _("{race}, sprint").format(race=classification.race.name)
        if classification.kind is SessionKind.SPRINT
        else classification.race.name
    )


def _occasion(classification: Classification) -> tuple[str, ...]:
    race = classification.race
    session = race.session(classification.kind) or race.race
    which = _("round {round} of {season}").format(round=race.round, season=race.season)
    return day(session.day), f"{race.locality}, {race.country}", which


def _gap(finish: Finish) -> str:
    """The winner's time, how far behind the others were, or by how many laps."""
    if finish.time:
        return finish.time
    if laps := _LAPS.fullmatch(finish.status):
        return counted("+{number} Lap", "+{number} Laps", int(laps[1]))
    return _("Lapped") if finish.status == "Lapped" else ""


def _change(places: int) -> str:
    if not places:
        return _("as before")
    number = counted("{number} place", "{number} places", abs(places))
    return f"{'▲' if places > 0 else '▼'} {number}"


def _facts(classification: Classification) -> Iterator[Fact]:
    """The strip at the bottom, from left to right."""
    yield _movement(_("Most places gained"), highlights.most_gained(classification))
    yield _movement(_("Most places lost"), highlights.most_lost(classification))
    fastest = highlights.fastest(classification)
    if fastest and (lap := fastest.fastest_lap):
        detail = _("{time}, lap {lap}").format(time=lap.time, lap=lap.lap)
        yield Fact(_("Fastest lap"), fastest.entrant.family_name, detail)
    else:
        yield Fact(_("Fastest lap"), _("Not known"))
    names = [finish.entrant.family_name for finish in highlights.retired(classification)]
    share = _("{number} of {all}").format(number=len(names), all=highlights.starters(classification))
    yield Fact(_("Retired"), share, listed(names))


def _movement(label: str, finishes: tuple[Finish, ...]) -> Fact:
    if not finishes:
        return Fact(label, _("Nobody"))
    first, *others = finishes
    places = abs(first.gained or 0)
    names = listed([finish.entrant.family_name for finish in finishes], most=2)
    if others:
        return Fact(label, names, counted("{number} place each", "{number} places each", places))
    start = ordinal(first.grid or 0)
    return Fact(
        label, names, counted("{number} place from {start}", "{number} places from {start}", places, start=start)
    )


def _described(classification: Classification, standings: Standings | None) -> str:
    """The card in words: the podium first."""
    podium = highlights.podium(classification)
    drivers = [
        f"{finish.entrant.name} ({', '.join(filter(None, (finish.entrant.team, _gap(finish))))})" for finish in podium
    ]
    won = sum(finish.position == podium[0].position for finish in podium)  # several, where they shared the car
    order = _("nobody was classified")
    if drivers[won:]:
        order = _("{winner} won from {others}").format(winner=listed(drivers[:won]), others=listed(drivers[won:]))
    elif drivers:
        order = _("{winner} won").format(winner=listed(drivers))
    leaders = (
        ", ".join(f"{standing.name} {points(standing.points)}" for standing in standings.entries[:3])
        if standings
        else ""
    )
    facts = " ".join(map(str, _facts(classification)))
    championship = " " + str(Fact(_("Championship"), leaders)) if leaders else ""
    return f"{', '.join((_title(classification), *_occasion(classification)))}: {order}. {facts}{championship}"
