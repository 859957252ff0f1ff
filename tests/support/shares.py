"""What the processes that run tests side by side do only once between them."""

from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest


def load_own_share(config: pytest.Config) -> None:
    """Load the test modules that are this process's share, before all are collected.

    Each of the processes collects all of them, and where none was compiled yet, as in a fresh clone, each compiles all
    in the same order: half of what they do until the first test. By this each finds those of the others compiled.
    """
    ours = getattr(config, "workerinput", None)
    if ours is None:
        return
    number, of = int(ours["workerid"].removeprefix("gw")), int(ours["workercount"])
    for name in [*_modules(config)][number::of]:
        with suppress(Exception, pytest.skip.Exception):  # whoever collects it says so
            import_module(name)


def _modules(config: pytest.Config) -> Iterator[str]:
    """The names of the test modules in the folders that are to be collected, in the order in which they are."""
    for folder in filter(Path.is_dir, map(Path, config.args)):
        for file in sorted(folder.resolve().rglob("test_*.py")):
            yield ".".join(file.relative_to(config.rootpath).with_suffix("").parts)
