"""Votes that were acknowledged, after the process that took them was killed in their midst, fifty times over."""

import asyncio
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure
from storage.database.open import open_database
from tests.storage.kill import kill_amid_votes, recount

KILLS = 50
VOTES = 10_000
"""Acknowledged votes in all, about."""


def figures() -> list[Figure]:
    """How many acknowledged votes were lost, and how often a file or a tally was wrong."""
    random = Random(1994)
    acknowledged: list[int] = []
    mistakes: list[str] = []
    with TemporaryDirectory() as folder:
        file = Path(folder) / "racing-incident.db"
        asyncio.run(_prepare(file))
        for kill in range(KILLS):
            after = random.randint(1, 2 * VOTES // KILLS)
            acknowledged += kill_amid_votes(file, first=kill * 10**6, after=after)
            mistakes += asyncio.run(recount(file, ())).mistakes
        missing = asyncio.run(recount(file, acknowledged)).missing
    return [
        Figure.compared(f"votes acknowledged around {KILLS} kills", len(acknowledged), "votes"),
        Figure.at_most("of them lost", len(missing), "votes", 0),
        Figure.at_most("damaged files and wrong tallies after a kill", len(mistakes), "", 0),
    ]


async def _prepare(file: Path) -> None:
    database = open_database(f"sqlite:///{file}")
    await database.upgrade()
    await database.close()
