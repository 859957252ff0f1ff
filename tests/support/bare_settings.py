"""The settings of a bot that is told nothing but to keep all in a folder."""

from pathlib import Path

from bot.app.settings import Settings, read_settings


def settings_in(folder: Path, **told: object) -> Settings:
    """What is set in the environment, where there is no .env, with all that is kept in a folder, and what is told."""
    return Settings.model_validate(read_settings().model_dump(exclude_unset=True) | {"data_dir": folder} | told)
