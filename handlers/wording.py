"""How dates, shares and names are put into words, the same in every answer."""

import datetime as dt
from collections.abc import Iterable, Sequence

from bot.messages import Bar, Button, Link, Quotation, Tone
from storage.incidents import Incident
from storage.incidents.schema import RACING_INCIDENT, Ruling, Source
from storage.incidents.schema import Quotation as Quoted
from storage.polls import Tally

NAMED = 6
"""Names in one breath; the rest are counted."""


def day(date: dt.date) -> str:
    """A date as a newspaper prints it: `18 April 2021`."""
    return f"{date.day} {date:%B %Y}"


def listed(names: Sequence[str]) -> str:
    """Names in a row: `Vettel, Verstappen and Räikkönen`."""
    if len(names) > NAMED:
        names = [*names[: NAMED - 1], f"{len(names) - NAMED + 1} others"]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: `1 vote`, `1,204 votes`."""
    return f"{number:,} {one if number == 1 else many}"


def percent(part: int, whole: int) -> str:
    """A share as people say it: `27 %`; what is more than nothing is never called nothing."""
    if part and part * 200 < whole:
        return "under 1 %"
    return f"{round(100 * part / whole) if whole else 0} %"


def side_name(incident: Incident, side: str) -> str:
    """What the votes for a side are called: a surname, or `racing incident`."""
    if side == RACING_INCIDENT:
        return "Racing incident"
    return incident.button_names[side]


def bars(incident: Incident, tally: Tally) -> tuple[Bar, ...]:
    """A tally as bars, one for each side that has votes, in the poll's order."""
    return tuple(
        Bar(side_name(incident, side), votes, votes / tally.votes) for side, votes in tally.by_side().items() if votes
    )


def shares(incident: Incident, tally: Tally) -> str:
    """A tally in a line, most votes first: `Russell 58 % · racing incident 27 % · Bottas 15 %`."""
    ranking = sorted(tally.by_side().items(), key=lambda item: -item[1])
    return " · ".join(
        f"{side_name(incident, side).replace('Racing', 'racing')} {percent(votes, tally.votes)}"
        for side, votes in ranking
        if votes
    )


def occasion(incident: Incident) -> str:
    """When and where: `Emilia Romagna Grand Prix, 18 April 2021 · lap 31 of 63 · approaching Tamburello`."""
    race = incident.race if incident.session == "race" else f"{incident.race}, {incident.session}"
    parts = [f"{race}, {day(incident.date)}"]
    if incident.lap is not None:
        parts.append(f"lap {incident.lap} of {incident.laps}" if incident.laps else f"lap {incident.lap}")
    parts.append(incident.place)
    return " · ".join(parts)


def quotation(quoted: Quoted) -> Quotation:
    """Somebody's words with who, where and when, and the link to check them."""
    translated = f" (translated from {quoted.translated_from})" if quoted.translated_from else ""
    by = f"{quoted.speaker}, {quoted.occasion}, {day(quoted.date)}{translated}"
    return Quotation(quoted.words, by, Link("source", quoted.link))


def sources(incident: Incident, most: int = 4) -> tuple[Link, ...]:
    """The links below a card, one for each publisher, `most` of them."""
    by_publisher: dict[str, Source] = {}
    for source in incident.sources:
        by_publisher.setdefault(source.publisher, source)
    return tuple(Link(source.publisher, source.link) for source in list(by_publisher.values())[:most])


def ruling_link(incident: Incident, ruling: Ruling) -> Link:
    """Where a ruling can be read, called by the publisher's name where it is one of the sources."""
    publishers = {source.link: source.publisher for source in incident.sources}
    return Link(publishers.get(ruling.link, "The ruling"), ruling.link)


def tone(incident: Incident) -> Tone:
    """Grey where nobody was punished, coloured where somebody was or nothing is decided."""
    if incident.ruling is None:
        return Tone.OPEN
    return Tone.PENALTY if incident.ruling.at_fault else Tone.NEUTRAL


def rows(buttons: Iterable[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows of `width`."""
    every = tuple(buttons)
    return tuple(every[start : start + width] for start in range(0, len(every), width))
