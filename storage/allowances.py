"""Allowances that processes share: how many calls a service takes from all of them, and until when it wants none.

An allowance remembers the moments of its last calls, as many as it has, by the database's clock: so it holds in any
stretch of time, whoever makes them, and however the processes' clocks differ.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, case, delete, select, update

from bot.pacing.window import Allowance
from storage import tables
from storage.database.base import Database
from storage.database_clock import server_now

ALLOWANCE = tables.allowance


class Grant(NamedTuple):
    """Turns that a process was given; moments are in seconds since 1970, by the database's clock."""

    now: float
    turns: tuple[float, ...]
    silent_until: float
    """Until when the service wants nothing; the turns do not wait for that."""


class Allowances:
    """Gives turns out, a block of them in a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, name: str, allowance: Allowance, turns: int) -> Grant:
        """Take the next turns of an allowance; they are in the past at most by as much as the transaction took."""
        return await self._database.write(lambda connection: self._take(connection, name, allowance, turns))

    async def forget(self, beginning: str) -> None:
        """Forget the allowances whose names begin so; whoever takes turns in one again begins anew."""
        its = ALLOWANCE.c.name.startswith(beginning, autoescape=True)
        await self._database.write(lambda connection: connection.execute(delete(ALLOWANCE).where(its)))

    async def fall_silent(self, name: str, seconds: float) -> None:
        """Note that a service wants nothing for so many seconds from now; a longer silence stands."""

        def note(connection: Connection) -> None:
            now, _entered, _silent_until = self._locked(connection, name)
            until = now + seconds
            later = case((ALLOWANCE.c.silent_until < until, until), else_=ALLOWANCE.c.silent_until)
            connection.execute(update(ALLOWANCE).where(ALLOWANCE.c.name == name).values(silent_until=later))

        await self._database.write(note)

    async def silence(self, name: str) -> float:
        """Seconds for which a service wants nothing; 0 where it takes what comes."""
        row = select(ALLOWANCE.c.silent_until - server_now()).where(ALLOWANCE.c.name == name)
        return max(0.0, await self._database.read(lambda connection: connection.scalar(row)) or 0.0)

    def _take(self, connection: Connection, name: str, allowance: Allowance, turns: int) -> Grant:
        now, entered, silent_until = self._locked(connection, name)
        for _ in range(turns):
            entered.append(_next(entered, now, allowance))
        kept = json.dumps(entered[-allowance.calls :])
        connection.execute(update(ALLOWANCE).where(ALLOWANCE.c.name == name).values(entered=kept))
        return Grant(now, tuple(entered[-turns:]), silent_until)

    def _locked(self, connection: Connection, name: str) -> tuple[float, list[float], float]:
        """The time, the last turns and the end of the silence; the row is locked until the transaction ends."""
        columns = (server_now(), ALLOWANCE.c.entered, ALLOWANCE.c.silent_until)
        row = select(*columns).where(ALLOWANCE.c.name == name).with_for_update()
        while (found := connection.execute(row).first()) is None:
            new = self._database.insert(ALLOWANCE).values(name=name, entered="[]", silent_until=0.0)
            connection.execute(new.on_conflict_do_nothing())
        now, entered, silent_until = found
        return float(now), [float(moment) for moment in json.loads(entered)], float(silent_until)


def _next(entered: Sequence[float], now: float, allowance: Allowance) -> float:
    """When the next call may be made, after all that were."""
    earliest = [now, *entered[-1:]]
    if len(entered) >= allowance.calls:
        earliest.append(entered[-allowance.calls] + allowance.seconds)
    return max(earliest)
