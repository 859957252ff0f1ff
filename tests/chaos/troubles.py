"""What can go wrong in a night while people vote, by names; each is over by itself, and nobody mends anything."""

import asyncio
import resource
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import make_url

from storage.database.open import open_database
from tests.chaos.nights import Night
from tests.chaos.polling_station import PollingStation
from tests.support import postgresql
from tests.support.postgresql import Server

FEWEST, MOST = 20, 150
"""Votes between two troubles."""


FULL = 2**16
"""Bytes that a file may have on a full disk: few for the WAL, and enough for what is said of it in the log."""

ROLE = "racing"
"""Who the bot is on a server, whose limits it has; nobody's apply to an operator."""

THROW_OUT = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{ROLE}'"  # noqa: S608


class Scene(NamedTuple):
    """A polling station in the midst of voting, and what it stands on."""

    station: PollingStation
    url: str
    random: Random
    hard: float
    """Seconds that trouble lasts, about."""

    def some_votes(self) -> None:
        """Let people vote for a while."""
        self.station.votes(self.random.randint(FEWEST, MOST))

    def endure(self) -> None:
        """Let the trouble last."""
        time.sleep(self.random.uniform(0.2, 1) * self.hard)


def killed(scene: Scene) -> None:
    """The process is killed, and started again, three times over."""
    for _ in range(3):
        voting = scene.station.open()
        scene.some_votes()
        scene.station.kill(voting)
    scene.station.open()


def full_disk(scene: Scene) -> None:
    """No file may grow any more, as on a disk that is full."""
    voting = scene.station.open()
    scene.some_votes()
    hard = resource.prlimit(voting.number, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(voting.number, resource.RLIMIT_FSIZE, (FULL, hard))
    scene.endure()
    resource.prlimit(voting.number, resource.RLIMIT_FSIZE, (hard, hard))


def locked(scene: Scene) -> None:
    """Somebody else locks the file."""
    scene.station.open()
    scene.some_votes()
    with closing(sqlite3.connect(make_url(scene.url).database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        scene.endure()
        other.execute("ROLLBACK")


def jumping(scene: Scene) -> None:
    """The clock is set anew again and again, to any time in twenty years; the process is killed as well."""
    killed(scene)


def server_killed(scene: Scene, server: Server) -> None:
    """The server is killed, and started again."""
    _two_vote(scene)
    server.kill()
    scene.endure()
    server.start()


def server_stopped(scene: Scene, server: Server) -> None:
    """The server does nothing for a while, and answers nobody."""
    _two_vote(scene)
    server.pause()
    scene.endure()
    server.go_on()


def server_full(scene: Scene, server: Server) -> None:
    """The server throws everybody out, and has no connection left for a while."""
    _two_vote(scene)
    asyncio.run(_as_operator(server, f"ALTER DATABASE {ROLE} CONNECTION LIMIT 0", THROW_OUT))
    scene.endure()
    asyncio.run(_as_operator(server, f"ALTER DATABASE {ROLE} CONNECTION LIMIT -1"))


def server_read_only(scene: Scene, server: Server) -> None:
    """The server takes nothing new for a while, as a standby does that is taken for the one that writes."""
    _two_vote(scene)
    asyncio.run(_as_operator(server, f"ALTER DATABASE {ROLE} SET default_transaction_read_only = on", THROW_OUT))
    scene.endure()
    asyncio.run(_as_operator(server, f"ALTER DATABASE {ROLE} RESET default_transaction_read_only"))


def connections_cut(scene: Scene, server: Server) -> None:
    """All connections are cut, five times over, in the midst of whatever they do."""
    _two_vote(scene)
    for _ in range(5):
        asyncio.run(_as_operator(server, THROW_OUT))
        scene.some_votes()


def killed_on_a_server(scene: Scene, _server: Server) -> None:
    """One of two processes is killed, and started again, three times over, while the other goes on."""
    scene.station.open()
    killed(scene)


def _two_vote(scene: Scene) -> None:
    for _ in range(2):
        scene.station.open()
    scene.some_votes()


async def _as_operator(server: Server, *statements: str) -> None:
    connection = await asyncpg.connect(server.address)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


ON_A_FILE: dict[str, Callable[[Scene], None]] = {
    "process killed": killed,
    "disk full": full_disk,
    "file locked": locked,
    "clock jumps": jumping,
}

ON_A_SERVER: dict[str, Callable[[Scene, Server], None]] = {
    "one of two processes killed": killed_on_a_server,
    "server killed": server_killed,
    "server stopped": server_stopped,
    "server without connections": server_full,
    "server read-only": server_read_only,
    "connections cut": connections_cut,
}


def night_on_a_file(trouble: str, random: Random, hard: float) -> Night:
    """A night with trouble on SQLite."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/racing-incident.db"
        asyncio.run(_prepare(url))
        station = PollingStation(url, Path(folder), jumps=ON_A_FILE[trouble] is jumping)
        return _night(Scene(station, url, random, hard), ON_A_FILE[trouble])


def night_on_a_server(trouble: str, random: Random, hard: float) -> Night:
    """A night with trouble on a PostgreSQL server that is made for it."""
    programs = postgresql.programs()
    assert programs
    with TemporaryDirectory() as folder, postgresql.cluster(programs) as server:
        asyncio.run(_as_operator(server, f"CREATE ROLE {ROLE} LOGIN", f"CREATE DATABASE {ROLE} OWNER {ROLE}"))
        url = make_url(server.address).set(username=ROLE, database=ROLE).render_as_string(hide_password=False)
        asyncio.run(_prepare(url))
        scene = Scene(PollingStation(url, Path(folder)), url, random, hard)
        return _night(scene, lambda scene: ON_A_SERVER[trouble](scene, server))


def _night(scene: Scene, trouble: Callable[[Scene], None]) -> Night:
    try:
        trouble(scene)
        scene.some_votes()
        scene.some_votes()
    finally:
        scene.station.close()
    return scene.station.count(scene.random)


async def _prepare(url: str) -> None:
    database = open_database(url)
    await database.upgrade()
    await database.close()
