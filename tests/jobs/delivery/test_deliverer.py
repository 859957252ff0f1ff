import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.events import Events
from bot.jobs.delivery.deliverer import SAVED_UP, Deliverer
from storage.chats import Chats
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from tests.support.post_office import PostOffice, group

A_SECOND = 8
AT_ONCE = 1 + int(SAVED_UP * A_SECOND)


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[PostOffice]:
    """A post office where nobody is at work yet, on a platform that takes so many messages a second."""
    database = open_database(sqlite_url)
    await database.upgrade()
    office = PostOffice(database, await Chats.open(database, HandledUpdates(database)))
    office.platform.deliveries_a_second = A_SECOND
    writing = asyncio.create_task(office.outbox.run())
    yield office
    await office.outbox.close()
    await writing
    await database.close()


async def test_a_second_s_messages_go_out_at_once_and_the_others_evenly(office: PostOffice) -> None:
    await office.subscribe_new(*(group(number) for number in range(AT_ONCE + A_SECOND)))
    await office.announce()
    deliverer = Deliverer(office.tools, Events())
    delivering = asyncio.create_task(deliverer.run({office.platform.platform: office.platform}))
    await office.platform.until(lambda: len(office.platform.sent) == AT_ONCE)
    assert office.clock.seconds == 0
    await office.clock.go_on_while(lambda: len(office.platform.sent) < AT_ONCE + A_SECOND)
    assert office.clock.seconds >= 1
    delivering.cancel()
    await asyncio.wait({delivering})
