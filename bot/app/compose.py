"""The one place where the parts are put together, started, and stopped in the right order."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from bot.app.hearing import hear_others, hear_race_control
from bot.app.importing import Importing
from bot.app.leased_role import LeasedRole
from bot.app.news import News
from bot.app.operator_commands import Operators
from bot.app.paces import Paces
from bot.app.repositories import open_repositories
from bot.app.roles import ALL, Role
from bot.app.ruling import RulingByHand
from bot.app.settings import Settings
from bot.app.shared_core import EVERYTHING, Core, Process, Work
from bot.app.starts import StartsByHand
from bot.cards.missing_right import missing_right_reply
from bot.cards.poll_messages import PollMessages
from bot.cards.public_pages import PublicPages
from bot.chat.dispatcher import Dispatcher
from bot.chat.placeholders import Placeholders
from bot.chat.platform import Adapter, ways
from bot.chat.throttle import Throttle
from bot.domain.live_telling import IN_ITS_HOUR
from bot.domain.places import Platform
from bot.domain.season import Witness
from bot.events import Events
from bot.jobs.delivery.deliverer import Deliverer
from bot.jobs.delivery.rendered import RenderedBulletins
from bot.jobs.delivery.tools import Tools
from bot.jobs.news.bulletins import Bulletins
from bot.jobs.news.live_bulletins import LiveBulletins
from bot.jobs.polls.closing_time import ClosingTime
from bot.jobs.polls.old_messages import OldMessages
from bot.jobs.polls.rounds import Alone
from bot.jobs.polls.tally_board import TallyBoard
from bot.jobs.race_control.recorder import Recorder
from bot.jobs.relay.bot_addresses import NotedAddresses
from bot.measures import Measures
from bot.pacing.clock import Clock, SystemClock
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from bot.search.circuit_finder import CircuitFinder
from bot.search.drafts import Drafts
from handlers import Parts, commands
from handlers.incidents.crash import Offers
from storage.ballot_box import BallotBox
from storage.begun_answers import BegunAnswers
from storage.bot_addresses import BotAddresses
from storage.chat_moves import ChatMoves, Groups
from storage.database.base import outage
from storage.database_clock import DatabaseClock
from storage.incidents.reading import read_circuits, read_drivers
from storage.leases import Leases
from storage.menus import Menus
from storage.poll_closings import PollClosings
from storage.posts import Posts
from storage.race_stories import RaceStories
from storage.repositories import Repositories
from storage.shipped_races import ShippedRaces
from storage.unseen_chats import UnseenChats

if TYPE_CHECKING:
    from bot.app.season import Following
    from bot.feeds.f1db.client import F1db
    from bot.feeds.jolpica.client import Jolpica
    from bot.feeds.race_control.source import Source


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
    clock = clock or DatabaseClock(SystemClock())
    async with AsyncExitStack() as stack:
        events, shipped = Events(), ShippedRaces()
        stored = await open_repositories(settings, incidents, stack, clock, events)
        painter = Painter()
        stack.callback(painter.close)
        work = Work(stack, await stack.enter_async_context(asyncio.TaskGroup()))
        ballot_box = BallotBox(stored.database, stored.chats, stored.handled, clock, process.measures)
        for queue in (ballot_box, stored.outbox):
            work.run_out(queue)
        stories = RaceStories(stored.seasons, stored.championships, stored.polls, incidents, shipped)
        circuits = read_circuits()
        drafts = Drafts(circuits, read_drivers())
        recorder = Recorder(stored.noted, incidents, stored.polls, drafts, events, clock)
        work.start(incidents.read())
        leases = Leases(stored.database, clock)
        hear_others(stored, events, recorder, leases, clock, work)
        news = News(stored, incidents, events, clock, live_for or IN_ITS_HOUR)
        season = LeasedRole(Role.SEASON, leases, clock) if Role.SEASON in process.roles else None
        follows = feed is not None or second is not None
        # What is noted here, or by another process, has to be told; where the season is followed, that comes with it.
        noted = source is not None or live_for is not None or process.roles != ALL
        if season is not None and not follows and noted:
            work.start(season.play(news.newsroom.run))
        if source is not None:
            hear_race_control(source, recorder, stored, leases, process.measures, clock, work)
        following = _following(stored, feed, second, stories, news, events, clock) if follows else None
        if following is not None:
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


def _following(
    stored: Repositories,
    feed: "Jolpica | None",
    second: "F1db | None",
    stories: RaceStories,
    news: News,
    events: Events,
    clock: Clock,
) -> "Following":
    """Who follows the season; loaded only where somebody does."""
    from bot.app.season import Following  # noqa: PLC0415

    return Following(stored, feed, second, stories, news, events, clock)


def _core(
    parts: Parts,
    news: News,
    recorder: Recorder,
    operators: Operators,
    limits: Throttle,
    measures: Measures,
    work: Work,
) -> Core:
    """Put together the parts that answer and the parts that push messages, and start those that run by themselves."""
    stored, events, clock = parts.stored, parts.events, parts.clock
    offer = Offers(parts.incidents, stored.polls, parts.pages).offer
    dispatcher = Dispatcher(commands(parts), limits, offer, stored.chat_settings.language, measures, outage)
    placeholders = Placeholders(dispatcher, events)
    work.start(placeholders.run())
    work.start(stored.handled.run())
    adapters = dict[Platform, Adapter]()
    if stored.database.notifications is not None:  # where a process without a token may serve pages
        work.start(NotedAddresses(BotAddresses(stored.database), lambda: ways(adapters.values()), clock).run())
    board = _board(parts, dispatcher, adapters, work)
    groups = Groups(stored.chats, ChatMoves(stored.database, stored.chats), parts.ballot_box)
    answers = BegunAnswers(stored.database, stored.handled)
    work.run_out(answers)
    paces = Paces(stored.database, events, clock, work.start)
    return Core(
        dispatcher,
        board,
        placeholders,
        Deliverer(_tools(parts, news, groups, board), events, paces.of),
        recorder,
        Menus(stored.database),
        groups,
        answers,
        adapters,
        paces,
        operators.orders,
        parts,
    )


def _board(parts: Parts, dispatcher: Dispatcher, adapters: dict[Platform, Adapter], work: Work) -> TallyBoard:
    """What moves the messages that show polls, and what ends polls and forgets old messages, all of them at work."""
    stored, events, clock = parts.stored, parts.events, parts.clock
    posts = Posts(stored.database, stored.chats, clock)
    languages = dispatcher.languages.of
    messages = PollMessages(
        parts.incidents, stored.polls, stored.chats, languages, stored.hidden.in_chat, clock, parts.pages
    )
    alone, delays = Alone(dispatcher.readers.of, stored.voters.choices), stored.chats.delays
    board = TallyBoard(stored.polls, posts, adapters, messages.render, alone, events, clock, delays=delays)
    closings = PollClosings(stored.database, stored.chats, parts.ballot_box, stored.announcements, clock)
    for job in (board, OldMessages(posts, clock), ClosingTime(closings, stored.polls, adapters.keys(), events, clock)):
        work.start(job.run())
    return board


def _tools(parts: Parts, news: News, groups: Groups, board: TallyBoard) -> Tools:
    """What every platform's delivery worker works with."""
    stored, clock = parts.stored, parts.clock
    bulletins = Bulletins(
        stored.announcements,
        stored.seasons,
        parts.stories,
        parts.painter,
        CircuitFinder(parts.circuits),
        parts.incidents,
        stored.polls,
        LiveBulletins(parts.incidents, stored.polls, news.incidents, clock),
        clock,
    )
    return Tools(
        stored.outbox,
        stored.subscriptions,
        UnseenChats(stored.database),
        RenderedBulletins(parts.pages.leading(bulletins.write), clock),
        groups.move,
        missing_right_reply,
        clock,
        posted=board.delivered,
    )
