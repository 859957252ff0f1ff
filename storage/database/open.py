"""Opening the database that an address names; only then is its driver imported."""

from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.database.base import CannotOpenError, Database
from storage.database.limits import DEFAULT, Limits

LAST_PORT = 65_535
"""Beyond it the system counts from 0 again, and another port is asked than was named."""


def open_database(url: str, limits: Limits = DEFAULT) -> Database:
    """The database at an address: `sqlite:///racing-incident.db`, `postgresql://user@host/name`.

    `limits` are for a server. Raises CannotOpenError for any other kind, and for a file that another process has.
    """
    address = _address(url)
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
        address = _address(url)
    except CannotOpenError:
        return None
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None


def is_there(file: Path) -> bool:
    """Whether a database's file is there. Raises CannotOpenError where nobody lets us look."""
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise CannotOpenError(f"{file} cannot be looked at: {error.strerror}") from error
    return True


def database_place(url: str) -> Path | URL:
    """Where a database is, however its address says so, to be compared. Raises CannotOpenError for no address."""
    file = database_file(url)
    return _address(url) if file is None else file.resolve()


def database_name(url: str) -> str:
    """What a database is called in a sentence: its file, or its address without the password."""
    place = database_place(url)
    return place.set(query={}).render_as_string(hide_password=True) if isinstance(place, URL) else str(place)


def passwords(url: str) -> set[str]:
    """The passwords in an address, as they are and as an address has them. Raises CannotOpenError for no address."""
    address = _address(url)
    query = address.normalized_query
    said = [address.password, *query.get("password", ()), *query.get("sslpassword", ())]
    return {form for each in said if each for form in (str(each), quote(str(each), safe=""))}


def _address(url: str) -> URL:
    """Raises CannotOpenError for no address."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        address = None
    if address is None or (address.port or 0) > LAST_PORT:
        raise CannotOpenError("DATABASE_URL is not a database's address")
    # As psql takes it, and as some providers give it.
    return address.set(drivername="postgresql") if address.drivername == "postgres" else address
