"""The adapter's own connection, over real sockets: a Discord on 127.0.0.1 that speaks REST and gateway."""

import asyncio
import json
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import aiohttp
import pytest
import trustme
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.adapters import discord_posts
from bot.adapters.discord import DiscordAdapter
from bot.dispatch import Command, Dispatcher
from bot.limits import Limits
from bot.messages import Attachment, Card, Chat, ChatKind, Platform, Post, Reply, Request
from bot.platform import ChatGoneError, SlowDownError, TokenRefusedError, UnreachableError

HERE, DOWN, CLOSED, BUSY = "9", "1", "2", "3"
"""Channels that take messages, cannot be reached, are closed to us, and have had enough for now."""

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


MESSAGE = {
    "type": 0,
    "content": "",
    "timestamp": "2021-04-18T13:00:00+00:00",
    "edited_timestamp": None,
    "tts": False,
    "pinned": False,
    "mention_everyone": False,
    "mentions": [],
    "mention_roles": [],
    "attachments": [],
}
REFUSALS = {DOWN: (503, 0), CLOSED: (403, 50001)}


def _json(data: Any, status: int = 200, **headers: str) -> web.Response:
    """An answer whose type discord.py recognises: it wants no charset behind it."""
    return web.Response(body=json.dumps(data), status=status, headers={"Content-Type": "application/json", **headers})


async def _payload(request: web.Request) -> dict[str, Any]:
    """What was sent, with or without files beside it."""
    if request.content_type == "application/json":
        return cast("dict[str, Any]", await request.json())
    return cast("dict[str, Any]", json.loads(str((await request.post())["payload_json"])))


class Discord(AbstractResolver):
    """Logs bots in, tells them of a slash command once they listen, keeps what they answer and send.

    It hangs up on the next `drops` messages once it has stored them, before it answers.
    """

    def __init__(self) -> None:
        authority = trustme.CA()
        self.token = "bot-token"
        self.answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.messages: dict[str, dict[str, Any]] = {}
        self.drops = 0
        self.calls = 0
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
        self.calls += 1
        channel = request.match_info["id"]
        if channel == BUSY:
            wait = {"retry_after": 90.5, "message": "", "global": False}
            return _json(wait, status=429, Via="1.1 google")
        if channel in REFUSALS:
            status, code = REFUSALS[channel]
            return _json({"code": code, "message": ""}, status=status)
        stored = self._store(channel, await _payload(request))
        if self.drops and request.transport is not None:
            self.drops -= 1
            request.transport.abort()
        return _json(stored)

    def _store(self, channel: str, given: dict[str, Any]) -> dict[str, Any]:
        """A message; the first one where a second comes with the same nonce, in whatever channel, as Discord has it."""
        assert given["enforce_nonce"]
        message = {"id": str(600 + len(self.messages)), "channel_id": channel, "author": BOT, **MESSAGE}
        return self.messages.setdefault(given["nonce"], {**message, "embeds": given["embeds"]})

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


def channel(number: str) -> Chat:
    return Chat(Platform.DISCORD, number)


@asynccontextmanager
async def connected(world: Discord) -> AsyncIterator[DiscordAdapter]:
    """An adapter that has its connection."""
    club = Club(world, "bot-token")
    club.gate.set()
    async with running(club):
        await world.answers.get()
        yield club.adapter


async def test_refusals_on_the_wire_keep_their_meaning(world: Discord) -> None:
    async with connected(world) as adapter:
        with pytest.raises(UnreachableError):
            await adapter.send(channel(DOWN), Reply(Card("Recap")))
        with pytest.raises(ChatGoneError):
            await adapter.send(channel(CLOSED), Reply(Card("Recap")))
        with pytest.raises(SlowDownError) as slow:
            await adapter.send(channel(BUSY), Reply(Card("Recap")))
        assert slow.value.seconds == 90.5
        assert world.calls == 3

    with pytest.raises(UnreachableError):
        await adapter.send(channel(CLOSED), Reply(Card("Recap")))


@pytest.mark.parametrize("picture", [None, Attachment("podium.png", b"\x89PNG", "Norris won")])
async def test_a_message_whose_answer_was_lost_is_not_sent_twice(world: Discord, picture: Attachment | None) -> None:
    recap = Reply(Card("Recap"), attachment=picture)
    async with connected(world) as adapter:
        world.drops = 1
        with pytest.raises(UnreachableError):
            await adapter.send(channel(HERE), recap, once="recap-7")
        assert len(world.messages) == 1

        post = await adapter.send(channel(HERE), recap, once="recap-7")
        assert await adapter.send(channel(HERE), recap, once="recap-7") == post
        assert [message["id"] for message in world.messages.values()] == [post.message]

        assert await adapter.send(channel(HERE), recap, once="recap-8") != post
        assert await adapter.send(channel(HERE), recap) != await adapter.send(channel(HERE), recap)
    assert world.calls == 6
    assert len(world.messages) == 4


async def test_what_is_sent_while_the_connection_closes_may_be_sent_again(world: Discord) -> None:
    async with connected(world) as adapter:
        client = adapter._connected()
    with pytest.raises(UnreachableError):
        await discord_posts.send(client, channel(HERE), Reply(Card("Recap")))
