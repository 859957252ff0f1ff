"""What arguments about seasons and races can be completed to, while somebody types."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from bot.chat.commands import Suggestion
from bot.domain.names import Circuit
from bot.pacing.clock import Clock
from bot.search.race_finder import FIRST_SEASON, season_and_words

MOST = 25
"""Completions that anybody reads at once."""

Suggest: TypeAlias = Callable[[str], Sequence[Suggestion]]


def seasons(clock: Clock, *before: str) -> Suggest:
    """Completes a season, the latest first; `before` are words of which one may stand before it, or alone."""

    def suggest(typed: str) -> Sequence[Suggestion]:
        word, _space, year = typed.casefold().rpartition(" ")
        if not word and not year.isdecimal():
            fitting = [each for each in before if each.startswith(year)]
            if fitting or year:
                return [Suggestion(each, each) for each in fitting]
        years = (f"{each}" for each in range(clock.now().year, FIRST_SEASON - 1, -1))
        named = [f"{word} {each}".strip() for each in years if each.startswith(year)]
        return [Suggestion(each, each) for each in named[:MOST]]

    return suggest


def races(circuits: Iterable[Circuit]) -> Suggest:
    """Completes a race by its circuit: the latest there, or that of the season that is typed.

    Places that are long gone come after all others, and not for a season after their last.
    """
    known = sorted(circuits, key=lambda circuit: (circuit.last is not None, circuit.name))

    def suggest(typed: str) -> Sequence[Suggestion]:
        season, words = season_and_words(typed)
        begun = " ".join(words)
        fitting = [each.name for each in known if _begins(each, begun) and (season or 0) <= (each.last or season or 0)]
        named = [f"{name} {season}" if season else name for name in fitting]
        return [Suggestion(each, each) for each in named[:MOST]]

    return suggest


def _begins(circuit: Circuit, begun: str) -> bool:
    """Whether what is typed is the beginning of one of a circuit's names."""
    return any(name.casefold().startswith(begun) for name in (circuit.name, *circuit.also))
