"""Jolpica, the community's results archive: calendars, results and standings, asked for at a modest pace.

Its answers are hours behind the chequered flag and are corrected months later, so none of them is final.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple, Self, TypeVar

import aiohttp
import httpx
import structlog
from httpx_aiohttp import AiohttpTransport

from bot.domain.season import Championship, Classification, Race, Standings
from bot.domain.sessions import SessionKind
from bot.feeds import FeedError, QuestionFailedError, retry_after, user_agent
from bot.feeds.jolpica.answers import Told, calendar, classification, standings
from bot.feeds.jolpica.pages import (
    Page,
    read_driver_standings,
    read_qualifying_results,
    read_races,
    read_results,
    read_sprint_results,
    read_team_standings,
)
from bot.feeds.season.doubts import Doubt
from bot.forms.mistakes import FormError
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from bot.pacing.window import Allowance, RateWindow, WindowFullError
from bot.unreached import NOT_FOUND, unreached

log = structlog.get_logger(__name__)

Part = TypeVar("Part")
Whole = TypeVar("Whole")

ALLOWED = (Allowance(2, seconds=1), Allowance(250, seconds=3600))
"""Half of what the service allows an address: 4 requests a second, 500 an hour.

So two processes on a machine stay within it, whichever of them follows the season, and also in an hour in which one
takes over from the other.
"""

LONGEST_WAIT = 90.0
"""Seconds that a question may wait until it may be asked; rather than longer, it fails."""

PAUSES = (2.0, 8.0, 30.0, 60.0)
"""Seconds to leave the service alone after each failure; the last one ends the attempts."""

ROWS_A_PAGE = 100
MOST_ROWS = 500

MOST_NOTED = 10_000
"""Cells that were left out and are not logged again."""

MOST_BYTES = 4_000_000


class _Answer(NamedTuple):
    status: int
    headers: httpx.Headers
    body: bytes


class Jolpica:
    """Asks the archive at an address; `async with` closes its connections.

    Every question raises FeedError where there is no answer, and QuestionFailedError where the archive is there, but
    refuses this one, or gives an answer that makes no sense. What is doubtful in one that does is left out of it.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        timeout: float = 20.0,
    ) -> None:
        self.trouble = ""
        """Why the latest question has no answer so far; empty once one has."""

        self._timeout = timeout
        self._noted: Remembered[tuple[str, int, str], None] = Remembered(MOST_NOTED)
        self._window = RateWindow(clock, *ALLOWED, patience=LONGEST_WAIT)
        self._client = httpx.AsyncClient(
            base_url=url, headers={"User-Agent": user_agent()}, transport=AiohttpTransport(), timeout=timeout
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def schedule(self, season: int) -> tuple[Race, ...]:
        """A season's races by round; none where the season is unknown."""
        return await self._ask(f"{season}/races/", read_races, lambda rows: calendar(rows, season))

    async def result(self, season: int, round_number: int, drivers: int = 0) -> Classification | None:
        """The result of a race; None while it is not there yet.

        `drivers` is how many the weekend is known to have: a result with far fewer is refused as not complete.
        """
        return await self._ask(
            f"{season}/{round_number}/results/",
            read_results,
            lambda lines: classification(lines, season, round_number, SessionKind.RACE, drivers),
        )

    async def sprint(self, season: int, round_number: int, drivers: int = 0) -> Classification | None:
        """The result of a sprint, like `result`; None also where there is none."""
        return await self._ask(
            f"{season}/{round_number}/sprint/",
            read_sprint_results,
            lambda lines: classification(lines, season, round_number, SessionKind.SPRINT, drivers),
        )

    async def qualifying(self, season: int, round_number: int, drivers: int = 0) -> Classification | None:
        """The result of qualifying, like `result`; None also where none is recorded, or no time is there yet."""
        return await self._ask(
            f"{season}/{round_number}/qualifying/",
            read_qualifying_results,
            lambda lines: classification(lines, season, round_number, SessionKind.QUALIFYING, drivers),
        )

    async def driver_standings(self, season: int, round_number: int | None = None) -> Standings | None:
        """The drivers' championship after a round, or after the latest; None while there is none.

        The latest round may be counted before its points are: believe it once the race has a result.
        """
        return await self._ask(
            f"{_when(season, round_number)}/driverstandings/",
            read_driver_standings,
            lambda rows: standings(rows, season, round_number, Championship.DRIVERS),
        )

    async def team_standings(self, season: int, round_number: int | None = None) -> Standings | None:
        """The constructors' championship, otherwise like `driver_standings`; there was none before 1958."""
        return await self._ask(
            f"{_when(season, round_number)}/constructorstandings/",
            read_team_standings,
            lambda rows: standings(rows, season, round_number, Championship.TEAMS),
        )

    async def _ask(
        self, path: str, read: Callable[[bytes], Page[Part]], assemble: Callable[[Sequence[Part]], Told[Whole]]
    ) -> Whole:
        """Fetch an answer and put it together from its rows; refuse it where the whole makes no sense."""
        try:
            said, left_out = assemble(await self._rows(path, read))
        except ValueError as error:
            problem = _in_words(error)
        else:
            self._note(path, left_out)
            return said
        log.warning("feed.answer_refused", feed="jolpica", path=path, problem=problem)
        raise QuestionFailedError(f"the answer to {path} cannot be trusted: {problem}")

    def _note(self, path: str, left_out: Sequence[Doubt]) -> None:
        """Log what was left out of an answer, once as long as it stays so; nothing of what it said."""
        for row, field in left_out:
            if (path, row, field) not in self._noted:
                log.warning("feed.cell_left_out", feed="jolpica", path=path, row=row, field=field)
            self._noted[path, row, field] = None

    async def _rows(self, path: str, read: Callable[[bytes], Page[Part]]) -> list[Part]:
        """An answer's rows, from as many pages as it takes. Raises ValueError where they are not all there."""
        rows: list[Part] = []
        while True:
            page = read(await self._fetch(path, offset=len(rows)))
            rows += page.rows
            if len(rows) == page.total:
                return rows
            if not page.rows or not len(rows) < page.total <= MOST_ROWS:
                raise ValueError(f"{len(rows)} rows of {page.total}")

    async def _fetch(self, path: str, offset: int) -> bytes:
        """A page, asked for several times if need be; what fails pauses everybody's questions."""
        problem, failure = "", FeedError
        for pause in PAUSES:
            await self._turn()
            try:
                answer = await self._get(path, offset)
            except (TimeoutError, httpx.HTTPError, aiohttp.ClientError) as error:
                problem = self.trouble = unreached(error)
                wait = pause
                if problem == NOT_FOUND:  # known at once, and for a while
                    break
            else:
                if answer.status == httpx.codes.OK:
                    self.trouble = ""
                    return answer.body
                problem = self.trouble = f"status {answer.status}"
                if not _may_pass(answer.status):
                    failure = QuestionFailedError
                    break
                wait = retry_after(answer.headers, otherwise=pause)
            self._window.pause(wait)
        log.warning("feed.request_failed", feed="jolpica", path=path, problem=problem)
        raise failure(f"no answer to {path}: {problem}")

    async def _turn(self) -> None:
        try:
            await self._window.enter()
        except WindowFullError as error:
            raise FeedError(f"no more questions for {error.wait:.0f} s") from None

    async def _get(self, path: str, offset: int) -> _Answer:
        params = {"limit": ROWS_A_PAGE, "offset": offset}
        async with asyncio.timeout(self._timeout), self._client.stream("GET", path, params=params) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise ValueError(f"longer than {MOST_BYTES} bytes")
            return _Answer(response.status_code, response.headers, bytes(body))


def _when(season: int, round_number: int | None) -> str:
    return f"{season}" if round_number is None else f"{season}/{round_number}"


def _may_pass(status: int) -> bool:
    """Whether the same question may be answered in a while."""
    return status == httpx.codes.TOO_MANY_REQUESTS or httpx.codes.is_server_error(status)


def _in_words(error: ValueError) -> str:
    """What is wrong with an answer, and where; nothing of what it says."""
    if not isinstance(error, FormError):
        return str(error)
    first = error.mistakes[0]
    return f"{first.path}: {first.reason}"
