import asyncio
import json
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.app.settings import Settings
from bot.cli.main import TERMINATED, WRONG, main
from bot.cli.streams import UNREAD
from storage.incidents.reading import SHIPPED
from tests.support.command_line import ROOT, CommandLine, Finished, Running

TOKEN = "42:an-invented-token"
UNAUTHORIZED = b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'
REFUSAL = b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
RULE = ["rule", "monza-2025-ver-nor-t4", "--decision", "a reprimand", "--link", "https://example.org/44"]
SESSION = ["session", "emilia", "romagna", "race", "2026-05-03T17:00Z"]
PATIENCE = 10.0
"""Seconds after which a bot that was asked to stop counts as stuck, on the busiest of machines."""


async def stopped(process: Running) -> Finished:
    """What is left of a process that is asked to stop."""
    process.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    return Finished(process.returncode, out.decode(), err.decode())


class Telegram(NamedTuple):
    """A server where Telegram should be; `called` is set once somebody calls."""

    url: str
    called: asyncio.Event


@asynccontextmanager
async def telegram(answer: bytes | None) -> AsyncIterator[Telegram]:
    """A Telegram on the loopback that gives everybody the same answer, or none at all."""
    called = asyncio.Event()
    callers = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        callers.add(writer)
        while await reader.readuntil(b"\r\n\r\n"):
            called.set()
            if answer is not None:
                writer.write(REFUSAL % (len(answer), answer))

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    try:
        yield Telegram(f"http://{host}:{port}", called)
    finally:
        server.close()
        for caller in callers:
            caller.close()


async def test_help_is_there_without_loading_the_bot() -> None:
    script = "import sys, bot.cli.main as m\ntry: m.main(['--help'])\nfinally: print(*sys.modules, file=sys.stderr)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, modules = await process.communicate()
    assert process.returncode == 0
    assert b"chat in this terminal" in out
    assert {"discord", "telegram", "sqlalchemy", "pydantic", "rich"}.isdisjoint(modules.decode().split())


async def test_a_conversation_can_be_piped_in(tmp_path: Path) -> None:
    done = await CommandLine(tmp_path, anew=True)(typed="/crash imola\n/blame imola\n1\nimola quotes\n99\n")
    assert done.code == 0
    assert "Bottas and Russell, Imola 2021" in done.out
    assert "Who was to blame?" in done.out
    assert "All Bottas" in done.out
    assert "Nobody else has voted yet" in done.out
    assert "The buttons above are still 1 to " in done.out
    assert done.err == ""


async def test_a_script_is_answered_line_by_line_however_many_there_are(racing_incident: CommandLine) -> None:
    done = await racing_incident(typed="/foo\n" * 40)
    assert done.out.count("No such command here.") == 40


async def test_who_reads_no_further_ends_a_command_quietly(tmp_path: Path) -> None:
    unread, end = os.pipe()
    os.close(unread)
    process = await CommandLine(tmp_path, stdout=end).start("find", "2021", "--json")
    os.close(end)
    _out, err = await process.communicate()
    assert err == b""
    assert process.returncode == UNREAD


def test_a_query_can_be_tried_by_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "--json", "imola", "2021"]) == 0
    best = json.loads(capsys.readouterr().out)[0]
    assert best.keys() == {"id", "title", "season", "race", "drivers", "score"}
    assert best["id"] == "imola-2021"
    assert best["drivers"] == ["Valtteri Bottas", "George Russell"]
    assert 0 < best["score"] <= 1


def test_a_query_can_be_tried_by_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "imola"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split()[1] == "imola-2021"


async def test_a_database_that_cannot_be_read_keeps_nobody_from_finding(
    racing_incident: CommandLine, tmp_path: Path
) -> None:
    database = tmp_path / "odd.db"
    database.write_text("That is no database, however long one looks at it.")
    done = await racing_incident("find", "imola", "2021", DATABASE_URL=f"sqlite:///{database}")
    assert done.code == 0
    assert done.out.splitlines()[0].split()[1] == "imola-2021"
    assert done.err.startswith("The database cannot be read: ")
    assert done.err.endswith("What race control noted is left out.\n")


@pytest.mark.usefixtures("settings")
def test_a_query_that_finds_nothing_is_a_failure(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(data_dir))  # or it would be the one of whoever runs the tests
    assert main(["find", "qwertz"]) == 1
    assert capsys.readouterr() == ("", "Nothing by that name.\n")


@pytest.mark.usefixtures("settings")
def test_the_incidents_that_ship_are_without_mistakes(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(data_dir))
    assert main(["incidents", "check"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.endswith("incidents checked, no mistakes.\n")


def test_every_mistake_in_a_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = (SHIPPED / "imola-2021.toml").read_text(encoding="utf-8")
    mistaken = good.replace("lap = 31", 'lap = "late"', 1).replace("fame = 8", "fame = 11")
    (tmp_path / "imola-2021.toml").write_text(mistaken, encoding="utf-8")
    (tmp_path / "monza-2021.toml").write_text("title = ", encoding="utf-8")
    assert main(["incidents", "check", str(tmp_path)]) == 1
    named = [line.split(": ")[:2] for line in capsys.readouterr().err.splitlines()]
    assert named == [["imola-2021.toml", "lap"], ["imola-2021.toml", "fame"], ["monza-2021.toml", "TOML"]]


def test_a_card_that_no_platform_would_take_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = (SHIPPED / "imola-2021.toml").read_text(encoding="utf-8")
    moments = '[[timeline]]\nwhen = "later"\nwhat = "%s"\n' % ("*" * 280) * 4
    (tmp_path / "imola-2021.toml").write_text(good.replace("[ruling]", f"{moments}[ruling]"), encoding="utf-8")
    assert main(["incidents", "check", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("imola-2021.toml: the timeline card: ")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("nowhere.toml", "There is no file or folder nowhere.toml.\n"),
        ("/nowhere/at/all", "There is no file or folder /nowhere/at/all.\n"),
        (".", "The folder . holds no .toml file.\n"),
    ],
)
def test_a_path_without_incidents_is_named_whole_as_what_was_mistyped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["incidents", "check", path]) == WRONG
    assert capsys.readouterr().err == says


def test_the_sources_page_is_printed_as_it_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["incidents", "sources"]) == 0
    assert "Valtteri Bottas" in capsys.readouterr().out


def test_settings_that_are_wrong_are_named_and_nothing_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKN", "x")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    assert main(["run"]) == 2
    assert [line.split()[0] for line in capsys.readouterr().err.splitlines()] == ["DISCORD_TOKN", "LOG_LEVEL:"]


async def test_a_chat_in_the_terminal_ends_when_it_is_asked_to(racing_incident: CommandLine) -> None:
    process = await racing_incident.start("chat")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"/help\n")
    await process.stdout.readuntil("╯".encode())
    assert (await stopped(process)).code == 0


@pytest.mark.parametrize("answer", [None, UNAUTHORIZED], ids=["answers nothing", "refuses the token"])
async def test_a_bot_ends_when_it_is_asked_to_whatever_telegram_does(
    racing_incident: CommandLine, answer: bytes | None
) -> None:
    async with telegram(answer) as server:
        process = await racing_incident.start(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=server.url, LOG_FORMAT="json")
        await server.called.wait()
        if answer is not None:
            assert process.stderr is not None
            await process.stderr.readuntil(b"TELEGRAM_BOT_TOKEN")
        done = await stopped(process)
    assert done.code == 0
    assert TOKEN not in done.err
    assert "Traceback" not in done.err


async def test_a_bot_that_is_running_takes_orders(racing_incident: CommandLine) -> None:
    async with telegram(None) as server:
        process = await racing_incident.start(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=server.url)
        await server.called.wait()
        assert await racing_incident("deliveries") == Finished(0, "Everything was delivered.\n", "")
        assert (await stopped(process)).code == 0
    alone = await racing_incident("deliveries")
    assert alone.code == 0
    assert alone.out.splitlines()[-1].startswith("No bot is running here.")


@pytest.mark.parametrize("order", [["announce", "imola"], ["deliveries"], RULE, SESSION])
def test_an_order_with_settings_that_are_wrong_is_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], order: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "the one downstairs")
    assert main(order) == 2
    assert capsys.readouterr().err.startswith("DATABASE_URL: ")


@pytest.mark.parametrize("missing", ["--decision", "--link"])
def test_a_ruling_needs_a_decision_and_a_document(capsys: pytest.CaptureFixture[str], missing: str) -> None:
    start = RULE.index(missing)
    with pytest.raises(SystemExit) as left:
        main([*RULE[:start], *RULE[start + 2 :]])
    assert left.value.code == 2
    assert missing in capsys.readouterr().err


async def test_a_ruling_is_carried_to_the_bot_that_is_running(racing_incident: CommandLine) -> None:
    async with telegram(None) as server:
        process = await racing_incident.start(TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=server.url)
        await server.called.wait()
        done = await racing_incident(*RULE, "--at-fault", "VER", "NOR", "--by", "the FIA", "--dry-run")
        assert done.code == 1
        assert done.err.startswith("No incident has the id monza-2025-ver-nor-t4. Near it:\n")
        assert (await stopped(process)).code == 0


def test_an_announcement_of_nothing_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["announce", "--dry-run"])
    assert left.value.code == 2
    assert "race" in capsys.readouterr().err


async def test_a_doctor_names_what_is_wrong_and_never_a_token(racing_incident: CommandLine) -> None:
    async with telegram(UNAUTHORIZED) as server:
        done = await racing_incident("doctor", TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=server.url, LOG_LEVEL="DEBUG")
    assert done.code == 1
    assert "problem  Telegram: does not know the token." in done.out
    assert TOKEN not in done.out
    assert done.err == ""


def test_a_command_that_is_broken_off_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(_settings: Settings, _query: str, *, as_json: bool) -> int:
        assert not as_json
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli.find.find", broken_off)
    assert main(["find", "imola"]) == 130


async def test_a_service_without_a_token_says_so_and_is_not_started_again_for_ever(
    racing_incident: CommandLine,
) -> None:
    run = await racing_incident("run", JOLPICA_URL="off", F1DB_URL="off", RACE_CONTROL="off")
    assert (run.code, run.out) == (WRONG, "")
    assert run.err.startswith("No token is set, and nobody types anything here.")
    assert (await racing_incident("chat", JOLPICA_URL="off", F1DB_URL="off", RACE_CONTROL="off")).code == 0


async def test_a_terminal_that_does_not_know_our_marks_is_shown_others(tmp_path: Path) -> None:
    shown = await CommandLine(tmp_path)(
        "chat",
        typed="/crash imola\n",
        PYTHONIOENCODING="ascii",
        JOLPICA_URL="off",
        RACE_CONTROL="off",
    )
    assert (shown.code, shown.err) == (0, "")
    assert "Bottas and Russell, Imola 2021" in shown.out


@pytest.mark.parametrize("how", ["version", "--version"])
def test_the_version_is_printed_either_way(capsys: pytest.CaptureFixture[str], how: str) -> None:
    assert main([how]) == 0
    assert capsys.readouterr().out.strip() == version("racing-incident")


@pytest.mark.usefixtures("never_ran")
async def test_another_programs_database_stays_as_it_is(racing_incident: CommandLine, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "racing-incident.db")) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    run = await racing_incident("chat", typed="/help\n", JOLPICA_URL="off", F1DB_URL="off", RACE_CONTROL="off")
    assert run.code == 1
    assert run.err.startswith("The database has tables of another program, such as recipe.")
    with closing(sqlite3.connect(tmp_path / "racing-incident.db")) as other:
        assert [name for (name,) in other.execute("SELECT name FROM sqlite_master")] == ["recipe"]


async def test_a_damaged_database_is_told_in_a_sentence(racing_incident: CommandLine, tmp_path: Path) -> None:
    settings = {"JOLPICA_URL": "off", "F1DB_URL": "off", "RACE_CONTROL": "off"}
    await racing_incident("chat", typed="/help\n", **settings)
    file = tmp_path / "racing-incident.db"
    whole = file.read_bytes()
    for spoilt in (
        whole[:30_000],
        whole[:4096] + bytes(255 - byte for byte in whole[4096:]),
        whole[:100] + b"x" * 4096,
    ):
        file.write_bytes(spoilt)
        run = await racing_incident("chat", typed="/blame imola\n/help\n", **settings)
        assert "Traceback" not in run.err + run.out
        assert run.code == 1
        assert "backup" in run.err


async def test_a_secret_that_was_lost_beside_votes_keeps_the_bot_from_starting(
    racing_incident: CommandLine, tmp_path: Path
) -> None:
    settings = {"JOLPICA_URL": "off", "F1DB_URL": "off", "RACE_CONTROL": "off"}
    await racing_incident("chat", typed="/vote imola-2021 racing-incident\n", **settings)
    secret = tmp_path / "voter-secret"
    copy = secret.rename(tmp_path / "copy")
    for _time in range(2):
        run = await racing_incident("chat", typed="/help\n", **settings)
        assert (run.code, run.out) == (1, "")
        assert "Put back the copy" in run.err
    copy.rename(secret)
    assert (await racing_incident("chat", typed="/help\n", **settings)).code == 0
    secret.write_bytes(bytes(32))
    assert "counted with another secret" in (await racing_incident("chat", typed="/help\n", **settings)).err


ASKED_TO_STOP_AT_ONCE = """
import os, signal, sys
from bot.cli import main

def begin(_asked):
    os.kill(os.getpid(), signal.SIGTERM)  # before anything runs that ends in its own order
    signal.pause()

main._do = begin
sys.exit(main.main(["chat"]))
"""


async def test_it_ends_in_order_when_it_is_stopped_before_it_runs(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ASKED_TO_STOP_AT_ONCE),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert (process.returncode, out, err) == (TERMINATED, b"", b"")


@pytest.mark.parametrize("weak", ["short", "0000000000000000", "changeme-changeme-changeme-please"])
async def test_a_weak_secret_is_refused_in_a_sentence_with_how_to_make_a_good_one(
    racing_incident: CommandLine, weak: str
) -> None:
    run = await racing_incident("chat", VOTER_SECRET=weak)
    assert (run.code, run.out) == (WRONG, "")
    assert "Make one with: openssl rand -hex 32" in run.err
    assert len(run.err.splitlines()) == 1
    assert weak not in run.err


def test_a_role_that_there_is_not_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["run", "--only", "telegram,pit-wall"])
    assert left.value.code == 2
    (*_usage, said) = capsys.readouterr().err.splitlines()
    assert "pit-wall is no role: there are telegram, discord, deliver, season, race-control, web." in said


async def test_on_sqlite_some_roles_are_refused_in_a_sentence(racing_incident: CommandLine) -> None:
    run = await racing_incident("run", "--only", "season")
    assert (run.code, run.out) == (WRONG, "")
    (said,) = run.err.splitlines()
    assert said.startswith("On SQLite one process has the database's file, and does everything")
