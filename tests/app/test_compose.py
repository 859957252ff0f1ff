import asyncio
import importlib
import inspect
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app.compose import open_core
from bot.app.pages import open_site
from bot.app.settings import Settings
from bot.chat.dispatcher import TOO_FAST
from bot.chat.requests import Request
from bot.chat.throttle import Rate, Throttle
from bot.domain.places import Platform, Post, User
from bot.search.catalogue import Incidents
from storage.database.base import CannotOpenError
from storage.database_clock import DatabaseClock, server_now
from storage.voter_secret import SecretError
from tests.support.clock import FakeClock, HeldClock
from tests.support.conversation import PIT_WALL, Conversation, conversation
from tests.support.platform_double import PlatformDouble


async def test_the_first_minute_of_a_fan(bot: Conversation, al: User) -> None:
    story = await bot.ask("/crash imola", al)
    poll = await bot.press(story, "Who was to blame?", al)
    receipt = await bot.press(poll, "Mostly Russell", al)
    verdict = await bot.press(poll, "Did they get it right?", al)
    assert receipt.private
    (fans,), (everyone,) = verdict.card.votes, receipt.card.votes
    assert (fans.name, everyone.name) == ("Fans, after the ruling", "Everywhere")
    assert fans.steps == everyone.steps


async def test_a_vote_moves_the_message_that_was_pressed(bot: Conversation, al: User) -> None:
    telegram = PlatformDouble()
    bot.core.join(telegram)
    post = Post(PIT_WALL, "1")
    bot.core.board.posted(post, await bot.ask("/blame imola", al))
    await bot.send("vote imola-2021 all-russell", al)
    await telegram.edited(1)
    reply = telegram.shown(post)
    assert reply
    assert reply.poll == "imola-2021"
    assert [step.label for each in reply.card.votes for step in each.steps if step.votes] == ["all Russell"]


async def test_votes_still_in_the_queue_are_counted_before_the_bot_leaves(
    settings: Settings, incidents: Incidents
) -> None:
    voters = [User(Platform.TELEGRAM, str(number)) for number in range(20)]
    async with open_core(settings, incidents) as core:
        requests = [Request("vote", "imola-2021 all-russell", voter, PIT_WALL) for voter in voters]
        answering = [asyncio.ensure_future(core.dispatcher.dispatch(request)) for request in requests]
        await asyncio.sleep(0)  # each has dropped its ballot in by now, and none is counted
    assert all(receipt is not None and receipt.private for receipt in await asyncio.gather(*answering))
    async with conversation(settings, incidents) as bot:
        poll = await bot.ask("/blame imola", voters[0])
    assert [each.cast for each in poll.card.votes] == [20]


async def test_who_is_too_fast_is_told_once(settings: Settings, incidents: Incidents, al: User, bo: User) -> None:
    limits = Throttle(FakeClock(), person=Rate(burst=2, a_second=1))
    async with open_core(settings, incidents, limits=limits) as core:
        asked = Request("crash", "imola", al, PIT_WALL)
        replies = [await core.dispatcher.dispatch(asked) for _ in range(4)]
        assert [reply and reply.card.title for reply in replies[2:]] == [TOO_FAST, None]
        others = await core.dispatcher.dispatch(Request("crash", "imola", bo, PIT_WALL))
        assert others is not None
        assert not others.private


async def test_the_data_folder_is_made_where_there_is_none(settings: Settings, incidents: Incidents) -> None:
    deeper = replace(settings, data_dir=settings.data_dir / "not" / "yet")
    async with open_core(deeper, incidents):
        assert (deeper.data_dir / "racing-incident.db").exists()


async def test_a_voters_secret_that_others_can_read_is_not_used(settings: Settings, incidents: Incidents) -> None:
    secret = settings.data_dir / "voter-secret"
    secret.write_bytes(b"x" * 32)
    secret.chmod(0o644)
    with pytest.raises(SecretError, match="chmod 600"):
        async with open_core(settings, incidents):
            pass


async def test_a_folder_that_cannot_be_made_is_named(incidents: Incidents) -> None:
    with pytest.raises(CannotOpenError, match="The folder /dev/null/data cannot be made: Not a directory"):
        async with open_core(Settings(data_dir=Path("/dev/null/data")), incidents):
            pass


@pytest.mark.postgresql
async def test_on_a_server_the_bot_goes_by_the_servers_clock(
    settings: Settings, incidents: Incidents, postgresql_url: str
) -> None:
    settings = replace(settings, database_url=postgresql_url, web_url="https://f1.example")
    clock = DatabaseClock(HeldClock())  # by its own it would be an evening of long ago
    async with open_core(settings, incidents, clock=clock) as core:
        assert core.parts.clock is clock
        now = await core.stored.database.read(lambda connection: connection.scalar(select(server_now())) or 0)
        assert clock.now().timestamp() == pytest.approx(now, abs=60)
    visitor = DatabaseClock(HeldClock())
    async with open_site(settings, incidents, visitor) as site:
        assert site.clock.now().timestamp() == pytest.approx(now, abs=60)


@pytest.mark.parametrize("module", ["bot.app.lifecycle", "bot.app.terminal", "bot.cli.operate"])
def test_whoever_shares_a_database_has_a_clock_that_follows_it(module: str) -> None:
    source = inspect.getsource(importlib.import_module(module))
    assert source.count("SystemClock()") == source.count("DatabaseClock(SystemClock())") > 0
