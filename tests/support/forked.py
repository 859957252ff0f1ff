"""A process that has loaded the program, off which others are forked: Python needs a second or two to load it anew."""

import multiprocessing
import os
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LOADED = (
    "bot.adapters.console",
    "bot.adapters.telegram",
    "bot.app.lifecycle",
    "bot.app.logs",
    "bot.cli.backup",
    "bot.cli.database_copy",
    "bot.cli.doctor.report",
    "bot.cli.export",
    "bot.cli.find",
    "bot.cli.held_facts",
    "bot.cli.main",
    "bot.cli.operate",
    "bot.cli.replay",
    "bot.cli.season_import",
    "bot.cli.turnout",
    "bot.web.app",
    "tests.chaos.voting",
    "tests.jobs.delivery.kill",
    "tests.storage.kill",
    "tests.support.command_line",
)
"""What it has loaded: a process that is forked off loads what else it needs, as ever."""


def forkserver() -> ForkServerContext:
    """The way to start a process off it; it is started where it does not run yet, and ends when the tests do."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*LOADED])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]))
        ensure_running()
    return context
