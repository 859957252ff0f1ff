"""OpenF1, asked every few seconds while a session runs: with an account during the session, without one after it."""

from typing import NoReturn

from bot.feeds.race_control.openf1_api import ALLOWED, Account, OpenF1Api, SessionInProgressError
from bot.feeds.race_control.openf1_watch import IDLE_PAUSE, Watch
from bot.feeds.race_control.outage import Outage
from bot.feeds.race_control.source import Line, LineLostError, LineRefusedError, LineState, Tell
from bot.pacing.clock import Clock
from bot.pacing.window import RateWindow


class OpenF1:
    """OpenF1 at an address, such as https://api.openf1.org; a Source."""

    name = "openf1"

    def __init__(self, url: str, clock: Clock, account: Account | None = None, *, timeout: float = 20.0) -> None:
        self._url = url
        self._clock = clock
        self._account = account
        self._timeout = timeout
        self._window = RateWindow(clock, *ALLOWED)

    async def run(self, tell: Tell) -> NoReturn:
        """Ask until cancelled."""
        outage = Outage(self.name, self._clock)
        async with self._api() as api:
            watch = Watch(api, self._clock, tell)
            while True:
                line, problem = Line.CONNECTED, ""
                try:
                    pause = await watch.look()
                except SessionInProgressError:
                    line, pause = Line.WAITING, IDLE_PAUSE
                except (LineLostError, LineRefusedError) as error:
                    line, problem = error.line, str(error)
                    pause = outage.failed(error)
                if not problem:
                    outage.connected()
                for state in outage.news(line, problem):
                    await tell(state)
                await self._clock.sleep(pause)

    async def look(self) -> LineState:
        """Ask for the latest session once, with a token where there is an account."""
        line, problem = Line.CONNECTED, ""
        try:
            async with self._api() as api:
                await api.rows("sessions", {"session_key": "latest"})
        except SessionInProgressError:
            line = Line.WAITING
        except (LineLostError, LineRefusedError) as error:
            line, problem = error.line, str(error)
        return LineState(self.name, line, self._clock.now(), problem)

    def _api(self) -> OpenF1Api:
        return OpenF1Api(self._url, self._window, self._clock, self._account, self._timeout)
