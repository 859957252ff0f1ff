"""Finding an incident by whatever a fan types.

Every word of a query is matched to the names of the catalogue: by itself, as two words glued together, as the
beginning of a name, or mistyped (by edit distance); other words only where a story tells them. Neighbours that are a
name when written as one count once more as that name. An incident scores what the query's words weigh for it, as a
share of what they could weigh. A driver or circuit that no incident knows speaks against all of them, another season's
year, another place's name or another driver against one: it is near, and never what was meant. So is one of two
drivers of whom its story only tells: two are asked for who met.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from heapq import heapify, heappop, nsmallest
from itertools import islice, takewhile
from typing import NamedTuple, TypeAlias

from bot.search.meanings import Meanings
from bot.search.naming import SHORTEST_BEGINNING
from bot.search.query_words import Parts, QueryWords
from bot.search.terms import Term, added_up, named_circuits
from bot.search.whether_named import WhetherNamed
from bot.search.who_met import is_between
from bot.search.word_index import WordIndex
from bot.search.words import NAME, has_unread_letters

CONTRADICTED = 0.6
"""What is left of a score where the query names another season, or another place."""

FAR_BEHIND = CONTRADICTED**2
"""Incidents that score less than this share of the best one's are left out: contradicted twice, it still leads them."""

SURE = 0.72
"""What no word names but by a weaker likeness than this is a guess: `crashgate` is not `masigate`."""


MANY = 200
"""Incidents of which the first few are found sooner without putting all in order."""


class Hit(NamedTuple):
    """An incident's number in the index, and how well it fits a query, 0 to 1."""

    number: int
    score: float


Place: TypeAlias = tuple[float, int, int]
"""Where an incident stands among those that fit a query: minus its score, then its precedence; and its number."""


class Finder:
    """Ranks the incidents of an index by a query."""

    def __init__(self, index: WordIndex) -> None:
        self._index = index
        self._term = lru_cache(maxsize=4096)(self._read)
        self._meanings = Meanings(index)
        self._queries = QueryWords(index)
        self._named = WhetherNamed(index, self._meanings, lambda word: self._term(word, False))
        # A query that ranks incidents is then asked whether it names the first.
        self._parts = lru_cache(maxsize=256)(self._queries.parts)

    def index_changed(self) -> None:
        """Take note that the index has new incidents or words."""
        self._term.cache_clear()
        self._parts.cache_clear()
        self._meanings.index_changed()

    def rank(self, query: str, *, limit: int | None = None, typing: bool = False) -> list[Hit]:
        """The incidents that fit a query, best first; `typing`: its last word may be only begun."""
        parts = self._parts(query)
        order = self._order(self._terms(parts, begun=typing and parts.ends_loose), parts.seasons)
        best = sorted(order) if limit is None or len(order) < MANY else nsmallest(limit, order)
        return [Hit(number, -score) for score, _precedence, number in best[:limit]]

    def meant(self, query: str, limit: int, least: float) -> list[Hit]:
        """Those incidents that can be what was meant, best first: at most so many, and that fit it at least so well.

        They cannot where it names another season, place or driver, or names them by weak likenesses only, where too
        much of it does not fit, or where it names drivers whom they are not about.
        """
        parts = self._parts(query)
        if parts.elsewhere:
            return []
        terms = self._terms(parts)
        order = self._order(terms, parts.seasons)
        heapify(order)  # of thousands that share a word only the first few are looked at
        best = takewhile(lambda place: -place[0] >= least, (heappop(order) for _each in range(len(order))))
        known, fits = self._knows_all(terms, parts.seasons), self._fits(parts.names, parts.loose)
        between = is_between(parts.loose, self._index, self._meanings)
        hits = (
            Hit(number, -score)
            for score, _precedence, number in best
            if known(number) and fits(number) and between(number)
        )
        return list(islice(hits, limit))

    def _terms(self, parts: Parts, *, begun: bool = False) -> list[Term]:
        """What the words of a query say; `begun`, the last loose one may be longer."""
        words = [*parts.names, *parts.loose]
        last = len(words) - 1 if begun else None
        return [self._term(word, place == last) for place, word in enumerate(words)]

    def is_named(self, query: str, number: int) -> bool:
        """Whether a query names an incident, rather than what comes near it."""
        return self._named.by(self._parts(query), number, unread=has_unread_letters(query))

    def knows(self, word: str) -> bool:
        """Whether a folded word, as it stands, is a name or is told in a story."""
        return word in self._index

    def _order(self, terms: Sequence[Term], seasons: set[str]) -> list[Place]:
        """Where each incident that fits a query stands, by the weight of the words that fit; in no order yet."""
        sums = added_up(terms)
        most = sum(term.most for term in terms)
        close = max(sums.values(), default=0.0) * FAR_BEHIND
        circuits = named_circuits(terms)
        index = self._index
        precedence, said, homes = index.precedence, index.seasons, index.homes
        order: list[Place] = []
        for number, total in sums.items():
            if total >= close:
                score = total / most
                if seasons and said[number] not in seasons:
                    score *= CONTRADICTED
                if circuits and homes[number] not in circuits:
                    score *= CONTRADICTED
                order.append((-score, precedence[number], number))
        return order

    def _knows_all(self, terms: Sequence[Term], seasons: set[str]) -> Callable[[int], bool]:
        """Whether an incident is of the seasons and places, knows all drivers, and answers to a sure word."""
        circuits = named_circuits(terms)
        drivers = [term.gains for term in terms if term.driver]
        sure = [term.gains for term in terms if term.likeness >= SURE]
        unsure = len(sure) < len(terms)

        def knows_all(number: int) -> bool:
            return (
                (not circuits or self._index.homes[number] in circuits)
                and (not seasons or self._index.seasons[number] in seasons)
                and all(number in gains for gains in drivers)
                and (not unsure or any(number in gains for gains in sure))
            )

        return knows_all

    def _fits(self, names: Sequence[str], loose: Sequence[str]) -> Callable[[int], bool]:
        """Whether an incident answers to half of what was typed, and to more names than there are words nobody knows.

        Who or what goes by several words is one of them all the same: `abu dhabi camel` is half unknown. A word
        that is no name by itself makes up for none of those: `grosjean first nutcase` is not his first penalty.
        """
        whole = [(name, self._term(name, False)) for name in names]
        apart = [word for word in loose if SHORTEST_BEGINNING <= len(word) <= NAME or word in self._index]
        parts = [(word, term) for word in apart if (term := self._term(word, False)).most]

        any_unknown = any(not term.gains for _word, term in parts)

        def fits(number: int) -> bool:
            answered = [name for name, term in whole if number in term.gains]
            others = [(word, term) for word, term in parts if not any(word in name for name in answered)]
            told = [word for word, term in others if number in term.gains]
            by_name = sum(2 if self._named.is_nickname(name, number) else 1 for name in answered)
            if len(others) - len(told) > by_name + len(told):
                return False
            unknown = any_unknown and sum(not term.gains for _word, term in others)
            return not unknown or unknown < by_name + self._named.names_by(told, number)

        return fits

    def _read(self, word: str, begun: bool) -> Term:
        """What a word says by the likeliest of its meanings for each incident."""
        meanings = self._meanings.of(word, begun=begun)
        gains = self._gains(meanings)
        least = max(map(self._index.least, meanings))
        places = [self._index.circuits(meant) for meant in meanings]
        circuits = frozenset[str]().union(*places) if all(places) else frozenset[str]()
        most = max(least, max(gains.values(), default=least))
        return Term(gains, most, circuits, max(meanings.values()), all(map(self._index.is_driver, meanings)))

    def _gains(self, meanings: Mapping[str, float]) -> Mapping[int, float]:
        """What a word weighs for each incident, by its number."""
        gains: dict[int, float] = {}
        for meant, like in meanings.items():
            weights = self._index.weights(meant)
            if like == 1.0 and len(meanings) == 1:
                return weights
            for number, weight in weights.items():
                if (gain := like * weight) > gains.get(number, 0.0):
                    gains[number] = gain
        return gains
