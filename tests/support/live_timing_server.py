"""Formula 1's live timing on the loopback: SignalR Core with its cookie, keyframes and deltas, and all its moods.

    async with LiveTimingServer() as server:
        await server.session("Dutch Grand Prix", key=9001)
        await server.say("TURN 4 INCIDENT INVOLVING CARS 63 (RUS) AND 77 (BOT) NOTED", lap=12)
        await server.status("Finished")
        await server.cut()

What is said while nobody listens is in the keyframes of whoever comes next.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.support.loopback_site import LoopbackSite

Json = dict[str, Any]

END = "\x1e"
COOKIE = "AWSALBCORS"
OUR_SERVER, FORBIDDEN, BAD_REQUEST = "server-1", 403, 400

ZANDVOORT = dt.datetime(2025, 8, 31, 13, tzinfo=dt.UTC)


class LiveTimingServer(LoopbackSite):
    """A running server; `url` is where live timing begins, below which are `signalrcore` and nothing else."""

    def __init__(self) -> None:
        self.topics: Json = {"Heartbeat": {"Utc": "2025-08-31T12:00:00Z", "_kf": True}}
        """The keyframes as they stand."""

        self.negotiations = 0
        """How often somebody wanted a line."""

        self.subscriptions: list[list[str]] = []
        """The topics of each subscription."""

        self.pongs = 0
        self.agents: set[str] = set()
        self.refusal: int | None = None
        """A status with which every negotiation is answered."""

        self.socket_refusal: int | None = None
        """A status with which every socket is."""

        self.negotiation: bytes | None = None
        """What a negotiation is answered with instead of a token."""

        self.handshake = "{}"
        self.subscription_error: str | None = None
        self.silent = False
        """Whether negotiations and subscriptions are left without an answer."""

        self.piece: int | None = None
        """Characters a text, where records are cut into several."""

        self._lines: list[web.WebSocketResponse] = []
        self._change = asyncio.Event()
        self._at = ZANDVOORT
        app = web.Application()
        app.router.add_options("/signalrcore/negotiate", self._options)
        app.router.add_post("/signalrcore/negotiate", self._negotiate)
        app.router.add_get("/signalrcore", self._serve)
        super().__init__(app)

    async def __aexit__(self, *_: object) -> None:
        await self.cut()
        await super().__aexit__(*_)

    @property
    def listeners(self) -> int:
        """How many lines are subscribed now."""
        return len(self._lines)

    async def listened_to(self, subscriptions: int = 1) -> None:
        """Wait until so many subscriptions have been answered since the start."""
        await self._until(lambda: len(self.subscriptions) >= subscriptions)

    async def left_alone(self) -> None:
        """Wait until nobody listens any more."""
        await self._until(lambda: not self._lines)

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._change.clear()
            await self._change.wait()

    # What happens at the track

    async def session(
        self,
        event: str = "Dutch Grand Prix",
        name: str = "Race",
        *,
        key: int = 9001,
        starts_at: dt.datetime = ZANDVOORT,
        gmt_offset: str = "02:00:00",
        **fields: Any,
    ) -> None:
        """Begin a session: a new list of messages, and no status yet. `starts_at` is aware."""
        self._at = starts_at
        local = starts_at.astimezone(dt.UTC).replace(tzinfo=None) + _ahead(gmt_offset)
        day = local.date().isoformat()
        folder = f"{local.year}/{day}_{event.replace(' ', '_')}/{day}_{name}/"
        meeting = {
            "Key": key // 10,
            "Name": event,
            "Location": "Zandvoort",
            "Country": {"Key": 133, "Code": "NED", "Name": "Netherlands"},
            "Circuit": {"Key": 55, "ShortName": "Zandvoort"},
        }
        info = {
            "Meeting": meeting,
            "Key": key,
            "Type": name,
            "Name": name,
            "StartDate": local.isoformat(),
            "EndDate": (local + dt.timedelta(hours=2)).isoformat(),
            "GmtOffset": gmt_offset,
            "Path": folder,
            "_kf": True,
        }
        self.topics["RaceControlMessages"] = {"Messages": [], "_kf": True}
        self.topics["SessionStatus"] = {"Status": "Inactive", "_kf": True}
        self.topics["SessionInfo"] = info | fields
        await self.feed("SessionInfo", self.topics["SessionInfo"])

    async def drivers(self, **codes: int) -> None:
        """Who drives which number: `drivers(RUS=63, BOT=77)`."""
        entries = {str(number): driver(code, number) for code, number in codes.items()}
        self.topics["DriverList"] = {**entries, "_kf": True}
        await self.feed("DriverList", self.topics["DriverList"])

    async def status(self, status: str) -> None:
        """Inactive, Started, Aborted, Finished, Finalised or Ends."""
        self.topics["SessionStatus"] = {"Status": status, "_kf": True}
        await self.feed("SessionStatus", {"Status": status})

    async def say(
        self,
        text: str,
        *,
        lap: int | None = None,
        at: dt.datetime | None = None,
        category: str = "Other",
        **fields: Any,
    ) -> int:
        """Let race control say something, a second after what it said last unless there is a time; its index."""
        self._at = at or self._at + dt.timedelta(seconds=1)
        message = {"Utc": self._at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(), "Category": category}
        message |= {"Message": text} | ({} if lap is None else {"Lap": lap}) | fields
        known = self.topics.setdefault("RaceControlMessages", {"Messages": [], "_kf": True})["Messages"]
        known.append(message)
        index = len(known) - 1
        await self.feed("RaceControlMessages", {"Messages": [message] if index == 0 else {str(index): message}})
        return index

    # What happens on the line

    async def feed(self, topic: str, delta: object) -> None:
        """Send a change of a topic to everybody who listens."""
        await self.send({"type": 1, "target": "feed", "arguments": [topic, delta, "2025-08-31T12:00:00.000Z"]})

    async def heartbeat(self) -> None:
        """Send what comes every 15 seconds or so."""
        await self.feed("Heartbeat", {"Utc": "2025-08-31T12:00:15Z"})

    async def ping(self) -> None:
        """Ask whether anybody is there."""
        await self.send({"type": 6})

    async def close(self, error: str | None = None) -> None:
        """Announce the end of every line, as the server does after two hours."""
        await self.send({"type": 7} | ({"error": error} if error else {}))

    async def send(self, *records: Json) -> None:
        """Send records, all in one text."""
        await self.send_text("".join(json.dumps(record) + END for record in records))

    async def send_text(self, text: str) -> None:
        """Send a text as it is, or in pieces where `piece` says so."""
        size = self.piece or max(len(text), 1)
        for line in list(self._lines):
            for start in range(0, len(text), size):
                await line.send_str(text[start : start + size])

    async def send_bytes(self, data: bytes) -> None:
        """Send what no SignalR server would."""
        for line in list(self._lines):
            await line.send_bytes(data)

    async def cut(self) -> None:
        """Cut every line without a word."""
        lines, self._lines = self._lines, []
        for line in lines:
            await line.close(code=WSCloseCode.GOING_AWAY, drain=False)

    # What listeners ask

    async def _options(self, _request: web.Request) -> web.Response:
        return _with_cookie(web.Response())

    async def _negotiate(self, request: web.Request) -> web.Response:
        self.negotiations += 1
        self.agents.add(request.headers["User-Agent"])
        if self.silent:
            await asyncio.Event().wait()
        if self.refusal is not None:
            return web.Response(status=self.refusal)
        if request.query.get("negotiateVersion") != "1":
            return web.Response(status=BAD_REQUEST)
        if self.negotiation is not None:
            return web.Response(body=self.negotiation)
        token = f"token+{self.negotiations}/="
        transports = [{"transport": "WebSockets", "transferFormats": ["Text", "Binary"]}]
        answer = {"negotiateVersion": 1, "connectionId": "id", "connectionToken": token}
        return web.json_response(answer | {"availableTransports": transports})

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.socket_refusal is not None:
            return web.Response(status=self.socket_refusal)
        if request.cookies.get(COOKIE) != OUR_SERVER:
            return web.Response(status=FORBIDDEN)  # another server behind the load balancer
        if request.query.get("id") != f"token+{self.negotiations}/=":
            return web.Response(status=FORBIDDEN)
        line = web.WebSocketResponse()
        await line.prepare(request)
        records = _Records(line)
        if await records.next() != {"protocol": "json", "version": 1}:
            return line
        await line.send_str(self.handshake + END)
        try:
            while (record := await records.next()) is not None:
                await self._answer(line, record)
        finally:
            if line in self._lines:
                self._lines.remove(line)
            self._change.set()
        return line

    async def _answer(self, line: web.WebSocketResponse, record: Json) -> None:
        if record["type"] == 6:
            self.pongs += 1
        elif record["type"] == 1 and not self.silent:
            assert record["target"] == "Subscribe"
            (topics,) = record["arguments"]
            completion = {"type": 3, "invocationId": record["invocationId"]}
            if self.subscription_error:
                completion |= {"error": self.subscription_error}
            else:
                completion |= {"result": {topic: self.topics[topic] for topic in topics if topic in self.topics}}
            text = json.dumps(completion) + END
            size = self.piece or len(text)
            for start in range(0, len(text), size):
                await line.send_str(text[start : start + size])
            if line not in self._lines:
                self._lines.append(line)
            self.subscriptions.append(topics)
            self._change.set()


class _Records:
    """The records that a listener sends; None is the end of them."""

    def __init__(self, line: web.WebSocketResponse) -> None:
        self._line = line
        self._waiting: list[str] = []

    async def next(self) -> Json | None:
        while not self._waiting:
            frame = await self._line.receive()
            if frame.type is not WSMsgType.TEXT:
                return None
            assert frame.data.endswith(END)
            self._waiting += frame.data.split(END)[:-1]
        record = json.loads(self._waiting.pop(0))
        assert isinstance(record, dict)
        return record


def driver(code: str, number: int, *, first: str = "", last: str = "", team: str = "A Team") -> Json:
    """An entry of DriverList."""
    first, last = first or "Ann", last or code.title()
    return {
        "RacingNumber": str(number),
        "BroadcastName": f"{first[0]} {last.upper()}",
        "FullName": f"{first} {last.upper()}",
        "FirstName": first,
        "LastName": last,
        "Tla": code,
        "Line": 1,
        "TeamName": team,
        "TeamColour": "3671C6",
    }


def _with_cookie(response: web.Response) -> web.Response:
    response.set_cookie(COOKIE, OUR_SERVER, path="/")
    return response


def _ahead(offset: str) -> dt.timedelta:
    sign = -1 if offset.startswith("-") else 1
    hours, minutes, _seconds = offset.lstrip("-").split(":")
    return sign * dt.timedelta(hours=int(hours), minutes=int(minutes))
