"""A recorded session on its way through the whole bot; and what is pushed, in the terminal."""

import asyncio
import io
import os
import sys
from dataclasses import replace

import pytest

from bot.adapters.console import CHAT, ConsoleAdapter
from bot.app.compose import open_core
from bot.app.control_socket import carried_out
from bot.app.replaying import OVER, Staging, replay
from bot.app.season_feeds import open_feed
from bot.app.settings import Settings
from bot.domain.noted_incidents import NotedIncident
from bot.domain.places import User
from bot.events import CaseChanged, RulingMade, Subscription
from bot.feeds.race_control.replay import Replay
from bot.feeds.race_control.session_files import DEMO, read_session_files
from bot.jobs.race_control.tracker import Tracker
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from storage.incidents.reading import read_circuits, read_drivers
from tests.support.cases import IMOLA_RACE, VER, noted, penalised
from tests.support.clock import FakeClock
from tests.support.conversation import conversation, fields
from tests.support.incidents import catalogue
from tests.support.jolpica_samples import imola_lines, race
from tests.support.jolpica_server import JolpicaServer, races, results

RULINGS = {
    "APX CHI": "10s time penalty for Apex",
    "KER PTL": "no further investigation",
    "SLK GRV": "5s time penalty for Slick",
    "CHI PTL": "no further investigation",
}


def rulings(incidents: Incidents) -> dict[str, str]:
    """What was decided so far, by who met as it is known by then; an id is by who was named before it was recorded."""
    noted = [incident for incident in incidents if isinstance(incident, NotedIncident)]
    return {" ".join(car.code for car in each.case.cars): each.ruling.decision for each in noted if each.ruling}


async def test_the_session_that_ships_becomes_incidents_with_rulings(settings: Settings, al: User) -> None:
    incidents = Incidents((), read_circuits(), read_drivers())
    async with conversation(settings, incidents) as bot:
        tracker = Tracker(bot.core.recorder, SystemClock())
        news: Subscription[CaseChanged | RulingMade] = bot.core.parts.events.subscribe(CaseChanged, RulingMade)
        source = Replay(read_session_files(DEMO), FakeClock(), speed=60)
        running = [asyncio.create_task(tracker.run()), asyncio.create_task(source.run(tracker.hear))]
        while rulings(incidents) != RULINGS:
            await news.take()
        for task in running:
            task.cancel()
        card = await bot.ask("/crash kerb pitlane", al)
    assert card.card.title == "Kerb and Pitlane, turn 6, Nowhere 2021"
    assert fields(card)["The stewards"] == "no further investigation"


class Screen(io.StringIO):
    """What is shown, watched for the last of it."""

    def __init__(self, last: str) -> None:
        super().__init__()
        self._last, self._loop = last, asyncio.get_running_loop()
        self.complete = asyncio.Event()

    def write(self, text: str) -> int:
        if self._last in text:
            self._loop.call_soon_threadsafe(self.complete.set)
        return super().write(text)


async def test_a_terminal_is_told_in_its_language_what_is_replayed_and_that_it_is_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    unread, typed = map(os.fdopen, os.pipe(), "rw")
    with unread, typed:
        monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
        monkeypatch.setattr(sys, "stdin", unread)
        monkeypatch.setattr(sys, "stdout", screen := Screen(OVER.format(keys="Ctrl-D")))
        staging = Staging(read_session_files(DEMO), speed=100_000, stays=True)
        replaying = asyncio.create_task(replay(settings, staging, print))
        await screen.complete.wait()
        assert not replaying.done(), "its polls can still be pressed"
        typed.close()
        await replaying
    assert "Nowhere Grand Prix, race, 100000 times as fast." in screen.getvalue().partition("TURN 1 INCIDENT")[0]
    assert "Wer war schuld? Apex und Chicane, Kurve 1" in screen.getvalue()
    assert "Who was to blame?" not in screen.getvalue()


async def test_what_a_terminal_subscribes_to_appears_in_it(settings: Settings) -> None:
    screen, incidents = Screen("Norris"), catalogue()
    async with JolpicaServer() as archive:
        imola = race(time="13:00:00Z")
        archive.publish("2021/races/", races(imola))
        archive.publish("2021/2/results/", results(imola, imola_lines()))
        settings = replace(settings, jolpica_url=archive.url)
        async with open_feed(settings, SystemClock()) as feed, open_core(settings, incidents, feed) as core:
            console = ConsoleAdapter(core.dispatcher, core.posted, stdin=io.StringIO(), stdout=screen)
            core.join(console)
            await core.stored.subscriptions.begin(CHAT, ["recaps"])
            await core.recorder.record(IMOLA_RACE, [penalised(noted(), VER, 14)], 14)
            [_report] = [said async for said in carried_out(core.orders["announce"], {"race": "imola 2021"})]
            delivering = asyncio.create_task(core.deliverer.run(core.adapters))
            await screen.complete.wait()
            delivering.cancel()
    said = " ".join(screen.getvalue().replace("│", " ").split())
    assert "Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris" in said
    assert "Verstappen and Norris, noted on lap 12, turn 4: 10-second time penalty for Verstappen; no votes yet" in said
