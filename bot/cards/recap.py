"""A race's story on one card: who won, who moved, who is out, the championships with it, its incidents."""

import re
from collections.abc import Iterator

from bot.cards import race_cases
from bot.cards.incident_text import fans, listed, rows, ruled, title
from bot.cards.race_buttons import data_of
from bot.cards.season_text import fastest_lap, fitting, phrase, reason, updated, whole
from bot.chat.buttons import Button
from bot.chat.cards import FIELDS, TITLE, Card, Field
from bot.chat.replies import CAPTION, Attachment, Reply
from bot.chat.text_limits import weight
from bot.domain.incidents import Incident
from bot.domain.polls import Tally
from bot.domain.race_story import (
    RaceStory,
    StandingsMove,
    from_the_pit_lane,
    gap,
    most_gained,
    most_lost,
    names,
    never_started,
    out,
    placed,
    podium,
)
from bot.domain.race_times import penalised
from bot.domain.season import Classification, Finish, SessionKind, Standing
from bot.i18n import _, counted, formats, marked
from bot.i18n.formats import day, decimals, in_seconds, ordinal, points, scored

ROOMS = (300, 200, 140, 100, 70)
"""How much each fact may weigh, tried from the most to the least until the card fits below a picture."""

BESIDE_CASES = 140
"""How much each fact may weigh beside a race's cases."""

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

_MARGIN = re.compile(r"\+([0-9:.]+)")


def recap_reply(story: RaceStory, picture: Attachment, *, veiled: bool = False) -> Reply:
    """A story with its picture and the doors below it; veiled, it is hidden from who does not tap it."""
    card = recap_card(story, veiled=veiled)
    return Reply(card, recap_buttons(story, veiled=veiled), veiled=veiled, attachment=picture)


def recap_card(story: RaceStory, *, veiled: bool = False) -> Card:
    """The story in words, short enough to stand below a picture; a veiled one gives nothing away in its title."""
    footer = updated(story.updated_at, story.witness)
    for room, facts in _attempts(story, veiled=veiled):
        if sum(map(bool, facts.values())) > FIELDS:
            continue
        card = _card(story, footer, facts, room, veiled=veiled)
        if card.seen <= CAPTION:
            return card
    classification, room = story.classification, ROOMS[-1]
    podium = _podium(classification, names(classification), room)
    return _card(story, footer, {FIRST_THREE: podium}, room, veiled=veiled)


def _attempts(story: RaceStory, *, veiled: bool) -> Iterator[tuple[int, dict[str, str]]]:
    """Facts and how much each may weigh, from the most to the least.

    Of cases there is nothing in the picture: as many as possible are told, and what the picture has gives way.
    """
    if not story.has_cases:
        for room in ROOMS:
            facts = _facts(story, room, _argued(story, room))
            yield room, facts
            yield room, {name: value for name, value in facts.items() if name not in MINOR}
        yield from _sparing(story, ROOMS[-1], _argued(story, ROOMS[-1]))
        return
    for most in range(min(race_cases.MOST_CASES, len(story.incidents)), 0, -1):
        yield from _sparing(story, BESIDE_CASES, race_cases.cases(story, most, veiled=veiled))
    yield from _sparing(story, ROOMS[-1], race_cases.cases(story, 1, veiled=veiled))


def _sparing(story: RaceStory, room: int, argued: str) -> Iterator[tuple[int, dict[str, str]]]:
    """All facts in as much room, then without those that can be spared, one less each time."""
    facts = _facts(story, room, argued)
    for number in range(len(SPARED) + 1):
        spared = SPARED[:number]
        if ADDED in spared:
            facts[race_cases.PENALTIES] = _imposed(story, room, in_the_result=False)
        yield room, {name: value for name, value in facts.items() if name not in spared}


def recap_buttons(story: RaceStory, *, veiled: bool = False) -> tuple[tuple[Button, ...], ...]:
    """The doors below a recap: its incidents, the result, the standings."""
    race = story.classification.race
    crashes = (
        race_cases.doors(story, veiled=veiled)
        if story.has_cases
        else (Button(incident.short_title, "crash", incident.id) for incident, _tally in story.incidents)
    )
    sprint = "sprint" if story.classification.kind is SessionKind.SPRINT else ""
    doors = (
        Button(_("Result"), "results", data_of(race, sprint)),
        Button(_("Standings"), "standings", f"drivers {race.season}"),
    )
    return (*rows(crashes, 2), doors)


def _card(story: RaceStory, footer: str, facts: dict[str, str], room: int, *, veiled: bool) -> Card:
    classification = story.classification
    race, called = classification.race, names(classification)
    lead = _lead(classification, called, room)
    session = race.session(classification.kind) or race.race
    return Card(
        _veil(classification) if veiled else headline(classification),
        subtitle=fitting([phrase((day(session.day), race.circuit, race.locality))], room),
        paragraphs=tuple(filter(None, (headline(classification) if veiled else "", lead, race_cases.agreed(story)))),
        fields=tuple(Field(_(name), value) for name, value in facts.items() if value),
        footer=footer,
    )


def _facts(story: RaceStory, room: int, argued: str) -> dict[str, str]:
    """What there is to tell, by its name in English, each in as much room, and what is argued about."""
    classification, called = story.classification, names(story.classification)
    return {
        FIRST_THREE: _podium(classification, called, room),
        marked("Points"): _scorers(classification, called, room),
        GAINED: _movement(most_gained(classification), called, room),
        LOST: _movement(most_lost(classification), called, room),
        FASTEST: fitting([fastest_lap(classification)], room),
        ADDED: fitting(list(_penalties(classification, called)), room, "; "),
        OUT: fitting(list(_out(classification, called)), 2 * room, "; "),
        AT_THE_START: fitting(list(_at_the_start(classification, called)), room, "; "),
        STOPS: fitting([_stops(classification)], room),
        LEADERS: _standings(story, story.drivers, called, room),
        TEAMS: _standings(story, story.teams, called, room),
        race_cases.CASES if story.has_cases else marked("They will be talking about"): argued,
        race_cases.PENALTIES: _imposed(story, room, in_the_result=True),
        OF_THE_DAY: called.get(classification.driver_of_the_day or "", ""),
    }


def _argued(story: RaceStory, room: int) -> str:
    """What race control noted nothing of, a line each."""
    return fitting([_told(*told) for told in story.incidents], 3 * room)


def _veil(classification: Classification) -> str:
    return _("{race} {season}: how it went").format(
        race=session_name(classification), season=classification.race.season
    )


NAMED = {SessionKind.SPRINT: marked("{race}, sprint"), SessionKind.QUALIFYING: marked("{race}, qualifying")}
"""Results that are not of the race itself."""


def session_name(classification: Classification) -> str:
    """What a result is of: `British Grand Prix`, `British Grand Prix, sprint`."""
    named = NAMED.get(classification.kind)
    return _(named).format(race=classification.race.name) if named else classification.race.name


def headline(classification: Classification) -> str:
    """A result in a line: `Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris`."""
    called, race = names(classification), session_name(classification)
    first, behind = _called(placed(classification, 1), called), podium(classification)[1:]
    others = _called(tuple(finish for place in behind for finish in place), called)
    if not first:
        return race
    if others:
        alone, shared = _("{race}: {winner} wins from {others}"), _("{race}: {winner} win from {others}")
    else:
        alone, shared = _("{race}: {winner} wins"), _("{race}: {winner} win")
    said = shared if len(first) > 1 else alone
    title = said.format(race=race, winner=listed(first), others=listed(others) if others else "")
    return title if weight(title) <= TITLE else race


def _lead(classification: Classification, called: dict[str, str], room: int) -> str:
    """Where the winner came from and by how much: `Verstappen won from 3rd on the grid, 22.000 seconds ahead of …`."""
    winners, seconds = placed(classification, 1), placed(classification, 2)
    if len(winners) != 1:
        return ""
    (winner,) = winners
    margin = _margin(classification, seconds[0]) if seconds else ""
    match bool(winner.grid), bool(margin):
        case True, True:
            said = _("{winner} won from {place} on the grid, {margin} ahead of {second}.")
        case True, False:
            said = _("{winner} won from {place} on the grid.")
        case False, True:
            said = _("{winner} won, {margin} ahead of {second}.")
        case _nothing_more:
            return ""
    second = listed(_called(seconds, called)) if seconds else ""
    name, place = called[winner.entrant.driver_id], ordinal(winner.grid or 0)
    return fitting([said.format(winner=name, place=place, margin=margin, second=second)], 2 * room)


def _margin(classification: Classification, second: Finish) -> str:
    """How far ahead the winner was: `22.000 seconds`, `1:02.100`, `1 lap`; empty where that is unknown."""
    behind = gap(classification, second)
    if behind.laps:
        return counted("{number} lap", "{number} laps", behind.laps)
    margin = _MARGIN.fullmatch(behind.time)
    if margin is None:
        return ""
    return margin[1] if ":" in margin[1] else _("{seconds} seconds").format(seconds=decimals(margin[1]))


def _called(finishes: tuple[Finish, ...], called: dict[str, str]) -> list[str]:
    return [called[finish.entrant.driver_id] for finish in finishes]


def _podium(classification: Classification, called: dict[str, str], room: int) -> str:
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
    """Who won, or lost, the most places: `Sainz, from 11th to 5th`, `Sainz and Alonso, 5 each`."""
    if not furthest:
        return ""
    first, who = furthest[0], listed(_called(furthest, called))
    if len(furthest) > 1:
        return fitting([_("{names}, {number} each").format(names=who, number=abs(first.gained or 0))], room)
    start, end = ordinal(first.grid or 0), ordinal(first.position)
    return fitting([_("{name}, from {start} to {end}").format(name=who, start=start, end=end)], room)


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
        (from_the_pit_lane(classification), _("from the pit lane: {names}")),
        (never_started(classification), _("not started: {names}")),
    ):
        if finishes:
            yield said.format(names=listed(_called(finishes, called)))


def _imposed(story: RaceStory, room: int, *, in_the_result: bool) -> str:
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
