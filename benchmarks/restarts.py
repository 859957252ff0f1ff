"""SIGTERM amid a storm of presses, each below a message of its own; and what a restart edits where nothing moved."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from benchmarks.figure import Figure
from bot.app.compose import open_core
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.chat.requests import Request
from bot.domain.places import Chat, Platform, Post, User
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from storage.posts import Posts
from tests.support.platform_double import PlatformDouble

PRESSED = 20_000
SHOWN = 3_000
LOOKED_THROUGH = 10.0
"""Seconds that a restart has to look through the messages: three for 30 pages, and the pause of the last one."""


class Storm(NamedTuple):
    """How long the end took, in seconds, and how many of the pressed messages are known afterwards to show the poll."""

    seconds: float
    known: int


def figures() -> list[Figure]:
    """The end amid a storm, and the edits of a restart."""
    with TemporaryDirectory() as folder:
        storm = asyncio.run(_storm(Settings(data_dir=Path(folder), jolpica_url=None, f1db_url=None)))
    with TemporaryDirectory() as folder:
        edits = asyncio.run(_restarted(Settings(data_dir=Path(folder), jolpica_url=None, f1db_url=None)))
    return [
        Figure.at_most("SIGTERM amid 20,000 pressed messages", storm.seconds, "s", 5),
        Figure.at_most("  … of them forgotten", PRESSED - storm.known, "", 0),
        Figure.at_most("edits of a restart with 3,000 messages, none of which moved", edits, "", 0),
    ]


def _message(number: int) -> Post:
    return Post(Chat(Platform.TELEGRAM, str(-number)), "1")


async def _storm(settings: Settings) -> Storm:
    """Press so many buttons at once, end as SIGTERM does once the votes are acknowledged, and look what is known."""
    async with open_core(settings, Incidents.load()) as core:
        core.join(PlatformDouble(clock=SystemClock()))
        await asyncio.gather(*(_press(core, number) for number in range(1, PRESSED + 1)))
        started = perf_counter()
    seconds = perf_counter() - started
    async with open_core(settings, Incidents.load()) as core:
        return Storm(seconds, await _known(core))


async def _press(core: Core, number: int) -> None:
    post, fan = _message(number), User(Platform.TELEGRAM, str(number))
    await core.dispatcher.dispatch(Request("vote", "imola-2021 all-russell", fan, post.chat, pressed=post))


async def _known(core: Core) -> int:
    poll, posts, before, known = core.stored.polls.get("imola-2021"), _posts(core), None, 0
    assert poll is not None
    while page := await posts.showing(poll, Platform.TELEGRAM, before, PRESSED):
        known, before = known + len(page), page[-1].number
    return known


def _posts(core: Core) -> Posts:
    return Posts(core.stored.database, core.stored.chats)


async def _restarted(settings: Settings) -> int:
    """Show a poll in so many groups, end, begin again, and count the edits."""
    async with open_core(settings, Incidents.load()) as core:
        for number in range(1, SHOWN + 1):
            post = _message(number)
            asked = Request("blame", "imola", User(Platform.TELEGRAM, str(number)), post.chat)
            reply = await core.dispatcher.dispatch(asked)
            assert reply is not None
            core.posted(post, reply)
    platform = PlatformDouble(clock=SystemClock())
    async with open_core(settings, Incidents.load()) as core:
        core.join(platform)
        await asyncio.sleep(LOOKED_THROUGH)
        assert await _known(core) == SHOWN
    return len(platform.tried)
