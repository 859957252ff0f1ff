from pathlib import Path

import pytest

from tests.support.command_line import CommandLine


@pytest.fixture
def racing_incident(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)
