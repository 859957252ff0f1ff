"""A PostgreSQL server for the tests: in a temporary folder, on a Unix socket there, and gone with them."""

import os
import shlex
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from pwd import getpwall
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import URL, make_url

MISSING = (
    "There is no PostgreSQL here, so nothing was tested on it. Install it (apt-get install postgresql, brew install"
    " postgresql), or name a server: TEST_DATABASE_URL=postgresql://localhost/postgres make test"
)
NAMED = os.environ.get("TEST_DATABASE_URL")
"""The address of the developer's own server, where one is to be used."""

PROGRAMS = ("initdb", "pg_ctl", "postgres")
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "50",
    "shared_buffers": "32MB",
}
"""Nothing has to outlive the tests."""


@cache
def programs() -> Path | None:
    """The folder of PostgreSQL's own programs; None where they are not installed."""
    return next((folder for folder in _folders() if all((folder / name).exists() for name in PROGRAMS)), None)


def _folders() -> Iterator[Path]:
    """Where they may be: Debian keeps them out of the PATH, the newest version's last."""
    if config := shutil.which("pg_config"):
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)  # noqa: S603
        yield Path(said.stdout.strip())
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda it: float(it.parent.name), reverse=True)
    yield from map(Path, os.get_exec_path())


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The address of a server of our own, run by the programs in a folder, while this lasts."""
    home = Path(mkdtemp(prefix="racing-incident-"))  # a short path, as a socket's has no more than 100 characters
    try:
        user = _user()
        if user:
            shutil.chown(home, user)
        data = str(home / "data")
        _run(user, folder / "initdb", "--pgdata", data, "--no-sync", "--no-locale", "--encoding=UTF8",
             "--auth=trust", "--username=postgres")  # fmt: skip
        options = OPTIONS | {"unix_socket_directories": str(home)}
        told = shlex.join(part for name, value in options.items() for part in ("-c", f"{name}={value}"))
        try:
            _run(user, folder / "pg_ctl", "start", "--pgdata", data, "--log", str(home / "log"), "--options", told)
            yield f"postgresql://postgres@/postgres?host={home}"
        finally:
            _run(user, folder / "pg_ctl", "stop", "--pgdata", data, "--mode=immediate")
    finally:
        shutil.rmtree(home)


def _user() -> str | None:
    """Who is to run it where we are root, as whom it refuses to run."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(user: str | None, program: Path, *arguments: str) -> None:
    who: dict[str, Any] = {"user": user, "extra_groups": []} if user else {}
    subprocess.run([program, *arguments], cwd="/", stdout=subprocess.DEVNULL, check=True, **who)  # noqa: S603


@asynccontextmanager
async def new_database(address: str, template: str = "template0") -> AsyncIterator[str]:
    """The address of a database on a server, a copy of another one there, while this lasts."""
    url = make_url(address)
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(_dsn(url))
    try:
        # Copies files rather than pages, which PostgreSQL did by itself before version 15.
        how = "STRATEGY file_copy" if connection.get_server_version() >= (15,) else ""
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} {how}")
        yield _dsn(url.set(database=name))
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
