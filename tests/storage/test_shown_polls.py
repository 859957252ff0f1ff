"""Polls that were pushed: that a message shows one, and that its delivery has arrived, is one transaction."""

import asyncio

import pytest
from sqlalchemy import Connection, select

from bot.domain.deliveries import Outcome, PollShown, State
from bot.domain.places import Chat, Platform, Post
from bot.domain.polls import Poll
from storage import tables
from storage.chat_moves import ChatMoves
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.outbox import Outbox
from storage.polls import Polls
from storage.posts import Posts, Shows
from storage.shown_polls import ShownPolls
from tests.storage.booth import GRANDSTAND, PIT_WALL, showing
from tests.support.sorting_office import RACE_DAY, SortingOffice, emptied


@pytest.fixture
def posts(database: Database, chats: Chats) -> Posts:
    return Posts(database, chats)


@pytest.fixture
def imola(polls: Polls) -> Poll:
    return next(poll for poll in polls if poll.incident_id == "imola-2021")


async def arrived(office: SortingOffice) -> list[Outcome]:
    """What becomes of a poll that two chats are told: both have it."""
    await office.subscribe(PIT_WALL, GRANDSTAND)
    await office.tell()
    due = await office.due()
    return [Outcome(each, State.SENT, RACE_DAY, f"m{each.chat_id}", shows=PollShown("imola-2021")) for each in due]


async def test_a_pushed_poll_is_known_once_it_has_arrived_however_often_that_is_said(
    office: SortingOffice, posts: Posts, imola: Poll
) -> None:
    outcomes = await arrived(office)
    for _ in range(2):
        await asyncio.gather(*(office.outbox.settle(each) for each in outcomes))
    shown = [Post(each.delivery.chat, f"m{each.delivery.chat_id}") for each in outcomes]
    assert {*await showing(posts, imola)} == {*shown}
    assert len(await showing(posts, imola)) == len(shown)


async def test_two_processes_that_settle_the_same_at_once_note_it_once(
    office: SortingOffice, database: Database, posts: Posts, imola: Poll
) -> None:
    outcomes = await arrived(office)
    async with emptied(Outbox(database)) as theirs:
        both = (office.outbox, theirs)
        await asyncio.gather(*(outbox.settle(each) for each in outcomes for outbox in both))
    assert len(await showing(posts, imola)) == len(outcomes)


async def test_of_messages_of_one_number_in_a_group_and_in_the_one_that_it_became_the_last_counts(
    database: Database, chats: Chats, posts: Posts, polls: Polls
) -> None:
    """A supergroup counts its messages anew; PostgreSQL refused all that was put down together with the two."""
    imola, monza, *_others = polls
    bigger = Chat(Platform.TELEGRAM, "-100777")
    await chats.ids([PIT_WALL])
    await ChatMoves(database, chats).move(PIT_WALL, bigger)
    await posts.note(
        Shows(Post(PIT_WALL, "1"), imola), Shows(Post(bigger, "1"), monza), Shows(Post(bigger, "2"), imola)
    )
    assert await showing(posts, imola) == [Post(bigger, "2")]
    assert await showing(posts, monza) == [Post(bigger, "1")]


async def test_where_it_cannot_be_noted_the_delivery_has_not_arrived(
    office: SortingOffice, posts: Posts, imola: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = await arrived(office)

    def power_cut(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as dark:
        dark.setattr(ShownPolls, "note", power_cut)
        said = await asyncio.gather(*(office.outbox.settle(each) for each in outcomes), return_exceptions=True)
    assert all(isinstance(each, OSError) for each in said)
    assert await showing(posts, imola) == []
    await asyncio.gather(*(office.outbox.settle(each) for each in outcomes))
    assert len(await showing(posts, imola)) == len(outcomes)


@pytest.mark.usefixtures("imola")
async def test_where_polls_close_by_the_clock_its_time_runs_from_its_arrival(
    office: SortingOffice, database: Database, chats: Chats
) -> None:
    await SettingsStore(database, chats, HandledUpdates(database)).change(PIT_WALL, closing_hours=24)
    for outcome in await arrived(office):
        await office.outbox.settle(outcome)

    def running(connection: Connection) -> list[int | None]:
        return list(connection.scalars(select(tables.chat_poll.c.opened_at)))

    assert await database.read(running) == [int(RACE_DAY.timestamp())]
