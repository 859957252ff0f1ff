"""Finding one of a thousand incidents by a fan's words, against rapidfuzz's own search over their titles."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product
from random import Random
from time import process_time
from typing import NamedTuple, TypeAlias

from rapidfuzz import fuzz, process

from benchmarks.figure import Figure
from bot.app.lifecycle import spare_the_collector
from bot.domain.incidents import Incident, Moment, Source, Suspect
from bot.domain.names import Circuit, Driver
from bot.domain.quotations import Quotation
from bot.search.catalogue import Incidents
from bot.search.words import fold
from storage.incidents.reading import read_circuits, read_drivers

INCIDENTS = 1_000
QUERIES = 1_500
ROUNDS = 5
AT_A_TIME = 250
BEST = 5
"""How many of those that fit either search gives, best first: what rapidfuzz gives where nobody says how many."""

SEASONS = range(1976, 2027)
TEAMS = ("Ferrari", "McLaren", "Williams", "Mercedes", "Red Bull", "Alpine", "Lotus", "Benetton", "Haas", "Sauber")
SCENES = ("rain", "gravel", "barrier", "puncture", "restart", "kerb", "slipstream", "wing", "spray", "traffic")
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Search: TypeAlias = Callable[[str], str]
"""From a query to the id of the first incident found."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a fan types, and the id of the incident that is meant."""

    text: str
    meant: str


class Measured(NamedTuple):
    """A search's mean CPU seconds, so that other work on the machine counts on no side, and its share of right hits."""

    took: float
    right: float


def figures() -> list[Figure]:
    """Time and first hits of both searches over the same queries, a third with a typing mistake of its own.

    Each round has queries of its own, asked for the first time, and then once more.
    """
    random = Random(63)
    circuits, drivers = read_circuits(), read_drivers()
    catalogue = list(_catalogue(random, circuits, drivers))
    titles = {incident.id: fold(incident.title) for incident in catalogue}

    def theirs(query: str) -> str:
        return process.extract(query, titles, scorer=fuzz.token_set_ratio, limit=BEST)[0][2]

    rounds: list[tuple[Measured, ...]] = []
    for _ in range(ROUNDS):
        incidents = Incidents(catalogue, circuits, drivers)
        queries = list(_queries(random, catalogue, circuits))
        spare_the_collector()  # as a bot does once everything is open
        ours = partial(_first, incidents)
        rounds.append((*_in_turn(ours, theirs, queries), *_in_turn(ours, theirs, queries)))
    return [
        Figure.at_most(
            "find 1 of 1,000 incidents, against token_set_ratio",
            [cold.took / scan.took for cold, scan, _warm, _again in rounds],
            "×",
            1 / 8,
        ),
        Figure.at_most(
            "the same queries again", [warm.took / again.took for _cold, _scan, warm, again in rounds], "×", 1 / 8
        ),
        Figure.at_most("find 1 of 1,000 incidents", [cold.took * 1e6 for cold, *_rest in rounds], "µs", 1_000),
        Figure.at_least("the right one comes first", [100 * cold.right for cold, *_rest in rounds], "%", 97),
        Figure.at_least(
            "more often than by token_set_ratio",
            [100 * (cold.right - scan.right) for cold, scan, *_rest in rounds],
            "points",
            5,
        ),
    ]


def _first(incidents: Incidents, query: str) -> str:
    """The id of what fits a query best; empty where nothing does."""
    return next((match.incident.id for match in incidents.rank(query, limit=BEST)), "")


def _in_turn(ours: Search, theirs: Search, queries: Sequence[Query]) -> tuple[Measured, Measured]:
    """Both searches over the queries, some at a time in turn, so that a slow moment meets each of them."""
    took, right = [0.0, 0.0], [0, 0]
    for start in range(0, len(queries), AT_A_TIME):
        for side, search in enumerate((ours, theirs)):
            started = process_time()
            for query in queries[start : start + AT_A_TIME]:
                right[side] += search(query.text) == query.meant
            took[side] += process_time() - started
    asked = len(queries)
    return Measured(took[0] / asked, right[0] / asked), Measured(took[1] / asked, right[1] / asked)


def _catalogue(random: Random, circuits: Mapping[str, Circuit], drivers: Mapping[str, Driver]) -> Iterator[Incident]:
    """Incidents between two drivers, no two between the same ones, nor at one circuit in one season."""
    pairs = random.sample(list(combinations(filter(str.isalpha, drivers), 2)), INCIDENTS)
    races = random.sample(list(product(circuits, SEASONS)), INCIDENTS)
    for pair, (circuit, season) in zip(pairs, races, strict=True):
        suspects = tuple(
            Suspect(id=key, name=drivers[key].name, team=random.choice(TEAMS), case="He came from behind.")
            for key in pair
        )
        yield _incident(random, circuit, circuits[circuit].name, season, suspects)


def _incident(random: Random, circuit: str, place: str, season: int, suspects: tuple[Suspect, ...]) -> Incident:
    date = dt.date(season, random.randint(3, 11), random.randint(1, 28))
    link = f"https://example.org/{circuit}-{season}"
    first, second = (suspect.surname for suspect in suspects)
    return Incident(
        id=f"{circuit}-{season}",
        title=f"{first} and {second}, {place} {season}",
        short_title=f"{place} {season}",
        race=f"{place} Grand Prix",
        circuit=circuit,
        date=date,
        place=f"turn {random.randint(1, 18)}",
        conditions=random.choice(("dry", "wet", "drying")),
        positions="second and third",
        fame=random.randint(1, 10),
        summary=" ".join((*random.choices(SCENES, k=8), *("They met again.",) * 30)),
        suspects=suspects,
        quotations=tuple(
            Quotation(
                speaker=suspect.name,
                side=suspect.id,
                words=f"There was the {random.choice(SCENES)} and room for both.",
                occasion="after the race",
                date=date,
                link=link,
            )
            for suspect in suspects
        ),
        timeline=(Moment(lap=1, what="They meet."), Moment(lap=2, what="They part.")),
        result="Neither finished.",
        championship="Nothing changed.",
        sources=tuple(Source(publisher=paper, title="What happened", link=link) for paper in ("One", "Another")),
    )


def _queries(random: Random, catalogue: Sequence[Incident], circuits: Mapping[str, Circuit]) -> Iterator[Query]:
    """Six ways to ask, in turn; two rounds are spelt right, the third has a mistake in each longest word."""
    for number in range(QUERIES):
        incident = random.choice(catalogue)
        place, season = circuits[incident.circuit].name, incident.season
        one, other = (suspect.surname for suspect in incident.suspects)
        given = incident.suspects[0].name.split()[0]
        text = (
            f"{place} {season}",
            f"{one} {other} {place}",
            f"{place.replace(' ', '')}{season % 100:02}",
            f"{given} {other} {place} {season}",
            f"{season} {other} vs {one}",
            f"what happened at {place} in {season} with {one}",
        )[number % 6]
        yield Query(fold(text) if number // 6 % 3 else _mistyped(random, fold(text)), incident.id)


def _mistyped(random: Random, text: str) -> str:
    """A text whose longest word has a letter wrong, missing, doubled or swapped with the next."""
    word = max(text.split(), key=len)
    at = random.randrange(len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    wrong = random.choice(
        (
            before + random.choice(LETTERS) + after,
            before + after,
            before + letter + letter + after,
            before + after[:1] + letter + after[1:],
        )
    )
    return text.replace(word, wrong, 1)
