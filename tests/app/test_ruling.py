"""A ruling that only a document has, added at a bot that is running and where none is: what is said, kept and shown."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

import pytest

from bot.app.compose import open_core
from bot.app.control_socket import Report, carried_out, listening
from bot.app.repositories import open_repositories
from bot.app.ruling import FOLLOWED, KNOWN, NOT_WRITTEN
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.cli.operate import NOBODY_RUNS, give
from bot.domain.noted_incidents import NotedRuling
from bot.domain.places import Platform, Post, User
from bot.pacing.clock import SystemClock
from bot.search.catalogue import Incidents
from tests.support.cases import ALB, ANT, MONZA, noted, penalised
from tests.support.conversation import PIT_WALL, Talk, fields
from tests.support.platform_double import PlatformDouble

ID = "monza-2025-ver-nor-t4"
TITLE = "Verstappen and Norris, turn 4, Monza 2025"
LINK = "https://example.org/document-44"
IN_A_FILE = (
    "Bottas and Russell, Imola 2021 is told in a file: put the ruling into storage/incidents/imola-2021.toml, and start"
    " again."
)
GRID: dict[str, Any] = {
    "incident": ID,
    "decision": "three grid places for Verstappen",
    "link": LINK,
    "at_fault": ["VER"],
    "reason": "He turned in.",
    "at": "2025-09-07T18:30",
}
GRID_SAID = [
    TITLE,
    "three grid places for Verstappen: the stewards, 7 September 2025, 18:30 at the track.",
    "It blames Verstappen.",
    "He turned in.",
]
APPEAL: dict[str, Any] = {
    "incident": ID,
    "decision": "the grid penalty is lifted",
    "link": "https://example.org/document-51",
    "by": "the FIA",
    "at": "2025-09-09T10:00",
}


class Done(NamedTuple):
    """What the command printed, and its exit code."""

    code: int
    lines: list[str]


class Rule(Protocol):
    """Rules on the command line."""

    async def __call__(self, **arguments: Any) -> Done: ...


@asynccontextmanager
async def running_bot(settings: Settings) -> AsyncIterator[Core]:
    """A bot at work that takes orders."""
    async with open_core(settings, Incidents.load()) as core, listening(settings.control_socket, core.orders):
        yield core


@pytest.fixture
async def command(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Rule:
    """The command line, where a collision was noted and a penalty given for another."""
    async with open_core(settings, Incidents.load()) as core:
        await core.recorder.record(MONZA, [noted(), penalised(noted(ANT, ALB, opened=20), ALB, 25)], 30)

    async def command(**arguments: Any) -> Done:
        capsys.readouterr()
        code = await give(settings, "rule", **arguments)
        out, err = capsys.readouterr()
        assert not (out and err)
        return Done(code, [line for line in (out or err).splitlines() if line != NOBODY_RUNS])

    return command


@pytest.fixture(params=["at a running bot", "by itself"])
async def rule(request: pytest.FixtureRequest, settings: Settings, command: Rule) -> AsyncIterator[Rule]:
    """The command line, where a bot is running and where none is."""
    if request.param == "by itself":
        yield command
        return
    async with running_bot(settings):
        yield command


async def rulings(settings: Settings, incident_id: str = ID) -> list[NotedRuling]:
    """An incident's rulings as the database has them, the one that stands first."""
    async with AsyncExitStack() as stack:
        stored = await open_repositories(settings, Incidents([]), stack, SystemClock())
        record = await stored.noted.get(incident_id)
        assert record is not None
        in_force = record.incident.ruling
        return [] if in_force is None else [in_force, *in_force.replaced]


async def test_a_ruling_is_added_and_said_as_it_is_shown(command: Rule, settings: Settings) -> None:
    assert await command(**GRID) == (0, [*GRID_SAID, FOLLOWED])
    (ruling,) = await rulings(settings)
    assert (ruling.decision, ruling.at_fault, ruling.link) == (GRID["decision"], ("verstappen",), LINK)
    assert ruling.made_at == dt.datetime(2025, 9, 7, 16, 30, tzinfo=dt.UTC), "by the clocks at the track"


async def test_the_same_again_changes_nothing_and_an_appeal_adds_to_it(rule: Rule) -> None:
    assert await rule(**GRID) == (0, [*GRID_SAID, FOLLOWED])
    assert await rule(**GRID) == (0, [KNOWN])
    assert await rule(**{**GRID, "at": "2025-09-07T20:00"}) == (0, [KNOWN])
    assert await rule(**APPEAL) == (
        0,
        [
            TITLE,
            "the grid penalty is lifted: the FIA, 9 September 2025, 10:00 at the track.",
            "It blames nobody.",
            "It takes the place of: three grid places for Verstappen.",
            FOLLOWED,
        ],
    )
    assert await rule(**GRID) == (0, [KNOWN]), "which does not undo the appeal"


async def test_nothing_is_overwritten(command: Rule, settings: Settings) -> None:
    for arguments in (APPEAL, GRID, APPEAL, GRID):
        await command(**arguments)
    assert [ruling.decision for ruling in await rulings(settings)] == [APPEAL["decision"], GRID["decision"]]


async def test_an_earlier_ruling_does_not_stand(rule: Rule) -> None:
    await rule(**APPEAL)
    assert (await rule(**GRID)).lines == [*GRID_SAID, "A later one stands: the grid penalty is lifted.", FOLLOWED]


async def test_what_race_control_said_is_replaced_and_not_lost(command: Rule, settings: Settings) -> None:
    other = "monza-2025-ant-alb-t4"
    done = await command(incident=other, decision="the penalty was for Antonelli", link=LINK, at_fault=["antonelli"])
    assert done.lines[-2:] == ["It takes the place of: 10-second time penalty for Albon.", FOLLOWED]
    assert [ruling.at_fault for ruling in await rulings(settings, other)] == [("antonelli",), ("albon",)]


async def test_a_dry_run_says_the_same_and_writes_nothing(rule: Rule) -> None:
    for _twice in range(2):
        assert await rule(**GRID, dry_run=True) == (0, [*GRID_SAID, NOT_WRITTEN])
    await rule(**GRID)
    assert await rule(**GRID, dry_run=True) == (0, [KNOWN])


NO_RULINGS: tuple[tuple[dict[str, Any], list[str]], ...] = (
    (
        {"incident": "monza-2025-ver-nor-t5"},
        ["No incident has the id monza-2025-ver-nor-t5. Near it:", f"{ID}  {TITLE}"],
    ),
    ({"incident": "??"}, ["No incident has the id ??. Near it:"]),
    ({"incident": "imola-2021"}, [IN_A_FILE]),
    ({"link": "fia.com"}, ["--link: a link starts with https:// (or http:// where the site has nothing else)."]),
    ({"link": "https://fia com"}, ["--link: a link is a whole web address, without blanks."]),
    ({"link": ""}, ["--link: a link starts with https:// (or http:// where the site has nothing else)."]),
    ({"decision": "?"}, ["--decision: 1 characters; allowed are 2 to 90."]),
    ({"decision": "x" * 91}, ["--decision: 91 characters; allowed are 2 to 90."]),
    ({"reason": "\x07 rang"}, ["--reason: the text holds an invisible or control character."]),
    (
        {"decision": "", "by": "x"},
        ["--by: 1 characters; allowed are 2 to 48.", "--decision: 0 characters; allowed are 2 to 90."],
    ),
    ({"at_fault": ["Hamilton"]}, ["--at-fault: Hamilton was not in it; Verstappen and Norris were."]),
    ({"at_fault": ["VER", "4-"]}, ["--at-fault: 4- was not in it; Verstappen and Norris were."]),
    ({"at": "yesterday"}, ["--at: say it like 2025-09-07T18:30, by the clocks at the track."]),
    ({"at": "9999-12-31"}, ["--at: that is still to come."]),
    (
        {"at": "0001-01-01T00:00+14:00"},
        ["--at: the incident was noted later, on 7 September 2025, 15:10 at the track."],
    ),
)
"""What is given otherwise, and what is said of it."""


async def test_what_makes_no_ruling_is_said_in_a_sentence(command: Rule, settings: Settings) -> None:
    for arguments, answer in NO_RULINGS:
        done = await command(**{**GRID, **arguments})
        assert (done.code, done.lines[: len(answer)]) == (1, answer), arguments
        assert await rulings(settings) == [], arguments


@pytest.mark.parametrize("named", [["verstappen"], ["Max Verstappen"], ["VER,"], ["1"], ["ver", "Verstappen", ""]])
async def test_whom_it_blames_is_named_as_people_do(command: Rule, settings: Settings, named: list[str]) -> None:
    await command(**{**GRID, "at_fault": named, "incident": f" {ID.upper()} "})
    (ruling,) = await rulings(settings)
    assert ruling.at_fault == ("verstappen",)


async def test_messages_that_show_the_poll_follow_at_once(command: Rule, settings: Settings, al: User) -> None:
    async with running_bot(settings) as core:
        screen, post = PlatformDouble(Platform.TELEGRAM), Post(PIT_WALL, "1")
        core.join(screen)
        core.posted(post, await Talk(core.dispatcher).ask(f"/blame {ID}", al))
        await command(**GRID)
        await screen.edited(1)
        shown = screen.shown(post)
    assert shown is not None
    assert fields(shown)["The stewards"] == GRID["decision"]


async def test_messages_that_show_the_poll_follow_once_a_bot_runs_again(
    command: Rule, settings: Settings, al: User
) -> None:
    screen, post = PlatformDouble(Platform.TELEGRAM), Post(PIT_WALL, "1")
    async with running_bot(settings) as core:
        core.posted(post, await Talk(core.dispatcher).ask(f"/blame {ID}", al))
    await command(**GRID)
    async with running_bot(settings) as core:
        core.join(screen)
        await screen.edited(1)
        shown = screen.shown(post)
    assert shown is not None
    assert fields(shown)["The stewards"] == GRID["decision"]


async def ordered(core: Core) -> Report:
    """What the running bot reports of the order."""
    async for said in carried_out(core.orders["rule"], GRID):
        if isinstance(said, Report):
            return said
    raise AssertionError("no report")


async def test_a_told_incident_that_took_one_over_has_its_ruling_in_its_file(settings: Settings) -> None:
    story = next(incident for incident in Incidents.load().told if incident.id == "imola-2021")
    incidents = Incidents([replace(story, takes_over=ID)])
    async with open_core(settings, incidents) as core:
        await core.recorder.record(MONZA, [noted()], 11)
        report = await ordered(core)
    assert not report.ok
    assert report.lines == (IN_A_FILE,)


async def test_the_same_from_two_at_once_is_added_once(settings: Settings, command: Rule) -> None:
    async with running_bot(settings) as core:
        reports = await asyncio.gather(*(ordered(core) for _ in range(4)))
    assert sorted(report.lines == (KNOWN,) for report in reports) == [False, True, True, True]
    assert all(report.ok for report in reports)
    assert len(await rulings(settings)) == 1
    assert (await command(**GRID)).lines == [KNOWN]
