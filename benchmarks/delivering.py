"""The bot's deliveries in a process of their own, over its real adapters, until all is told or it is killed."""

import asyncio
import logging
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import structlog
from sqlalchemy import Connection, func, select

from benchmarks import audience
from bot.adapters.discord import DiscordAdapter
from bot.adapters.telegram import Addresses, TelegramAdapter
from bot.app.supervisor import supervise
from bot.chat.dispatcher import Dispatcher
from bot.chat.replies import Reply
from bot.chat.throttle import Throttle
from bot.domain.deliveries import State
from bot.domain.places import Post
from bot.events import Events
from bot.jobs.delivery.deliverer import Deliverer
from bot.jobs.delivery.rendered import RenderedBulletins
from bot.jobs.delivery.tools import Tools
from bot.pacing.clock import SystemClock
from bot.pacing.pace import OwnPace
from bot.pacing.spacing import Spacing
from bot.pacing.window import Allowance
from storage import tables
from storage.ballot_box import BallotBox
from storage.begun_answers import BegunAnswers
from storage.chat_moves import ChatMoves, Groups
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.forum_posts import ForumPosts
from storage.handled_updates import HandledUpdates
from storage.outbox import Outbox
from storage.subscriptions import Subscriptions
from storage.unseen_chats import UnseenChats
from tests.adapters.discord.api import Way
from tests.adapters.telegram.bot_api import TOKEN

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


class _KnownMenus:
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
    count = select(func.count()).select_from(tables.delivery).where(tables.delivery.c.state == State.PENDING)
    return connection.execute(count).scalar_one()


class Impatient(SystemClock):
    """Rests shortly while something is left that is not due yet, and says when nothing is."""

    def __init__(self, database: Database, done: asyncio.Event) -> None:
        self._database = database
        self._done = done

    async def sleep(self, seconds: float) -> None:
        """Let at most half a second pass."""
        if not await self._database.read(pending):
            self._done.set()
        await asyncio.sleep(min(seconds, 0.5))


async def _deliver(errand: Errand) -> None:
    database = open_database(f"sqlite:///{errand.file}")
    outbox, done = Outbox(database), asyncio.Event()

    clock = Impatient(database, done)
    handled = HandledUpdates(database)
    chats = await Chats.open(database, handled)
    subscriptions = Subscriptions(database, chats, handled)
    rendered = RenderedBulletins(audience.write, clock)
    tools = Tools(
        *(outbox, subscriptions, UnseenChats(database), rendered),
        *(ChatMoves(database, chats).move, _no_warning, clock),
    )
    deliverer = Deliverer(tools, Events())
    dispatcher = Dispatcher([], Throttle())
    groups = Groups(chats, ChatMoves(database, chats), BallotBox(database, chats, handled))
    telegram = TelegramAdapter(
        *(TOKEN, dispatcher, _unnoticed, _KnownMenus(), groups, BegunAnswers(database, handled)),
        addresses=Addresses(errand.telegram),
        pace=OwnPace(clock, Allowance(A_SECOND, seconds=1)),
    )
    discord = DiscordAdapter(
        *(errand.token, dispatcher, _unnoticed, _KnownMenus(), ForumPosts(database, chats)),
        connector=errand.discord.connector,
    )
    gap = TelegramAdapter.delivery_chat_gap
    workers = deliverer.worker(telegram, Spacing(clock, OF_THEM, gap)), deliverer.worker(discord)
    async with asyncio.TaskGroup() as group:
        group.create_task(outbox.run())
        running = [group.create_task(supervise(adapter, clock)) for adapter in (telegram, discord)]
        running += [group.create_task(worker.run()) for worker in workers]
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
