"""Streams as they are found: closed by whoever starts the program, full, no longer read, of an old character set."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.streams import UNREAD, UNWRITTEN
from tests.support.command_line import ROOT, CommandLine
from tests.support.window import OFF

NO_ROOM = "What is printed cannot be written: No space left on device."


def at_a_shell(folder: Path, line: str) -> tuple[int, str, str]:
    """The exit code of a line that is typed at a shell, in which `$bot` is the program, and what is printed."""
    done = subprocess.run(  # noqa: S603 - the program under test
        ["/bin/bash", "-c", f"set -o pipefail; {line}"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder), "bot": _BOT, **OFF},
    )
    return done.returncode, done.stdout, done.stderr


_BOT = f"{sys.executable} -m bot"


@pytest.mark.parametrize("line", ["$bot version >&-", "echo /help | $bot chat >&-", "$bot version <&- >&- 2>&-"])
def test_nobody_need_hear_anything(data_dir: Path, line: str) -> None:
    assert at_a_shell(data_dir, line) == (0, "", "")


def test_without_an_input_nobody_types(data_dir: Path) -> None:
    code, out, err = at_a_shell(data_dir, "$bot run <&-")
    assert (code, out) == (2, "")
    assert err.startswith("No token is set, and nobody types anything here.")


@pytest.mark.parametrize(
    "line",
    [
        "$bot version",
        pytest.param("$bot find imola", marks=pytest.mark.exhaustive),
        pytest.param("$bot incidents sources", marks=pytest.mark.exhaustive),
        pytest.param("echo /help | $bot chat", marks=pytest.mark.exhaustive),
    ],
)
def test_a_full_disk_is_a_sentence(data_dir: Path, line: str) -> None:
    assert at_a_shell(data_dir, f"{line} >/dev/full") == (UNWRITTEN, "", f"{NO_ROOM}\n")


def test_who_reads_no_further_is_told_no_more(data_dir: Path) -> None:
    more_than_a_pipe_holds = "for number in {1..80}; do echo /crash imola; done"
    code, out, err = at_a_shell(data_dir, f"{more_than_a_pipe_holds} | $bot chat | head -1")
    assert (code, err) == (UNREAD, "")
    assert len(out.splitlines()) == 1


@pytest.mark.parametrize(
    "line",
    [
        "echo /help | $bot chat",
        pytest.param("$bot replay --speed 100000", marks=pytest.mark.exhaustive),
        pytest.param("$bot find imola", marks=pytest.mark.exhaustive),
    ],
)
def test_who_has_gone_before_anything_is_said_is_told_nothing(data_dir: Path, line: str) -> None:
    assert at_a_shell(data_dir, f"{line} | :") == (UNREAD, "", "")


@pytest.mark.parametrize(
    ("encoding", "seen"),
    [
        ("ascii", ["\" I haven't", "18 April 2021 - lap 31", "..."]),
        ("latin-1", ["\" I haven't", "18 April 2021 · lap 31", "..."]),
        ("cp1252", ["\" I haven't", "18 April 2021 · lap 31", "…"]),
    ],
)
async def test_marks_that_a_terminal_does_not_know_are_others_in_it(
    racing_incident: CommandLine, encoding: str, seen: list[str]
) -> None:
    process = await racing_incident.start("chat", PYTHONIOENCODING=encoding, **OFF)
    out, err = await process.communicate("/crash imola\n".encode(encoding))
    shown = out.decode(encoding)
    assert (process.returncode, err, "? I haven" in shown) == (0, b"", False)
    for each in seen:
        assert each in shown
