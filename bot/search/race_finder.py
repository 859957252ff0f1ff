"""From a person's words to a race: the one they mean, a few that fit as well, or none that is known."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from bot.domain.calendar_changes import called_off
from bot.domain.season import Race
from bot.domain.sessions import SessionKind
from bot.pacing.clock import Clock
from bot.search.argument_words import LATEST, NO_RACE
from bot.search.circuit_finder import CircuitFinder
from bot.search.days import NamedDay
from bot.search.found import CalledOff, Found, Nothing, NotKnownYet, Several
from bot.search.known_names import whole_year
from bot.search.query_words import CORNER
from bot.search.similarity import mistyped, surely
from bot.search.words import FILLERS, joined, split, telling
from storage.seasons import Seasons

FIRST_SEASON = 1950

NAME, PLACE, OTHER, PARTS = 4.0, 3.0, 2.0, 1.0
"""How well words fit a race: as its name, its place, another name of these, as beginnings of their words."""

SHORTEST_BEGINNING = 3

Outcome: TypeAlias = Found[Race] | Several[Race] | CalledOff[Race] | Nothing[Race] | NotKnownYet

_ROUND = re.compile(r"\b(?:round|runde|lauf|ronda)\s*(\d{1,2})\b", re.ASCII | re.IGNORECASE)
"""A race as cards count them: `round 5`, „Lauf 5“."""

_SEASON = re.compile(r"(?:19|20)\d\d")
_SHORT_SEASON = re.compile(r"\d\d")


class RaceFinder:
    """The races of the stored calendars, by what fans call them."""

    def __init__(self, seasons: Seasons, circuits: CircuitFinder, clock: Clock, shipped: Sequence[Race] = ()) -> None:
        self._seasons = seasons
        self._circuits = circuits
        self._clock = clock
        self._shipped = shipped

    async def find(self, season: int | None, words: Sequence[str], kind: SessionKind = SessionKind.RACE) -> Outcome:
        """The race that a season and the words beside it mean, as `race_words` tells them apart.

        Without a season it is the latest of that name, without a name the season's latest, of which that session has
        begun. A race that was called off is meant where its name fits better than that of any that is held; until it
        counts as that, it is held. One that ships is found by its season where that is not known.
        """
        if season is None and not words:
            return await self._latest(kind)
        now, unknown = self._clock.now(), None
        for year in (season,) if season else (now.year, now.year - 1):
            races = await self._seasons.schedule(year)
            begun = [race for race in races if (race.session(kind) or race.race).begun(now)]
            gone, in_doubt = called_off(await self._seasons.cancelled(year), races, now) if words else ([], [])
            named = [*races, *in_doubt] if season else begun
            fitting = self._fitting(words, [*named, *gone]) if words else begun[-1:]
            held = [race for race in fitting if race not in gone]
            if fitting and not held:
                return CalledOff(fitting[0])
            if fitting := held:
                return Found(fitting[0]) if len(fitting) == 1 else Several(tuple(fitting))
            shipped = [race for race in self._shipped if race.season == season and not races]
            if words and (fitting := self._fitting(words, shipped)):
                return Found(fitting[0])
            unknown = unknown if races else year
        return Nothing() if unknown is None else NotKnownYet(unknown)

    async def on(self, named: NamedDay) -> Outcome:
        """The race of whose weekend a named day is; of several that which is said beside it.

        Where there is none, the last one before it and the next one after it.
        """
        stored, now, words = await self._seasons.schedule(named.year), self._clock.now(), race_words(named.beside)[1]
        races = stored or tuple(race for race in self._shipped if race.season == named.year)
        gone, _in_doubt = called_off(await self._seasons.cancelled(named.year), stored, now) if stored else ([], [])
        there = [race for race in (*races, *gone) if any(session.day in named.days for session in race.sessions)]
        fitting = self._fitting(words, there) if words else there
        match [race for race in fitting if race not in gone] or fitting:
            case [] if not stored:
                return NotKnownYet(named.year)
            case []:
                before = [race for race in races if race.race.day < named.days[0]]
                after = [race for race in races if race.race.day > named.days[0]]
                return Nothing((*before[-1:], *after[:1]), days=named.days)
            case [race]:
                return CalledOff(race) if race in gone else Found(race)
            case several:
                return Several(tuple(several))  # of a day that may be two

    async def _latest(self, kind: SessionKind) -> Outcome:
        """The latest race that has a result of that kind, or any."""
        classification = await self._seasons.last_classification(kind) or await self._seasons.last_classification()
        if classification is None:
            return NotKnownYet(self._clock.now().year)
        calendar = await self._seasons.schedule(classification.race.season)
        return Found(next((race for race in calendar if race.key == classification.race.key), classification.race))

    def _fitting(self, words: Sequence[str], races: Iterable[Race]) -> list[Race]:
        """The races that words fit best, or the one of the round that they are."""
        if counted := _ROUND.fullmatch(" ".join(words)):
            return [race for race in races if race.round == int(counted[1])]
        fits = {race.key: self._fit(words, race) for race in races}
        best = max(fits.values(), default=0.0)
        return [race for race in races if best and fits[race.key] == best]

    def _fit(self, words: Sequence[str], race: Race) -> float:
        """How well words fit a race; 0 where they do not."""
        circuit = self._circuits.of(race)
        place = [race.locality, race.circuit, race.circuit_id, *([circuit.name] if circuit else [])]
        other = [race.country, *([circuit.country, *circuit.also] if circuit else [])]
        return fit(words, race.name, place, other)


def fit(words: Sequence[str], name: str, place: Sequence[str], other: Sequence[str]) -> float:
    """How well words fit a race of that name, at a place of these names, of which others are known; 0 where not.

    Whoever else has a name, a part of it that stands for the whole, and others, is found by the same.
    """
    whole = "".join(words)
    for names, fits in (([name], NAME), (place, PLACE), (other, OTHER)):
        if any(whole == _words(each)[0] for each in names):
            return fits
    meant = mistyped(whole, [_words(each)[0] for each in (name, *place, *other)])
    if surely(whole, meant):
        return meant
    known = _known(name, *place, *other)
    fits_of_words = [(word, _fit_of_word(word, known)) for word in words]
    return min(like for _, like in fits_of_words) if all(surely(*each) for each in fits_of_words) else 0.0


def nearness(words: Sequence[str], *names: str) -> float:
    """How much the likeliest of some words is like a word of these names, or begins one, 0 to 1; 0 where none is."""
    known = _known(*names)
    return max((_fit_of_word(word, known) for word in words), default=0.0)


def season_and_words(asked: str) -> tuple[int | None, list[str]]:
    """The season that somebody names, `2021` anywhere or `21` at the end, and the other words that tell something."""
    words = split(asked)
    seasons = [word for word in words if _SEASON.fullmatch(word)]
    if seasons:
        words.remove(seasons[0])
        return int(seasons[0]), _telling(words)
    if words and _SHORT_SEASON.fullmatch(words[-1]) and words[-2:-1] != [CORNER]:
        return whole_year(words.pop()), _telling(words)
    return None, _telling(words)


def race_words(asked: str) -> tuple[int | None, list[str]]:
    """The season and the words that a race is named by; no words are left of `latest`, which is meant without any.

    A round that nothing else is said beside is one word, and its number no season: `round 12`.
    """
    if counted := _ROUND.search(asked):
        season, words = _season_and_names(asked.replace(counted[0], " "))
        if not words:
            return season, [f"round{counted[1]}"]
    return _season_and_names(asked)


def _season_and_names(asked: str) -> tuple[int | None, list[str]]:
    season, words = season_and_words(asked)
    return season, [word for word in words if word not in LATEST and word not in NO_RACE]


def _telling(words: list[str]) -> list[str]:
    """The words but for those that any race's name may have; none is left of `the grand prix`."""
    return [word for word in words if word not in FILLERS]


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    """A name written as one word, and the words that tell something of it."""
    return joined(name), *telling(split(name))


def _known(*names: str) -> set[str]:
    """The words by which names are known."""
    return {word for name in names for word in _words(name)}


def _fit_of_word(word: str, names: Collection[str]) -> float:
    """How well a word fits the one that it is like, or begins."""
    begun = len(word) >= SHORTEST_BEGINNING and any(name.startswith(word) for name in names)
    return PARTS if begun or word in names else mistyped(word, names)
