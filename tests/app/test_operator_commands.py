"""What operators have done, at a bot that is running and where none is: the same words, on the same file."""

import asyncio
import datetime as dt
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

import pytest
from structlog.testing import capture_logs

from bot.app.compose import open_core
from bot.app.control_socket import listening
from bot.app.operator_commands import NO_FEED
from bot.app.repositories import open_repositories
from bot.app.season_feeds import open_feed
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.app.starts import STANDS
from bot.cli.operate import DEAF, NOBODY_RUNS, give
from bot.domain.deliveries import Outcome, State
from bot.domain.places import Platform, User
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from tests.support import jolpica_samples as samples
from tests.support.conversation import PADDOCK, PIT_WALL, alone, conversation
from tests.support.jolpica_server import Failure, JolpicaServer, races, results, standings_answer
from tests.support.platform_double import PlatformDouble
from tests.support.season import MONZA, another_year

HEADLINE = "Emilia Romagna Grand Prix: Verstappen wins from Hamilton and Norris"
REFUSED = Failure(400)

pytestmark = pytest.mark.usefixtures("subscribed")


@asynccontextmanager
async def running_bot(settings: Settings, incidents: Incidents) -> AsyncIterator[Core]:
    """A bot at work, with the archive that the settings name."""
    async with open_feed(settings, SystemClock()) as feed, open_core(settings, incidents, feed) as core:
        yield core


class Done(NamedTuple):
    """What the command printed, and its exit code."""

    code: int
    lines: list[str]


class Give(Protocol):
    """Gives an order on the command line."""

    async def __call__(self, name: str, **arguments: Any) -> Done: ...


@pytest.fixture
async def archive() -> AsyncIterator[JolpicaServer]:
    """An archive that knows Imola 2021 and the championship after it."""
    async with JolpicaServer() as archive:
        imola = samples.race(time="13:00:00Z")
        monza = samples.race(round_number=3, name="Italian Grand Prix", circuit="monza", day="2021-09-12")
        archive.publish("2021/races/", races(imola, monza))
        archive.publish("2021/2/results/", results(imola, samples.imola_lines()))
        leader = samples.driver_standing(1, "hamilton", "mercedes", points="44")
        archive.publish("2021/2/driverstandings/", standings_answer("DriverStandings", [leader]))
        yield archive


@pytest.fixture
def settings(settings: Settings, archive: JolpicaServer) -> Settings:
    return replace(settings, jolpica_url=archive.url)


@pytest.fixture
async def subscribed(settings: Settings, incidents: Incidents, boss: User, al: User) -> None:
    """Two groups and somebody in private want recaps."""
    async with conversation(settings, incidents) as bot:
        for chat in (PIT_WALL, alone(al)):
            await bot.ask("/subscribe recaps", boss, chat)
        await bot.ask("/subscribe recaps", User(Platform.DISCORD, "1"), PADDOCK)


@pytest.fixture
def command(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Give:
    """The command line."""

    async def command(name: str, **arguments: Any) -> Done:
        capsys.readouterr()
        with capture_logs():
            code = await give(settings, name, **arguments)
        out, err = capsys.readouterr()
        assert not (out and err)
        return Done(code, (out or err).splitlines())

    return command


@pytest.fixture(params=["at a running bot", "by itself"])
async def order(
    request: pytest.FixtureRequest, settings: Settings, incidents: Incidents, command: Give
) -> AsyncIterator[Give]:
    """The command line, where a bot is running and where none is."""
    if request.param == "by itself":
        yield command
        return
    async with running_bot(settings, incidents) as core, listening(settings.control_socket, core.orders):
        yield command


def said(done: Done) -> list[str]:
    """The lines but for the one that tells that no bot is running."""
    return [line for line in done.lines if line != NOBODY_RUNS]


async def test_a_race_is_fetched_and_announced_to_all_who_subscribed(order: Give) -> None:
    done = await order("announce", race="imola 2021")
    assert done.code == 0
    headline, audience, named = said(done)
    assert headline == HEADLINE
    assert audience.startswith("On its way to 1 chat on Discord and 2 chats on Telegram.")
    assert named == f"Groups among them: telegram {PIT_WALL.id}, discord {PADDOCK.id}."
    assert said(await order("deliveries")) == ["3 deliveries are on the way."]


async def test_a_dry_run_shows_the_card_and_sends_nothing(order: Give) -> None:
    done = await order("announce", race="imola 2021", dry_run=True)
    assert done.code == 0
    lines = said(done)
    assert lines[0] == HEADLINE
    assert "Podium: 1. Verstappen (Red Bull), 2. Hamilton (Mercedes), 3. Norris (McLaren)" in lines
    assert "Championship: 1. Hamilton 44" in lines
    assert lines[-3].startswith("Would be told to 1 chat on Discord and 2 chats on Telegram.")
    assert lines[-1] == "Nothing was sent."
    assert said(await order("deliveries")) == ["Everything was delivered."]


async def test_nothing_is_announced_twice(order: Give) -> None:
    await order("announce", race="imola 2021")
    for arguments in ({}, {"dry_run": True}):
        again = await order("announce", race="imola 2021", **arguments)
        assert again.code == 1
        assert again.lines[0].startswith(f"{HEADLINE}: that was announced on ")


@pytest.mark.parametrize(
    ("race", "answer"),
    [
        ("spa 2021", "No race by that name in 2021."),
        ("imola 2021 sprint", "There was no sprint at that race."),
        ("imola 2021 qualifying", "Qualifying is not announced; races and sprints are."),
        ("monza 2021", "The results archive has no answer to that just now. Please try again later."),
        ("imola 1900", "The championship's seasons are 1950 to "),
        ("imola 1988", "The results archive has no answer to that just now. Please try again later."),
        ("2021", "Which race? Say it like this: imola 2021"),
        ("latest", "Which race? Say it like this: imola 2021"),
        ("grand prix 2021", "Which race? Say it like this: imola 2021"),
    ],
)
async def test_what_cannot_be_announced_is_said_in_a_sentence(command: Give, race: str, answer: str) -> None:
    done = await command("announce", race=race)
    assert done.code == 1
    (line,) = done.lines
    assert line.startswith(answer)


async def test_a_name_that_fits_several_races_is_asked_about(order: Give, archive: JolpicaServer) -> None:
    second = samples.race(round_number=4, name="Imola Grand Prix", day="2021-10-31")
    archive.publish("2021/races/", races(samples.race(), second))
    done = await order("announce", race="autodromo 2021")
    assert done == (1, ["Which one? Say more:", "Emilia Romagna GP 2021", "Imola GP 2021"])


async def test_an_archive_that_gives_no_answer_is_named(command: Give, archive: JolpicaServer) -> None:
    archive.failures.append(REFUSED)
    done = await command("announce", race="imola 2021")
    assert done == (1, ["The results archive: no answer to 2021/races/: status 400. Try again later."])


@pytest.fixture
async def next_year(settings: Settings, incidents: Incidents) -> int:
    """Monza is on next year's calendar."""
    year = SystemClock().now().year + 1
    async with AsyncExitStack() as stack:
        stored = await open_repositories(settings, incidents, stack, SystemClock())
        await stored.seasons.store_schedule(year, [another_year(MONZA, year)], SystemClock().now())
    return year


async def test_a_start_is_set_right_however_often_it_is_said(next_year: int, order: Give) -> None:
    for _twice in range(2):
        done = await order("session", race=f"monza {next_year}", session="race", start=f"{next_year}-09-12T14:30Z")
        assert done.code == 0
        told, stands = said(done)
        assert told.startswith(f"Italian Grand Prix {next_year}, Race: ")
        assert told.endswith(" 12 September, 14:30 UTC (16:30 at the track).")
        assert stands == STANDS
    past = await order("session", race="monza 2021", session="race", start="2021-09-12T14:30Z")
    assert past.code == 1


@pytest.mark.parametrize(
    ("is_there", "answer"),
    [(True, "no answer within 0 seconds"), (False, "it refuses connections")],
    ids=["answers nothing", "refuses"],
)
async def test_nobody_waits_long_for_an_archive_that_gives_no_answer(
    order: Give, archive: JolpicaServer, monkeypatch: pytest.MonkeyPatch, *, is_there: bool, answer: str
) -> None:
    monkeypatch.setattr("bot.app.announcing.PATIENCE", 0.3)
    archive.silent = True
    if not is_there:
        await archive.__aexit__()
    assert await order("announce", race="imola 2021", dry_run=False) == (
        1,
        [f"The results archive: {answer}. Try again later."],
    )


async def test_without_championships_a_race_is_announced_all_the_same(command: Give, archive: JolpicaServer) -> None:
    archive.say("2021/1/driverstandings/", b"nonsense")
    assert (await command("announce", race="imola 2021")).code == 0


async def test_without_an_archive_nothing_is_announced_and_deliveries_are_shown(
    settings: Settings, incidents: Incidents, command: Give
) -> None:
    settings.jolpica_url = None
    assert await command("announce", race="imola 2021") == (1, [NO_FEED])
    async with running_bot(settings, incidents) as core, listening(settings.control_socket, core.orders):
        assert await command("announce", race="imola 2021") == (1, [NO_FEED])
        assert await command("deliveries") == (0, ["Everything was delivered."])


async def test_what_was_announced_while_no_bot_ran_goes_out_once_one_does(
    command: Give, settings: Settings, incidents: Incidents
) -> None:
    assert (await command("announce", race="imola 2021")).lines[-1] == NOBODY_RUNS
    telegram = PlatformDouble(Platform.TELEGRAM)
    telegram.gate.clear()
    async with running_bot(settings, incidents) as core:
        delivering = asyncio.create_task(core.deliverer.run({Platform.TELEGRAM: telegram}))
        await telegram.busy(messages=2)
        delivering.cancel()
        telegram.gate.set()
        await asyncio.wait([delivering])
    assert {sent.said for sent in telegram.sent} == {HEADLINE}


async def test_where_nothing_is_kept_nothing_is_made(command: Give, settings: Settings) -> None:
    settings.data_dir /= "elsewhere"
    done = await command("deliveries")
    assert done.code == 1
    assert done.lines[0].startswith(f"Nothing is kept at {settings.data_dir}")
    assert not os.access(settings.data_dir, os.F_OK)


async def test_a_bot_that_takes_no_orders_is_told_apart(
    command: Give, settings: Settings, incidents: Incidents
) -> None:
    async with running_bot(settings, incidents):
        assert await command("deliveries") == (1, [DEAF])


async def give_up(settings: Settings, incidents: Incidents) -> None:
    """Have everything that is on its way given up."""
    now = dt.datetime.now(dt.UTC)
    async with AsyncExitStack() as stack:
        outbox = (await open_repositories(settings, incidents, stack, SystemClock())).outbox
        writing = asyncio.create_task(outbox.run())
        for platform in Platform:
            for delivery in await outbox.due(platform, now, 10):
                await outbox.settle(Outcome(delivery, State.DEAD, now, problem="The topic is closed."))
        await outbox.close()
        await writing


async def test_what_was_given_up_is_shown_and_tried_again(
    command: Give, settings: Settings, incidents: Incidents
) -> None:
    await command("announce", race="imola 2021")
    await give_up(settings, incidents)
    shown = said(await command("deliveries"))
    told = {line.partition("  ")[2] for line in shown[:-1]}
    race = "recap 2021-emilia-romagna-grand-prix race: The topic is closed."
    assert told == {f"{chat}  {race}" for chat in ("telegram -1001", "telegram private chat", "discord 555")}
    assert shown[-1] == "3 given up. `racing-incident deliveries --retry` tries again."
    assert said(await command("deliveries", retry=True)) == ["3 deliveries are tried again."]
    assert said(await command("deliveries")) == ["3 deliveries are on the way."]


async def test_who_wants_no_news_any_more_gets_none_tried_again(
    command: Give, settings: Settings, incidents: Incidents, boss: User
) -> None:
    await command("announce", race="imola 2021")
    await give_up(settings, incidents)
    async with conversation(settings, incidents) as bot:
        await bot.ask("/unsubscribe", boss, PIT_WALL)
    assert said(await command("deliveries", retry=True)) == [
        "2 deliveries are tried again.",
        "1 given up for good: too old by now, or no longer wanted.",
    ]


async def test_with_nothing_given_up_nothing_is_tried_again(order: Give) -> None:
    assert said(await order("deliveries", retry=True)) == ["Nothing to try again."]
