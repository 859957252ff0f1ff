"""Circuits that a query names in full, by any of their names, whether or not anything of ours happened there."""

from collections.abc import Iterator, Mapping

from bot.domain.names import Circuit
from bot.search.query_words import LONGEST_QUERY
from bot.search.words import joined, split, telling


class NamedPlaces:
    """The catalogue's circuits by each of their names, folded and written as one."""

    def __init__(self, circuits: Mapping[str, Circuit]) -> None:
        self._slugs = dict(_slugs(circuits))

    def slug(self, query: str) -> str | None:
        """The circuit that a query names, numbers aside, or None."""
        words = telling([word for word in split(query[:LONGEST_QUERY]) if not word.isdigit()])
        return self._slugs.get("".join(words))


def _slugs(circuits: Mapping[str, Circuit]) -> Iterator[tuple[str, str]]:
    for slug, circuit in circuits.items():
        for name in (*circuit.also, circuit.country, circuit.name):
            yield joined(name), slug
