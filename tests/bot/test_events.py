import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.places import Chat, Platform, Post
from bot.domain.sessions import SessionKind
from bot.events import (
    MOST_WAITING,
    CalendarChanged,
    Events,
    Missed,
    PollMoved,
    ResultStored,
    Subscription,
    WishLookedUp,
)

PIT_WALL = Chat(Platform.TELEGRAM, "-1001")


class Listener:
    """Somebody who listens: what they heard, in order."""

    def __init__(self, subscription: Subscription[Any]) -> None:
        self.heard: list[object] = []
        self._subscription = subscription

    async def listen(self) -> None:
        async for event in self._subscription:
            self.heard.append(event)

    async def has_heard(self) -> list[object]:
        """All that was heard so far, once nothing waits any more."""
        for _tick in range(3):
            await asyncio.sleep(0)
        return self.heard


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
async def listener(events: Events) -> AsyncIterator[Listener]:
    listener = Listener(events.subscribe(PollMoved))
    listening = asyncio.create_task(listener.listen())
    yield listener
    listening.cancel()


async def test_who_subscribed_hears_what_is_published_in_its_order(events: Events, listener: Listener) -> None:
    moves = [PollMoved(incident) for incident in ("imola-2021", "baku-2018", "monza-2021")]
    for move in moves:
        events.publish(move)
    assert await listener.has_heard() == moves
    events.publish(moves[0])
    assert await listener.has_heard() == [*moves, moves[0]]


async def test_what_comes_before_anybody_listens_waits(events: Events) -> None:
    subscription = events.subscribe(PollMoved)
    events.publish(PollMoved("imola-2021"))
    async for event in subscription:
        assert event == PollMoved("imola-2021")
        break


async def test_equal_events_that_wait_are_one(events: Events, listener: Listener) -> None:
    posts = [Post(PIT_WALL, "1"), Post(PIT_WALL, "2"), None]
    for _vote in range(100):
        for post in posts:
            events.publish(PollMoved("imola-2021", post))
    assert await listener.has_heard() == [PollMoved("imola-2021", post) for post in posts]


async def test_each_kind_is_heard_by_those_who_asked_for_it(events: Events, listener: Listener) -> None:
    other, third = Listener(events.subscribe(WishLookedUp)), Listener(events.subscribe(WishLookedUp))
    stored: Subscription[ResultStored | CalendarChanged] = events.subscribe(ResultStored, CalendarChanged)
    both = Listener(stored)
    listening = [asyncio.create_task(each.listen()) for each in (other, third, both)]
    events.publish(WishLookedUp("1988"))
    events.publish(ResultStored("1988-japanese-grand-prix", SessionKind.RACE))
    assert await listener.has_heard() == []
    assert await other.has_heard() == await third.has_heard() == [WishLookedUp("1988")]
    events.publish(CalendarChanged(2021))
    events.publish(WishLookedUp("1989"))
    assert await both.has_heard() == [
        ResultStored("1988-japanese-grand-prix", SessionKind.RACE),
        CalendarChanged(2021),
    ], "in their order, whatever their kind"
    for each in listening:
        each.cancel()


async def test_a_slow_listener_is_told_that_it_missed_something_and_hears_what_comes_after(
    events: Events, listener: Listener
) -> None:
    for number in range(MOST_WAITING + 3):
        events.publish(PollMoved(f"{number}"))
    heard = await listener.has_heard()
    assert heard == [Missed(), PollMoved(f"{MOST_WAITING + 1}"), PollMoved(f"{MOST_WAITING + 2}")]
    events.publish(PollMoved("imola-2021"))
    assert (await listener.has_heard())[-1] == PollMoved("imola-2021")
