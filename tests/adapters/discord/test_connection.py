"""The adapter's own connection, over real sockets: a Discord on 127.0.0.1 that speaks REST and gateway."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.adapters.discord import DiscordAdapter, Part, sender
from bot.adapters.discord.adapter import DOUBT
from bot.adapters.discord.client import BETWEEN_SHARDS
from bot.chat.cards import Card
from bot.chat.commands import Command
from bot.chat.dispatcher import Dispatcher
from bot.chat.platform import ChatGoneError, SetUpWronglyError, SlowDownError, TokenRefusedError, UnreachableError
from bot.chat.replies import Attachment, Reply
from bot.chat.requests import Request
from bot.chat.throttle import Throttle
from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.domain.shards import Shards
from bot.pacing.pace import OwnPace
from bot.pacing.window import Allowance
from tests.adapters.discord.api import BUSY, CLOSED, DOWN, HOTEL, SLASH, Discord
from tests.adapters.discord.layouts import heading
from tests.adapters.discord.wire import APPLICATION, answer
from tests.support.clock import FakeClock
from tests.support.forum_posts import NoForumPosts
from tests.support.menus import Menus

HERE = "9"
"""A channel that takes messages."""


class Club:
    """One command, which takes as long as a test wants."""

    def __init__(
        self, world: Discord, token: str, *, answers: bool = True, paced: bool = False, shards: str = ""
    ) -> None:
        self.started = asyncio.Event()
        self.gate = asyncio.Event()
        self.posted: list[Post] = []
        self.clock = FakeClock()
        self.pace = OwnPace(self.clock, Allowance(calls=2, seconds=1))
        dispatcher = Dispatcher([Command("crash", "What happened", self.crash)], Throttle())
        self.adapter = DiscordAdapter(
            token,
            dispatcher,
            lambda post, _reply: self.posted.append(post),
            Menus(),
            NoForumPosts(),
            connector=world.connector,
            clock=self.clock,
            part=Part(answers, self.pace if paced else None, Shards.parse(shards) if shards else None),
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

    assert heading(answer["data"]["components"]) == "Imola 2021"
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
    assert world.logins == 2
    assert club.clock.slept == [DOUBT]

    world.token = "wrong"
    club.gate.set()
    async with running(club):
        await world.answers.get()


async def test_a_token_that_is_refused_once_is_tried_again(world: Discord) -> None:
    club = Club(world, "bot-token")
    world.refusals = 1
    club.gate.set()
    async with running(club):
        await world.answers.get()
    assert club.clock.slept == [DOUBT]


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (4010, "DISCORD_SHARDS"),
        (4011, "DISCORD_SHARDS=auto"),
        (4012, "update"),
        (4013, "update"),
        (4014, "developer portal"),
    ],
)
async def test_what_discord_hangs_up_for_good_for_is_said_with_what_to_do(
    world: Discord, code: int, remedy: str
) -> None:
    world.hangs_up_with = code
    with pytest.raises(SetUpWronglyError, match=rf"\({code}\).*{remedy}"):
        await Club(world, "bot-token").adapter.run()
    assert world.sessions == 1


async def test_a_token_that_the_gateway_does_not_know_is_a_refused_one(world: Discord) -> None:
    world.hangs_up_with = 4004
    club = Club(world, "bot-token")
    with pytest.raises(TokenRefusedError, match="check DISCORD_TOKEN"):
        await club.adapter.run()
    assert club.clock.slept == [DOUBT]


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


def body(content: bytes, status: int = 200, **headers: str) -> web.Response:
    """An answer that says to be JSON, and need not be."""
    return web.Response(body=content, status=status, headers={"Content-Type": "application/json", **headers})


@pytest.mark.parametrize(
    "elsewhere",
    [
        lambda: web.Response(text="<html>Welcome to the hotel's network</html>", content_type="text/html"),
        lambda: body(b"{"),
        lambda: body(b"\xff\xfe"),
        lambda: body(b"[" * 100_000),
        lambda: answer(None),
        lambda: answer([]),
        lambda: answer({}),
        lambda: answer({}, 429, Via="1.1 google"),
        lambda: answer({"retry_after": "soon"}, 429, Via="1.1 google"),
        lambda: answer([], 429, Via="1.1 google"),
    ],
)
async def test_what_is_no_answer_of_discords_may_be_tried_again(
    world: Discord, elsewhere: Callable[[], web.Response]
) -> None:
    world.elsewhere = elsewhere()
    async with connected(world) as adapter:
        with pytest.raises(UnreachableError):
            await adapter.send(channel(HOTEL), Reply(Card("Recap")))


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
        await sender.send(client, channel(HERE), Reply(Card("Recap")))


async def test_once_it_is_connected_there_is_an_invitation(world: Discord) -> None:
    club = Club(world, "bot-token")
    club.gate.set()
    assert club.adapter.way() is None
    async with running(club):
        await world.answers.get()
        way = club.adapter.way()
    assert way is not None
    assert f"client_id={APPLICATION}&" in way.invitation
    assert (way.platform, way.card) == ("Discord", "")
    assert way.to("imola-2021") == way.invitation
    assert club.adapter.way() is None


async def test_a_process_that_only_sends_opens_no_gateway(world: Discord) -> None:
    club = Club(world, "bot-token", answers=False)
    async with running(club):
        while club.adapter.way() is None:
            await club.clock.sleep(0)
        post = await club.adapter.send(Chat(Platform.DISCORD, HERE), Reply(Card("Imola 2021")))
        await club.adapter.edit(post, Reply(Card("Imola 2021", "Lap 31")))
    assert len(world.messages) == len(world.edits) == 1
    assert (world.logins, world.sessions) == (1, 0)


async def test_calls_of_our_own_accord_keep_the_pace_of_all_processes(world: Discord) -> None:
    club = Club(world, "bot-token", answers=False, paced=True)
    async with running(club):
        while club.adapter.way() is None:
            await club.clock.sleep(0)
        for number in range(5):
            await club.adapter.send(Chat(Platform.DISCORD, HERE), Reply(Card(f"Lap {number}")))
    assert club.clock.seconds == 2


async def test_where_discord_wants_no_calls_at_all_none_is_made_by_anybody(world: Discord) -> None:
    wait = {"retry_after": 90.5, "message": "", "global": True}
    said = {"Via": "1.1 google", "X-RateLimit-Global": "true", "Retry-After": "90.5"}
    world.elsewhere = answer(wait, status=429, **said)
    club = Club(world, "bot-token", answers=False, paced=True)
    async with running(club):
        while club.adapter.way() is None:
            await club.clock.sleep(0)
        for channel in (HOTEL, HERE):
            with pytest.raises(SlowDownError) as slow:
                await club.adapter.send(Chat(Platform.DISCORD, channel), Reply(Card("Imola 2021")))
            assert slow.value.seconds == 90.5
    assert world.calls == 1


@pytest.mark.parametrize(
    ("said", "shards"),
    [("auto", [(0, 3), (1, 3), (2, 3)]), ("1-2/16", [(1, 16), (2, 16)]), ("7/8", [(7, 8)])],
)
async def test_each_shard_has_a_connection_of_its_own_and_is_answered(
    world: Discord, said: str, shards: list[tuple[int, int]]
) -> None:
    world.recommended = 3
    club = Club(world, "bot-token", shards=said)
    club.gate.set()
    async with running(club):
        answers = [await world.answers.get() for _ in shards]
    assert world.shards == shards
    assert {heading(answer["data"]["components"]) for answer in answers} == {"Imola 2021"}
    assert club.clock.slept.count(BETWEEN_SHARDS) == len(shards) - 1


async def test_too_few_shards_are_told_in_a_sentence(world: Discord) -> None:
    world.hangs_up_with = 4011
    with pytest.raises(SetUpWronglyError, match="DISCORD_SHARDS=auto"):
        await Club(world, "bot-token", shards="0-1/2").adapter.run()
