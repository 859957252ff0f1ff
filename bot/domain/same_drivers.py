"""Who of two witnesses' results are the same drivers: by their ids, by their full names, or by their car and a name."""

from collections import Counter
from collections.abc import Iterable, Mapping

from bot.domain.season import Classification, Entrant, plain


def same_drivers(
    first: Classification, second: Classification, said: Mapping[str, str] | None = None
) -> dict[str, Entrant]:
    """The first witness's drivers of a session by the second one's ids; who of either has none there is left out.

    `said` has ids that are known to be the same, the first one's by the second one's.
    """
    ours, theirs = _entrants(first), _entrants(second)
    called = said or {}
    found = {each: ours[mine] for each in theirs if (mine := called.get(each, each)) in ours}
    for told_apart_by in (_by_name, _by_car):
        left = [each for each in ours.values() if each not in found.values()]
        found |= told_apart_by(left, [each for each in theirs.values() if each.driver_id not in found])
    return found


def _entrants(result: Classification) -> dict[str, Entrant]:
    return {finish.entrant.driver_id: finish.entrant for finish in result.finishes}


def _by_name(ours: Iterable[Entrant], theirs: Iterable[Entrant]) -> dict[str, Entrant]:
    """Those of one full name, however it is spelt, that nobody else has."""
    named: dict[str, list[Entrant]] = {}
    for each in ours:
        named.setdefault(plain(each.name), []).append(each)
    same = {each.driver_id: named.get(plain(each.name), []) for each in theirs}
    return {driver_id: found[0] for driver_id, found in same.items() if len(found) == 1}


def _by_car(ours: Iterable[Entrant], theirs: Iterable[Entrant]) -> dict[str, Entrant]:
    """Those in the car of one number who have a name in common, as witnesses write `Andrea Kimi` and `Kimi`.

    In a car that several drove nobody can be told apart by it.
    """
    cars = {each.number: each for each in ours if each.number is not None}
    drivers, others = [*ours], [*theirs]
    shared = {number for number, times in Counter(each.number for each in drivers).items() if times > 1}
    shared |= {number for number, times in Counter(each.number for each in others).items() if times > 1}
    pairs = ((each, cars[each.number]) for each in others if each.number in cars and each.number not in shared)
    return {each.driver_id: mine for each, mine in pairs if _words(each) & _words(mine)}


def _words(entrant: Entrant) -> set[str]:
    return {*plain(entrant.name).split("-")}
