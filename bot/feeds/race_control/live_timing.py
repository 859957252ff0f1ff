"""Formula 1's own live timing, listened to all day over SignalR Core: public topics, no account. It is not official.

A keyframe brings all that was said so far, so whatever was missed while a line was down is caught up with the next.
"""

from collections.abc import Iterator
from typing import NoReturn

import structlog

from bot.feeds.race_control.hub import HubLine, News
from bot.feeds.race_control.outage import Outage
from bot.feeds.race_control.signalr import Keyframes
from bot.feeds.race_control.source import (
    Line,
    LineLostError,
    LineRefusedError,
    LineState,
    Tell,
    Update,
)
from bot.feeds.race_control.topics import DRIVERS, MESSAGES, SESSION, STATUS, Topics
from bot.pacing.clock import Clock

log = structlog.get_logger(__name__)

SUBSCRIBED = (MESSAGES, SESSION, STATUS, DRIVERS, "Heartbeat")


class LiveTiming:
    """Live timing at an address, such as https://livetiming.formula1.com; a Source."""

    name = "live-timing"

    def __init__(self, url: str, clock: Clock, *, timeout: float = 30.0) -> None:
        self._url = url
        self._clock = clock
        self._timeout = timeout

    async def run(self, tell: Tell) -> NoReturn:
        """Listen until cancelled, over as many lines as it takes."""
        topics, outage = Topics(), Outage(self.name, self._clock)
        while True:
            try:
                async with self._line() as line:
                    await self._follow(line, topics, outage, tell)
            except (LineLostError, LineRefusedError) as error:
                pause, news = outage.failed(error), outage.news(error.line, str(error))
            for state in news:
                await tell(state)
            await self._clock.sleep(pause)

    async def look(self) -> LineState:
        """Connect once, subscription and all, and hang up."""
        line, problem = Line.CONNECTED, ""
        try:
            async with self._line() as hub:
                await hub.open()
        except (LineLostError, LineRefusedError) as error:
            line, problem = error.line, str(error)
        return LineState(self.name, line, self._clock.now(), problem)

    def _line(self) -> HubLine:
        return HubLine(self._url, SUBSCRIBED, self._clock, self._timeout)

    async def _follow(self, line: HubLine, topics: Topics, outage: Outage, tell: Tell) -> NoReturn:
        """Tell what one line brings, until it fails. Raises LineLostError, LineRefusedError."""
        skipped, strays = topics.skipped, topics.strays
        has_complained = False
        await line.open()
        outage.connected()
        for state in outage.news(Line.CONNECTED):
            await tell(state)
        try:
            while True:
                for update in _updates(topics, await line.receive()):
                    await tell(update)
                if topics.wants_keyframes:
                    topics.wants_keyframes = False
                    await line.subscribe()
                if not has_complained and topics.skipped - skipped + line.unreadable:
                    has_complained = True
                    log.warning("race_control.record_skipped", source=self.name)
        finally:
            log.info(
                "race_control.line_closed",
                source=self.name,
                skipped=topics.skipped - skipped + line.unreadable,
                strays=topics.strays - strays,
            )


def _updates(topics: Topics, news: list[News]) -> Iterator[Update]:
    for piece in news:
        if isinstance(piece, Keyframes):
            yield from topics.keyframes(piece.topics)
        else:
            yield from topics.delta(piece.topic, piece.data)
