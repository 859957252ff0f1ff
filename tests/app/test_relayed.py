"""Telegram and Discord in two processes on one PostgreSQL database: neither knows less than the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from bot.app.compose import open_core
from bot.app.settings import Settings
from bot.domain.places import Platform, Post, User
from bot.search.catalogue import Incidents
from tests.support.clock import IMOLA_EVENING, RacingClock
from tests.support.conversation import GRANDSTAND, PADDOCK, Conversation, patience, votes
from tests.support.incidents import catalogue
from tests.support.platform_double import PlatformDouble

pytestmark = pytest.mark.postgresql

FAN, BOSS = User(Platform.TELEGRAM, "7"), User(Platform.TELEGRAM, "1")
SHOWN = Post(PADDOCK, "9")


@dataclass(frozen=True, slots=True)
class Process:
    """A bot with one platform."""

    bot: Conversation
    platform: PlatformDouble
    clock: RacingClock


@asynccontextmanager
async def process(settings: Settings, incidents: Incidents, name: Platform) -> AsyncIterator[Process]:
    """A bot with one platform, while it runs."""
    clock = RacingClock(IMOLA_EVENING)
    async with open_core(settings, incidents, limits=patience(), clock=clock) as core:
        platform = PlatformDouble(name, clock)
        core.join(platform)
        yield Process(Conversation(core), platform, clock)


@pytest.fixture
def shared(settings: Settings, postgresql_url: str) -> Settings:
    return replace(settings, database_url=postgresql_url)


@pytest.fixture
async def telegram(shared: Settings, incidents: Incidents) -> AsyncIterator[Process]:
    async with process(shared, incidents, Platform.TELEGRAM) as telegram:
        yield telegram


@pytest.fixture
async def discord(shared: Settings) -> AsyncIterator[Process]:
    async with process(shared, catalogue(), Platform.DISCORD) as started:
        yield started


async def test_a_vote_on_telegram_moves_the_message_on_discord(telegram: Process, discord: Process) -> None:
    poll = await discord.bot.ask("/blame imola", User(Platform.DISCORD, "5"), PADDOCK)
    discord.bot.core.posted(SHOWN, poll)
    await telegram.bot.ask("/vote imola-2021 mostly-russell", FAN, GRANDSTAND)
    await discord.platform.until(lambda: SHOWN in discord.platform.messages)
    moved = discord.platform.shown(SHOWN)
    assert moved
    assert any("1" in words for words in votes(moved).values())


async def test_what_admins_chose_in_one_process_is_heard_by_the_other(telegram: Process, discord: Process) -> None:
    await telegram.bot.ask("/settings language de", BOSS, GRANDSTAND)
    await telegram.bot.ask("/polls off", BOSS, GRANDSTAND)
    chats = discord.bot.core.stored.chats
    await discord.clock.go_on_while(lambda: not chats.polls_off(GRANDSTAND))
    assert chats.language(GRANDSTAND) == "de"
