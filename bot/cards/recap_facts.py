"""What there is to tell of a race beside its headline, fact by fact, each as short as there is room for."""

from collections.abc import Iterator

from bot.cards import race_cases
from bot.cards.incident_text import listed, title
from bot.cards.ruling_text import ruled
from bot.cards.season_text import fastest_lap, fitting, reason, whole
from bot.cards.tally_text import fans
from bot.domain.classifications import (
    from_the_pit_lane,
    most_gained,
    most_lost,
    names,
    never_started,
    out,
    placed,
    podium,
)
from bot.domain.incidents import Incident
from bot.domain.polls import Tally
from bot.domain.race_story import RaceStory, StandingsMove
from bot.domain.race_times import penalised
from bot.domain.season import Classification, Finish, Standing
from bot.domain.sessions import SessionKind
from bot.i18n import _, counted, formats, marked
from bot.i18n.formats import in_seconds, ordinal, points, scored

FIRST_THREE, TEAMS, OUT, FASTEST = marked("Podium"), marked("Constructors"), marked("Out"), marked("Fastest lap")
GAINED, LOST = marked("Most places won"), marked("Most places lost")
ADDED = marked("Time penalties in the result")
LEADERS, AT_THE_START, OF_THE_DAY = marked("Championship"), marked("At the start"), marked("Driver of the day")
STOPS = marked("The winner's pit stops")
MINOR = (STOPS, AT_THE_START, OF_THE_DAY)
"""Facts that are left out before any other is told in fewer words."""

SPARED = (*MINOR, LOST, GAINED, FASTEST, ADDED, TEAMS, OUT, LEADERS)
"""Facts that are left out, one after the other, where even the shortest do not fit: the picture has them too.

The podium is told whatever there is no room for.
"""

ARGUED, POINTS = marked("They will be talking about"), marked("Points")
IN_SIGHT = (race_cases.CASES, ARGUED, POINTS, race_cases.PENALTIES, OUT, LEADERS, ADDED, TEAMS, GAINED, LOST, FASTEST)
"""Facts that are seen at first as far as one screen holds them below the picture, the first of these before others."""


def facts(story: RaceStory, room: int, argued: str) -> dict[str, str]:
    """What there is to tell, by its name in English, each in as much room, and what is argued about."""
    classification, called = story.classification, names(story.classification)
    return {
        FIRST_THREE: first_three(classification, called, room),
        POINTS: _scorers(classification, called, room),
        GAINED: _movement(most_gained(classification), called, room),
        LOST: _movement(most_lost(classification), called, room),
        FASTEST: fitting([fastest_lap(classification)], room),
        ADDED: fitting(list(_penalties(classification, called)), room, "; "),
        OUT: fitting(list(_out(classification, called)), 2 * room, "; "),
        AT_THE_START: fitting(list(_at_the_start(classification, called)), room, "; "),
        STOPS: fitting([_stops(classification)], room),
        LEADERS: _standings(story, story.drivers, called, room),
        TEAMS: _standings(story, story.teams, called, room),
        race_cases.CASES if story.has_cases else ARGUED: argued,
        race_cases.PENALTIES: imposed(story, room, in_the_result=True),
        OF_THE_DAY: called.get(classification.driver_of_the_day or "", ""),
    }


def argued(story: RaceStory, room: int) -> str:
    """What race control noted nothing of, a line each."""
    return fitting([_told(*told) for told in story.incidents], 3 * room)


def called_by(finishes: tuple[Finish, ...], called: dict[str, str]) -> list[str]:
    """What drivers are called, one after the other."""
    return [called[finish.entrant.driver_id] for finish in finishes]


def first_three(classification: Classification, called: dict[str, str], room: int) -> str:
    """The first three with their teams: `1. Verstappen (Red Bull)`; where there is no room, without."""
    finishes = [finish for place in podium(classification) for finish in place]
    alone = [f"{finish.place}. {called[finish.entrant.driver_id]}" for finish in finishes]
    with_teams = [f"{name} ({finish.entrant.team})" for name, finish in zip(alone, finishes, strict=True)]
    return whole(with_teams, alone, room)


def _scorers(classification: Classification, called: dict[str, str], room: int) -> str:
    """Whom a sprint brought points, and how many: after a race the championships tell that."""
    if classification.kind is not SessionKind.SPRINT:
        return ""
    scorers = [finish for finish in classification.finishes if finish.points]
    return fitting([scored(called[each.entrant.driver_id], each.points) for each in scorers], room, ", ")


def _movement(furthest: tuple[Finish, ...], called: dict[str, str], room: int) -> str:
    """Who won, or lost, the most places: `Sainz, from 11th to 5th`, `Sainz and Alonso, 5 each`.

    `Verstappen, from the pit lane to 3rd`: of such a one nobody can say how many they were.
    """
    if not furthest:
        return ""
    first, who = furthest[0], listed(called_by(furthest, called))
    if len(furthest) > 1:
        return fitting([_("{names}, {number} each").format(names=who, number=abs(first.gained or 0))], room)
    start, end = ordinal(first.grid or 0), ordinal(int(first.place))
    said = _("{name}, from {start} to {end}") if first.grid else _("{name}, from the pit lane to {end}")
    return fitting([said.format(name=who, start=start, end=end)], room)


def _out(classification: Classification, called: dict[str, str]) -> Iterator[str]:
    """Who started and was not classified, by reason: `Bottas and Russell (collision)`."""
    reasons: dict[str, list[str]] = {}
    for finish in out(classification):
        reasons.setdefault(reason(finish), []).append(called[finish.entrant.driver_id])
    for why, who in reasons.items():
        yield f"{listed(who)} ({why})"


def _at_the_start(classification: Classification, called: dict[str, str]) -> Iterator[str]:
    """Who did not start from the grid: `Albon from the pit lane`, `Piastri did not start`."""
    for finishes, said in (
        (from_the_pit_lane(classification), _("{names} from the pit lane")),
        (never_started(classification), _("{names} did not start")),
    ):
        if finishes:
            yield said.format(names=listed(called_by(finishes, called)))


def imposed(story: RaceStory, room: int, *, in_the_result: bool) -> str:
    """The penalties in race control's cases; without those that are told as the result's own, where these are told."""
    return fitting(race_cases.imposed(story, in_the_result=in_the_result), room, ", ")


def _stops(classification: Classification) -> str:
    """When the winner came into the pits: `on laps 27 and 40`; empty where nobody knows of any stop, or who won."""
    winners = placed(classification, 1)
    stops = winners[0].stops if len(winners) == 1 else None
    if not stops:
        return ""
    laps = formats.listed([f"{lap}" for lap in stops], len(stops))
    return counted("on lap {laps}", "on laps {laps}", len(stops), laps=laps)


def _penalties(classification: Classification, called: dict[str, str]) -> Iterator[str]:
    """Whose time holds a penalty, and which place it cost: `Sainz, 4th on the road, 5th after 5 seconds`."""
    for finish, seconds, road in penalised(classification):
        name, added = called[finish.entrant.driver_id], in_seconds(seconds)
        if road is None:
            yield f"{name}, {added}"
        else:
            said = _("{name}, {road} on the road, {place} after {seconds}")
            yield said.format(name=name, road=ordinal(road), place=ordinal(int(finish.place)), seconds=added)


def _standings(story: RaceStory, championship: StandingsMove | None, called: dict[str, str], room: int) -> str:
    """A championship's first three, with what the weekend brought them: `1. Hamilton 44 (+19), 2. Verstappen 43 (+18)`.

    Where there is no room, without that; nobody of the three is left out, as a tie may be the story.
    """
    if championship is None:
        return ""
    lines = [f"{each.position}. {scored(called.get(each.id, each.name), each.points)}" for each in championship.leaders]
    gains = [_gains(each, championship) for each in championship.leaders]
    full = [f"{line} ({gain})" if gain else line for line, gain in zip(lines, gains, strict=True)]
    if story.classification.race.session(SessionKind.SPRINT) and any(gains):
        full[-1] = _("{standings}; the sprint's points included").format(standings=full[-1])
    return whole(full, lines, room)


def _gains(standing: Standing, championship: StandingsMove) -> str:
    """Points won and places moved since the table before: `+19, ↑1`."""
    won, climbed = championship.won(standing) or 0, championship.climbed(standing) or 0
    moved = f"{'↑' if climbed > 0 else '↓'}{abs(climbed)}" if climbed else ""
    return ", ".join(filter(None, (f"+{points(won)}" if won > 0 else "", moved)))


def _told(incident: Incident, tally: Tally | None) -> str:
    """An incident in a line, with its ruling and what the fans say."""
    told = _("{incident}. {ruling}").format(incident=title(incident), ruling=ruled(incident))
    if tally is None or not tally.votes:
        return told
    opinion = _("fans: {shares}").format(shares=fans(incident, tally))
    return f"{told}; {opinion}"
