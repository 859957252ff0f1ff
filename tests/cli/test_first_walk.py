"""Somebody new, at a terminal of the usual size, with the installed program and nothing set."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.window import OFF, Window

PROMPT = "Ctrl-D leaves"
"""The end of what stands in an empty line: whoever reads it is to type."""

ROWS = 24


def seen(lines: Sequence[str]) -> str:
    """What of an answer is in the window once it is there."""
    return "\n".join(lines[-ROWS:])


def test_somebody_new_finds_their_way(tmp_path: Path) -> None:
    with Window(tmp_path, rows=ROWS, anew=True) as window:
        assert "Type /crash imola to begin, /help for the rest." in window.until(PROMPT), "there is no /recap here"
        story = window.type("/crash imola", PROMPT)
        assert "─ Bottas and Russell, Imola 2021 ─" in seen(story)
        assert all(len(line) <= 80 for line in story if PROMPT not in line)
        poll = seen(window.type("1", PROMPT))
        assert "Who was to blame?" in poll
        assert "All Russell" in poll
        voted = seen(window.type("1", PROMPT))
        assert "Nobody else has voted yet" in voted
        assert "Did they get it right?" in voted
        assert any("/crash" in line for line in window.type("help", PROMPT))
        assert any("/crash" in line for line in window.type("?", PROMPT))
        assert "Did you mean /crash?" in seen(window.type("/crsh imola", PROMPT))
        assert window.leave("quit") == 0


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_knows_no_control_sequences_is_sent_none(data_dir: Path, term: str) -> None:
    with Window(data_dir, environment={"TERM": term}) as window:
        window.until("/help for the rest")
        assert "1 All Bottas" not in seen(window.type("/crash imola", "1 Who was to blame?"))
        window.type("1", "5 All Russell")
        window.type("5", "Nobody else has voted yet")
        assert window.leave("quit") == 0
        assert b"\x1b" not in window.written


@pytest.mark.parametrize(("language", "last"), [("C", "Ctrl-D leaves"), ("de_DE.UTF-8", "Strg-D endet")])
def test_in_a_narrow_window_the_empty_line_is_one_line(data_dir: Path, language: str, last: str) -> None:
    with Window(data_dir, columns=40, environment={"LANG": language, "LC_ALL": "", "NO_COLOR": "1"}) as window:
        *_above, prompt = window.until(last).splitlines()
        assert prompt.endswith(f" · {last}")
        assert len(prompt.strip()) <= 40
        assert window.leave("quit") == 0


def test_a_pipe_that_is_closed_early_is_no_trouble(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("racing-incident")
    line = f"set -o pipefail; '{program}' find 2021 --json | head -3; echo \"${{PIPESTATUS[0]}}\""
    root = str(Path(__file__).parents[2])
    done = subprocess.run(  # noqa: S603 - the program under test
        ["/bin/bash", "-c", line],
        check=False,
        capture_output=True,
        text=True,
        timeout=50,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": root, "DATA_DIR": str(tmp_path), **OFF},
    )
    *shown, code = done.stdout.splitlines()
    assert (len(shown), done.stderr) == (3, "")
    assert code in {"0", "141"}
