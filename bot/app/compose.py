"""The one place where the parts are put together, started, and stopped in the right order."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from bot.app.control_socket import Order
from bot.app.operator_commands import Operators
from bot.app.repositories import Repositories, open_repositories
from bot.app.settings import Settings
from bot.cards.missing_right import missing_right_reply
from bot.cards.poll import poll_reply
from bot.chat.commands import Command
from bot.chat.dispatcher import Dispatcher
from bot.chat.messages import Reply
from bot.chat.placeholders import Placeholders
from bot.chat.platform import Adapter
from bot.chat.throttle import Throttle
from bot.domain.places import Chat, Platform, Post
from bot.domain.polls import Poll, Tally
from bot.i18n import speaking
from bot.jobs.delivery.deliverer import Deliverer
from bot.jobs.news.bulletins import Bulletins
from bot.jobs.polls.tally_board import Render, TallyBoard
from bot.pacing.clock import Clock, SystemClock
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from bot.search.circuit_finder import CircuitFinder
from bot.search.quotation_finder import Quotations
from bot.search.zone_finder import ZoneFinder
from handlers import commands
from handlers.chats.polls import ChatPolls
from handlers.chats.privacy import Privacy
from handlers.chats.settings import ChatOptions
from handlers.chats.subscribe import Subscribing
from handlers.help import Welcome
from handlers.incidents.blame import Blame
from handlers.incidents.browse import Browse
from handlers.incidents.chart import Charts
from handlers.incidents.crash import Crash
from handlers.incidents.quote import Quotes
from handlers.incidents.verdict import Verdicts
from storage.ballot_box import BallotBox
from storage.incidents.reading import read_circuits, read_drivers
from storage.menus import Menus
from storage.posts import Posts
from storage.race_stories import RaceStories
from storage.served_quotations import ServedQuotations

if TYPE_CHECKING:
    from bot.app.season import Following
    from bot.feeds.jolpica.client import Jolpica
    from handlers.season.calendar import Calendar
    from handlers.season.recap import Recaps
    from handlers.season.standings import Championships


@dataclass(frozen=True, slots=True)
class Core:
    """The bot without its platforms: what they need of it, and what is to reach them."""

    dispatcher: Dispatcher
    board: TallyBoard
    placeholders: Placeholders
    deliverer: Deliverer
    menus: Menus
    adapters: dict[Platform, Adapter]
    orders: Mapping[str, Order]

    def posted(self, post: Post, reply: Reply) -> None:
        """Take note of what a message of ours shows from now on."""
        self.board.posted(post, reply)
        self.placeholders.posted(post, reply)

    def join(self, adapter: Adapter) -> None:
        """Let what runs by itself reach a platform."""
        self.adapters[adapter.platform] = adapter
        self.placeholders.serve(adapter)


@asynccontextmanager
async def open_core(
    settings: Settings,
    incidents: Incidents,
    limits: Throttle | None = None,
    *,
    clock: Clock | None = None,
) -> AsyncIterator[Core]:
    """The bot without its platforms, ready to answer; on leaving, all that is queued is committed first.

    By `clock`, the machine's own unless another is given, the season is followed and what is news delivered.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        repositories = await open_repositories(settings, incidents, stack)
        feed = await stack.enter_async_context(_feed(settings.jolpica_url)) if settings.jolpica_url else None
        painter = Painter()
        stack.callback(painter.close)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        ballot_box = BallotBox(repositories.database, repositories.chats)
        for queue in (ballot_box, repositories.outbox):
            group.create_task(queue.run())
            stack.push_async_callback(queue.close)

        def start(work: Coroutine[Any, Any, None]) -> None:
            stack.callback(group.create_task(work).cancel)

        adapters: dict[Platform, Adapter] = {}
        board = TallyBoard(
            repositories.polls,
            Posts(repositories.database, repositories.chats),
            adapters,
            _poll_renderer(incidents, repositories.chat_settings.language),
        )
        start(board.run())
        stories = RaceStories(repositories.seasons, repositories.polls, incidents)
        following = _following(repositories, feed, stories, painter, clock) if feed is not None else None
        features = following.features if following is not None else ()
        table = _table(repositories, incidents, painter, ballot_box, board, *features)
        offer = Crash(incidents, repositories.polls).offer
        dispatcher = Dispatcher(table, limits or Throttle(), offer, repositories.chat_settings.language)
        placeholders = Placeholders(dispatcher)
        if following is not None:
            start(following.run(placeholders.arrived))
        bulletins = Bulletins(
            repositories.announcements, repositories.seasons, stories, painter, CircuitFinder(read_circuits()), clock
        )
        yield Core(
            dispatcher,
            board,
            placeholders,
            Deliverer(
                repositories.outbox,
                repositories.subscriptions,
                bulletins.write,
                missing_right_reply,
                clock.now,
                clock.sleep,
            ),
            Menus(repositories.database),
            adapters,
            Operators(following.announcing if following else None, repositories.outbox, clock.now).orders,
        )


def _feed(address: str) -> "Jolpica":
    from bot.feeds.jolpica.client import Jolpica  # noqa: PLC0415 - a bot without a feed need not know how one is read

    return Jolpica(address)


def _following(
    repositories: Repositories, feed: "Jolpica", stories: RaceStories, painter: Painter, clock: Clock
) -> "Following":
    from bot.app.season import Following  # noqa: PLC0415

    return Following(repositories, feed, stories, painter, clock)


def _table(
    repositories: Repositories,
    incidents: Incidents,
    painter: Painter,
    ballot_box: BallotBox,
    board: TallyBoard,
    *season: "Calendar | Championships | Recaps",
) -> list[Command]:
    """Every command, in the order of help and menus."""
    table: list[Command] = []
    quotations = Quotations(incidents, read_drivers())
    served = ServedQuotations(repositories.database, repositories.chats, SystemRandom())
    table += commands(
        Crash(incidents, repositories.polls),
        Quotes(incidents, quotations, served, repositories.voters),
        Blame(incidents, repositories.polls, ballot_box, repositories.voters, repositories.chats, board.touch),
        Verdicts(incidents, repositories.polls),
        Charts(incidents, repositories.polls, painter),
        Browse(incidents),
        Welcome(incidents, lambda: table),
        Privacy(repositories.voters, ballot_box, repositories.subscriptions, repositories.chat_settings),
        *season,
        Subscribing(repositories.subscriptions, repositories.chat_settings),
        ChatOptions(
            repositories.chat_settings,
            repositories.subscriptions,
            cache(partial(ZoneFinder, read_circuits().values())),
            SystemClock().now,
        ),
        ChatPolls(repositories.chats),
    )
    return table


def _poll_renderer(incidents: Incidents, language: Callable[[Chat], str | None]) -> Render:
    def render(poll: Poll, chat: Chat, here: Tally | None, everyone: Tally) -> Reply:
        incident = incidents.get(poll.incident_id)
        if incident is None:
            raise LookupError(poll.incident_id)
        with speaking(language(chat)):
            return poll_reply(incident, poll, here, everyone, replace=True)

    return render
