"""A Discord on the loopback, which speaks REST and gateway over TLS: logs a bot in and keeps what it is sent."""

import asyncio
import json
import socket
import ssl
from collections import deque
from functools import cache
from itertools import count
from typing import Any, NamedTuple, Self

import aiohttp
import trustme
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.adapters.discord.forum import Forum
from tests.adapters.discord.layouts import refused
from tests.adapters.discord.wire import APPLICATION, BOT, INVALID, MESSAGE, answer, payload

DOWN, CLOSED, BUSY, HOTEL = "1", "2", "3", "4"
"""Channels that cannot be reached, are closed to us, have had enough for now, and where somebody else answers."""

AL = {"id": "7", "username": "al", "discriminator": "0", "avatar": None}
SLASH = {
    "id": "500",
    "application_id": APPLICATION,
    "type": 2,
    "token": "interaction-token",
    "version": 1,
    "data": {"id": "1", "name": "crash", "type": 1, "options": []},
    "channel_id": "9",
    "channel": {"id": "9", "type": 1, "recipients": [AL]},
    "user": AL,
    "locale": "en-GB",
    "context": 1,
    "attachment_size_limit": 1,
}
PRESS = {
    **{key: value for key, value in SLASH.items() if key != "data"},
    "type": 3,
    "data": {"custom_id": "story", "component_type": 2},
    "message": {"id": "900", "channel_id": "9", "author": BOT, "embeds": [], "components": [], **MESSAGE},
}
PRESSED: dict[int, Any] = {7: PRESS["message"]}
"""What is changed by a response, by the response's type."""

REFUSALS = {DOWN: (503, 0), CLOSED: (403, 50001)}


class Fate(NamedTuple):
    """What becomes of a call about an interaction: whether it arrives, and what is answered; nothing where it is 0."""

    arrives: bool
    status: int
    page: bool = False
    """Whether the answer is a page for people to read."""

    code: int = 0

    def response(self, request: web.Request) -> web.Response:
        if not self.status and request.transport is not None:
            request.transport.abort()
        if self.page:
            return web.Response(text="<html>Bad gateway</html>", status=self.status, content_type="text/html")
        return answer({"code": self.code, "message": ""}, status=self.status or 200)


class Way(NamedTuple):
    """How a client finds a loopback Discord: its port, and whose certificates to trust, in PEM."""

    port: int
    authority: str

    def connector(self) -> aiohttp.BaseConnector:
        """The way there, whatever host is asked for."""
        return aiohttp.TCPConnector(resolver=_Here(self.port), ssl=ssl.create_default_context(cadata=self.authority))


class _Here(AbstractResolver):
    """Every host is here, at one port."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, _port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to let go of."""


@cache
def _authority() -> trustme.CA:
    """Who vouches for all of them: to make keys takes as long as what most tests ask."""
    return trustme.CA()


@cache
def _certificate() -> ssl.SSLContext:
    certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    _authority().issue_cert("discord.com", "gateway.discord.gg").configure_cert(certificate)
    return certificate


class Discord:
    """Logs bots in, tells each that listens of an `interaction`, under a new id each time, and keeps what it is sent.

    It hangs up on the next `drops` messages once it has stored them, before it answers; what becomes of the next calls
    about interactions is in `fates`; `elsewhere` is what comes in its place where somebody else answers.
    """

    def __init__(self, interaction: dict[str, Any] | None = SLASH) -> None:
        self._interaction = interaction
        self.token = "bot-token"
        self.answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.messages: dict[str, dict[str, Any]] = {}
        self.edits: list[tuple[str, dict[str, Any]]] = []
        """The channel and the payload of each change of a message."""

        self.shown: dict[tuple[str, str], list[dict[str, Any]]] = {}
        """The components that each message shows by now, by its channel and its id."""

        self.forum = Forum(self._keep)
        self.fates: deque[Fate] = deque()
        self.responses: dict[str, dict[str, Any]] = {}
        self.follow_ups: list[dict[str, Any]] = []
        self.originals: list[dict[str, Any]] = []
        self.refusals = 0
        self.logins = 0
        self.sessions = 0
        self.shards: list[tuple[int, int]] = []
        """What each connection that has said so is of how many, in their order."""

        self.recommended = 1
        """Shards that a bot is told to be in."""

        self.drops = 0
        self.hangs_up_with: int | None = None
        """The close code for whoever says who they are; None where they are welcome."""

        self.elsewhere = web.Response()
        self.calls = 0
        self.hung_up = asyncio.Event()
        self._sequence = count(3)
        self._listening = asyncio.Event()
        self._gateway_socket: web.WebSocketResponse | None = None
        self.listeners = 0
        self._arrivals = asyncio.Condition()
        self._runner = web.AppRunner(self._app())

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/api/v10/users/@me", self._me)
        app.router.add_get("/api/v10/oauth2/applications/@me", self._application)
        app.router.add_put("/api/v10/applications/{id}/commands", self._menu)
        app.router.add_post("/api/v10/interactions/{id}/{token}/callback", self._callback)
        app.router.add_post("/api/v10/webhooks/{id}/{token}", self._follow_up)
        app.router.add_patch("/api/v10/webhooks/{id}/{token}/messages/@original", self._original)
        app.router.add_delete("/api/v10/webhooks/{id}/{token}/messages/@original", self._delete_original)
        app.router.add_post("/api/v10/channels/{id}/messages", self._message)
        app.router.add_patch("/api/v10/channels/{id}/messages/{message}", self._edit)
        app.router.add_routes(self.forum.routes())
        app.router.add_get("/api/v10/gateway/bot", self._recommendation)
        app.router.add_get("/", self._gateway)
        return app

    async def start(self) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=_certificate())
        await site.start()
        self.way = Way(self._runner.addresses[0][1], _authority().cert_pem.bytes().decode())

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def connector(self) -> aiohttp.BaseConnector:
        """The way to this Discord, whatever host is asked for."""
        return self.way.connector()

    async def _me(self, request: web.Request) -> web.Response:
        self.logins += 1
        if request.headers["Authorization"] != f"Bot {self.token}" or self.refusals:
            self.refusals = max(0, self.refusals - 1)
            return answer({"code": 0, "message": "401: Unauthorized"}, status=401)
        return answer(BOT)

    async def _application(self, _request: web.Request) -> web.Response:
        nothing = {"description": "", "icon": None, "bot_public": True, "bot_require_code_grant": False}
        return answer({"id": APPLICATION, "name": "bot", "verify_key": "", "flags": 0, "owner": AL, **nothing})

    async def _menu(self, _request: web.Request) -> web.Response:
        return answer([])

    async def _callback(self, request: web.Request) -> web.Response:
        fate, number = self._fate(), request.match_info["id"]
        if fate is None or fate.arrives:
            if number in self.responses:
                return answer({"code": 40060, "message": "Interaction has already been acknowledged."}, status=400)
            given = await payload(request)
            if sentence := refused(given.get("data", {}), PRESSED.get(given["type"])):
                return answer({"code": INVALID, "message": sentence}, status=400)
            self.responses[number] = given
            await self.answers.put(given)
        if fate is not None:
            return fate.response(request)
        return answer({"interaction": {"id": number, "type": 2, "response_message_id": "77"}})

    async def _follow_up(self, request: web.Request) -> web.Response:
        return await self._completed(request, self.follow_ups)

    async def _original(self, request: web.Request) -> web.Response:
        return await self._completed(request, self.originals)

    async def _delete_original(self, request: web.Request) -> web.Response:
        return await self._completed(request, None)

    async def _completed(self, request: web.Request, kept: list[dict[str, Any]] | None) -> web.Response:
        fate = self._fate()
        if (fate is None or fate.arrives) and kept is not None:
            given = await payload(request)
            if sentence := refused(given):
                return answer({"code": INVALID, "message": sentence}, status=400)
            kept.append(given)
        if fate is not None:
            return fate.response(request)
        return answer({"id": "77", "channel_id": "9", "author": BOT, "embeds": [], **MESSAGE})

    def _fate(self) -> Fate | None:
        return self.fates.popleft() if self.fates else None

    async def _message(self, request: web.Request) -> web.Response:
        self.calls += 1
        channel = request.match_info["id"]
        if channel == BUSY:
            wait = {"retry_after": 90.5, "message": "", "global": False}
            return answer(wait, status=429, Via="1.1 google")
        if channel == HOTEL:
            return self.elsewhere
        if channel in REFUSALS:
            status, code = REFUSALS[channel]
            return answer({"code": code, "message": ""}, status=status)
        if refusal := self.forum.refusal_in(channel):
            status, code = refusal
            return answer({"code": code, "message": ""}, status=status)
        given = await payload(request)
        if sentence := refused(given):
            return answer({"code": INVALID, "message": sentence}, status=400)
        stored = self._store(channel, given)
        if self.drops and request.transport is not None:
            self.drops -= 1
            request.transport.abort()
        return answer(stored)

    def _store(self, channel: str, given: dict[str, Any]) -> dict[str, Any]:
        """A message; the first one where a second comes with the same nonce, in whatever channel, as Discord has it."""
        assert given["enforce_nonce"]
        number = str(600 + len(self.messages))
        return self._keep(given["nonce"], {"id": number, "channel_id": channel}, given)

    def _keep(self, nonce: str, where: dict[str, str], given: dict[str, Any]) -> dict[str, Any]:
        """Keep a message by what tells it from all others, unless there is one already; the one that there is."""
        shown = {"embeds": [], "components": given["components"], "flags": given["flags"]}
        stored = self.messages.setdefault(nonce, {**where, "author": BOT, **MESSAGE, **shown})
        self.shown.setdefault((stored["channel_id"], stored["id"]), given["components"])
        return stored

    async def _edit(self, request: web.Request) -> web.Response:
        channel, given = request.match_info["id"], await payload(request)
        if self.forum.is_archived(channel):
            return answer({"code": 50083, "message": ""}, status=400)
        (message,) = (each for each in self.messages.values() if each["id"] == request.match_info["message"])
        assert message["channel_id"] == channel
        if sentence := refused(given, message):
            return answer({"code": INVALID, "message": sentence}, status=400)
        self.edits.append((channel, given))
        self.shown[channel, message["id"]] = given["components"]
        return answer({**message, "components": given["components"]})

    async def tell(self, event: str, data: Any) -> None:
        """Tell the bot that listens of an event."""
        await self.send_frame(json.dumps({"op": 0, "s": next(self._sequence), "t": event, "d": data}))

    async def response(self, interaction: str) -> dict[str, Any]:
        """The response to an interaction, once it has come."""
        while interaction not in self.responses:
            await self.answers.get()
        return self.responses[interaction]

    async def listened_to(self) -> None:
        """Wait until a bot listens."""
        await self._listening.wait()

    async def listened_to_by(self, bots: int) -> None:
        """Wait until so many bots have listened, the one after the other; events go to the last of them."""
        async with self._arrivals:
            await self._arrivals.wait_for(lambda: self.listeners >= bots)

    async def send_frame(self, text: str) -> None:
        """Send the bot that listens a frame, whatever stands in it."""
        await self._listening.wait()
        assert self._gateway_socket is not None
        await self._gateway_socket.send_str(text)

    async def _recommendation(self, _request: web.Request) -> web.Response:
        limit = {"total": 1_000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
        url = "wss://gateway.discord.gg"
        return answer({"url": url, "shards": self.recommended, "session_start_limit": limit})

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        gateway = web.WebSocketResponse()
        await gateway.prepare(request)
        await gateway.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        async for message in gateway:
            if (said := json.loads(message.data))["op"] == 6:
                await gateway.send_json({"op": 0, "s": next(self._sequence), "t": "RESUMED", "d": {}})
                await self._listened_to_on(gateway)
            if said["op"] == 2:
                self.sessions += 1
                shard = said["d"].get("shard")
                if self.hangs_up_with is not None:
                    await gateway.close(code=self.hangs_up_with)
                    break
                ready = {"user": BOT, "guilds": [], "session_id": "1", "resume_gateway_url": "wss://gateway.discord.gg"}
                if shard is not None:
                    self.shards.append((shard[0], shard[1]))
                    ready["shard"] = shard
                await gateway.send_json({"op": 0, "s": 1, "t": "READY", "d": ready})
                if self._interaction:
                    asked = {**self._interaction, "id": str(int(self._interaction["id"]) + self.sessions - 1)}
                    await gateway.send_json({"op": 0, "s": 2, "t": "INTERACTION_CREATE", "d": asked})
                await self._listened_to_on(gateway)
        if self._gateway_socket is gateway:
            self._listening.clear()
        self.hung_up.set()
        return gateway

    async def _listened_to_on(self, gateway: web.WebSocketResponse) -> None:
        """Take note that a bot listens there."""
        self._gateway_socket = gateway
        self._listening.set()
        async with self._arrivals:
            self.listeners += 1
            self._arrivals.notify_all()
