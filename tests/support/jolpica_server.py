"""A Jolpica on the loopback: pages what was published, and fails as it is told to."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.loopback_site import LoopbackSite

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it arrived."""

    path: str
    query: Mapping[str, str]
    user_agent: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that is none: an HTTP status, or one of the two below."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


DROPPED = Failure(0)
"""The connection is lost before anything was answered."""

CUT = Failure(200)
"""The connection is lost in the middle of the answer."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Rows, of which any part can be made into a table."""

    rows: list[Any]
    table: Callable[[list[Any]], Json]

    def page(self, offset: int, limit: int) -> Json:
        """The answer that holds some of the rows; its numbers are strings."""
        head = {"xmlns": "", "series": "f1", "limit": str(limit), "offset": str(offset), "total": str(len(self.rows))}
        return {"MRData": head | self.table(self.rows[offset : offset + limit])}


def races(*rows: Json) -> Publication:
    """A calendar."""
    return Publication([*rows], lambda part: {"RaceTable": {"season": "2021", "Races": part}})


def results(race: Json, lines: list[Json], key: str = "Results") -> Publication:
    """A result, of a sprint where the key is `SprintResults`, of qualifying where it is `QualifyingResults`."""
    return Publication(lines, lambda part: {"RaceTable": {"Races": [{**race, key: part}] if part else []}})


def standings_answer(key: str, rows: list[Json], *, season: str = "2021", after_round: str = "2") -> Publication:
    """A championship: `DriverStandings` or `ConstructorStandings`."""
    head = {"season": season, "round": after_round}
    return Publication(rows, lambda part: {"StandingsTable": {**head, "StandingsLists": [{**head, key: part}]}})


NO_RACES = Publication([], lambda _: {"RaceTable": {"season": "2021", "Races": []}})
NO_STANDINGS = Publication([], lambda _: {"StandingsTable": {"season": "2021", "StandingsLists": []}})


class JolpicaServer(LoopbackSite):
    """A running server; paths are those below its `url`, what was never published is empty."""

    at = "/f1"

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.failures: deque[Failure] = deque()
        self.rows_a_page = 100
        self.silent = False
        self._published: dict[str, Publication] = {}
        self._verbatim: dict[str, bytes] = {}
        app = web.Application()
        app.router.add_get("/f1/{path:.*}", self._handle)
        super().__init__(app)

    def publish(self, path: str, publication: Publication) -> None:
        """Answer with these rows from now on."""
        self._published[path] = publication

    def say(self, path: str, body: bytes | Json) -> None:
        """Answer with this from now on, whatever it is."""
        self._verbatim[path] = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.asked.append(Asked(path, dict(request.query), request.headers["User-Agent"]))
        if self.silent:
            await asyncio.Event().wait()
        if self.failures:
            return await _failed(request, self.failures.popleft())
        if path in self._verbatim:
            return web.Response(body=self._verbatim[path])
        publication = self._published.get(path, NO_STANDINGS if "standings" in path else NO_RACES)
        limit = min(int(request.query["limit"]), self.rows_a_page)
        return web.json_response(publication.page(int(request.query["offset"]), limit))


async def _failed(request: web.Request, failure: Failure) -> web.StreamResponse:
    if failure is not DROPPED and failure is not CUT:
        return web.Response(status=failure.status, headers=failure.headers)
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    if failure is CUT:
        await response.prepare(request)
        await response.write(b'{"MRData": {"total": "0", ')
    if request.transport:
        request.transport.abort()
    return response
