"""A process that has loaded the program, off which others are forked: Python needs a second or two to load it anew."""

import multiprocessing
import os
from multiprocessing.context import ForkServerContext
from multiprocessing.forkserver import ensure_running
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def forkserver() -> ForkServerContext:
    """The way to start a process off it; it is started where it does not run yet, and ends when the tests do.

    What `tests.support.loaded` does not have a process loads by itself, as ever.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.loaded"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]))
        ensure_running()
    return context
