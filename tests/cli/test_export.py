import csv
import json
import sqlite3
from contextlib import closing

import pytest

from bot.app.settings import Settings
from bot.cli.export import export
from bot.cli.main import main
from bot.cli.streams import UNREAD
from bot.domain.places import User
from bot.search.catalogue import Incidents
from storage.incidents.reading import read_circuits, read_drivers
from tests.support.cases import MONZA, VER, noted, penalised
from tests.support.command_line import CommandLine, Finished
from tests.support.conversation import PIT_WALL, alone, conversation


async def test_it_is_written_beside_the_bot_that_has_the_file(
    settings: Settings, shipped: Incidents, racing_incident: CommandLine, al: User, bo: User
) -> None:
    async with conversation(settings, shipped) as bot:
        await bot.ask("/vote imola-2021 all-russell", al)
        await bot.ask("/rate imola-2021 correct", bo, alone(bo))
        printed = await racing_incident("export")
        filed = await racing_incident("export", "--format", "csv", "--output", "votes.csv")
        again = await racing_incident("export")
    assert (printed.code, filed.code, filed.err) == (0, 0, "Written to votes.csv.\n")
    assert again == printed
    imola = next(each for each in json.loads(printed.out)["incidents"] if each["incident"] == "imola-2021")
    assert {each["choice"] for each in (*imola["blame"], *imola["rating"]) if each["votes"]} == {
        "all-russell",
        "correct",
    }
    text = (settings.data_dir / "votes.csv").read_bytes().decode()
    rows = csv.DictReader(text.splitlines())
    assert {row["choice"] for row in rows if row["votes"] not in ("", "0")} == {"all-russell", "correct"}
    with closing(sqlite3.connect(settings.data_dir / "racing-incident.db")) as database:
        voters = [str(voter) for (voter,) in database.execute("SELECT voter FROM vote")]
    assert len(voters) == 2
    told = printed.out + text
    assert [each for each in (*voters, PIT_WALL.id, "telegram") if each in told] == []


async def test_what_race_control_noted_is_in_it(
    settings: Settings, shipped: Incidents, racing_incident: CommandLine, al: User
) -> None:
    async with conversation(settings, Incidents(shipped.told, read_circuits(), read_drivers())) as bot:
        await bot.core.recorder.record(MONZA, [penalised(noted(), VER, 14), noted(opened=30)], 40)
        await bot.ask("/vote monza-2025-ver-nor-t4 all-norris", al)
        await bot.ask("/rate monza-2025-ver-nor-t4 far-too-harsh", al)
        printed = await racing_incident("export")
        table = await racing_incident("export", "--format", "csv")
    found = {each["incident"]: each for each in json.loads(printed.out)["incidents"] if each["kind"] == "noted"}
    assert found.keys() == {"monza-2025-ver-nor-t4", "monza-2025-ver-nor-t4-2"}
    ruled, open_one = found["monza-2025-ver-nor-t4"], found["monza-2025-ver-nor-t4-2"]
    assert [each["choice"] for each in (*ruled["blame"], *ruled["rating"]) if each["votes"]] == [
        "all-norris",
        "far-too-harsh",
    ]
    assert (ruled["ruling"]["at_fault"], open_one["ruling"], open_one["rating"]) == (["verstappen"], None, None)
    assert sum(row["kind"] == "noted" for row in csv.DictReader(table.out.splitlines())) == 15


async def test_somebody_who_stops_reading_makes_no_trouble(
    settings: Settings, shipped: Incidents, racing_incident: CommandLine
) -> None:
    async with conversation(settings, shipped):
        pass
    process = await racing_incident.start("export")
    assert process.stdout is not None
    assert process.stderr is not None
    await process.stdout.read(10)
    process.stdout._transport.close()  # type: ignore[attr-defined]
    assert (await process.stderr.read(), await process.wait()) == (b"", UNREAD)


@pytest.mark.usefixtures("never_ran")
def test_where_there_is_no_database_that_is_said(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(settings, "json", None) == 1
    assert "there is no file" in capsys.readouterr().err


def test_a_file_that_is_no_database_is_told_from_one(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    (settings.data_dir / "racing-incident.db").write_text("not a database" * 100)
    assert export(settings, "json", None) == 1
    assert "The database cannot be read: file is not a database" in capsys.readouterr().err


@pytest.mark.usefixtures("never_ran")
def test_tables_of_another_program_are_not_guessed_at(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(settings.data_dir / "racing-incident.db")) as database:
        database.execute("CREATE TABLE poll (id INTEGER)")
    assert export(settings, "json", None) == 1
    assert "has tables of another program, such as poll" in capsys.readouterr().err


async def test_a_file_that_cannot_be_written_is_named(
    settings: Settings, shipped: Incidents, racing_incident: CommandLine
) -> None:
    async with conversation(settings, shipped):
        pass
    done = await racing_incident("export", "--output", "nowhere/votes.json")
    assert done == Finished(1, "", "nowhere/votes.json cannot be written: No such file or directory.\n")


def test_an_unknown_format_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["export", "--format", "xlsx"])
    assert "choose from" in capsys.readouterr().err
