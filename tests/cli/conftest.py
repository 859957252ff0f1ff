from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.logs import logs_as_before


@pytest.fixture(autouse=True)
def commands_leave_the_logs_as_they_were() -> Iterator[None]:
    """Some are run within this process."""
    with logs_as_before():
        yield


@pytest.fixture
def racing_incident(data_dir: Path) -> CommandLine:
    """At a shell in a folder with a database that has its tables; with `never_ran` there is none yet."""
    return CommandLine(data_dir)
