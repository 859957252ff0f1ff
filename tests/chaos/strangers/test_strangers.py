"""A few hundred strangers on each way; `make chaos` has 100,000."""

from random import Random

from bot.app.settings import Settings
from bot.domain.places import User
from bot.search.words import split
from tests.chaos.strangers import discord, feeds, telegram
from tests.chaos.strangers.oddities import garbled
from tests.chaos.strangers.visits import VOTE, a_core, compared, rows
from tests.support.conversation import Conversation

FEW = 400


async def test_strangers_on_telegram(settings: Settings) -> None:
    visits = await telegram.visit(settings, FEW, seed=1)
    assert visits.well, visits
    assert visits.answered > FEW / 4
    assert visits.friends_answered == FEW / telegram.AT_ONCE


async def test_strangers_on_discord(settings: Settings) -> None:
    visits = await discord.visit(settings, FEW, seed=1)
    assert visits.well, visits
    assert visits.answered > FEW / 4
    assert visits.friends_answered == FEW / discord.AT_ONCE


async def test_feeds_that_talk_nonsense() -> None:
    visits = await feeds.visit(FEW, seed=1)
    assert visits.well, visits
    assert 0 < visits.answered < FEW


async def test_a_vote_that_a_stranger_slipped_in_would_be_seen(settings: Settings, al: User) -> None:
    async with a_core(settings):
        pass
    before = await rows(settings)
    async with a_core(settings) as core:
        await Conversation(core).ask("/vote imola-2021 all-russell", al)
    assert compared(before, await rows(settings)).keys() >= {"vote", "poll_tally", "chat_tally"}


def test_words_are_never_the_same_ones_once_they_are_garbled() -> None:
    random = Random(1)
    assert all(split(garbled(random, VOTE)) != split(VOTE) for _ in range(5_000))
