"""What a season was for a driver or a team, fact by fact: their championship, their races, their latest results."""

from bot.cards.season_text import climb, fitting, phrase, reason
from bot.domain.classifications import names
from bot.domain.racers import Gap, RacerSeason
from bot.domain.season import Championship, Classification, Finish
from bot.domain.sessions import SessionKind
from bot.i18n import _, counted
from bot.i18n.formats import ordinal, points, points_won
from bot.i18n.races import short_race_name

LATEST = 5
"""Results that are told, the latest first."""

ROOM = 300
"""Weight of the latest results, so that the card stays within one screen."""

NAMED = 3
"""Races at which somebody was at their best that are named."""


def subtitle(view: RacerSeason) -> str:
    """The season, and the team that a driver last raced for in it, or a team's drivers."""
    return phrase((_beside(view), f"{view.season}")) if view.raced or view.standing else ""


def _beside(view: RacerSeason) -> str:
    if view.racer.kind is Championship.TEAMS:
        names = dict.fromkeys(finish.entrant.name for _result, finishes in view.raced for finish in finishes)
        return fitting([*names], 200, ", ")
    if view.raced:
        return view.raced[-1][1][-1].entrant.team
    return (view.standing.team or "") if view.standing else ""


def championship(view: RacerSeason) -> str:
    """Their place, points and gaps: `3rd, 27 points · 17 behind Hamilton · 16.5 behind Verstappen`."""
    standing, standings = view.standing, view.standings
    if standing is None or standings is None:
        return ""
    place = ordinal(standing.position) if standing.position else _("no place")
    score = points_won(standing.points) if standing.points is not None else _("points not known")
    leader, nearest = view.to_leader, view.to_next
    gaps = [_gap(gap) for gap in (leader, nearest) if gap is not None]
    after = _("after round {round}").format(round=standings.round)
    return phrase((f"{place}, {score}", *dict.fromkeys(gaps), after))


def _gap(gap: Gap) -> str:
    if not gap.points:
        return _("level with {name}").format(name=gap.other.name)
    said = _("{points} behind {name}") if gap.points > 0 else _("{points} ahead of {name}")
    return said.format(points=points(abs(gap.points)), name=gap.other.name)


def races(view: RacerSeason) -> str:
    """Wins, podiums and the best place; of which races these are, where not all that were held are stored.

    How many races somebody won the championship says as well, whatever is stored: `1 win · in 1 of 2 races stored …`.
    """
    won = view.standing.wins if view.standing else None
    if view.races >= view.held and view.raced:
        return phrase((_wins(view.wins), _podiums(view), _best(view)))
    stored = _("in {number} of {held} races, whose results are stored here").format(number=view.races, held=view.held)
    known = [_wins(view.wins) if won is None else "", _podiums(view), _best(view)] if view.raced else []
    told = ", ".join(filter(None, known))
    return phrase(("" if won is None else _wins(won), f"{stored}: {told}" if told else ""))


def _wins(number: int) -> str:
    return counted("{number} win", "{number} wins", number)


def _podiums(view: RacerSeason) -> str:
    return counted("{number} podium", "{number} podiums", view.podiums)


def _best(view: RacerSeason) -> str:
    """The best place and where: `best 2nd (Imola, Monza)`; nothing where there is none."""
    if view.best is None:
        return ""
    place, where = view.best
    names = [_gp(result) for result in reversed(where)]
    more = [_("and {number} more").format(number=len(names) - NAMED)] if len(names) > NAMED else []
    said = _("best {place} ({races})")
    return said.format(place=ordinal(place), races=", ".join([*names[:NAMED], *more]))


def _gp(result: Classification) -> str:
    name = short_race_name(result.race.name)
    return _("{race}, sprint").format(race=name) if result.kind is SessionKind.SPRINT else name


def latest(view: RacerSeason) -> str:
    """The latest results, a line each: `Emilia Romagna GP: 3rd, from 7 ↑4`."""
    alone = view.racer.kind is Championship.DRIVERS
    lines = []
    for result, finishes in reversed(view.raced[-LATEST:]):
        called = names(result)
        told = [_finish(each) if alone else f"{called[each.entrant.driver_id]} {_place(each)}" for each in finishes]
        lines.append(f"{_gp(result)}: {', '.join(told)}")
    return fitting(lines, ROOM)


def _finish(finish: Finish) -> str:
    return ", ".join(filter(None, (_place(finish), climb(finish))))


def _place(finish: Finish) -> str:
    if not finish.place:
        return _("place not known")
    return ordinal(int(finish.place)) if finish.classified else reason(finish)
