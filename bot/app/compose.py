"""The one place where the parts are put together, started, and stopped in the right order."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.app.control_socket import Order
from bot.app.importing import Importing
from bot.app.leased_role import LeasedRole
from bot.app.news import News
from bot.app.operator_commands import Operators
from bot.app.paces import Paces
from bot.app.repositories import open_repositories
from bot.app.roles import ALL, Role, Roles
from bot.app.ruling import RulingByHand
from bot.app.settings import Settings
from bot.app.starts import StartsByHand
from bot.cards.missing_right import missing_right_reply
from bot.cards.poll_messages import PollMessages
from bot.cards.public_pages import PublicPages
from bot.chat.dispatcher import Dispatcher
from bot.chat.placeholders import Placeholders
from bot.chat.platform import Adapter, ways
from bot.chat.replies import Reply
from bot.chat.throttle import Throttle
from bot.domain.live_telling import IN_ITS_HOUR
from bot.domain.places import Platform, Post
from bot.domain.season import Witness
from bot.events import Events
from bot.jobs.delivery.deliverer import Deliverer
from bot.jobs.delivery.rendered import RenderedBulletins
from bot.jobs.delivery.tools import Tools
from bot.jobs.news.bulletins import Bulletins
from bot.jobs.news.live_bulletins import LiveBulletins
from bot.jobs.polls.closing_time import ClosingTime
from bot.jobs.polls.old_messages import OldMessages
from bot.jobs.polls.tally_board import TallyBoard
from bot.jobs.race_control.recorder import Recorder
from bot.jobs.relay.bot_addresses import NotedAddresses
from bot.jobs.relay.relay import Relay
from bot.measures import UNMEASURED, Measures
from bot.pacing.clock import Clock, SystemClock
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from bot.search.circuit_finder import CircuitFinder
from bot.search.drafts import Drafts
from handlers import Parts, commands
from handlers.incidents.crash import Offers
from storage.ballot_box import BallotBox
from storage.bot_addresses import BotAddresses
from storage.chat_moves import ChatMoves, Groups
from storage.incidents.reading import read_circuits, read_drivers, read_f1db_ids
from storage.leases import Leases
from storage.menus import Menus
from storage.outbox import Outbox
from storage.poll_closings import PollClosings
from storage.posts import Posts
from storage.race_stories import RaceStories
from storage.repositories import Repositories
from storage.shipped_races import ShippedRaces
from storage.unseen_chats import UnseenChats

if TYPE_CHECKING:
    from bot.feeds.f1db.client import F1db
    from bot.feeds.jolpica.client import Jolpica
    from bot.feeds.race_control.source import Source


@dataclass(frozen=True, slots=True)
class Core:
    """The bot without its platforms: the parts that adapters call, and the parts that send through adapters."""

    dispatcher: Dispatcher
    board: TallyBoard
    placeholders: Placeholders
    deliverer: Deliverer
    recorder: Recorder
    menus: Menus
    groups: Groups
    adapters: dict[Platform, Adapter]
    paces: Paces
    orders: Mapping[str, Order]
    parts: Parts

    @property
    def stored(self) -> Repositories:
        """The repositories over its database."""
        return self.parts.stored

    def posted(self, post: Post, reply: Reply) -> None:
        """Take note of what a message of ours shows from now on."""
        self.board.posted(post, reply)
        self.placeholders.posted(post, reply)

    def join(self, adapter: Adapter) -> None:
        """Let what runs by itself reach a platform."""
        self.adapters[adapter.platform] = adapter
        self.placeholders.serve(adapter)


class Process(NamedTuple):
    """What this process does of all that the bot does, and whom it tells how that goes."""

    roles: Roles = ALL
    measures: Measures = UNMEASURED


EVERYTHING = Process()
"""One process that does it all."""


@asynccontextmanager
async def open_feed(settings: Settings, clock: Clock) -> AsyncIterator["Jolpica | None"]:
    """Where seasons are read from; None where the settings turn that off."""
    if settings.jolpica_url is None:
        yield None
        return
    from bot.feeds.jolpica.client import Jolpica  # noqa: PLC0415 - a bot without a feed need not know how one is read

    async with Jolpica(settings.jolpica_url, clock) as feed:
        yield feed


@asynccontextmanager
async def open_second(settings: Settings) -> AsyncIterator["F1db | None"]:
    """The second witness of seasons; None where the settings turn it off."""
    if settings.f1db_url is None:
        yield None
        return
    from bot.feeds.f1db.client import F1db  # noqa: PLC0415 - as above

    async with F1db(settings.f1db_url, read_f1db_ids()) as second:
        yield second


@asynccontextmanager
async def open_core(
    settings: Settings,
    incidents: Incidents,
    feed: "Jolpica | None" = None,
    source: "Source | None" = None,
    *,
    second: "F1db | None" = None,
    live_for: dt.timedelta | None = None,
    limits: Throttle | None = None,
    clock: Clock | None = None,
    process: Process = EVERYTHING,
) -> AsyncIterator[Core]:
    """The bot without its platforms, ready to answer; on leaving, all that is queued is committed first.

    Where there is a feed, or a second witness, the season is followed by whoever has that role, and what people wish
    for is looked up; where there is a source, race control is listened to on its days.
    `live_for` is how long after it was noted an incident is told by itself, where that is not the usual time: for
    sessions that somebody else has race control's messages of.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        events, shipped = Events(), ShippedRaces()
        stored = await open_repositories(settings, incidents, stack, clock, events)
        painter = Painter()
        stack.callback(painter.close)
        work = _Work(stack, await stack.enter_async_context(asyncio.TaskGroup()))
        ballot_box = BallotBox(stored.database, stored.chats, stored.handled, clock, process.measures)
        for queue in (ballot_box, stored.outbox):
            work.run_out(queue)
        stories = RaceStories(stored.seasons, stored.championships, stored.polls, incidents, shipped)
        circuits = read_circuits()
        drafts = Drafts(circuits, read_drivers())
        recorder = Recorder(stored.noted, incidents, stored.polls, drafts, events)
        work.start(incidents.read())
        leases = Leases(stored.database, clock)
        if (told := stored.database.notifications) is not None:  # where another process may vote and record as well
            work.start(recorder.run())
            relay = Relay(told, events, stored.chats.read_again, recorder.refresh, clock, name=leases.holder())
            work.start(relay.run())
        news = News(stored, incidents, events, clock, live_for or IN_ITS_HOUR)
        season = LeasedRole("season", leases, clock) if Role.SEASON in process.roles else None
        follows = feed is not None or second is not None
        # What is noted here, or by another process, has to be told; where the season is followed, that comes with it.
        noted = source is not None or live_for is not None or process.roles != ALL
        if season is not None and not follows and noted:
            work.start(season.play(news.newsroom.run))
        if source is not None:
            from bot.jobs.race_control.listening import Listening  # noqa: PLC0415 - as with the feed
            from bot.jobs.race_control.tracker import Tracker  # noqa: PLC0415

            listening = Listening(source, Tracker(recorder, clock, measures=process.measures), stored.seasons, clock)
            work.start(LeasedRole("race control", leases, clock).play(listening.run))
        following = None
        if follows:
            from bot.app.season import Following  # noqa: PLC0415 - nor what is done with it

            following = Following(stored, feed, second, stories, news, events, clock)
            work.start(following.run(season))
        want = following.want if following else None
        who, pages = Witness.F1DB if feed is None else Witness.ARCHIVE, PublicPages(settings.web_url)
        parts = Parts(
            incidents, circuits, stored, ballot_box, stories, painter, events, clock, want, who, shipped, pages
        )
        ruling = RulingByHand(stored.noted, incidents, recorder, clock)
        importing = Importing(settings.race_control_archive_url, recorder, stored.recorded, circuits, clock)
        announcing = following.announcing if following else None
        starts = StartsByHand(stored.seasons, circuits, events, clock)
        operators = Operators(announcing, importing, ruling, starts, stored.outbox, clock)
        yield _core(parts, news, recorder, operators, limits or Throttle(), process.measures, work)


class _Work:
    """The tasks that run beside the answers until the core is left; the one that was started last ends first."""

    def __init__(self, stack: AsyncExitStack, group: asyncio.TaskGroup) -> None:
        self._stack = stack
        self._group = group

    def start(self, job: Coroutine[Any, Any, None]) -> None:
        """Run a job, which is cancelled on leaving."""
        self._stack.callback(self._group.create_task(job).cancel)

    def run_out(self, queue: BallotBox | Outbox) -> None:
        """Run a queue; on leaving it takes nothing more, and all that it holds is committed."""
        self._group.create_task(queue.run())
        self._stack.push_async_callback(queue.close)


def _core(
    parts: Parts,
    news: News,
    recorder: Recorder,
    operators: Operators,
    limits: Throttle,
    measures: Measures,
    work: _Work,
) -> Core:
    """Put together the parts that answer and the parts that push messages, and start those that run by themselves."""
    stored, incidents, events, clock = parts.stored, parts.incidents, parts.events, parts.clock
    offer, language = Offers(incidents, stored.polls, parts.pages).offer, stored.chat_settings.language
    dispatcher = Dispatcher(commands(parts), limits, offer, language, measures)
    placeholders = Placeholders(dispatcher, events)
    work.start(placeholders.run())
    adapters = dict[Platform, Adapter]()
    if stored.database.notifications is not None:  # where a process without a token may serve pages
        work.start(NotedAddresses(BotAddresses(stored.database), lambda: ways(adapters.values()), clock).run())
    posts = Posts(stored.database, stored.chats, clock)
    messages = PollMessages(
        incidents, stored.polls, stored.chats, dispatcher.languages.of, stored.hidden.in_chat, clock, parts.pages
    )
    board = TallyBoard(
        stored.polls, posts, adapters, messages.render, stored.voters.choices, events, clock, delays=stored.chats.delays
    )
    work.start(board.run())
    work.start(OldMessages(posts, clock).run())
    closings = PollClosings(stored.database, stored.chats, parts.ballot_box, stored.announcements, clock)
    work.start(ClosingTime(closings, stored.polls, adapters.keys(), events, clock).run())
    work.start(stored.handled.run())
    finder = CircuitFinder(parts.circuits)
    live = LiveBulletins(incidents, stored.polls, news.incidents, clock)
    bulletins = Bulletins(
        *(stored.announcements, stored.seasons, parts.stories, parts.painter, finder, incidents, stored.polls, live),
        clock,
    )
    rendered = RenderedBulletins(parts.pages.leading(bulletins.write), clock)
    groups = Groups(stored.chats, ChatMoves(stored.database, stored.chats), parts.ballot_box)
    tools = Tools(
        *(stored.outbox, stored.subscriptions, UnseenChats(stored.database), rendered, groups.move),
        *(missing_right_reply, clock),
        posted=board.delivered,
    )
    paces = Paces(stored.database, events, clock, work.start)
    deliverer = Deliverer(tools, events, paces.of)
    menus = Menus(stored.database)
    return Core(
        dispatcher, board, placeholders, deliverer, recorder, menus, groups, adapters, paces, operators.orders, parts
    )
