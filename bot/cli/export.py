"""`racing-incident export`: what is known and what fans say of it, as open data, beside a bot that is running."""

import asyncio
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bot.app.settings import Settings
from bot.cards.open_data import as_csv, as_json
from bot.cli.unreadable import cannot_be_read
from bot.domain.incidents import Incident
from bot.domain.noted_records import NotedRecord
from bot.search.catalogue import Incidents
from storage.database.base import CannotOpenError
from storage.health import Health
from storage.open_data import Counts, OpenData, read_open_data

FORMATS: Mapping[str, Callable[[Iterable[Incident], Counts], str]] = {"json": as_json, "csv": as_csv}
"""What it can be written as."""


def export(settings: Settings, form: str, output: Path | None) -> int:
    """Write all of it to a file, or print it; the exit code is 1 where that cannot be done, and why is printed."""
    try:
        data = asyncio.run(_read(settings.database))
    except CannotOpenError as error:
        print(cannot_be_read(error), file=sys.stderr)
        return 1
    written = FORMATS[form](_all(data.noted), data.counts)
    if output is None:
        sys.stdout.write(written)
        return 0
    try:
        output.write_text(written, encoding="utf-8", newline="")
    except OSError as error:
        print(f"{output} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"Written to {output}.", file=sys.stderr)
    return 0


def _all(noted: Iterable[NotedRecord]) -> Iterable[Incident]:
    """The incidents that are told, and those that race control noted, but for those that are told by now."""
    told = Incidents.load().told
    taken_over = {incident.takes_over for incident in told}
    return [*told, *(record.incident for record in noted if record.id not in taken_over)]


async def _read(url: str) -> OpenData:
    """What the database at an address has. Raises CannotOpenError."""
    health = Health(url)
    try:
        await health.check()
        return await read_open_data(health.reader)
    finally:
        await health.close()
