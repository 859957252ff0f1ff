"""The settings of a bot that is told nothing, read once: to look for each of them takes longer than many a test."""

import os
from functools import cache
from pathlib import Path

from bot.app.settings import Settings


def settings_in(folder: Path) -> Settings:
    """What is set in the environment, where there is no .env, with all that is kept in a folder."""
    told = ((name, os.environ[name.upper()]) for name in Settings.model_fields if name.upper() in os.environ)
    return _read(tuple(told)).model_copy(update={"data_dir": folder})


@cache
def _read(_told: tuple[tuple[str, str], ...]) -> Settings:
    """What is read of an environment that tells this."""
    return Settings()
