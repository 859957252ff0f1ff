"""The database's shape is brought up to date when the bot starts."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table, update

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is imported where there is something to migrate: it costs every other start time and memory.

MIGRATIONS = Path(__file__).parents[2] / "migrations"

LATEST = "0027"
"""The newest migration; `make test` holds it against the folder."""

COMPATIBLE_FROM = "0020"
"""The oldest migration whose program works on the newest tables as well, so that processes are replaced one by one.

It is noted in the database, for such a program does not know what came after it.
"""

UNFINISHED = "copying "
"""How the revision of a database begins into which another one is being copied; no version of the program knows it."""

VERSION = table("alembic_version", column("version_num"), column("compatible_from"))


class TooNewError(Exception):
    """The database was last used by a newer version of the program."""


class UnfinishedError(Exception):
    """The database is a copy that is not whole yet."""


class TooOldError(Exception):
    """The database was last used by an older version of the program, or by none, and is only to be read."""


class ForeignError(Exception):
    """The database has tables, and none of them is ours: another program's data stay as they are."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The revisions that a database had and has; None before the first."""

    before: str | None
    after: str | None


def upgrade(connection: Connection) -> Upgrade:
    """Apply the migrations that a database lacks, in the connection's transaction. Raises as known_revision does."""
    before = known_revision(connection)
    if before is not None and before >= LATEST:
        return Upgrade(before, before)
    from alembic import command  # noqa: PLC0415

    command.upgrade(configured(connection), "head")
    _note_compatibility(connection)
    return Upgrade(before, revision(connection))


def look(connection: Connection) -> None:
    """Look whether a database is as this version needs it.

    Raises TooOldError, TooNewError, ForeignError, UnfinishedError.
    """
    before = known_revision(connection)
    if before is None or before < LATEST:
        at = f"at revision {before}" if before else "empty"
        raise TooOldError(
            f"The database is {at}; these pages need revision {LATEST}, and change nothing themselves. Start the bot"
            " once in the same version, which brings the database up to date."
        )


def _note_compatibility(connection: Connection) -> None:
    """Note which older programs go on with these tables, in the transaction that makes them."""
    if not _notes_compatibility(connection):
        connection.exec_driver_sql("ALTER TABLE alembic_version ADD COLUMN compatible_from VARCHAR(32)")
    connection.execute(update(VERSION).values(compatible_from=COMPATIBLE_FROM))


def _notes_compatibility(connection: Connection) -> bool:
    return any(each["name"] == "compatible_from" for each in inspect(connection).get_columns(VERSION.name))


def misfit(connection: Connection) -> str | None:
    """Why this program does not work on the tables as they are, and what to do; None where it does."""
    try:
        found = known_revision(connection)
    except (TooNewError, ForeignError, UnfinishedError) as error:
        return str(error)
    if found is None:
        return "The database is empty. Start the bot once, which makes its tables."
    if found < LATEST:
        return "The database is of an older version. Start the bot once, which brings it up to date."
    return None


def _is_compatible(connection: Connection, newer: str) -> bool:
    """Whether whoever made newer tables noted that this program works on them."""
    if newer.startswith(UNFINISHED) or newer < LATEST or not _notes_compatibility(connection):
        return False
    noted = connection.scalar(select(VERSION.c.compatible_from))
    return noted is not None and noted <= LATEST


def known_revision(connection: Connection) -> str | None:
    """The migration that a database of ours is at, or None for an empty one; a newer one where this program fits.

    Raises TooNewError, ForeignError, UnfinishedError.
    """
    before = revision(connection)
    if before is None and (others := {*inspect(connection).get_table_names()} - {VERSION.name}):
        raise ForeignError(
            f"The database has tables of another program, such as {min(others)}. Set DATABASE_URL or DATA_DIR to one"
            " that is Racing Incident's alone, or to none yet."
        )
    if before in (None, LATEST):
        return before
    if before.startswith(UNFINISHED):
        raise UnfinishedError(
            "Another database is being copied into this one, and not all of it is there yet."
            " Run the same racing-incident db copy again: it goes on where it was."
        )
    if _is_compatible(connection, before):
        return before
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    known = {script.revision for script in ScriptDirectory.from_config(configured(connection)).walk_revisions()}
    if before not in known:
        raise TooNewError(
            f"The database is at revision {before}, which this version of Racing Incident does not know. "
            "Update the program, or go back to a copy of the database made before."
        )
    return before


def revision(connection: Connection) -> str | None:
    """The migration that a database is at, or None for an empty one."""
    if not inspect(connection).has_table(VERSION.name):
        return None
    return connection.scalar(select(VERSION.c.version_num))


def configured(connection: Connection) -> "Config":
    """What Alembic needs to work on an open connection."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
