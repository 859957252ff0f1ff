"""`racing-incident find`: which incidents a query finds, told ones, and noted ones where a database is there."""

import asyncio
import json
import sys

from bot.app.settings import Settings
from bot.cli.unreadable import cannot_be_read
from bot.search.catalogue import Incidents
from storage.database.base import CannotOpenError
from storage.database.open import database_file, is_there
from storage.health import Health

FOUND = 20


def find(settings: Settings, query: str, *, as_json: bool) -> int:
    """Print which incidents a query finds, best first; the exit code is 1 where there are none.

    A database that cannot be read is no obstacle, but said.
    """
    incidents = Incidents.load()
    try:
        asyncio.run(_take_up(settings, incidents))
    except CannotOpenError as error:
        print(f"{cannot_be_read(error)}\nWhat race control noted is left out.", file=sys.stderr)
    found = [
        {
            "id": match.incident.id,
            "title": match.incident.title,
            "season": match.incident.season,
            "race": match.incident.race,
            "drivers": [suspect.name for suspect in match.incident.suspects],
            "score": round(match.score, 4),
        }
        for match in incidents.rank(query, limit=FOUND)
    ]
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    elif found:
        print("\n".join(f"{row['score']:.2f}  {row['id']:<24}  {row['title']}" for row in found))
    else:
        print("Nothing by that name.", file=sys.stderr)
    return 0 if found else 1


async def _take_up(settings: Settings, incidents: Incidents) -> None:
    """Know what race control noted, where a bot has ever run. Raises CannotOpenError."""
    file = database_file(settings.database)
    if file is not None and not is_there(file):
        return
    health = Health(settings.database)
    try:
        await health.check()
        incidents.take_up(await health.noted())
    finally:
        await health.close()
