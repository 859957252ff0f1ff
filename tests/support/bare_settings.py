"""The settings of a bot that is told nothing but to keep all in a folder."""

from pathlib import Path

from bot.app.settings import Settings, read_settings, told_names
from bot.forms.reading import read


def settings_in(folder: Path, **told: object) -> Settings:
    """What is set in the environment, where there is no .env, with all that is kept in a folder, and what is told."""
    around = read_settings()
    set_already = {name: getattr(around, name) for name in told_names()}
    return read(Settings, set_already | {"data_dir": folder} | told)
