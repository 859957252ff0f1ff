"""The one place where the parts are put together, started, and stopped in the right order."""

import asyncio
import datetime as dt
import gc
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

import structlog

from bot.dispatch import Command, Dispatcher
from bot.feeds.jolpica import Jolpica
from bot.jobs.season_intake import SeasonIntake
from bot.jobs.season_watch import SeasonWatch
from bot.jobs.tally_board import TallyBoard
from bot.limits import Limits
from bot.messages import Platform, Reply
from bot.pictures.painter import Painter
from bot.platform import Adapter
from bot.settings import Settings
from bot.supervisor import supervise
from handlers import commands
from handlers.blame import Blame, poll_reply
from handlers.browse import Browse
from handlers.calendar import Calendar
from handlers.charts import Charts
from handlers.chat_polls import ChatPolls
from handlers.chat_settings import ChatOptions
from handlers.crash import Crash
from handlers.privacy import Privacy
from handlers.quotes import Quotes
from handlers.races import Races
from handlers.recaps import Recaps
from handlers.standings import Standings
from handlers.stories import Stories
from handlers.subscribing import Subscribing
from handlers.verdicts import Verdicts
from handlers.welcome import Welcome
from handlers.zones import Zones
from storage.ballot_box import BallotBox
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database import CannotOpenError, Database
from storage.incidents import Incidents
from storage.incidents.quotations import Quotations
from storage.incidents.reading import read_circuits, read_drivers
from storage.menus import Menus
from storage.polls import Poll, Polls, Tally
from storage.posts import Posts
from storage.seasons import Seasons
from storage.served_quotations import ServedQuotations
from storage.subscriptions import Subscriptions
from storage.voters import Voters, load_secret

log = structlog.get_logger(__name__)

FAREWELL = 4.5
"""Seconds that adapters have for what is in flight when the bot is stopped."""


@dataclass(frozen=True, slots=True)
class Core:
    """What every adapter needs of the bot."""

    dispatcher: Dispatcher
    board: TallyBoard
    menus: Menus
    adapters: dict[Platform, Adapter]


@asynccontextmanager
async def open_core(settings: Settings, incidents: Incidents, limits: Limits | None = None) -> AsyncIterator[Core]:
    """The bot without its platforms, ready to answer; on leaving, every vote in the queue is committed first."""
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            _make_folder(settings.data_dir)
        database = Database.open(settings.database)
        stack.push_async_callback(database.close)
        await database.upgrade()
        polls, chats = await Polls.open(database, incidents), await Chats.open(database)
        secret = settings.voter_secret.get_secret_value() if settings.voter_secret else None
        voters = Voters(database, load_secret(secret, settings.data_dir / "voter-secret"))
        ballot_box = BallotBox(database, chats)
        subscriptions, chat_settings = Subscriptions(database, chats), await SettingsStore.open(database, chats)
        circuits = read_circuits()
        adapters: dict[Platform, Adapter] = {}
        board = TallyBoard(polls, Posts(database, chats), adapters, _poll_renderer(incidents))
        feed = await stack.enter_async_context(Jolpica(settings.jolpica_url)) if settings.jolpica_url else None
        group = await stack.enter_async_context(asyncio.TaskGroup())
        group.create_task(ballot_box.run(), name="ballot box")
        stack.push_async_callback(ballot_box.close)
        following = group.create_task(board.run(), name="tally board")
        stack.callback(following.cancel)
        painter = Painter()
        stack.callback(painter.close)
        season: tuple[Calendar | Standings | Recaps, ...] = ()
        if feed is not None:
            seasons = Seasons(database)
            watch = SeasonWatch(SeasonIntake(feed, seasons, _now), seasons, _now)
            watching = group.create_task(watch.run(), name="season watch")
            stack.callback(watching.cancel)
            races = Races(seasons, circuits, watch.want, _now)
            season = (
                Calendar(seasons, races, chat_settings, subscriptions),
                Standings(seasons, races, painter),
                Recaps(races, Stories(seasons, incidents, polls, painter)),
            )

        crash = Crash(incidents, polls)
        table: list[Command] = []
        table += commands(
            crash,
            Quotes(
                incidents,
                Quotations(incidents, read_drivers()),
                ServedQuotations(database, chats, SystemRandom()),
                voters,
            ),
            Blame(incidents, polls, ballot_box, voters, chats, board.touch),
            Verdicts(incidents, polls),
            Charts(incidents, polls, painter),
            Browse(incidents),
            Welcome(incidents, lambda: table),
            Privacy(voters, ballot_box, subscriptions, chat_settings),
            *season,
            Subscribing(subscriptions, chat_settings),
            ChatOptions(chat_settings, subscriptions, Zones(circuits.values()), _now),
            ChatPolls(chats),
        )
        yield Core(Dispatcher(table, limits or Limits(), crash.offer), board, Menus(database), adapters)


def _make_folder(folder: Path) -> None:
    """Make the data folder, for its owner alone. Raises CannotOpenError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotOpenError(
            f"The folder {folder} cannot be made: {error.strerror}. Set DATA_DIR to another."
        ) from error


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _poll_renderer(incidents: Incidents) -> Callable[[Poll, Tally | None, Tally], Reply]:
    def render(poll: Poll, here: Tally | None, everyone: Tally) -> Reply:
        incident = incidents.get(poll.incident_id)
        if incident is None:
            raise LookupError(poll.incident_id)
        return poll_reply(incident, poll, here, everyone, replace=True)

    return render


def spare_the_collector() -> None:
    """Take what is there to stay out of the garbage collector's rounds, and have it come by more rarely.

    A vote leaves no cycles behind; looking for them among all that is alive costs a sixth of its way.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def serve(settings: Settings) -> None:
    """Run the platforms whose tokens are set until SIGTERM or SIGINT; without any, a chat in the terminal."""
    if settings.telegram_bot_token is None and settings.discord_token is None:
        await converse(settings)
        return
    stop = _stop_signal()
    async with open_core(settings, Incidents.load()) as core:
        core.adapters.update({adapter.platform: adapter for adapter in _adapters(settings, core)})
        running = [
            asyncio.create_task(supervise(adapter), name=str(adapter.platform)) for adapter in core.adapters.values()
        ]
        spare_the_collector()
        log.info("started", platforms=list(core.adapters), commands=len(core.dispatcher.commands))
        await stop.wait()
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=FAREWELL)
        log.info("stopped")


async def converse(settings: Settings) -> None:
    """A chat in the terminal, until its input ends or it is stopped."""
    from bot.adapters.console import ConsoleAdapter  # noqa: PLC0415 - only where it is used

    stop = _stop_signal()
    async with open_core(settings, Incidents.load()) as core:
        console = ConsoleAdapter(core.dispatcher, history=settings.data_dir / "history")
        talking, stopping = asyncio.create_task(console.run()), asyncio.create_task(stop.wait())
        await asyncio.wait({talking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        talking.cancel()
        await asyncio.gather(talking, stopping, return_exceptions=True)
        if talking.done() and not talking.cancelled():
            talking.result()


def _adapters(settings: Settings, core: Core) -> Iterable[Adapter]:
    """The platforms that have a token; a platform's library is imported only here."""
    if settings.telegram_bot_token is not None:
        from bot.adapters.telegram import TelegramAdapter  # noqa: PLC0415

        yield TelegramAdapter(
            settings.telegram_bot_token.get_secret_value(),
            core.dispatcher,
            core.board.posted,
            core.menus,
            api_url=settings.telegram_api_url,
        )
    if settings.discord_token is not None:
        from bot.adapters.discord import DiscordAdapter  # noqa: PLC0415

        yield DiscordAdapter(settings.discord_token.get_secret_value(), core.dispatcher, core.board.posted, core.menus)


def _stop_signal() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
