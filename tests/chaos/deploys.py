"""A night in which a race is told and people vote while processes of the version before are replaced by this one's."""

import asyncio
import datetime as dt
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.race_weekend import Said, begin, chats, race
from tests.adapters.telegram.bot_api import BotApi, typed
from tests.chaos.fleet import Crowd, Fleet, Member, group_of
from tests.chaos.nights import Night
from tests.chaos.server_troubles import racing_server
from tests.chaos.telling import told, with_recaps
from tests.support.command_line import ROOT
from tests.support.earlier_version import unpack, version_before
from tests.support.live_timing_server import LiveTimingServer

GROUPS = chats(6, 0)
TOPICS = ("incidents", "rulings")
ROLES = ("telegram", "deliver", "season,race-control")
"""What each of the processes does that are replaced."""

FEW = 20
"""Votes that are to come in afterwards, so that somebody is seen to take them."""

ADMIN_ID = 7
ADMIN = {"id": ADMIN_ID, "is_bot": False, "first_name": "Al", "language_code": "en"}


def deployed(random: Random, _hard: float) -> Night:
    """The version before is replaced amid a race, one process after the other; nobody is to notice."""
    newest = version_before()
    assert newest is not None
    with TemporaryDirectory() as folder, racing_server() as (_server, url):
        before = Path(folder) / "before"
        unpack(newest, before)
        return asyncio.run(_deployed(Path(folder), before, url, random))


async def _deployed(folder: Path, before: Path, url: str, random: Random) -> Night:
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(BotApi())
        track = await stack.enter_async_context(LiveTimingServer())
        starts_at = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(minutes=1)
        await begin(track, "Race", 9001, starts_at)
        fleet = Fleet(folder, url, api, RACE_CONTROL="live-timing", LIVE_TIMING_URL=track.url)
        stack.push_async_callback(fleet.end)
        running = {roles: await fleet.start(roles, before) for roles in ROLES}
        await _subscribe(api)
        await track.listened_to()
        crowd = Crowd(api, GROUPS, random)
        voting = asyncio.create_task(crowd.vote())
        stack.callback(voting.cancel)
        mistakes = await _raced(track, fleet, running, race(starts_at), random)
        await told(GROUPS, api)
        await crowd.more(FEW)
        voting.cancel()
        for member in running.values():
            mistakes += _ended(await member.stop())
        crowd.listen()
        night = with_recaps(await crowd.count(url), GROUPS, api)
        return night.also(mistakes, fleet.lines)


async def _subscribe(api: BotApi) -> None:
    """An admin of each group asks for what a race brings; what is answered is forgotten."""
    api.members[ADMIN_ID] = "creator"
    for chat in GROUPS:
        await api.deliver(*(typed(f"/subscribe {topic}", group_of(chat), ADMIN) for topic in TOPICS))
    await api.called("sendMessage", len(GROUPS) * len(TOPICS))
    api.shown.clear()


async def _raced(
    track: LiveTimingServer, fleet: Fleet, running: dict[str, Member], script: list[Said], random: Random
) -> list[str]:
    """Tell a race while each process is replaced once, at some moment; what was wrong with those that were stopped."""
    moments = dict(zip(random.sample(range(len(script)), len(ROLES)), random.sample(ROLES, len(ROLES)), strict=True))
    mistakes = []
    for number, said in enumerate(script):
        await track.say(said.text, lap=said.lap, at=said.at, category=said.category, **said.more)
        await asyncio.sleep(random.random())
        if (roles := moments.get(number)) is not None:
            mistakes += await _replace(fleet, running, roles, overlap=random.random() < 1 / 2)
    return mistakes


async def _replace(fleet: Fleet, running: dict[str, Member], roles: str, *, overlap: bool) -> list[str]:
    """Replace a process: either its successor is started first, or it is stopped first."""
    before, code = running[roles], None
    if not overlap:
        code = await before.stop()
    running[roles] = await fleet.start(roles, ROOT)
    if overlap:
        code = await before.stop()
    return _ended(code)


def _ended(code: int | None) -> list[str]:
    return [f"a process that was asked to stop ended with {code}"] * (code != 0)


DEPLOYING = {"version before replaced amid a race": deployed}
"""Where there is a history of the project to take it from."""
