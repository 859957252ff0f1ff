"""`racing-incident export`: what is known and what fans say of it, as open data, beside a bot that is running."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.app.settings import Settings
from bot.cli.open_data import as_csv, as_json
from bot.search.catalogue import Incidents
from storage.database.base import CannotOpenError
from storage.health import Health
from storage.open_data import Counts, read_counts

FORMATS: Mapping[str, Callable[[Incidents, Counts], str]] = {"json": as_json, "csv": as_csv}
"""What it can be written as."""

OUTDATED = "its tables are not of this version: start the bot, which brings them up to date, or update the program"


def export(settings: Settings, form: str, output: Path | None) -> int:
    """Write all of it to a file, or print it; the exit code is 1 where that cannot be done, and why is printed."""
    try:
        counts = asyncio.run(_counts(settings.database))
    except CannotOpenError as error:
        print(
            f"The database cannot be read: {error}. It is the one that DATA_DIR or DATABASE_URL names.", file=sys.stderr
        )
        return 1
    written = FORMATS[form](Incidents.load(), counts)
    if output is None:
        return _print(written)
    try:
        output.write_text(written, encoding="utf-8", newline="")
    except OSError as error:
        print(f"{output} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"Written to {output}.", file=sys.stderr)
    return 0


async def _counts(url: str) -> Counts:
    """The tallies of the database at an address. Raises CannotOpenError."""
    health = Health(url)
    try:
        if not await health.is_latest():
            raise CannotOpenError(OUTDATED)
        return await read_counts(health.reader)
    finally:
        await health.close()


def _print(written: str) -> int:
    """Print it as far as somebody reads: `| head` stops listening early, and that is no mistake."""
    try:
        sys.stdout.write(written)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # where what is left goes at the exit
    return 0
