"""`python -m tests.chaos.strangers`: 100,000 updates, interactions, presses and documents that nobody means well with.

All of it is drawn with a seed; what came of it is a table.
"""

import argparse
import asyncio
import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from rich.console import Console
from rich.table import Table

from bot.app.settings import Settings
from tests.chaos.strangers import discord, feeds, telegram
from tests.chaos.strangers.visits import Visits

COLUMNS = ("", "strangers", "stepped over", "told or believed", "failures", "rows changed", "friends", "answered")


def main() -> int:
    """Have them come; 1 where anything failed or was changed, or a friend was not answered."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.strangers")
    parser.add_argument("--number", type=int, default=100_000, help="strangers, on all ways together")
    parser.add_argument("--seed", type=int, default=1994, help="what they are drawn with")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    table, well = Table(*COLUMNS), True
    for name, visits in asyncio.run(_all(asked.number, asked.seed)).items():
        table.add_row(name, *_cells(visits))
        well &= visits.well
    Console(width=140).print(table)
    return 0 if well else 1


async def _all(number: int, seed: int) -> dict[str, Visits]:
    """Two in five come on Telegram, as many on Discord; a fifth are documents."""
    share = number // 5
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        return {
            "Telegram": await telegram.visit(settings, 2 * share, seed),
            "Discord": await discord.visit(settings, 2 * share, seed),
            "feeds": await feeds.visit(number - 4 * share, seed),
        }


def _cells(visits: Visits) -> list[str]:
    """What came of visitors on one way."""
    counts = (visits.strangers, visits.unreadable, visits.answered)
    wrong = (", ".join(f"{what} {times}" for what, times in each.items()) for each in (visits.failures, visits.rows))
    return [
        *(f"{each:,}" for each in counts),
        *(each or "0" for each in wrong),
        *map(str, (visits.friends, visits.friends_answered)),
    ]


if __name__ == "__main__":
    sys.exit(main())
