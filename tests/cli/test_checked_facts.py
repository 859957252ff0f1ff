"""`incidents check` against a database into which a bot has read a release of f1db."""

import re
from pathlib import Path

import pytest

from bot.app.settings import Settings
from bot.cli.checked_facts import same_teams
from bot.domain.claims.places import result_claims
from bot.domain.claims.points import championship_claims
from bot.domain.claims.records import Names
from bot.domain.claims.wording import Persons
from bot.domain.season import Championship
from bot.domain.sessions import SessionKind
from bot.feeds.f1db.client import F1db
from bot.search.catalogue import Incidents
from storage.f1db import F1dbReader
from storage.incidents.reading import read_drivers, read_f1db_ids, read_teams
from tests.support.clock import HeldClock
from tests.support.command_line import CommandLine
from tests.support.conversation import Conversation, conversation
from tests.support.f1db_release import invented_release
from tests.support.f1db_server import F1dbServer

EXAMPLE = (Path(__file__).parents[1] / "storage" / "incidents" / "example.toml").read_text(encoding="utf-8")
RELEASE = invented_release([2005], races=9)
ROUND = 3
"""Of the race at Imola."""


@pytest.fixture
async def file(settings: Settings, incidents: Incidents, data_dir: Path) -> Path:
    """A file of an incident of which all is true that it says, beside the database of a bot that has ended."""
    clock = HeldClock()
    async with (
        F1dbServer(RELEASE.packed()) as server,
        F1db(server.latest, read_f1db_ids()) as second,
        conversation(settings, incidents, second=second, clock=clock) as bot,
    ):
        reader = F1dbReader(bot.core.stored.database)
        while await reader.release() is None:
            await clock.wake_in_time()
        told = await _true_story(bot)
    path = data_dir / "imola-2005.toml"
    path.write_text(told, encoding="utf-8")
    return path


async def _true_story(bot: Conversation) -> str:
    """The example's file, of the invented race at Imola."""
    seasons = bot.core.stored.seasons
    race = next(each for each in await seasons.schedule(2005) if each.round == ROUND)
    result = await seasons.classification(race.key, SessionKind.RACE)
    table = await seasons.standings(2005, Championship.DRIVERS, ROUND)
    assert result is not None
    assert table is not None
    first, second, third = (finish.entrant for finish in result.finishes[:3])
    leader, other = table.entries[:2]
    assert leader.points is not None
    assert other.points is not None
    changes = {
        "2021-04-18": race.race.day.isoformat(),
        "Imola 2021": "Imola 2005",
        'place = "Tosa"': f'laps = {result.finishes[0].laps}\nplace = "Tosa"',
        'lede = ""\n': "",
        "summary =": 'lede = "They touched at Tosa."\nsummary =',
        "Neither finished.": f"{first.name} won from {second.name} and {third.name}.",
        "Nothing changed.": f"{leader.name} led {other.name}, {leader.points:g} to {other.points:g}.",
        "Harry Hill": first.name,
        '"Uphill"': f'"{first.team}"\nnumber = {first.number}',
    }
    told = EXAMPLE
    for before, after in changes.items():
        told = told.replace(before, after)
    return told


async def test_a_file_that_is_right_is_held_and_how_much_of_it_is_told(
    file: Path, racing_incident: CommandLine
) -> None:
    done = await racing_incident("incidents", "check", str(file))
    assert (done.code, done.err) == (0, "")
    facts, checked = done.out.splitlines()
    assert facts.startswith(
        "Races that the database knows: 1. Held against it: 2 of 2 lines on result and championship"
    )
    assert " 0 wrong, 0 of which nothing is stored" in facts
    assert checked == "1 incident checked, no mistakes."


def rewrite(file: Path, pattern: str, replacement: str) -> None:
    """Change the first place in a file that a pattern fits."""
    written, changed = re.subn(pattern, replacement, file.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    assert changed
    file.write_text(written, encoding="utf-8")


@pytest.mark.parametrize(
    ("pattern", "replacement", "named"),
    [
        ("^laps = 50", "laps = 51", "imola-2005.toml: laps: “51”: the database says 50"),
        ("^number = ", "number = 9", "imola-2005.toml: suspects[1].number: “9"),
        ('^team = "[^"]+"$', 'team = "Uphill"', "imola-2005.toml: suspects[1].team: “Uphill”"),
        (" won from ", " was second. Nobody won from ", "imola-2005.toml: result: “"),
        (r", (\d+) to ", r", 9\1 to ", "imola-2005.toml: championship: “"),
        (
            '^circuit = "imola"',
            'circuit = "monza"',
            "imola-2005.toml: circuit: “monza”: the database says Imola of 2005-0",
        ),
        ("^date = .*", "date = 2005-01-07", "imola-2005.toml: date: “2005-01-07”: the database says 2005-0"),
    ],
)
async def test_a_wrong_fact_is_named(
    file: Path, racing_incident: CommandLine, pattern: str, replacement: str, named: str
) -> None:
    rewrite(file, pattern, replacement)
    done = await racing_incident("incidents", "check", str(file))
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert line.startswith(named)


async def test_another_database_can_be_named(file: Path, racing_incident: CommandLine, data_dir: Path) -> None:
    other = (data_dir / "racing-incident.db").rename(data_dir / "other.db")
    here = await racing_incident("incidents", "check", str(file))
    assert here.code == 0
    assert here.out.startswith("No facts were held against results and standings: there is no database yet")
    there = await racing_incident("incidents", "check", str(file), "--database", f"sqlite:///{other}")
    assert there.out.startswith("Races that the database knows: 1.")
    nowhere = await racing_incident("incidents", "check", str(file), "--database", "nonsense")
    assert nowhere.code == 0
    assert nowhere.out.startswith("No facts were held against results and standings: ")


@pytest.mark.usefixtures("data_dir")
async def test_a_database_without_the_season_is_no_mistake(racing_incident: CommandLine) -> None:
    done = await racing_incident("incidents", "check")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("The database knows the result of none of these races")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Force India", "Racing Point Force India", True),
        ("Red Bull", "Red Bull Racing", True),
        ("Lotus", "Lotus F1", True),
        ("Ferrari", "Scuderia Ferrari", True),
        ("Ferrari", "Mercedes", False),
        ("Arrow", "Comet", False),
    ],
)
def test_teams_go_by_several_names(first: str, second: str, *, same: bool) -> None:
    assert same_teams(read_teams())(first, second) is same


def test_the_files_that_ship_are_written_in_shapes_that_are_understood(shipped: Incidents) -> None:
    names = Names()
    for driver in read_drivers().values():
        names.add((Championship.DRIVERS, driver.name), driver.name, driver.name.rsplit(" ", 1)[-1])
    for team in read_teams().values():
        names.add((Championship.TEAMS, team.name), team.name)
    persons = Persons(names)
    told = [each for each in shipped.told if each.session in {"race", "sprint"}]
    results = [each.id for each in told if not [*result_claims(each.result, persons)]]
    tables = [each.id for each in told if not [*championship_claims(each.championship, persons)]]
    assert len(results) < len(told) / 10
    assert len(tables) < len(told) / 3
