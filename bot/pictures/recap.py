"""The recap card: a race's podium, the championship after it, and what else there is to tell."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain import classifications
from bot.domain.classifications import names
from bot.domain.race_story import StandingsMove
from bot.domain.season import Classification, Finish
from bot.domain.sessions import SessionKind
from bot.i18n import _, counted
from bot.i18n.countries import country_name
from bot.i18n.formats import day, decimals, ordinal, points, scored
from bot.i18n.races import race_name
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

ARGUED = 620
"""The baseline of what is argued about."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact at the foot of the picture, in three lines."""

    label: str
    value: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.label}: {self.value}{self.detail and f' ({self.detail})'}."


def recap_picture(classification: Classification, drivers: StandingsMove | None = None, argued: str = "") -> Picture:
    """A race or a sprint in a picture, with the drivers' championship after it, and what is `argued` about."""
    described = _described(classification, drivers)
    canvas = _drawn(classification, drivers, argued)
    return canvas.picture(f"{described} {argued}." if argued else described)


def _drawn(classification: Classification, drivers: StandingsMove | None, argued: str = "") -> Canvas:
    canvas = Canvas()
    canvas.heading(_title(classification), " · ".join(_occasion(classification)))
    _podium(canvas, classification)
    if drivers is not None:
        canvas.bar(Box(MIDDLE - 33, TOP - 34, MIDDLE - 31, TOP + 2 * STEP + TALL), LINE)
        _championship(canvas, drivers)
    canvas.bar(Box(MARGIN, STRIP, RIGHT, STRIP + 2), LINE)
    width = (RIGHT - MARGIN + GUTTER) // COLUMNS
    for column, fact in enumerate(_facts(classification)):
        at, room = MARGIN + column * width, width - GUTTER
        canvas.text(fact.label, (at, STRIP + 38), LABEL, MUTED, width=room)
        canvas.text(fact.value, (at, STRIP + 76), ROW, INK, width=room)
        canvas.text(fact.detail, (at, STRIP + 112), DETAIL, MUTED, width=room)
    canvas.text(argued, (MARGIN, ARGUED), LABEL, INK, width=RIGHT - MARGIN)
    return canvas


def _podium(canvas: Canvas, classification: Classification) -> None:
    canvas.text(_("Podium"), (MARGIN, TOP - 16), LABEL, MUTED, width=400)
    places, called = classifications.podium(classification), names(classification)
    for line, finishes in enumerate(places):
        top, left = TOP + line * STEP, MARGIN + 76
        first, teams = finishes[0], dict.fromkeys(finish.entrant.team for finish in finishes)
        shared = [called[finish.entrant.driver_id] for finish in finishes]
        canvas.bar(Box(MARGIN, top, MARGIN + 10, top + TALL), team_colour(first.entrant.team_id))
        canvas.text(first.place, (MARGIN + 34, top + 30), PLACE, MUTED, width=36)
        canvas.text(
            listed(shared) if shared[1:] else first.entrant.name,
            (left, top + 30),
            NAME if line else WINNER,
            INK,
            width=430,
        )
        added = "" if shared[1:] else _added(first)  # of two, nobody could say whose it is
        below = " · ".join(filter(None, (listed([*teams]), added)))
        canvas.text(below, (left, top + 68), DETAIL, MUTED, width=430)
        canvas.text(_gap(classification, first), (MIDDLE - 64, top + 30), NUMBER, INK, width=170, align=Align.RIGHT)
    if not places:
        canvas.text(_("Nobody was classified"), (MARGIN, TOP + 30), NAME, INK, width=600)


def _championship(canvas: Canvas, drivers: StandingsMove) -> None:
    canvas.text(_("Championship"), (MIDDLE, TOP - 16), LABEL, MUTED, width=300)
    if not drivers.leaders:
        canvas.text(_("No points yet"), (MIDDLE, TOP + 30), ROW, INK, width=RIGHT - MIDDLE)
    for line, standing in enumerate(drivers.leaders):
        baseline, left = TOP + 30 + line * STEP, MIDDLE + 40
        canvas.text(f"{standing.position}", (MIDDLE, baseline), NUMBER, MUTED, width=36)
        canvas.text(standing.name, (left, baseline), ROW, INK, width=262)
        won = "" if standing.points is None else points(standing.points)
        canvas.text(won, (RIGHT, baseline), ROW, INK, width=100, align=Align.RIGHT)
        if (places := drivers.climbed(standing)) is not None:
            ink = MUTED if not places else GAIN if places > 0 else LOSS
            canvas.text(_change(places), (left, baseline + 36), DETAIL, ink, width=262)


def _title(classification: Classification) -> str:
    return (
        _("{race}, sprint").format(race=race_name(classification.race.name))
        if classification.kind is SessionKind.SPRINT
        else race_name(classification.race.name)
    )


def _occasion(classification: Classification) -> tuple[str, ...]:
    race = classification.race
    session = race.session(classification.kind) or race.race
    which = _("round {round} of {season}").format(round=race.round, season=race.season)
    return day(session.day), f"{race.locality}, {country_name(race.country)}", which


def _gap(classification: Classification, finish: Finish) -> str:
    """The winner's time, how far behind the others were, or by how many laps."""
    behind = classifications.gap(classification, finish)
    if behind.laps:
        return counted("+{number} Lap", "+{number} Laps", behind.laps)
    return decimals(behind.time) or (_("Lapped") if finish.status == "Lapped" else "")


def _added(finish: Finish) -> str:
    """The penalty in somebody's time: `5 s penalty`."""
    return _("{seconds} s penalty").format(seconds=decimals(f"{finish.penalty:g}")) if finish.penalty else ""


def _change(places: int) -> str:
    if not places:
        return _("as before")
    number = counted("{number} place", "{number} places", abs(places))
    return f"{'▲' if places > 0 else '▼'} {number}"


def _facts(classification: Classification) -> Iterator[Fact]:
    """The strip at the bottom, from left to right."""
    called = names(classification)
    climbs, moves = classifications.climbs_known(classification), classifications.moves_known(classification)
    yield _movement(_("Most places gained"), classifications.most_gained(classification), called, _nobody(known=climbs))
    yield _movement(_("Most places lost"), classifications.most_lost(classification), called, _nobody(known=moves))
    fastest = classifications.fastest(classification)
    if fastest and (lap := fastest.fastest_lap):
        detail = _("{time}, lap {lap}").format(time=decimals(lap.time), lap=lap.lap)
        yield Fact(_("Fastest lap"), called[fastest.entrant.driver_id], detail)
    else:
        yield Fact(_("Fastest lap"), _("Not known"))
    out = [called[finish.entrant.driver_id] for finish in classifications.out(classification)]
    started = classifications.starters(classification)
    if started is None:
        yield Fact(_("Out"), listed(out) or _("Not known"))
    else:
        yield Fact(_("Out"), _("{number} of {all}").format(number=len(out), all=started), listed(out))


def _nobody(*, known: bool) -> str:
    return _("Nobody") if known else _("Not known")


def _movement(label: str, finishes: tuple[Finish, ...], called: dict[str, str], nobody: str) -> Fact:
    if not finishes:
        return Fact(label, nobody)
    first, *others = finishes
    places = abs(first.gained or 0)
    who = listed([called[finish.entrant.driver_id] for finish in finishes], most=2)
    if others:
        return Fact(label, who, counted("{number} place each", "{number} places each", places))
    if not first.grid:
        return Fact(label, who, _("from the pit lane"))
    start = ordinal(first.grid)
    return Fact(label, who, counted("{number} place from {start}", "{number} places from {start}", places, start=start))


def _described(classification: Classification, championship: StandingsMove | None) -> str:
    """The card in words: the podium first."""
    order = _order(classification)
    leaders = (
        ", ".join(scored(standing.name, standing.points) for standing in championship.leaders) if championship else ""
    )
    facts = " ".join(map(str, _facts(classification)))
    standings = " " + str(Fact(_("Championship"), leaders)) if leaders else ""
    return f"{', '.join((_title(classification), *_occasion(classification)))}: {order}. {facts}{standings}"


def _order(classification: Classification) -> str:
    """The podium in words; where nobody has the first place, nobody won."""
    places = [
        [_introduced(classification, finish) for finish in each] for each in classifications.podium(classification)
    ]
    if not places:
        return _("nobody was classified")
    winners = classifications.placed(classification, 1)
    if not winners:
        lines = zip(classifications.podium(classification), places, strict=True)
        return ", ".join(f"{finishes[0].place}. {listed(drivers)}" for finishes, drivers in lines)
    first, others = places[0], [driver for drivers in places[1:] for driver in drivers]
    if others:
        return _("{winner} won from {others}").format(winner=listed(first), others=listed(others))
    return _("{winner} won").format(winner=listed(first))


def _introduced(classification: Classification, finish: Finish) -> str:
    told = (finish.entrant.team, _gap(classification, finish), _added(finish))
    return f"{finish.entrant.name} ({', '.join(filter(None, told))})"
