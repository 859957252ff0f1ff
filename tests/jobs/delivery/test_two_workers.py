"""Two processes that deliver from one outbox: nothing arrives twice, and what a dead one had in hand arrives."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.chat.platform import ChatMovedError, ChatUnseenError
from bot.domain.deliveries import State
from bot.domain.places import Chat, Platform
from bot.jobs.delivery.attempts import Attempts
from bot.jobs.delivery.worker import HEARTBEAT, MOST_IN_FLIGHT
from bot.pacing.spacing import Spacing
from storage.database.open import open_database
from storage.taken_deliveries import LEASE
from tests.support.post_office import PostOffice, group, running

pytestmark = pytest.mark.postgresql

CHATS = 300
HOUR = 3600


@pytest.fixture
async def offices(postgresql_url: str) -> AsyncIterator[Sequence[PostOffice]]:
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(running(open_database(postgresql_url))) for _ in range(2)]
        await opened[0].subscribe_new(*(group(number) for number in range(CHATS)))
        yield opened


def arrived(offices: Sequence[PostOffice]) -> Counter[str]:
    """How often each chat was sent something, by whichever process."""
    return Counter(chat for office in offices for chat in office.platform.chats)


async def side_by_side(offices: Sequence[PostOffice]) -> None:
    """Let both look, while time stands still, until everything was sent."""
    while arrived(offices).total() < CHATS:
        await asyncio.wait([asyncio.ensure_future(office.clock.wake()) for office in offices])


async def test_two_share_what_is_due_and_nothing_arrives_twice(offices: Sequence[PostOffice]) -> None:
    await offices[0].announce()
    await side_by_side(offices)
    while {state for _, state in await offices[0].settled()} != {State.SENT}:
        await offices[0].clock.wake()
    assert arrived(offices) == dict.fromkeys((group(number).id for number in range(CHATS)), 1)
    assert all(office.platform.chats for office in offices)


async def test_what_is_being_sent_for_long_is_not_taken_over(offices: Sequence[PostOffice]) -> None:
    slow, quick = offices
    slow.platform.gate.clear()
    await slow.announce()
    await slow.until_busy(MOST_IN_FLIGHT)
    while slow.clock.seconds < 3 * LEASE:
        await slow.clock.wake_in_time(HEARTBEAT)
        quick.clock.set(slow.clock.now())
        await quick.clock.wake()
    slow.platform.gate.set()
    await side_by_side(offices)
    assert set(arrived(offices).values()) == {1}


async def test_what_a_dead_process_had_in_hand_arrives_within_its_lease(offices: Sequence[PostOffice]) -> None:
    dying, other = offices
    dying.platform.gate.clear()
    await dying.announce()
    await dying.until_busy(MOST_IN_FLIGHT)  # and no time passes any more for it
    await other.until(lambda: arrived([other]).total() == CHATS - len(dying.worker._taken))
    other.clock.pass_by(LEASE)
    await other.until(lambda: arrived([other]).total() == CHATS)
    assert set(arrived([other]).values()) == {1}
    dying.platform.gate.set()


@pytest.mark.parametrize("is_known", [False, True])
async def test_what_is_for_a_group_that_has_become_another_arrives_there_at_once(
    postgresql_url: str, *, is_known: bool
) -> None:
    new = Chat(Platform.TELEGRAM, "-100999")
    async with running(open_database(postgresql_url)) as office:
        await office.subscribe(group(1))
        if is_known:
            await office.subscribe(new, topic="sprints")
        office.platform.troubles[group(1).id] = [ChatMovedError(new)]
        await office.announce()
        async with asyncio.timeout(20):
            await office.until(lambda: bool(office.platform.chats))
        assert office.platform.chats == [new.id]


async def test_of_a_chat_that_cannot_be_seen_one_of_both_tells_an_admin(offices: Sequence[PostOffice]) -> None:
    chat = group(CHATS)
    await offices[0].subscribe(chat)
    for office in offices:
        office.platform.troubles[chat.id] = [ChatUnseenError("chat not found")] * 2
    both = [
        (Attempts(office.platform, office.tools, Spacing(office.clock)), await office.announce(f"race {number}"))
        for number, office in enumerate(offices)
    ]
    for _ in range(2):
        due = await offices[0].outbox.due(chat.platform, offices[0].clock.now(), 3 * CHATS)
        given = {each.announcement_id: each for each in due if each.chat == chat}
        await asyncio.gather(*(attempts.attempt(given[race.id]) for attempts, race in both))
        for office in offices:
            office.clock.pass_by(HOUR)
    assert [told for office in offices for told, _title in office.platform.told_admin] == [chat.id]


async def test_an_outage_is_one_line_without_a_trace(
    offices: Sequence[PostOffice], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = offices[0]
    office.platform.gate.clear()
    await office.announce()
    await office.until_busy(MOST_IN_FLIGHT)

    async def refuse(*_: object) -> None:
        raise OperationalError("UPDATE delivery", {}, OSError("the server is away"))

    with monkeypatch.context() as patched, capture_logs() as logs:
        patched.setattr(office.worker._outbox, "hold", refuse)
        until = office.clock.seconds + 3 * HEARTBEAT
        while office.clock.seconds < until:
            await office.clock.wake_in_time(HEARTBEAT)
    said = [line for line in logs if line["event"] == "delivery.not_held"]
    assert [line["exc_info"] for line in said] == [False]
    assert "the server is away" in said[0]["reason"]
    office.platform.gate.set()
