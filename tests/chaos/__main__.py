"""`make chaos`: bad nights at length, and a table of what came of them.

make chaos                       3 rounds of each trouble
make chaos ROUNDS=50 HARD=30     50 rounds of each, whose troubles last up to 30 seconds
make chaos SEED=7                others, at other moments
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from rich.console import Console
from rich.table import Table

from tests.chaos.nights import Night
from tests.chaos.recaps import WHILE_TELLING, WHILE_TELLING_ON_A_SERVER
from tests.chaos.troubles import ON_A_FILE, ON_A_SERVER, night_on_a_file, night_on_a_server
from tests.support import postgresql

COLUMNS = ("", "nights", "votes", "lost", "mistakes", "recaps", "lost", "twice", "in flight", "longest outage", "log")


def nights() -> Iterator[tuple[str, Callable[[Random, float], Night]]]:
    """Every trouble that there can be here, and how a night with it is."""
    yield from WHILE_TELLING.items()
    yield from ((trouble, partial(night_on_a_file, trouble)) for trouble in ON_A_FILE)
    if postgresql.programs() is None:
        Console(stderr=True).print(postgresql.MISSING)
        return
    yield from ((trouble, partial(night_on_a_server, trouble)) for trouble in ON_A_SERVER)
    yield from WHILE_TELLING_ON_A_SERVER.items()


def main() -> int:
    """Have so many nights of each; 1 where one of them did not end well."""
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--rounds", type=int, default=3, help="nights of each trouble")
    parser.add_argument("--hard", type=float, default=5.0, help="seconds that a trouble lasts, at most")
    parser.add_argument("--seed", type=int, default=1994, help="what the moments are drawn with")
    asked = parser.parse_args()
    table = Table(*COLUMNS)
    well = True
    for trouble, night in nights():
        Console(stderr=True).print(trouble)
        had = [_endured(partial(night, Random(asked.seed + each), asked.hard)) for each in range(asked.rounds)]
        well &= all(each.well for each in had)
        table.add_row(trouble, *_cells(had))
    Console(width=140).print(table)
    return 0 if well else 1


def _endured(night: Callable[[], Night]) -> Night:
    """What came of a night, also where nobody recovered from it."""
    try:
        return night()
    except (AssertionError, EOFError) as error:
        return Night(mistakes=(str(error) or "a process died",))


def _cells(had: list[Night]) -> Iterator[str]:
    """What came of the nights with one trouble."""
    yield f"{len(had)}"
    yield f"{sum(night.votes for night in had):,}"
    yield f"{sum(night.lost for night in had)}"
    yield ", ".join(sorted({mistake for night in had for mistake in night.mistakes})) or "0"
    for each in ("recaps", "recaps_lost", "twice", "in_flight"):
        yield f"{sum(getattr(night, each) for night in had):,}"
    voted = any(night.votes for night in had)  # only then it is looked how long nobody could, and what the log says
    yield f"{max(night.outage for night in had):.1f} s" if voted else "–"
    yield f"{max(night.lines for night in had)} lines" if voted else "–"


if __name__ == "__main__":
    sys.exit(main())
