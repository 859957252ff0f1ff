import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection
from structlog.testing import capture_logs

from bot.chat.platform import Way
from bot.jobs.relay.bot_addresses import ROUND, KnownAddresses, NotedAddresses
from storage.bot_addresses import BotAddresses
from storage.database.base import Database
from tests.support.clock import HeldClock

TELEGRAM = Way("Telegram", "https://t.me/invented_bot?startgroup", "https://t.me/invented_bot?start=")


@asynccontextmanager
async def running(job: NotedAddresses | KnownAddresses) -> AsyncIterator[None]:
    task = asyncio.create_task(job.run())
    yield
    task.cancel()
    await asyncio.wait({task})


async def renamed(database: Database, before: str, after: str) -> None:
    def rename(connection: Connection) -> None:
        connection.exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")

    await database.write(rename)


async def test_pages_elsewhere_know_a_bot_once_it_is_connected(database: Database) -> None:
    addresses, clock, ways = BotAddresses(database), HeldClock(), list[Way]()
    known = KnownAddresses(addresses, clock)
    assert known() == ()
    async with running(NotedAddresses(addresses, lambda: ways, clock)), running(known):
        await clock.go_on_while(lambda: known() != [])
        ways.append(TELEGRAM)
        await clock.go_on_while(lambda: known() != [TELEGRAM])
        ways[0] = TELEGRAM._replace(invitation="https://t.me/renamed_bot?startgroup")
        await clock.go_on_while(lambda: known() != ways)


async def test_a_database_that_is_away_is_told_once_and_tried_again(database: Database) -> None:
    addresses, clock = BotAddresses(database), HeldClock()
    await renamed(database, "bot_address", "away")
    with capture_logs() as logs:
        noted, known = NotedAddresses(addresses, lambda: [TELEGRAM], clock), KnownAddresses(addresses, clock)
        async with running(noted), running(known):
            began = clock.monotonic()
            await clock.go_on_while(lambda: len(logs) < 2 or clock.monotonic() < began + 3 * ROUND)
            await renamed(database, "away", "bot_address")
            await clock.go_on_while(lambda: known() != [TELEGRAM])
    assert sorted(line["event"] for line in logs) == ["bot_addresses.not_noted", "bot_addresses.not_read"]
