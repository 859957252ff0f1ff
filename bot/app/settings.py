"""What an operator may set, read once from the environment and a `.env` file."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from string import whitespace
from typing import Annotated, Literal, TypeAlias

from dotenv import dotenv_values
from platformdirs import user_data_path

from bot.app.env_file import odd_lines, plain_lines, token_name, values
from bot.app.expected import EXPECTED, NO_HOME
from bot.app.setting_values import (
    LARGE,
    OFF,
    SMALL,
    Address,
    AnyPort,
    Connections,
    DatabaseAddress,
    DiscordToken,
    Folder,
    HiddenText,
    NamedShards,
    Port,
    Seconds,
    SiteAddress,
    TelegramToken,
    VoterSecret,
    WebhookAddress,
)
from bot.domain.shards import Shards
from bot.forms.mistakes import FormError
from bot.forms.reading import read
from storage.database.limits import DEFAULT, Limits
from storage.database.open import passwords

OURS = (
    "TELEGRAM_",
    "DISCORD_",
    "TERMINAL_",
    "VOTER_",
    "HEALTH_",
    "JOLPICA_",
    "F1DB",
    "RACE_CONTROL",
    "LIVE_TIMING",
    "OPENF1_",
)
"""Beginnings of names that are taken for ours: an unknown one is probably a mistake."""

BARE = {"BOT_TOKEN", "TOKEN"}
"""Names by which other bots know their token."""

ALIKE = 0.85

BLANKS = f"{whitespace}\u00a0\u200b\u2060\ufeff"
"""What may stand around a value that was copied from a page, most of it without being seen."""


MaybeOff: TypeAlias = Annotated[Address | None, OFF]


class SettingsError(Exception):
    """Settings that are wrong; the text has a line for each, and says what is expected."""


def _home() -> Path:
    """The folder for data in the home of whoever runs the bot. Raises SettingsError."""
    try:
        return user_data_path("racing-incident", appauthor=False)
    except RuntimeError:
        raise SettingsError(NO_HOME) from None


@dataclass(slots=True, kw_only=True)
class Settings:
    """Every setting with its default; the README's table says what each is for."""

    telegram_bot_token: TelegramToken | None = None
    telegram_api_url: Address | None = None
    telegram_webhook_url: WebhookAddress | None = None
    telegram_webhook_host: str = "127.0.0.1"
    telegram_webhook_port: Port = 8082
    discord_token: DiscordToken | None = None
    discord_shards: NamedShards | None = None
    jolpica_url: MaybeOff = "https://api.jolpi.ca/ergast/f1"
    f1db_url: MaybeOff = "https://github.com/f1db/f1db/releases/latest/download/f1db-json-splitted.zip"
    race_control: Annotated[Literal["live-timing", "openf1", "off"], SMALL] = "live-timing"
    live_timing_url: Address = "https://livetiming.formula1.com"
    openf1_url: Address = "https://api.openf1.org"
    openf1_username: str | None = field(default=None, repr=False)
    openf1_password: HiddenText | None = None
    race_control_archive_url: Address = "https://livetiming.formula1.com/static"
    data_dir: Folder
    database_url: DatabaseAddress | None = None
    database_connections: Connections = DEFAULT.connections
    database_statement_timeout: Seconds = DEFAULT.statement_timeout
    database_lock_timeout: Seconds = DEFAULT.lock_timeout
    voter_secret: VoterSecret | None = None
    terminal_graphics: Annotated[Literal["kitty", "iterm2", "sixel", "blocks", "off"], SMALL] | None = None
    web_url: SiteAddress | None = None
    web_host: str = "127.0.0.1"
    web_port: AnyPort = 8080
    forwarded_allow_ips: str = "127.0.0.1"
    health_host: str = "127.0.0.1"
    health_port: AnyPort | None = None
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], LARGE] = "INFO"
    log_format: Annotated[Literal["auto", "console", "json"], SMALL] = "auto"

    @property
    def database(self) -> str:
        """The database's address: the one that was set, or a SQLite file in the data folder."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'racing-incident.db'}"

    @property
    def database_limits(self) -> Limits:
        """What a database server is asked to bear with."""
        return Limits(self.database_connections, self.database_statement_timeout, self.database_lock_timeout)

    @property
    def shards(self) -> Shards | None:
        """This process's shards on Discord; None where a single connection is told of all servers."""
        return None if self.discord_shards is None else Shards.parse(self.discord_shards)

    @property
    def control_socket(self) -> Path:
        """Where operators reach the bot while it runs."""
        return self.data_dir / "control"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in a log."""
        hidden = (self.telegram_bot_token, self.discord_token, self.openf1_password, self.voter_secret)
        return (*(secret.revealed() for secret in hidden if secret), *passwords(self.database))


NAMES = tuple(each.name for each in fields(Settings))
"""What there is to set."""


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError with a line for each that is wrong."""
    odd, told = [*odd_lines()], _told()
    if ("openf1_username" in told) is not ("openf1_password" in told):
        odd.append(_in_words("openf1_password"))
    try:
        home = {} if "data_dir" in told else {"data_dir": _home()}
    except SettingsError as error:
        home = {"data_dir": Path()}
        odd.append(str(error))
    try:
        settings = read(Settings, told | home)
    except FormError as error:
        odd += (_in_words(str(each.place[0]), each.reason) for each in error.mistakes)
    else:
        if not odd:
            return settings
    raise SettingsError("\n".join(odd))


def told_names() -> frozenset[str]:
    """The settings that somebody has set."""
    return frozenset(NAMES).intersection(_told())


def _told() -> dict[str, str]:
    """What is set, by names in small letters: what the environment leaves empty, `.env` may set.

    Blanks around a value, seen or not, are no part of it, and a blank value is none.
    """
    sources = (dotenv_values(stream=plain_lines()), os.environ)
    written = ((name, (value or "").strip(BLANKS)) for source in sources for name, value in source.items())
    return {name.lower(): value for name, value in written if value}


def unknown_names() -> Iterator[str]:
    """A line for each name in the environment, or in `.env`, that looks like ours and is not.

    In `.env`, which is the bot's own, also for any that has what looks like a token.
    """
    known, written = {name.upper() for name in NAMES}, values()
    for name in dict.fromkeys([*os.environ, *written]):
        upper = name.upper()
        if upper in known:
            continue
        if (token := token_name(written.get(name, "").strip(BLANKS))) is not None:
            yield f"{name} is not a setting. Did you mean {token}?"
        elif upper in BARE or upper.startswith(OURS) or get_close_matches(upper, known, n=1, cutoff=ALIKE):
            yield f"{name} is not a setting.{_meant(upper)}"


def _in_words(name: str, message: str = "") -> str:
    return f"{name.upper()}: {EXPECTED.get(name, message)}."


def _meant(name: str) -> str:
    known = [name.upper() for name in NAMES]
    near = get_close_matches(name, known, n=1)
    return f" Did you mean {near[0]}?" if near else f" There are {', '.join(known)}."
