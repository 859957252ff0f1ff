import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.app.settings import Settings
from bot.cards.poll import NOT_ASKED
from bot.chat.instants import as_written
from bot.domain.cases import Case
from bot.domain.noted_records import KeptRuling, NotedRecord
from bot.domain.places import Platform, Post, User
from bot.domain.race_control import Message, Noticed
from bot.events import CaseChanged, Events, RulingMade, Subscription
from bot.feeds.race_control.source import MessagesSeen, SessionSeen
from bot.jobs.race_control.recorder import REFRESHED_EVERY, Recorder
from bot.jobs.race_control.tracker import Tracker
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from storage.database.base import Database
from storage.database.open import open_database
from storage.incidents.reading import read_circuits, read_drivers
from storage.noted_incidents import NotedIncidents
from storage.polls import Polls
from storage.unknown_templates import Unknown, all_unknown
from tests.support.cases import DRAFTS, MONZA, NOR, PIA, VER, at, corrected, noted, penalised
from tests.support.clock import FakeClock
from tests.support.conversation import PIT_WALL, conversation, fields
from tests.support.platform_double import PlatformDouble

ID = "monza-2025-ver-nor-t4"
RULING = KeptRuling(1_757_268_000, "the stewards", "a reprimand", "", None, "FIA document", "[]", None)


class Desk:
    """A process that records, and whoever listens to it."""

    def __init__(self, database: Database) -> None:
        self.clock = FakeClock()
        self.incidents = Incidents((), read_circuits(), read_drivers())
        self.polls = Polls(database, [])
        self.events = Events()
        self.told: Subscription[CaseChanged | RulingMade] = self.events.subscribe(CaseChanged, RulingMade)
        noted_incidents = NotedIncidents(database, clock=self.clock)
        self.recorder = Recorder(noted_incidents, self.incidents, self.polls, DRAFTS, self.events, self.clock)

    def heard(self) -> list[CaseChanged | RulingMade]:
        """What was told since the last look."""
        waiting, self.told._waiting = list(self.told._waiting), {}
        return waiting


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def test_a_case_is_found_and_may_be_voted_on_at_once(desk: Desk) -> None:
    (change,) = await desk.recorder.record(MONZA, [noted()], 11)
    assert change.new
    assert [incident.id for incident in desk.incidents.find("verstappen norris monza")] == [ID]
    assert desk.polls.get(ID) is not None
    assert desk.heard() == [CaseChanged(ID)]


async def test_what_changes_is_told_once(desk: Desk) -> None:
    await desk.recorder.record(MONZA, [noted()], 11)
    desk.heard()
    ruled = penalised(noted(), VER, 14)
    await desk.recorder.record(MONZA, [ruled], 15)
    assert desk.heard() == [CaseChanged(ID), RulingMade(ID)]
    assert await desk.recorder.record(MONZA, [ruled], 16) == []
    assert desk.heard() == []
    await desk.recorder.rule(ID, RULING)
    assert desk.heard() == [RulingMade(ID)]
    assert await desk.recorder.rule("nothing-2025", RULING) is None
    assert desk.heard() == []


async def test_a_poll_follows_a_correction(desk: Desk) -> None:
    await desk.recorder.record(MONZA, [noted()], 11)
    before = desk.polls.get(ID)
    await desk.recorder.record(MONZA, [corrected(noted(), 12, VER, PIA)], 13)
    after = desk.polls.get(ID)
    assert before is not None
    assert after is not None
    assert after.choice("all-verstappen") == before.choice("all-verstappen")
    assert after.choice("all-norris") is None


async def test_single_cars_are_no_incidents(desk: Desk) -> None:
    assert await desk.recorder.record(MONZA, [noted(NOR)], 11) == []


async def test_what_the_stewards_say_in_unknown_words_is_counted(database: Database, desk: Desk) -> None:
    tracker = Tracker(desk.recorder, desk.clock)
    said = ("TURN 4 INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR) NOTED - CAUSING A COLLISION", "FIA STEWARDS: HM", "DRY")
    messages = tuple(Message(index, at(index), text) for index, text in enumerate(said))
    for update in (SessionSeen(MONZA), MessagesSeen(MONZA.key, messages), MessagesSeen(MONZA.key, messages)):
        await tracker.hear(update)
    running = asyncio.create_task(tracker.run())
    assert await asyncio.wait_for(anext(aiter(desk.told)), 30) == CaseChanged(ID)  # what is counted is written before
    running.cancel()
    assert await database.read(all_unknown) == Unknown(templates=1, sessions=1)


async def test_another_process_learns_of_it_soon(database: Database, desk: Desk) -> None:
    other = Desk(database)
    await desk.recorder.record(MONZA, [noted()], 11)
    running = asyncio.create_task(other.recorder.run())
    told = await asyncio.wait_for(anext(aiter(other.told)), 30)
    running.cancel()
    assert told == CaseChanged(ID)
    assert other.clock.slept[0] == REFRESHED_EVERY
    assert other.incidents.get(ID) is not None
    assert other.polls.get(ID) == desk.polls.get(ID)
    await other.recorder.refresh()
    assert other.heard() == []


class LateNews(NotedIncidents):
    """What others recorded comes late from the database."""

    comes: asyncio.Event

    async def changed_since(self, moment: int) -> list[NotedRecord]:
        """What it was when it was asked for."""
        found = await super().changed_since(moment)
        await self.comes.wait()
        return found


async def test_what_was_read_before_more_was_written_does_not_stand_over_it(database: Database, desk: Desk) -> None:
    await desk.recorder.record(MONZA, [noted()], 11)
    late = LateNews(database, clock=desk.clock)
    late.comes = asyncio.Event()
    recorder = Recorder(late, desk.incidents, desk.polls, DRAFTS, desk.events, desk.clock)
    refreshing = asyncio.create_task(recorder.refresh())
    await database.read(lambda _connection: None)  # so that the one before has read
    recording = asyncio.create_task(recorder.record(MONZA, [penalised(noted(), VER, 14)], 15))
    await asyncio.sleep(0)
    await database.write(lambda _connection: None)  # so that what could be written before is
    await asyncio.sleep(0)
    late.comes.set()
    await asyncio.gather(refreshing, recording)
    incident = desk.incidents.get(ID)
    assert incident is not None
    assert incident.ruling is not None


async def test_a_ruling_is_edited_in_by_whichever_process_has_the_platform(
    settings: Settings, incidents: Incidents, al: User
) -> None:
    catalogue = Incidents(incidents.told, read_circuits(), read_drivers())
    async with conversation(settings, catalogue) as bot:
        screen = PlatformDouble(Platform.TELEGRAM)
        bot.core.join(screen)
        elsewhere = Desk(bot.core.stored.database)
        elsewhere.clock.set(SystemClock().now())
        await elsewhere.recorder.record(MONZA, [noted()], 11)
        await bot.core.recorder.refresh()
        post = Post(PIT_WALL, "1")
        bot.core.posted(post, await bot.ask(f"/blame {ID}", al))
        await elsewhere.recorder.record(MONZA, [penalised(noted(), VER, 14)], 15)
        await bot.core.recorder.refresh()
        await screen.edited(1)
        shown = screen.shown(post)
        assert shown is not None
        assert fields(shown)["The stewards"] == "10-second time penalty for Verstappen"


async def test_a_message_that_shows_a_poll_follows_what_race_control_says(
    settings: Settings, incidents: Incidents, al: User
) -> None:
    catalogue = Incidents(incidents.told, read_circuits(), read_drivers())
    async with conversation(settings, catalogue) as bot:
        screen = PlatformDouble(Platform.TELEGRAM)
        bot.core.join(screen)
        await bot.core.recorder.record(MONZA, [noted()], 11)
        post = Post(PIT_WALL, "1")
        bot.core.posted(post, await bot.ask(f"/blame {ID}", al))
        await bot.core.recorder.record(MONZA, [penalised(noted(), VER, 14)], 15)
        await screen.edited(1)
        shown = screen.shown(post)
        assert shown is not None
        assert fields(shown)["The stewards"] == "10-second time penalty for Verstappen"


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (noted(VER), "Race control has corrected this: it is no incident of its own between Verstappen and Norris."),
        (noted(reason="SAFETY CAR INFRINGEMENT"), "Race control noted an incident involving Verstappen and Norris"),
    ],
)
async def test_a_message_tells_that_its_poll_was_about_something_else(
    settings: Settings, incidents: Incidents, al: User, now: Case, says: str
) -> None:
    catalogue = Incidents(incidents.told, read_circuits(), read_drivers())
    said = Noticed(MONZA.key, (Message(10, at(10), "NOTED"),))
    async with conversation(settings, catalogue) as bot:
        screen = PlatformDouble(Platform.TELEGRAM)
        bot.core.join(screen)
        await bot.core.recorder.record(MONZA, [penalised(noted(), VER, 14)], 1, said)
        post = Post(PIT_WALL, "1")
        bot.core.posted(post, await bot.ask(f"/blame {ID}", al))
        await bot.ask(f"/vote {ID} all-norris", al)
        await screen.edited(1)
        await bot.core.recorder.record(MONZA, [now], 1, said)
        await screen.edited(2)
        shown = screen.shown(post)
        assert shown is not None
        assert as_written(shown.card.paragraphs[0]).startswith(says)
        assert shown.card.paragraphs[1] == NOT_ASKED
        assert [button.label for row in shown.buttons for button in row] == ["The story", "The verdict"]
        assert not shown.card.votes
        refused = await bot.ask(f"/vote {ID} all-verstappen", al)
        assert "Verstappen and Norris" not in refused.card.title
        drawn = await bot.ask(f"/chart {ID}", al)
        assert drawn.card.title == "There is no poll on this one, so there is nothing to draw."
        taken_back = await bot.ask(f"/vote {ID} withdraw", al)
        assert taken_back.card.title == "Your vote is withdrawn"
        await bot.core.recorder.record(MONZA, [noted()], 1, said)
        await screen.edited(3)
        shown = screen.shown(post)
        assert shown is not None
        assert shown.card.title.startswith("Who was to blame?")


async def test_an_outage_is_one_line_however_often_it_is_run_into(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = asyncio.Queue[None]()

    async def look(*_: object) -> list[NotedRecord]:
        looked.put_nowait(None)
        raise OSError("the database is away")

    monkeypatch.setattr(NotedIncidents, "changed_since", look)
    with capture_logs() as logs:
        following = asyncio.create_task(desk.recorder.run())
        for _ in range(3):
            await looked.get()
        following.cancel()
    assert [(line["event"], line["exc_info"]) for line in logs] == [("noted_incidents.not_refreshed", False)]
