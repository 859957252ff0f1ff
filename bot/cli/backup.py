"""`racing-incident backup FILE`, a copy of the database beside a bot that is running; `restore FILE`, back to one."""

import datetime as dt
import sys
from pathlib import Path

from bot.app.settings import Settings
from storage.database.backup import BackupError, back_up
from storage.database.open import database_file
from storage.database.restore import RestoreError, restore

ON_A_SERVER = (
    "The database is on a PostgreSQL server, which has a program for that:"
    " pg_dump --format=custom --file={copy} DATABASE_URL"
)

FROM_A_SERVER = (
    "The database is on a PostgreSQL server, which has a program for that:"
    " pg_restore --clean --if-exists --dbname=DATABASE_URL {copy}"
)


def backup(settings: Settings, copy: Path) -> int:
    """Copy the database; the exit code is 1 where that cannot be done, and why is printed."""
    file = database_file(settings.database)
    if file is None:
        print(ON_A_SERVER.format(copy=copy), file=sys.stderr)
        return 1
    try:
        back_up(file, copy)
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Written to {copy}, and sound.", file=sys.stderr)
    return 0


def go_back(settings: Settings, copy: Path) -> int:
    """Put a copy in the database's place; the exit code is 1 where that cannot be done, and why is printed."""
    file = database_file(settings.database)
    if file is None:
        print(FROM_A_SERVER.format(copy=copy), file=sys.stderr)
        return 1
    try:
        aside = restore(copy, file, dt.datetime.now(dt.UTC))
    except RestoreError as error:
        print(error, file=sys.stderr)
        return 1
    kept = f" What was there is kept as {aside}." if aside is not None else ""
    print(f"{file} is what {copy} was.{kept}", file=sys.stderr)
    return 0
