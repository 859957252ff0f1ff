"""What an author is told of a file that no model refuses.

What its first view lacks, what is cut without a mark, and a ruling whose history is out of order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

from bot.domain.incidents import LEDE_WORDS, Incident
from bot.domain.quotations import GLANCE, Quotation
from bot.domain.shortened import MARK, cut_unmarked
from storage.incidents.reading import Mistake


def proofread(incidents: Iterable[Incident]) -> Iterator[Mistake]:
    """What is missing in each incident, and what two quotations, of one incident or of two, tell of each other."""
    incidents = tuple(incidents)
    for incident in incidents:
        yield from _missing(incident)
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
