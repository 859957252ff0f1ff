"""`racing-incident backup FILE`: a copy of the database, beside a bot that is running."""

import sys
from pathlib import Path

from bot.app.settings import Settings
from storage.database.backup import BackupError, back_up
from storage.database.open import database_file

ON_A_SERVER = (
    "The database is on a PostgreSQL server, which has a program for that:"
    " pg_dump --format=custom --file={copy} DATABASE_URL"
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
