"""A race's cases in words: who, where, what was ruled and by whom, what the fans say; and the penalties in them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations

from bot.cards import noted_text
from bot.cards.incident_text import brief_title, listed, whereabouts
from bot.cards.labels import told_apart
from bot.cards.ruling_text import decision, judges, overturned
from bot.cards.stewards import in_rulings
from bot.cards.tally_text import leading
from bot.chat.buttons import BUTTON_DATA_BYTES, BUTTON_LABEL, Button
from bot.chat.cards import FIELD
from bot.chat.text_limits import weight
from bot.domain.cases import Outcome, Penalty
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_rulings import STEWARDS
from bot.domain.polls import SMALL, Tally
from bot.domain.race_cases import penalties
from bot.domain.race_story import RaceStory
from bot.domain.race_times import Penalised, penalised
from bot.i18n import _, counted, marked
from bot.i18n.formats import written
from bot.search.words import as_data

MOST_CASES = 5
"""Cases with a line and a button, of those that are argued about most; all others are counted, with the way to them."""

CASES = marked("Cases and the stewards' rulings")
PENALTIES = marked("Penalties in these cases (race control)")

_SECONDS = re.compile(r"(\d+)s time penalty")


def cases(story: RaceStory, most: int, *, veiled: bool = False) -> str:
    """The cases that are argued about most, a line each, as far as they fit into a field; the others are counted.

    Veiled, the lines have the numbers that stand on the buttons.
    """
    lines = [case_line(*case) for case in story.incidents[:most]]
    if veiled:
        lines = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    for shown in range(len(lines), 0, -1):
        text = "\n".join((*lines[:shown], *_more(story, len(story.incidents) - shown)))
        if weight(text) <= FIELD:
            return text
    return "\n".join(_more(story, len(story.incidents)))


def case_line(incident: Incident, tally: Tally | None = None) -> str:
    """A case in a line: `Verstappen and Norris, noted on lap 12, turn 4: 10-second time penalty for Verstappen`.

    A ruling is the stewards' unless it says whose it is. Fewer votes than `SMALL` are told by their number alone; where
    there is no tally, nothing is said of votes.
    """
    where = ", ".join((listed(list(incident.button_names.values())), *whereabouts(incident)))
    told = _("{case}: {ruling}").format(case=where, ruling=_ruled(incident))
    return told if tally is None else f"{told}; {_verdict(incident, tally)}"


def _ruled(incident: Incident) -> str:
    if incident.ruling is not None:
        said = f"{decision(incident, incident.ruling)}{overturned(incident)}"
        return said if incident.ruling.by == STEWARDS else f"{said} ({judges(incident.ruling.by)})"
    if isinstance(incident, NotedIncident) and incident.case.outcome is Outcome.AFTER_RACE:
        return _("to be investigated after the race")
    return _("no ruling known")


def _verdict(incident: Incident, tally: Tally) -> str:
    if not tally.votes:
        return _("no votes yet")
    if tally.votes < SMALL:
        return counted("{number} vote", "{number} votes", tally.votes)
    return _("fans: {shares}").format(shares=leading(incident, tally))


def _more(story: RaceStory, number: int) -> tuple[str, ...]:
    """How many other cases there are, and what to type to find them."""
    if not number:
        return ()
    return (_("and {number} more: {command}").format(number=number, command=f"/incidents {_asked(story)}"),)


def _asked(story: RaceStory) -> str:
    """What finds all of a race's incidents: `monza 2025`."""
    first = next(incident for incident, _tally in story.incidents if isinstance(incident, NotedIncident))
    return as_data(f"{first.circuit} {first.season}", room=BUTTON_DATA_BYTES - len("incidents "))


def agreed(story: RaceStory) -> str:
    """How often the fans agreed with the stewards; empty where that cannot be said.

    `3 cases. The largest group of fans agreed with 2 of 2 rulings.`
    """
    found = story.agreement
    if not found.rulings:
        return ""
    parts = [counted("{number} case.", "{number} cases.", story.cases), in_rulings(found)]
    if story.here and story.here.rulings:
        said = _("In this chat it was {agreed} of {number}.")
        parts.append(said.format(agreed=written(story.here.agreed), number=written(story.here.rulings)))
    return " ".join(parts)


def imposed(story: RaceStory, *, in_the_result: bool) -> list[str]:
    """The penalties in race control's cases, each once: `Verstappen 10 s`, `reprimand for Alonso`.

    Where those in the result's times are told beside them, these are not told again.
    """
    found = penalties(incident for incident, _tally in story.incidents)
    imposed_at_all = [penalty for _incident, penalty in found]
    drivers = penalised(story.classification) if in_the_result else ()
    told = {each for driver in drivers for each in _added_up(driver, imposed_at_all)}
    return list(dict.fromkeys(_penalty(*each) for each in found if each[1] not in told))


def _added_up(driver: Penalised, imposed: Iterable[Penalty]) -> Iterable[Penalty]:
    """Which penalties make up the seconds in a driver's time, as many as can; none where no sum of them does.

    Others were served in the pits, and are in no time.
    """
    mine = {each: _seconds(each) for each in imposed if each.car.number == driver.finish.entrant.number}
    timed = [each for each, seconds in mine.items() if seconds]
    sums = chain.from_iterable(combinations(timed, number) for number in range(len(timed), 0, -1))
    return next((each for each in sums if sum(mine[penalty] for penalty in each) == driver.seconds), ())


def _seconds(penalty: Penalty) -> float:
    """The seconds of a time penalty; none for any other."""
    timed = _SECONDS.fullmatch(penalty.kind)
    return float(timed[1]) if timed else 0.0


def _penalty(incident: NotedIncident, penalty: Penalty) -> str:
    timed = _SECONDS.fullmatch(penalty.kind)
    suspect = next((each for each in incident.suspects if each.number == penalty.car.number), None)
    if timed is None or suspect is None:
        return noted_text.penalty(incident, penalty)
    return _("{name} {seconds} s").format(name=incident.button_names[suspect.id], seconds=timed[1])


def doors(story: RaceStory, *, veiled: bool = False) -> Iterator[Button]:
    """A button for each case that has a line, and one to all of them where there are more."""
    told = [incident for incident, _tally in story.incidents[:MOST_CASES]]
    labels = told_apart([*map(_label, told)], told, BUTTON_LABEL)
    for number, (incident, label) in enumerate(zip(told, labels, strict=True), 1):
        yield Button(str(number) if veiled else label, "crash", incident.id)
    if len(story.incidents) > MOST_CASES:
        yield Button(_("All of this race"), "incidents", _asked(story))


def _label(incident: Incident) -> str:
    """Who and where, as far as that fits on a button."""
    if not isinstance(incident, NotedIncident):
        return brief_title(incident)
    names = listed(list(incident.button_names.values()))
    ways: Sequence[str] = (", ".join(filter(None, (names, noted_text.place(incident.case)))), names)
    return next((each for each in ways if len(each) <= BUTTON_LABEL), brief_title(incident))
