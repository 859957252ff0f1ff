"""The adapter's own connection, over real sockets: a Discord on 127.0.0.1 that speaks REST and gateway."""

import asyncio
import json
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import trustme
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.adapters.discord import DiscordAdapter
from bot.dispatch import Command, Dispatcher
from bot.limits import Limits
from bot.messages import Card, Chat, ChatKind, Platform, Post, Reply, Request
from bot.platform import ChatGoneError, TokenRefusedError, UnreachableError

APPLICATION = "100"
BOT = {"id": APPLICATION, "username": "bot", "discriminator": "0", "avatar": None, "bot": True}
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


def _json(data: Any, status: int = 200) -> web.Response:
    """An answer whose type discord.py recognises: it wants no charset behind it."""
    return web.Response(body=json.dumps(data), status=status, headers={"Content-Type": "application/json"})


class Discord(AbstractResolver):
    """Logs bots in, tells them of a slash command once they listen, keeps what they answer."""

    def __init__(self) -> None:
        authority = trustme.CA()
        self.token = "bot-token"
        self.answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.hung_up = asyncio.Event()
        self._certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("discord.com", "gateway.discord.gg").configure_cert(self._certificate)
        self._trust = ssl.create_default_context()
        authority.configure_trust(self._trust)
        self._runner = web.AppRunner(self._app())

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/api/v10/users/@me", self._me)
        app.router.add_get("/api/v10/oauth2/applications/@me", self._application)
        app.router.add_post("/api/v10/interactions/{id}/{token}/callback", self._callback)
        app.router.add_post("/api/v10/channels/{id}/messages", self._message)
        app.router.add_get("/", self._gateway)
        return app

    async def start(self) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._certificate)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self._runner.cleanup()

    def connector(self) -> aiohttp.BaseConnector:
        """The way to this Discord, whatever host is asked for."""
        return aiohttp.TCPConnector(resolver=self, ssl=self._trust)

    async def resolve(
        self, host: str, _port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to let go of."""

    async def _me(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != f"Bot {self.token}":
            return _json({"code": 0, "message": "401: Unauthorized"}, status=401)
        return _json(BOT)

    async def _application(self, _request: web.Request) -> web.Response:
        nothing = {"description": "", "icon": None, "bot_public": True, "bot_require_code_grant": False}
        return _json({"id": APPLICATION, "name": "bot", "verify_key": "", "flags": 0, "owner": AL, **nothing})

    async def _callback(self, request: web.Request) -> web.Response:
        await self.answers.put(await request.json())
        return _json({"interaction": {"id": "500", "type": 2, "response_message_id": "77"}})

    async def _message(self, request: web.Request) -> web.Response:
        status, code = {"1": (503, 0), "2": (403, 50001)}[request.match_info["id"]]
        return _json({"code": code, "message": ""}, status=status)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        gateway = web.WebSocketResponse()
        await gateway.prepare(request)
        await gateway.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        async for message in gateway:
            if json.loads(message.data)["op"] == 2:
                ready = {"user": BOT, "guilds": [], "session_id": "1", "resume_gateway_url": "wss://gateway.discord.gg"}
                await gateway.send_json({"op": 0, "s": 1, "t": "READY", "d": ready})
                await gateway.send_json({"op": 0, "s": 2, "t": "INTERACTION_CREATE", "d": SLASH})
        self.hung_up.set()
        return gateway


class NoMenus:
    """Discord knows all commands already."""

    async def changed(self, _key: str, _digest: str) -> bool:
        return False

    async def published(self, _key: str, _digest: str) -> None:
        raise NotImplementedError


class Club:
    """One command, which takes as long as a test wants."""

    def __init__(self, world: Discord, token: str) -> None:
        self.started = asyncio.Event()
        self.gate = asyncio.Event()
        self.posted: list[Post] = []
        dispatcher = Dispatcher([Command("crash", "What happened", self.crash)], Limits())
        self.adapter = DiscordAdapter(
            token, dispatcher, lambda post, _reply: self.posted.append(post), NoMenus(), connector=world.connector
        )

    async def crash(self, _request: Request) -> Reply:
        self.started.set()
        await self.gate.wait()
        return Reply(Card("Imola 2021"))


@pytest.fixture
async def world() -> AsyncIterator[Discord]:
    discord = Discord()
    await discord.start()
    yield discord
    await discord.stop()


@asynccontextmanager
async def running(club: Club) -> AsyncIterator[None]:
    """The adapter runs until the block is left; then it is told to stop, and does."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(club.adapter.run())
        yield
        task.cancel()
    assert task.cancelled()


async def test_a_command_is_answered(world: Discord, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="discord")
    club = Club(world, "bot-token")
    club.gate.set()

    async with running(club):
        answer = await world.answers.get()

    assert answer["data"]["embeds"][0]["title"] == "Imola 2021"
    assert answer["data"]["allowed_mentions"] == {"parse": []}
    assert club.posted == [Post(Chat(Platform.DISCORD, "9", ChatKind.PRIVATE), "77")]
    assert not [token for token in ("bot-token", SLASH["token"]) if str(token) in caplog.text]


async def test_what_is_in_flight_is_answered_before_hanging_up(world: Discord) -> None:
    club = Club(world, "bot-token")
    async with running(club):
        await club.started.wait()
        asyncio.get_running_loop().call_soon(club.gate.set)

    assert world.answers.qsize() == 1
    await world.hung_up.wait()


async def test_a_token_that_discord_does_not_know_is_refused_and_may_be_tried_again(world: Discord) -> None:
    club = Club(world, "wrong")
    with pytest.raises(TokenRefusedError, match="DISCORD_TOKEN"):
        await club.adapter.run()

    world.token = "wrong"
    club.gate.set()
    async with running(club):
        await world.answers.get()


async def test_a_discord_that_is_down_cannot_be_reached(world: Discord) -> None:
    await world.stop()
    with pytest.raises(UnreachableError):
        await Club(world, "bot-token").adapter.run()


async def test_refusals_on_the_wire_keep_their_meaning(world: Discord) -> None:
    club = Club(world, "bot-token")
    club.gate.set()
    async with running(club):
        await world.answers.get()
        with pytest.raises(UnreachableError):
            await club.adapter.send(Chat(Platform.DISCORD, "1"), Reply(Card("Recap")))
        with pytest.raises(ChatGoneError):
            await club.adapter.send(Chat(Platform.DISCORD, "2"), Reply(Card("Recap")))

    with pytest.raises(UnreachableError):
        await club.adapter.send(Chat(Platform.DISCORD, "2"), Reply(Card("Recap")))
