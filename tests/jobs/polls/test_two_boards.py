"""Two processes that edit on one database: each message is edited by one of them, and all end on the last state."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import pytest

from bot.domain.places import Chat, Platform, Post
from bot.events import PollMoved
from bot.jobs.polls.moving_poll import PAGE
from bot.search.catalogue import Incidents
from storage.ballot_box import Ballot
from storage.database.open import open_database
from storage.post_claims import CLAIM
from tests.jobs.polls.test_tally_board import GRANDSTAND, PIT_WALL, Stadium, running

pytestmark = pytest.mark.postgresql


@pytest.fixture
async def stadiums(postgresql_url: str, incidents: Incidents) -> AsyncIterator[Sequence[Stadium]]:
    async with AsyncExitStack() as stack:
        both = [await stack.enter_async_context(running(open_database(postgresql_url), incidents)) for _ in range(2)]
        for each in both:  # each has looked what is shown, or the other may yet find and edit what is posted meanwhile
            await each.board._messages.polls()
        yield both


class Both:
    """Two processes at work side by side; what one counts the other is told."""

    def __init__(self, stadiums: Sequence[Stadium]) -> None:
        self.first, self.second = stadiums

    async def vote(self, voter: int, chat: Chat = PIT_WALL, pressed: Post | None = None) -> None:
        """Somebody votes at the first."""
        await self.first.vote(voter, chat, pressed)
        self.second.events.publish(PollMoved(self.first.poll.incident_id))

    async def settle(self) -> None:
        """Let time pass in both until neither has anything more to do."""
        while any(each.board._moving or each.board._moves._waiting for each in (self.first, self.second)):
            await asyncio.sleep(0)
            for each in (self.first, self.second):
                each.clock.move_on()

    @property
    def edits(self) -> list[tuple[Post, str]]:
        """What was edited to what, by either."""
        return [(post, said) for each in (self.first, self.second) for _, post, said in each.telegram.edits]


@pytest.fixture
def both(stadiums: Sequence[Stadium]) -> Both:
    return Both(stadiums)


async def test_each_message_is_edited_once(both: Both) -> None:
    posts = [both.first.post(Chat(Platform.TELEGRAM, str(-number)), "1") for number in range(1, 2 * PAGE + 21)]
    await both.first.stored(len(posts))
    await both.vote(7, GRANDSTAND, posts[0])
    await both.settle()
    assert sorted(both.edits, key=str) == sorted(((post, "here 0, everywhere 1") for post in posts), key=str)


async def test_whichever_counts_all_end_on_the_last_state(both: Both) -> None:
    both.second.screens[Platform.TELEGRAM] = both.first.telegram  # so that it is seen who comes last
    here, there = both.first.post(PIT_WALL, "1"), both.second.post(GRANDSTAND, "1")
    await both.first.stored(2)
    for voter in range(12):
        await both.vote(voter, pressed=here)
        for _ in range(voter % 5):
            await asyncio.sleep(0)
            both.first.clock.move_on()
            both.second.clock.move_on()
    await both.settle()
    assert both.first.telegram.showing(here) == "here 12, everywhere 12"
    assert both.first.telegram.showing(there) == "here 0, everywhere 12"


async def test_what_a_dead_process_had_in_hand_is_edited_by_the_other(both: Both) -> None:
    post = both.first.post(PIT_WALL, "1")
    await both.first.stored(1)
    both.first.telegram.gate.clear()  # it hangs amid the edit, and never comes back
    await both.first.vote(7, pressed=post)
    await both.first.telegram.edited(1)
    both.second.events.publish(PollMoved(both.first.poll.incident_id))
    await both.second.until(lambda: bool(both.second.telegram.edits))
    assert both.second.telegram.showing(post) == "here 1, everywhere 1"
    assert CLAIM <= both.second.clock.seconds <= CLAIM + 10


async def test_a_message_that_another_turned_to_something_else_is_left_alone(both: Both) -> None:
    post = both.first.post(PIT_WALL, "1")
    await both.first.stored(1)
    both.second.board._messages.turned(post)
    await both.first.stored(0)
    both.first.clock.pass_by(CLAIM)
    await both.vote(7, GRANDSTAND)
    await both.settle()
    assert both.edits == []


async def test_whoever_missed_something_looks_at_what_others_have_shown_as_well(both: Both) -> None:
    post = both.first.post(PIT_WALL, "1")
    await both.first.stored(1)
    await both.first.box.cast(Ballot(both.first.poll, both.first.poll.choices[0], 7, PIT_WALL))  # and dies untold
    both.second.events.miss(PollMoved)
    await both.second.until(lambda: bool(both.second.telegram.edits))
    assert both.second.telegram.showing(post) == "here 1, everywhere 1"
