"""Roles that one process at a time plays, of all that share a database: whoever has one holds its lease."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from bot.app.roles import LEASES, Role
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from storage.database.base import reason
from storage.database.faults import is_the_databases
from storage.leases import Leases

log = structlog.get_logger(__name__)

LEASE = 45.0
"""Seconds that a process which died keeps a role, at most."""

RENEWED = 15.0
"""Seconds between two attempts to take a role or to keep it: at most a minute after a death another process has it."""

FAREWELL = 0.5
"""Seconds for giving a role back when the bot is stopped; what is not given back runs out."""

Work = Callable[[], Coroutine[Any, Any, None]]


class LeasedRole:
    """One of the roles that have a lease, played by this process or another."""

    def __init__(self, role: Role, leases: Leases, clock: Clock) -> None:
        self._role = role.value
        self._lease = LEASES[role]
        self._leases = leases
        self._holder = leases.holder()
        self._clock = clock
        self._unrenewed = Outages[str]()

    async def play(self, work: Work) -> None:
        """Take the role or keep it, at each look, and do the work while this process has it; until cancelled."""
        working: asyncio.Task[None] | None = None
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    held = await self._hold()
                    if held and working is None:
                        log.info("role.held", role=self._role)
                        working = group.create_task(work(), name=self._role)
                    elif working is not None and not held:
                        log.warning("role.lost", role=self._role)
                        working.cancel()
                        await asyncio.wait({working})
                        working = None
                    await self._clock.sleep(RENEWED)
        finally:
            await self._release()

    async def _hold(self) -> bool:
        """Whether the role is ours from now on. What cannot be renewed in time counts as lost: another may have it."""
        try:
            async with asyncio.timeout(RENEWED):
                held = await self._leases.hold(self._lease, self._holder, LEASE)
        except Exception as error:
            if self._unrenewed.begins(self._role):
                # A trace tells nothing of a database that is slow or away.
                known = isinstance(error, TimeoutError) or is_the_databases(error)
                log.warning("role.not_renewed", role=self._role, reason=reason(error), exc_info=not known)
            return False
        self._unrenewed.ends(self._role)
        return held

    async def _release(self) -> None:
        try:
            async with asyncio.timeout(FAREWELL):
                await self._leases.release(self._lease, self._holder)
        except Exception:
            log.exception("role.not_released", role=self._role)
