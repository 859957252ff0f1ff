"""What the words of a query say of incidents."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Term(NamedTuple):
    """What a typed word says: `gains` by incident number, the `most` it could, and the circuits it can only mean.

    `likeness` is that of its likeliest meaning, 0 to 1; `driver`, that it can only mean a driver.
    """

    gains: Mapping[int, float]
    most: float
    circuits: frozenset[str]
    likeness: float
    driver: bool


def added_up(terms: Sequence[Term]) -> dict[int, float]:
    """What the words of a query weigh for each incident together, by the incident's number."""
    most_first = sorted(terms, key=lambda term: len(term.gains), reverse=True)  # as copying takes no time
    sums = dict(most_first[0].gains) if terms else {}
    weighed = sums.get
    for term in most_first[1:]:
        for number, gain in term.gains.items():
            sums[number] = weighed(number, 0.0) + gain
    return sums


def named_circuits(terms: Iterable[Term]) -> frozenset[str]:
    """The circuits that words can only mean."""
    return frozenset[str]().union(*[term.circuits for term in terms if term.circuits])
