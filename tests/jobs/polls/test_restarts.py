"""What messages show is stored: a restart edits what moved meanwhile, and forgets none that was pressed last."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.places import Chat, Platform, Post
from bot.events import PollMoved
from bot.jobs.polls.moving_poll import PAGE
from bot.jobs.polls.old_messages import OldMessages
from bot.jobs.polls.shown_messages import IN_USE
from bot.search.catalogue import Incidents
from storage.ballot_box import Ballot
from storage.posts import KEPT
from tests.jobs.polls.test_tally_board import GRANDSTAND, PIT_WALL, Stadium, stadium
from tests.storage.booth import showing
from tests.support.overheard import overheard

A_DAY = dt.timedelta(days=1)


@asynccontextmanager
async def counting_commits() -> AsyncIterator[list[object]]:
    """An entry for each transaction that is committed while this lasts."""
    commits: list[object] = []

    def note(connection: object) -> None:
        commits.append(connection)

    with overheard("commit", note):
        yield commits


async def test_after_a_restart_only_what_moved_is_edited(data_dir: Path, incidents: Incidents) -> None:
    async with stadium(data_dir, incidents) as before:
        posts = [before.post(Chat(Platform.TELEGRAM, str(-number)), "1") for number in range(1, PAGE + 21)]
        moved = before.post(PIT_WALL, "1")
        await before.stored(len(posts) + 1)
        await before.vote(7, GRANDSTAND)
        await before.until(lambda: len(before.telegram.edits) == len(posts) + 1)
        await before.settle()
    async with stadium(data_dir, incidents) as unmoved:
        await unmoved.until(lambda: len(unmoved.clock.slept) == 2)  # a page each
        await unmoved.settle()
        assert unmoved.telegram.tried == []
        await unmoved.box.cast(Ballot(unmoved.poll, unmoved.poll.choices[0], 8, PIT_WALL))
        await unmoved.box.cast(Ballot(unmoved.poll, None, 7, GRANDSTAND))
    async with stadium(data_dir, incidents) as after:
        await after.until(lambda: bool(after.telegram.edits))
        await after.settle()
        assert [post for _, post, _ in after.telegram.edits] == [moved], "everywhere it is one vote, as before"


async def test_where_the_end_came_amid_an_edit_the_message_is_edited_again(
    data_dir: Path, incidents: Incidents
) -> None:
    async with stadium(data_dir, incidents) as before:
        post = before.post(PIT_WALL, "1")
        await before.stored(1)
        before.telegram.gate.clear()
        await before.vote(7)
        await before.telegram.edited(1)
        await before.box.cast(Ballot(before.poll, None, 7, PIT_WALL))  # as it was; what the message shows is not
    async with stadium(data_dir, incidents) as after:
        await after.telegram.edited(1)
        await after.settle()
        assert after.telegram.showing(post) == "here 0, everywhere 0"


async def test_what_was_pressed_just_before_the_end_is_not_forgotten(data_dir: Path, incidents: Incidents) -> None:
    posts = [Post(Chat(Platform.TELEGRAM, str(-number)), "1") for number in range(1, 1_001)]
    async with counting_commits() as commits:
        async with stadium(data_dir, incidents) as before:
            before_the_storm = len(commits)
            for post in posts:
                before.events.publish(PollMoved(before.poll.incident_id, post))
        assert len(commits) - before_the_storm < 10, "stored together"
    async with stadium(data_dir, incidents) as after:
        assert {*await showing(after.posts, after.poll)} == {*posts}


async def test_an_old_message_is_left_alone_until_it_is_pressed(world: Stadium) -> None:
    old, in_use = world.post(PIT_WALL, "1"), world.post(GRANDSTAND, "1")
    await world.stored(2)
    world.clock.pass_by(KEPT - A_DAY)
    assert A_DAY.total_seconds() >= IN_USE
    world.events.publish(PollMoved(world.poll.incident_id, in_use))
    await world.settle()
    world.clock.pass_by(2 * A_DAY)
    forgetting = asyncio.create_task(OldMessages(world.posts, world.clock).run())
    await world.stored(1)
    forgetting.cancel()
    assert await showing(world.posts, world.poll) == [in_use]
    await world.vote(7, pressed=old)
    await world.settle()
    assert world.telegram.showing(old) == "here 1, everywhere 1"


@pytest.fixture
async def world(data_dir: Path, incidents: Incidents) -> AsyncIterator[Stadium]:
    async with stadium(data_dir, incidents) as built:
        yield built
