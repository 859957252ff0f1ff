"""What an author is told of a file that no model refuses.

What its first view lacks, what is cut without a mark, days before there were seasons, and a timeline or a ruling's
history that is out of order.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

from bot.domain.incidents import LEDE_WORDS, Incident
from bot.domain.quotations import GLANCE, Quotation
from bot.domain.shortened import MARK, cut_unmarked
from bot.search.race_finder import FIRST_SEASON
from storage.incidents.reading import Mistake


def proofread(incidents: Iterable[Incident]) -> Iterator[Mistake]:
    """What is missing in each incident, and what two quotations, of one incident or of two, tell of each other."""
    incidents = tuple(incidents)
    for incident in incidents:
        yield from _missing(incident)
        yield from _early(incident)
        yield from _timeline(incident)
        yield from _history(incident)
    yield from _cuts(incidents)


def _missing(incident: Incident) -> Iterator[Mistake]:
    """The lede, and the short forms, that a phone's screen needs."""
    file = f"{incident.id}.toml"
    if not incident.lede:
        yield Mistake(file, "lede", f"is missing: the crash in {LEDE_WORDS} words at most")
    for number, quotation in enumerate(incident.quotations, start=1):
        if len(quotation.words) > GLANCE and not quotation.short:
            reason = f"is missing: words has {len(quotation.words)} characters, and a phone shows {GLANCE}"
            yield Mistake(file, f"quotations[{number}].short", reason)


def _early(incident: Incident) -> Iterator[Mistake]:
    """Days and moments before the first championship, in which only a slip of the pen can be."""
    for field, day in _days(incident):
        if day is not None and day.year < FIRST_SEASON:
            reason = f"is of the year {day.year}; the first season was that of {FIRST_SEASON}"
            yield Mistake(f"{incident.id}.toml", field, reason)


def _days(incident: Incident) -> Iterator[tuple[str, dt.date | None]]:
    """Every day and moment of an incident, with its field."""
    yield "date", incident.date
    yield from ((f"quotations[{number}].date", each.date) for number, each in enumerate(incident.quotations, start=1))
    yield from ((f"timeline[{number}].at", each.at) for number, each in enumerate(incident.timeline, start=1))
    yield from ((f"sources[{number}].date", each.date) for number, each in enumerate(incident.sources, start=1))
    if ruling := incident.ruling:
        yield "ruling.date", ruling.date
        yield from (
            (f"ruling.reviews[{number}].date", each.date) for number, each in enumerate(ruling.reviews, start=1)
        )


def _timeline(incident: Incident) -> Iterator[Mistake]:
    """Moment by moment, by the clock as by laps, of those that say either."""
    file, moments = f"{incident.id}.toml", [*enumerate(incident.timeline, start=1)]
    by_clock = [(number, each.at) for number, each in moments if each.at is not None]
    by_laps = [(number, each.lap) for number, each in moments if each.lap is not None]
    for (_before, at), (number, later) in pairwise(by_clock):
        if later < at:
            reason = f"{later:%H:%M:%S} is before {at:%H:%M:%S}; moments go in their order"
            yield Mistake(file, f"timeline[{number}].at", reason)
    for (_before, lap), (number, next_lap) in pairwise(by_laps):
        if next_lap < lap:
            yield Mistake(file, f"timeline[{number}].lap", f"{next_lap} is before {lap}; moments go in their order")


def _history(incident: Incident) -> Iterator[Mistake]:
    """What came before and after the ruling that stands, in the order of its days, as it is read."""
    days = [review.date for review in incident.ruling.reviews] if incident.ruling else []
    for number, (day, following) in enumerate(pairwise(days), start=2):
        if following < day:
            reason = f"{following} is before {day}; reviews go in the order of their days"
            yield Mistake(f"{incident.id}.toml", f"ruling.reviews[{number}].date", reason)


def _cuts(incidents: Iterable[Incident]) -> Iterator[Mistake]:
    """Quotations that another of the same speaker shows to have lost words with no mark in their place."""
    spoken: dict[str, list[tuple[str, int, Quotation]]] = defaultdict(list)
    for incident in incidents:
        for number, quotation in enumerate(incident.quotations, start=1):
            spoken[quotation.speaker].append((f"{incident.id}.toml", number, quotation))
    for said in spoken.values():
        for pair in combinations(said, 2):
            (file, number, cut), (other_file, other_number, whole) = sorted(pair, key=lambda each: len(each[2].words))
            if cut_unmarked(cut.words, whole.words):
                where = f"quotations[{other_number}]" + (f" of {other_file}" if other_file != file else "")
                yield Mistake(
                    file, f"quotations[{number}].words", f"is {where} with words left out; mark them ({MARK})"
                )
