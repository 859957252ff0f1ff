"""Closing time: polls are closed in chats that have a closing time once they were open for so long."""

from collections.abc import Collection

import structlog

from bot.domain.places import Platform
from bot.events import Events, PollMoved
from bot.pacing.clock import Clock
from storage.poll_closings import PollClosings
from storage.polls import Polls

log = structlog.get_logger(__name__)

ROUND = 30.0
"""Seconds between two looks: a poll takes votes for so long after its time is up, at most."""


class ClosingTime:
    """Closes what is due on this process's platforms, as it is the one that takes their presses."""

    def __init__(
        self, closings: PollClosings, polls: Polls, platforms: Collection[Platform], events: Events, clock: Clock
    ) -> None:
        self._closings = closings
        self._polls = polls
        self._platforms = platforms
        self._events = events
        self._clock = clock
        self._failing = False

    async def run(self) -> None:
        """Look every 30 seconds until cancelled; what fails is left to the next look, and said once an outage."""
        while True:
            try:
                await self.look()
                self._failing = False
            except Exception:
                if not self._failing:
                    log.exception("poll.not_closed")
                self._failing = True
            await self._clock.sleep(ROUND)

    async def look(self) -> None:
        """Close every poll whose time is up; one whose incident is told no more stays as it is."""
        for chat, incident_id in await self._closings.due(self._platforms):
            poll = self._polls.get(incident_id)
            if poll is not None and not poll.dropped and await self._closings.close_in_time(chat, poll):
                self._events.publish(PollMoved(incident_id))
