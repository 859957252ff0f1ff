"""`make chaos`: bad nights at length, and a table of what came of them.

make chaos                       3 rounds of each trouble
make chaos ROUNDS=50 HARD=30     50 rounds of each, whose troubles last up to 30 seconds
make chaos SEED=7                others, at other moments

`python -m tests.chaos --only "server stopped" --only recaps` has those alone whose names have that in them. A line is
said of each night as it ends; after each round of all sorts there is the table of those that were had until then.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from rich.console import Console
from rich.table import Table

from tests.chaos.clocks import BY_WRONG_CLOCKS
from tests.chaos.deploys import DEPLOYING
from tests.chaos.gateways import AT_THE_GATEWAY
from tests.chaos.network_troubles import NETWORK_TROUBLES
from tests.chaos.nights import Night
from tests.chaos.recaps import WHILE_TELLING, WHILE_TELLING_ON_A_SERVER
from tests.chaos.silences import FALLING_SILENT
from tests.chaos.troubles import ON_A_FILE, ON_A_SERVER, night_on_a_file, night_on_a_network, night_on_a_server
from tests.chaos.updates import ON_THE_WAY
from tests.support import postgresql
from tests.support.earlier_version import MISSING, version_before

COLUMNS = ("", "nights", "votes", "lost", "mistakes", "recaps", "lost", "twice", "in flight", "longest outage", "log")


A_LINE = 80
"""Letters of what is said of a night from which nobody recovered."""


def nights() -> Iterator[tuple[str, Callable[[Random, float], Night]]]:
    """Every trouble that there can be here, and how a night with it is."""
    yield from WHILE_TELLING.items()
    yield from FALLING_SILENT.items()
    yield from AT_THE_GATEWAY.items()
    yield from ((trouble, partial(night_on_a_file, trouble)) for trouble in ON_A_FILE)
    if postgresql.programs() is None:
        Console(stderr=True).print(postgresql.MISSING)
        return
    yield from ((trouble, partial(night_on_a_server, trouble)) for trouble in ON_A_SERVER)
    yield from ((trouble, partial(night_on_a_network, trouble)) for trouble in NETWORK_TROUBLES)
    yield from WHILE_TELLING_ON_A_SERVER.items()
    yield from BY_WRONG_CLOCKS.items()
    yield from ON_THE_WAY.items()
    if version_before() is None:
        Console(stderr=True).print(MISSING)
        return
    yield from DEPLOYING.items()


def main() -> int:
    """Have so many nights of each; 1 where one of them did not end well."""
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--rounds", type=int, default=3, help="nights of each trouble")
    parser.add_argument("--hard", type=float, default=5.0, help="seconds that a trouble lasts, at most")
    parser.add_argument("--seed", type=int, default=1994, help="what the moments are drawn with")
    parser.add_argument("--only", action="append", default=[], metavar="KIND", help="those with this in their name")
    asked = parser.parse_args()
    kinds = {name: night for name, night in nights() if not asked.only or any(each in name for each in asked.only)}
    had: dict[str, list[Night]] = {name: [] for name in kinds}
    for each in range(asked.rounds):
        for name, night in kinds.items():
            had[name].append(_endured(partial(night, Random(asked.seed + each), asked.hard)))
            print(f"{each + 1}. {name}: {' · '.join(_cells(had[name][-1:]))}", flush=True)  # noqa: T201
        Console(width=160).print(_table(had))
    return 0 if all(night.well for those in had.values() for night in those) else 1


def _table(had: dict[str, list[Night]]) -> Table:
    """What came of all nights so far, by their trouble, and of all together."""
    table = Table(*COLUMNS)
    for name, those in had.items():
        table.add_row(name, *_cells(those))
    table.add_section()
    table.add_row("all", *_cells([night for those in had.values() for night in those]))
    return table


def _endured(night: Callable[[], Night]) -> Night:
    """What came of a night, also where nobody recovered from it."""
    try:
        return night()
    except Exception as error:  # whatever it is, the other nights are had
        return Night(mistakes=(f"{type(error).__name__}: {str(error)[:A_LINE]}",))


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
