"""Opening the database that an address names; only then is its driver imported."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.database.base import CannotOpenError, Database
from storage.database.limits import DEFAULT, Limits


def open_database(url: str, limits: Limits = DEFAULT) -> Database:
    """The database at an address: `sqlite:///racing-incident.db`, `postgresql://user@host/name`.

    `limits` are for a server. Raises CannotOpenError for any other kind, and for a file that another process has.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise CannotOpenError("DATABASE_URL is not a database's address") from None
    match address.get_backend_name():
        case "sqlite" if address.database and address.database != ":memory:":
            from storage.database.sqlite import SQLite  # noqa: PLC0415 - a driver is loaded where it is used

            return SQLite(address)
        case "postgresql":
            from storage.database.postgresql import PostgreSQL  # noqa: PLC0415

            return PostgreSQL(address, limits)
    raise CannotOpenError("DATABASE_URL names neither an SQLite file nor a PostgreSQL server")


def database_file(url: str) -> Path | None:
    """The file that an address names; None where it is a server's, or no database's."""
    try:
        address = make_url(url)
    except ArgumentError:
        return None
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None


def database_place(url: str) -> Path | URL:
    """Where a database is, however its address says so, to be compared. Raises CannotOpenError for no address."""
    file = database_file(url)
    try:
        return make_url(url) if file is None else file.resolve()
    except ArgumentError:
        raise CannotOpenError("DATABASE_URL is not a database's address") from None


def database_name(url: str) -> str:
    """What a database is called in a sentence: its file, or its address without the password."""
    place = database_place(url)
    return place.render_as_string(hide_password=True) if isinstance(place, URL) else str(place)
