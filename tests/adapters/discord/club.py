"""A simulated Discord: a bot of few words, and a server of fans that it is a member of."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from simcord.builders import ChannelHandle
from simcord.env import Env

from bot.adapters.discord import DiscordAdapter
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.dispatcher import Dispatcher
from bot.chat.replies import Reply, notice
from bot.chat.requests import Request
from bot.chat.throttle import Throttle
from bot.domain.places import Chat, Platform, Post
from tests.adapters.discord.layouts import components_of, heading
from tests.support.clock import FakeClock
from tests.support.forum_posts import NoForumPosts
from tests.support.menus import Menus

TITLE = "Bottas and Russell, Imola 2021"
STORY = Reply(
    Card(TITLE), ((Button("Who was to blame?", "blame", "imola-2021"), Button("Russell", "vote", "russell")),)
)
POLL = Reply(
    Card("Who was to blame?"),
    ((Button("Russell", "vote", "russell"), Button("The story", "crash", "imola-2021")),),
    poll="imola-2021",
)


class Bot:
    """A bot of few words, in its simulated Discord."""

    def __init__(self, limits: Throttle | None = None) -> None:
        self.asked: list[Request] = []
        self.posted: list[tuple[Post, Reply]] = []
        self.menus = Menus()
        self.clock = FakeClock()
        self.gate = asyncio.Event()
        self.env: Env | None = None
        self.commands = (
            Command("crash", "What happened", self.crash, "race, drivers or nickname", "incident", self.suggest),
            Command("help", "What I can do", self.help),
            Command("votes", "What I voted", self.votes),
            Command("blame", "Who was to blame?", self.blame, argument="race", listed=False),
            Command("vote", "Cast a vote", self.vote, argument="choice", listed=False),
            Command("story", "Another story", self.story, listed=False),
            Command("follow", "Post news here", self.follow, posts=True),
            Command("settings", "How news are told", self.settings, "setting", "setting", admin=True),
            Command("subscribe", "What is told", self.subscribe, "topics", "topic", admin=True, posts=True),
        )
        self.dispatcher = Dispatcher(self.commands, limits or Throttle())
        self.adapter = self.restarted()

    def restarted(self) -> DiscordAdapter:
        """An adapter as it is after a restart: it remembers nothing."""
        self.adapter = DiscordAdapter(
            "token", self.dispatcher, self.note, self.menus, NoForumPosts(), patience=0, clock=self.clock
        )
        return self.adapter

    def note(self, post: Post, reply: Reply) -> None:
        self.posted.append((post, reply))

    async def crash(self, request: Request) -> Reply:
        self.asked.append(request)
        if request.argument == "monaco":
            raise UserError("No Monaco crash here yet.", Button("Monza 2021", "crash", "monza-2021"))
        return STORY

    async def story(self, request: Request) -> Reply:
        self.asked.append(request)
        return dataclasses.replace(STORY, separate=True)

    async def help(self, request: Request) -> Reply:
        self.asked.append(request)
        await self.wait()
        return dataclasses.replace(STORY, separate=request.argument != "replace")

    async def blame(self, request: Request) -> Reply:
        self.asked.append(request)
        return dataclasses.replace(POLL, chosen="vote russell" if request.pressed else "")

    async def vote(self, request: Request) -> Reply:
        self.asked.append(request)
        if request.argument == "slowly":
            await self.wait()
        return notice("Your vote counts.")

    async def votes(self, request: Request) -> Reply:
        self.asked.append(request)
        await self.wait()
        return notice("You voted once.")

    async def follow(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(Card("News"), ((Button("Follow", "follow"),),))

    async def settings(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(Card("Settings"), ((Button("Zone", "settings", "zone"), Button("Same", "settings")),))

    async def subscribe(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(
            Card("On: recaps"),
            ((Button("Sprints too", "subscribe", "sprints", turns=True), Button("All incidents", "crash")),),
        )

    async def wait(self) -> None:
        """Wait for the gate; the simulation is told that this is meant to take long."""
        assert self.env is not None
        await self.env.external_wait(self.gate.wait(), reason="the gate is closed")

    def suggest(self, typed: str) -> list[Suggestion]:
        many = [Suggestion(f"Imola {year} – {'x' * 120}", f"imola-{year}") for year in range(1980, 2021)]
        return [Suggestion("Nowhere", "y" * 101), *many] if typed == "i" else []


class Club:
    """A server of fans: Al, Bo who manages it, and the bot."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.owner = env.create_user("olga")
        self.guild = guild = env.create_guild(owner=self.owner)
        self.channel = guild.create_text_channel("general")
        self.al = guild.add_member(env.create_user("al"))
        stewards = guild.create_role("Stewards", permissions=discord.Permissions(manage_guild=True))
        self.bo = guild.add_member(env.create_user("bo"), roles=[stewards])
        self.chat = chat(self.channel)

    def thread(self) -> ChannelHandle:
        """A thread in the channel, begun by Al."""
        self.env.backend.create_thread(self.channel.id, "Imola", self.al.id, broadcast=False)
        return self.channel.threads[-1]

    def last(self, channel: ChannelHandle | None = None) -> discord.Message:
        message = (channel or self.channel).last_message
        assert message is not None
        return message

    def post(self, message: discord.Message) -> Post:
        return Post(self.chat, str(message.id))


def chat(channel: ChannelHandle) -> Chat:
    """A channel as the bot knows it."""
    return Chat(Platform.DISCORD, str(channel.id))


def title(message: Any) -> str:
    """What a message says on top."""
    return heading(components_of(message))


@asynccontextmanager
async def simulated(bot: Bot) -> AsyncIterator[Env]:
    """The bot, connected to a Discord; what failed unnoticed in there fails the test."""
    bot.env = env = Env(bot.adapter.connection())
    await env.start()
    yield env
    bot.gate.set()
    await env.shutdown()
    env._raise_errors_since(env._errors_acknowledged)
