"""`racing-incident import`, as a person at a shell sees it, against an archive on the loopback."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app.settings import Settings
from bot.cli.season_import import import_season
from tests.cli.test_main import stopped, telegram
from tests.support.archive_server import ArchiveServer
from tests.support.archived_season import IDS, NOTED, PENALTY, messages, path_of, put_season
from tests.support.command_line import CommandLine, Finished

TOKEN = "42:an-invented-token"


@pytest.fixture
def racing_incident(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
async def archive() -> AsyncIterator[ArchiveServer]:
    async with ArchiveServer() as archive:
        put_season(archive)
        yield archive


async def test_a_race_is_imported_and_found(racing_incident: CommandLine, archive: ArchiveServer) -> None:
    done = await racing_incident("import", "2023", "monza", RACE_CONTROL_ARCHIVE_URL=archive.url)
    assert (done.code, done.err) == (0, "")
    first, second, kept = done.out.splitlines()
    assert first == "1/1 Italian Grand Prix, race: 1 incident"
    assert second == "2023: 1 session imported with 1 incident."
    assert kept.startswith("No bot is running here. Kept in ")
    found = await racing_incident(typed="/crash verstappen norris monza 2023\n")
    assert "Verstappen and Norris, turn 1, Monza 2023" in found.out
    assert "10-second time penalty for Verstappen" in found.out
    looked_up = await racing_incident("find", "verstappen", "norris", "monza", "2023")
    assert (looked_up.code, looked_up.err) == (0, "")
    assert looked_up.out.split()[1] == IDS[0]


async def test_it_is_imported_again_on_request_with_what_the_archive_has_by_now(
    racing_incident: CommandLine, archive: ArchiveServer
) -> None:
    await racing_incident("import", "2023", "monza", RACE_CONTROL_ARCHIVE_URL=archive.url)
    said = messages("2023-09-03", NOTED.format(turn=1), PENALTY, NOTED.format(turn=9))
    archive.put_stream(f"{path_of('Monza')}/RaceControlMessages.jsonStream", {"Messages": said})
    for wish, says in (
        ((), ["2023: 0 sessions imported with 0 incidents.", "1 session was recorded before."]),
        (("--again",), ["1/1 Italian Grand Prix, race: 2 incidents", "2023: 1 session imported with 2 incidents."]),
    ):
        done = await racing_incident("import", *wish, "2023", "monza", RACE_CONTROL_ARCHIVE_URL=archive.url)
        assert done.out.splitlines()[:2] == says
    looked_up = await racing_incident("find", "verstappen", "norris", "monza", "2023", "turn", "9")
    assert "monza-2023-ver-nor-t9" in looked_up.out.split()


@pytest.mark.parametrize("season", ["monza", "-5", "2024.5", "²"])
async def test_what_is_no_season_is_said(racing_incident: CommandLine, season: str) -> None:
    done = await racing_incident("import", season)
    assert done.code == 2
    assert done.err.endswith(f"argument season: {season} is no season. Say it like 2024.\n")


async def test_a_season_before_the_archive_begins_is_mistyped(racing_incident: CommandLine) -> None:
    assert await racing_incident("import", "2017") == Finished(
        2, "", "The archive has the seasons from 2018 to this one.\n"
    )


async def test_killed_in_mid_season_it_goes_on_where_it_was(
    racing_incident: CommandLine, archive: ArchiveServer
) -> None:
    process = await racing_incident.start("import", "2023", RACE_CONTROL_ARCHIVE_URL=archive.url)
    assert process.stdout is not None
    assert (await process.stdout.readline()).decode() == "1/4 Italian Grand Prix, race: 1 incident\n"
    process.kill()
    await process.communicate()
    archive.asked.clear()
    done = await racing_incident("import", "2023", RACE_CONTROL_ARCHIVE_URL=archive.url)
    assert done.out.splitlines()[3:5] == [
        "2023: 3 sessions imported with 3 incidents.",
        "1 session was recorded before.",
    ]
    assert not [path for path in archive.asked if "Italian" in path]


async def test_a_bot_that_is_running_imports_them(racing_incident: CommandLine, archive: ArchiveServer) -> None:
    async with telegram(None) as server:
        process = await racing_incident.start(
            TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=server.url, RACE_CONTROL_ARCHIVE_URL=archive.url
        )
        await server.called.wait()
        assert await racing_incident("import", "2023", "suzuka") == Finished(
            0, "1/1 Japanese Grand Prix, race: 1 incident\n2023: 1 session imported with 1 incident.\n", ""
        )
        assert (await stopped(process)).code == 0


async def test_what_is_not_there_is_a_failure(racing_incident: CommandLine, archive: ArchiveServer) -> None:
    done = await racing_incident("import", "2023", "le", "mans", RACE_CONTROL_ARCHIVE_URL=archive.url)
    assert done.code == 1
    assert done.out == ""
    assert done.err.startswith("2023 has no race called le mans. There are: ")


async def test_on_a_terminal_it_is_a_bar_above_which_problems_are_told(
    settings: Settings, archive: ArchiveServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    archive.remove(f"{path_of('Interlagos', 'Sprint')}/RaceControlMessages.jsonStream")
    settings = replace(settings, race_control_archive_url=archive.url)
    assert await import_season(settings, 2023, "interlagos") == 1
    out, err = capsys.readouterr()
    assert "São Paulo Grand Prix, sprint: 2023/2023-11-05_São_Paulo_Grand_Prix/" in out
    assert "2/2" in out
    assert "━" in out
    assert "1 session could not be imported." in err
