"""A process of the bot as a file in `deploy/` starts it, held against what the program knows."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml  # type: ignore[import-untyped]

from bot.app.roles import Roles, check
from bot.app.settings import NAMES, Settings, read_settings, unknown_names
from bot.cli.arguments import parser
from tests.support.command_line import ROOT

DEPLOY = ROOT / "deploy"

SAMPLES = {
    "SITE": "incidents.example.org",
    "TELEGRAM_BOT_TOKEN": "42:an-invented-token",
    "DISCORD_TOKEN": "hush.hush.hush",
    "VOTER_SECRET": "8f3a1c5e9b7d2046af13c8e05d7b924610fe3ca85b97d2e4",
    "DATABASE_PASSWORD": "0f1e2d3c",
    "PAGES_PASSWORD": "c3d2e1f0",
    "DATABASE_URL": "postgresql://racing:0f1e2d3c@database.example.org/racing",
    "PAGES_DATABASE_URL": "postgresql://pages:c3d2e1f0@database.example.org/racing",
}
"""What an operator might fill in."""

SECRETS = SAMPLES.keys() - {"SITE"}
"""Names whose values stand in no file."""


class Process(NamedTuple):
    """What it is called, what is typed, and what is set."""

    name: str
    arguments: list[str]
    environment: dict[str, str]

    @property
    def roles(self) -> Roles:
        """What it does."""
        roles: Roles = parser().parse_args(self.arguments).only
        return roles

    def settings(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Settings:
        """Its settings, as it reads them where nothing else is set, once they are what its roles take."""
        monkeypatch.chdir(folder)
        for name in NAMES:
            monkeypatch.delenv(name.upper(), raising=False)
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)
        assert [*unknown_names()] == []
        assert {name.lower() for name in self.environment} <= set(NAMES)
        settings = read_settings()
        check(self.roles, settings)
        return settings


def documents(path: Path) -> list[Any]:
    """What a file of YAML has."""
    return [*yaml.safe_load_all(path.read_text(encoding="utf-8"))]
