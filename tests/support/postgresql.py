"""A PostgreSQL server for the tests: in a temporary folder, on a Unix socket there, and gone with them."""

import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from pwd import getpwall
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import URL, make_url

from tests.support.small_disk import small_disk

MISSING = (
    "There is no PostgreSQL here, so nothing was tested on it. Install it (apt-get install postgresql, brew install"
    " postgresql), or name a server: TEST_DATABASE_URL=postgresql://localhost/postgres make test"
)
NAMED = os.environ.get("TEST_DATABASE_URL")
"""The address of the developer's own server, where one is to be used."""

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
"""The parameters of what is tested on both databases."""

PROGRAMS = ("initdb", "pg_ctl", "postgres")
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "50",
    "shared_buffers": "32MB",
    "max_wal_size": "128MB",
}
"""Nothing has to outlive the tests, and files may be in memory."""

DURABLE = {"fsync": "on", "full_page_writes": "on"}
"""As a server is that people trust: a commit is on the disk."""


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
def server(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """The address of a server of our own, run by the programs in a folder, while this lasts."""
    with cluster(folder, durable=durable) as ours:
        yield ours.address


@contextmanager
def cluster(folder: Path, *, small: bool = False, durable: bool = False) -> Iterator["Server"]:
    """A server of our own that can be treated badly, while this lasts; perhaps on a small disk of its own."""
    home = Path(mkdtemp(prefix="racing-incident-"))  # a short path, as a socket's has no more than 100 characters
    ours = Server(folder, home, DURABLE if durable else {})
    try:
        with small_disk(home) if small else nullcontext():
            ours.make()
            try:
                ours.start()
                yield ours
            finally:
                ours.stop()
    finally:
        shutil.rmtree(home)


class Server:
    """A server in a folder; `kill`, `pause` and `go_on` are for Linux, where its processes are found."""

    def __init__(self, programs: Path, home: Path, more: Mapping[str, str]) -> None:
        """`more` are options that it has instead of those of all."""
        self.address = f"postgresql://postgres@/postgres?host={home}"
        self.home = home
        self._programs = programs
        self._more = more
        self._data = str(home / "data")
        self._user = _user()

    def make(self) -> None:
        """Make its files."""
        if self._user:
            shutil.chown(self.home, self._user)
        _run(self._user, self._programs / "initdb", "--pgdata", self._data, "--no-sync", "--no-locale",
             "--encoding=UTF8", "--auth=trust", "--username=postgres")  # fmt: skip

    def start(self) -> None:
        """Start it, and come back once it takes connections."""
        options = {**OPTIONS, **self._more, "unix_socket_directories": str(self.home)}
        told = shlex.join(part for name, value in options.items() for part in ("-c", f"{name}={value}"))
        log = str(self.home / "log")
        self._control("start", "--log", log, "--options", told)

    def stop(self) -> None:
        """Stop it, and throw out whoever is connected."""
        self._control("stop", "--mode=immediate")

    def kill(self) -> None:
        """Kill it and all its processes, as where memory runs out."""
        processes = self._processes()
        self._signal(processes, signal.SIGKILL)
        while any(Path(f"/proc/{process}").exists() for process in processes):
            time.sleep(0.01)

    def pause(self) -> None:
        """Let it do nothing, and answer nobody."""
        self._signal(self._processes(), signal.SIGSTOP)

    @property
    def is_there(self) -> bool:
        """Whether it runs, or is about to again by itself."""
        with suppress(FileNotFoundError):
            return Path(f"/proc/{self._processes()[0]}").exists()
        return False

    def go_on(self) -> None:
        """Let it go on."""
        self._signal(self._processes(), signal.SIGCONT)

    def _processes(self) -> list[int]:
        """The postmaster's number, and those of the processes that it made."""
        postmaster = int((self.home / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return [postmaster, *map(int, children)]

    def _signal(self, processes: list[int], what: signal.Signals) -> None:
        for process in processes:
            with suppress(ProcessLookupError):  # it ended by itself
                os.kill(process, what)

    def _control(self, what: str, *arguments: str) -> None:
        _run(self._user, self._programs / "pg_ctl", what, "--pgdata", self._data, *arguments)


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
    name = await copied(address, template)
    yield named(address, name)
    await dropped(address, name)


async def copied(address: str, template: str) -> str:
    """The name of a new database on a server, a copy of another one there."""
    name = f"test_{uuid4().hex}"
    connection = await connected(address)
    try:
        # Copies files rather than pages, which PostgreSQL did by itself before version 15.
        how = "STRATEGY file_copy" if connection.get_server_version() >= (15,) else ""
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} {how}")
    finally:
        await connection.close()
    return name


async def dropped(address: str, name: str) -> None:
    """Drop a database, and throw out whoever is connected to it."""
    connection = await connected(address)
    try:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


async def connected(address: str, name: str | None = None) -> asyncpg.Connection:
    """A connection to a database on a server: that of a name, or the one in its address."""
    return await asyncpg.connect(named(address, name) if name else _dsn(make_url(address)))


def named(address: str, name: str) -> str:
    """The address of the database of that name on the same server."""
    return _dsn(make_url(address).set(database=name))


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
