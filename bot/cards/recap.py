"""A race's story on one card: who won, who moved, who is out, the championships with it, its incidents."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial

from bot.cards import race_cases, recap_facts
from bot.cards.incident_text import brief_title, listed, rows
from bot.cards.public_pages import race_page
from bot.cards.race_buttons import data_of
from bot.cards.recap_at_a_glance import at_a_glance
from bot.cards.recap_facts import ADDED, FIRST_THREE, MINOR, SPARED, called_by
from bot.cards.season_text import fitting, phrase, updated
from bot.chat.buttons import Button
from bot.chat.cards import FIELDS, TITLE, Card, Field
from bot.chat.replies import CAPTION, Attachment, Reply
from bot.chat.text_limits import weight
from bot.domain.classifications import gap, names, placed, podium
from bot.domain.race_story import RaceStory
from bot.domain.season import Classification, Finish
from bot.domain.sessions import SessionKind
from bot.i18n import _, counted, marked
from bot.i18n.formats import day, decimals, ordinal
from bot.i18n.races import race_name

ROOMS = (300, 200, 140, 100, 70)
"""How much each fact may weigh, tried from the most to the least until the card fits below a picture."""

BESIDE_CASES = 140
"""How much each fact may weigh beside a race's cases."""

FOLDING = 20
"""UTF-16 units that it takes at most to fold a part of a caption: the marks around it."""

_MARGIN = re.compile(r"\+([0-9:.]+)")


def recap_reply(story: RaceStory, picture: Attachment, *, veiled: bool = False) -> Reply:
    """A story with its picture and the doors below it; veiled, it is hidden from who does not tap it.

    What one screen does not hold below the picture is folded.
    """
    card = at_a_glance(recap_card(story, veiled=veiled), needed=1 if veiled else 0)
    sprint = "sprint" if story.classification.kind is SessionKind.SPRINT else ""
    unfold = Button(_("All facts"), "facts", data_of(story.classification.race, sprint)) if card.folded else None
    page = race_page(story.incidents[0][0]) if story.incidents else ""
    return Reply(card, recap_buttons(story, veiled=veiled), unfold, veiled=veiled, attachment=picture, page=page)


def recap_card(story: RaceStory, *, veiled: bool = False) -> Card:
    """The story in words, short enough to stand below a picture; a veiled one gives nothing away in its title."""
    without_facts = cache(partial(_without_facts, story, veiled=veiled))
    for room, facts in _attempts(story, veiled=veiled):
        if sum(map(bool, facts.values())) > FIELDS:
            continue
        fields = _fields(facts)
        if without_facts(room).seen_with(fields) <= CAPTION - FOLDING:
            return replace(without_facts(room), fields=fields)
    classification, room = story.classification, ROOMS[-1]
    first_three = recap_facts.first_three(classification, names(classification), room)
    return replace(without_facts(room), fields=_fields({FIRST_THREE: first_three}))


def _attempts(story: RaceStory, *, veiled: bool) -> Iterator[tuple[int, dict[str, str]]]:
    """Facts and how much each may weigh, from the most to the least.

    Of cases there is nothing in the picture: as many as possible are told, and what the picture has gives way.
    """
    if not story.has_cases:
        for room in ROOMS:
            facts = recap_facts.facts(story, room, recap_facts.argued(story, room))
            yield room, facts
            yield room, {name: value for name, value in facts.items() if name not in MINOR}
        yield from _sparing(story, ROOMS[-1], recap_facts.argued(story, ROOMS[-1]))
        return
    for most in range(min(race_cases.MOST_CASES, len(story.incidents)), 0, -1):
        yield from _sparing(story, BESIDE_CASES, race_cases.cases(story, most, veiled=veiled))
    yield from _sparing(story, ROOMS[-1], race_cases.cases(story, 1, veiled=veiled))


def _sparing(story: RaceStory, room: int, argued: str) -> Iterator[tuple[int, dict[str, str]]]:
    """All facts in as much room, then without those that can be spared, one less each time."""
    facts = recap_facts.facts(story, room, argued)
    for number in range(len(SPARED) + 1):
        spared = SPARED[:number]
        if ADDED in spared:
            facts[race_cases.PENALTIES] = recap_facts.imposed(story, room, in_the_result=False)
        yield room, {name: value for name, value in facts.items() if name not in spared}


def recap_buttons(story: RaceStory, *, veiled: bool = False) -> tuple[tuple[Button, ...], ...]:
    """The doors below a recap: its incidents, the result, the standings."""
    race = story.classification.race
    crashes = (
        race_cases.doors(story, veiled=veiled)
        if story.has_cases
        else (Button(brief_title(incident), "crash", incident.id) for incident, _tally in story.incidents)
    )
    sprint = "sprint" if story.classification.kind is SessionKind.SPRINT else ""
    doors = (
        Button(_("Result"), "results", data_of(race, sprint)),
        Button(_("Standings"), "standings", f"drivers {race.season}"),
    )
    return (*rows(crashes, 2), doors)


def _without_facts(story: RaceStory, room: int, *, veiled: bool) -> Card:
    """What is told of a story whichever of its facts there is room for."""
    classification = story.classification
    race, called = classification.race, names(classification)
    lead = _lead(classification, called, room)
    session = race.session(classification.kind) or race.race
    return Card(
        _veil(classification) if veiled else headline(classification),
        subtitle=fitting([phrase((day(session.day), race.circuit, race.locality))], room),
        paragraphs=tuple(filter(None, (headline(classification) if veiled else "", lead, race_cases.agreed(story)))),
        footer=updated(story.updated_at, story.witness),
    )


def _fields(facts: dict[str, str]) -> tuple[Field, ...]:
    return tuple(Field(_(name), value) for name, value in facts.items() if value)


def _veil(classification: Classification) -> str:
    return _("{race} {season}: how it went").format(
        race=session_name(classification), season=classification.race.season
    )


NAMED = {SessionKind.SPRINT: marked("{race}, sprint"), SessionKind.QUALIFYING: marked("{race}, qualifying")}
"""Results that are not of the race itself."""


def session_name(classification: Classification) -> str:
    """What a result is of: `British Grand Prix`, `British Grand Prix, sprint`."""
    named = NAMED.get(classification.kind)
    called = race_name(classification.race.name)
    return _(named).format(race=called) if named else called


def headline(classification: Classification) -> str:
    """A result in a line: `Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris`."""
    called, race = names(classification), session_name(classification)
    first, behind = called_by(placed(classification, 1), called), podium(classification)[1:]
    # Who shared two cars of old stands on the podium twice.
    others = [*dict.fromkeys(called_by(tuple(finish for place in behind for finish in place), called))]
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
    second = listed(called_by(seconds, called)) if seconds else ""
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
    written = decimals(margin[1])
    return written if ":" in written else _("{seconds} seconds").format(seconds=written)
