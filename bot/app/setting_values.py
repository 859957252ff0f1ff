"""What a setting's value may be: addresses, tokens, shards."""

import re
from pathlib import Path
from typing import Annotated, TypeAlias

from bot.app.expected import AN_ADDRESS, EXPECTED
from bot.domain.shards import NoShardsError, Shards
from bot.forms.rules import First, items, within, written_as
from bot.forms.secret import Secret
from storage.database.base import CannotOpenError
from storage.database.open import database_name


def _telegrams(token: Secret) -> Secret:
    """A token as Telegram makes them. Raises ValueError."""
    if re.fullmatch(r"\d+:[\w-]+", token.revealed(), re.ASCII) is None:
        raise ValueError(EXPECTED["telegram_bot_token"])
    return token


def _discords(token: Secret) -> Secret:
    """A token as Discord makes them. Raises ValueError."""
    if re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token.revealed(), re.ASCII) is None:
        raise ValueError(EXPECTED["discord_token"])
    return token


def _hidden(said: object) -> object:
    return Secret(said) if isinstance(said, str) else said


def _number(kind: type[float]) -> First:
    """What is written of a number."""
    return First(lambda said: kind(said) if isinstance(said, str) else said)


def _without_stroke(address: str) -> str:
    return address.rstrip("/")


def _at_home(folder: Path) -> Path:
    """A `~` is the home of whoever runs the bot, as it is at a shell; no more of what a shell knows is known."""
    try:
        written_out = folder.expanduser()
    except RuntimeError:  # the home of somebody who has none
        raise ValueError(EXPECTED["data_dir"]) from None
    if "$" in str(written_out):
        raise ValueError(EXPECTED["data_dir"])
    return written_out


def _database(address: str) -> str:
    """An address of a database that we know. Raises ValueError."""
    try:
        database_name(address)
    except CannotOpenError:
        raise ValueError(EXPECTED["database_url"]) from None
    return address


def _named_shards(said: str) -> str:
    """Shards as they are said. Raises ValueError."""
    try:
        Shards.parse(said)
    except NoShardsError:
        raise ValueError(EXPECTED["discord_shards"]) from None
    return said


Address: TypeAlias = Annotated[str, written_as(r"https?://\S+", AN_ADDRESS)]
WebhookAddress: TypeAlias = Annotated[str, written_as(r"https://[^\s?#]+", EXPECTED["telegram_webhook_url"])]
"""What Telegram carries updates to; there is no query in it."""

SiteAddress: TypeAlias = Annotated[
    str, written_as(r"https?://[^\s/?#@<>\"'\\]+/?", EXPECTED["web_url"]), _without_stroke
]
"""What stands before the paths of all pages."""

DatabaseAddress: TypeAlias = Annotated[
    str,
    written_as(r"sqlite(\+aiosqlite)?:///(/?[^~/$][^$]*)|postgres(ql(\+asyncpg)?)?://.+", EXPECTED["database_url"]),
    _database,
]
TelegramToken: TypeAlias = Annotated[Secret, First(_hidden), _telegrams]
DiscordToken: TypeAlias = Annotated[Secret, First(_hidden), _discords]
HiddenText: TypeAlias = Annotated[Secret, First(_hidden)]
VoterSecret: TypeAlias = Annotated[Secret, First(_hidden), items(16)]
NamedShards: TypeAlias = Annotated[str, _named_shards]
Port: TypeAlias = Annotated[int, _number(int), within(1, 65_535)]
AnyPort: TypeAlias = Annotated[int, _number(int), within(0, 65_535)]
"""A port, or 0 for whichever is free."""

Seconds: TypeAlias = Annotated[float, _number(float), within(1, 3600)]
"""How long something may take, an hour at most."""

Connections: TypeAlias = Annotated[int, _number(int), within(2, 1000)]
Folder: TypeAlias = Annotated[Path, First(Path), _at_home]

OFF = First(lambda said: None if isinstance(said, str) and said.lower() == "off" else said)
SMALL = First(lambda said: said.lower() if isinstance(said, str) else said)
LARGE = First(lambda said: said.upper() if isinstance(said, str) else said)
