"""What happens in one process is told to the others on the same PostgreSQL database, and what happens there, here."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from itertools import count

import structlog

from bot.domain.places import Chat
from bot.events import CaseChanged, ChatChanged, Events, Missed, RulingMade, Subscription
from bot.jobs.relay.wire import KINDS, Relayed, as_text, from_text
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from storage.database.base import reason
from storage.database.notifications import Line, Notifications

log = structlog.get_logger(__name__)

GATHERED = 0.1
"""Seconds in which what happens is told together, as votes on one poll are one event."""

BEAT = 15.0
"""Seconds after which a process tells itself a text. One that did not come back by the next has it listen anew."""

LOOK = 600.0
"""Seconds between two looks at all that memory holds: a process may die for good before it has told what it did."""

BACKOFF = Backoff(first=0.5, longest=30.0)


class LineSilentError(Exception):
    """What was told on the line did not come back on it: a connection that has ended without a word."""


class Relay:
    """Tells and hears events. What memory holds is read again before anybody here is told that it changed.

    Losing the line loses nothing: once it is there again all of memory is read again, and every listener is told
    `Missed`; what could not be told is told to the others as `Missed`. A process that starts
    tells them so as well: the one in whose place it is may have died before it told. A slow look is the net below.
    """

    def __init__(
        self,
        notifications: Notifications,
        events: Events,
        read_chats: Callable[[Collection[Chat] | None], Awaitable[None]],
        read_noted: Callable[[], Awaitable[None]],
        clock: Clock,
        *,
        name: str,
    ) -> None:
        """`name` tells this process from the others.

        `read_chats` reads what chats want, of all for None; `read_noted` what others noted of incidents.
        """
        self._notifications = notifications
        self._events = events
        self._read_chats = read_chats
        self._read_noted = read_noted
        self._clock = clock
        self._name = name
        self._ours: Subscription[Relayed] = events.subscribe(*KINDS)
        self._outages = Outages[str]()
        self._beat = ""
        self._is_known = False
        """Whether the others were told that we have started."""

    async def run(self) -> None:
        """Tell and hear until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell())
            group.create_task(self._hear())
            group.create_task(self._look_again())

    async def _tell(self) -> None:
        while True:
            events: Sequence[Relayed] = await self._ours.take()
            for failures in count(1):
                if await self._told(events):
                    break
                events = [Missed()]  # what is not told at once is not kept: there may be no end of it
                await self._clock.sleep(BACKOFF.after(failures))
            await self._clock.sleep(GATHERED)

    async def _told(self, events: Sequence[Relayed]) -> bool:
        """Tell the others what happened here; whether the database took it."""
        try:
            async with asyncio.timeout(BEAT):
                await self._notifications.tell([*dict.fromkeys(as_text(event, self._name) for event in events)])
        except Exception as error:
            if self._outages.begins("tell"):
                log.warning("relay.not_told", reason=reason(error))
            return False
        self._outages.ends("tell")
        return True

    async def _hear(self) -> None:
        failures = 0
        while True:
            try:
                async with self._notifications.listening() as line:
                    self._is_known = self._is_known or await self._told([Missed()])
                    await self._catch_up()
                    if failures:
                        log.info("relay.recovered", after_failures=failures)
                    failures = 0
                    async with asyncio.TaskGroup() as group:
                        group.create_task(self._hear_itself())
                        await self._follow(line)
            except Exception as error:
                failures += 1
                if failures == 1:
                    log.warning("relay.line_lost", reason=reason(error))
            await self._clock.sleep(BACKOFF.after(failures))

    async def _catch_up(self) -> None:
        """Read all again that another process may have changed while nobody listened."""
        await self._read_chats(None)
        await self._read_noted()
        self._events.miss(*KINDS, besides=self._ours)

    async def _look_again(self) -> None:
        """Read all again now and then, with a line or without: a poll that was closed elsewhere has to be known here.

        Who counts votes relies on it, see migration 0027. Where it fails it is done again soon.
        """
        failures = 0
        while True:
            await self._clock.sleep(BACKOFF.after(failures) or LOOK)
            try:
                await self._catch_up()
            except Exception as error:
                failures += 1
                if failures == 1:
                    log.warning("relay.not_read", reason=reason(error))
            else:
                failures = 0

    async def _hear_itself(self) -> None:
        """Tell a text now and then, and wait for it to come back. Raises LineSilentError."""
        for number in count():
            said = f"{self._name} {number}"
            async with asyncio.timeout(BEAT):
                await self._notifications.tell([said])
            await self._clock.sleep(BEAT)
            if self._beat != said:
                raise LineSilentError

    async def _follow(self, line: Line) -> None:
        """Pass on what is heard. Raises LineLostError."""
        while True:
            heard: list[Relayed] = []
            for text in await line.take():
                if isinstance(text, Missed):
                    heard.append(text)
                elif text.startswith(f"{self._name} "):
                    self._beat = text
                elif (event := from_text(text, besides=self._name)) is not None:
                    heard.append(event)
            await self._pass_on(heard)

    async def _pass_on(self, heard: Sequence[Relayed]) -> None:
        if any(isinstance(event, Missed) for event in heard):
            await self._catch_up()
            return
        if chats := [event.chat for event in heard if isinstance(event, ChatChanged)]:
            await self._read_chats(chats)
        if any(isinstance(event, CaseChanged | RulingMade) for event in heard):
            await self._read_noted()
        for event in heard:
            self._events.publish(event, besides=self._ours)
