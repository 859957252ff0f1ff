"""What can go wrong in a night while people vote, by names; each is over by itself, and nobody mends it."""

import asyncio
import resource
import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import make_url

from storage.database.open import open_database
from tests.chaos.network import network_to
from tests.chaos.network_troubles import NETWORK_TROUBLES
from tests.chaos.nights import Night
from tests.chaos.polling_station import PollingStation
from tests.chaos.server_troubles import SERVER_TROUBLES, racing_server

FEWEST, MOST = 20, 150
"""Votes between two troubles."""


FULL = 2**16
"""Bytes that a file may have on a full disk: few for the WAL, and enough for what is said of it in the log."""


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


def one_of_two_killed(scene: Scene) -> None:
    """One of two processes is killed, and started again, three times over, while the other goes on."""
    scene.station.open()
    killed(scene)


def _bad_server(scene: Scene, trouble: Callable[[], AbstractContextManager[None]]) -> None:
    """The server has some trouble, twice, while two processes vote."""
    for _ in range(2):
        scene.station.open()
    scene.some_votes()
    for _ in range(2):
        with trouble():
            scene.endure()
        scene.some_votes()


ON_A_FILE: dict[str, Callable[[Scene], None]] = {
    "process killed": killed,
    "disk full": full_disk,
    "file locked": locked,
    "clock jumps": jumping,
}

ONE_OF_TWO = "one of two processes killed"
ON_A_SERVER = (ONE_OF_TWO, *SERVER_TROUBLES)


def night_on_a_file(trouble: str, random: Random, hard: float) -> Night:
    """A night with trouble on SQLite."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/racing-incident.db"
        asyncio.run(_prepare(url))
        station = PollingStation(url, Path(folder), jumps=ON_A_FILE[trouble] is jumping)
        return _night(Scene(station, url, random, hard), ON_A_FILE[trouble])


def night_on_a_server(trouble: str, random: Random, hard: float) -> Night:
    """A night with trouble on a PostgreSQL server that is made for it."""
    with TemporaryDirectory() as folder, racing_server(trouble) as (server, url):
        asyncio.run(_prepare(url))
        scene = Scene(PollingStation(url, Path(folder)), url, random, hard)
        if trouble == ONE_OF_TWO:
            return _night(scene, one_of_two_killed)
        return _night(scene, lambda scene: _bad_server(scene, partial(SERVER_TROUBLES[trouble], server)))


def night_on_a_network(trouble: str, random: Random, hard: float) -> Night:
    """A night with trouble on the way to such a server."""
    with TemporaryDirectory() as folder, racing_server() as (_server, url), network_to(url) as (network, through):
        asyncio.run(_prepare(url))
        scene = Scene(PollingStation(through, Path(folder)), through, random, hard)
        return _night(scene, lambda scene: _bad_server(scene, partial(NETWORK_TROUBLES[trouble], network)))


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
