"""The bot's deliveries in a process of their own, over its real adapters, until all is told or it is killed."""

import asyncio
import datetime as dt
import logging
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import structlog
from sqlalchemy import Connection, func, select

from benchmarks import audience
from bot.adapters.discord import DiscordAdapter
from bot.adapters.telegram import TelegramAdapter
from bot.dispatch import Dispatcher
from bot.jobs.deliverer import TELEGRAM_CHAT_GAP, Deliverer
from bot.jobs.flow import Flow
from bot.limits import Limits
from bot.messages import Post, Reply
from bot.supervisor import supervise
from storage import models
from storage.chats import Chats
from storage.database import Database
from storage.outbox import Outbox, State
from storage.subscriptions import Subscriptions
from tests.adapters.bot_api import TOKEN
from tests.adapters.discord.api import Way

A_SECOND = 56
"""Messages to Telegram: twice what it allows, so that more of them are on their way, and the benchmark is quick."""

OF_THEM = 48.0
"""Those that are announcements."""


class Errand(NamedTuple):
    """What is to be delivered, and to where."""

    file: Path
    telegram: str
    discord: Way
    token: str


class _Menus:
    """Both platforms know all commands already."""

    async def changed(self, _key: str, _digest: str) -> bool:
        return False

    async def published(self, _key: str, _digest: str) -> None:
        """Nothing is published here."""


def deliver(errand: Errand) -> None:
    """What the process does."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable()
    asyncio.run(_deliver(errand))


def pending(connection: Connection) -> int:
    """How many deliveries there are still to be made."""
    count = select(func.count()).select_from(models.delivery).where(models.delivery.c.state == State.PENDING)
    return connection.execute(count).scalar_one()


async def _deliver(errand: Errand) -> None:
    database = Database.open(f"sqlite:///{errand.file}")
    outbox, done = Outbox(database), asyncio.Event()

    async def rest(seconds: float) -> None:
        """Sleep while something is left that is not due yet."""
        if not await database.read(pending):
            done.set()
        await asyncio.sleep(min(seconds, 0.5))

    subscriptions = Subscriptions(database, await Chats.open(database))
    deliverer = Deliverer(outbox, subscriptions, audience.write, _no_warning, lambda: dt.datetime.now(dt.UTC), rest)
    dispatcher = Dispatcher([], Limits())
    telegram = TelegramAdapter(TOKEN, dispatcher, _unnoticed, _Menus(), api_url=errand.telegram, a_second=A_SECOND)
    discord = DiscordAdapter(errand.token, dispatcher, _unnoticed, _Menus(), connector=errand.discord.connector)
    lanes = deliverer.lane(telegram, Flow(OF_THEM, TELEGRAM_CHAT_GAP)), deliverer.lane(discord)
    async with asyncio.TaskGroup() as group:
        group.create_task(outbox.run())
        running = [group.create_task(supervise(adapter)) for adapter in (telegram, discord)]
        running += [group.create_task(lane.run()) for lane in lanes]
        await done.wait()
        for task in running:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*running)
        await outbox.close()
    await database.close()


def _unnoticed(_post: Post, _reply: Reply) -> None:
    """Nobody follows what is posted here."""


def _no_warning(_problem: str) -> Reply:
    return audience.NEWS.reply
