"""What a setting's value may be: addresses, tokens, shards."""

import re
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, SecretStr

from bot.app.expected import AN_ADDRESS, EXPECTED
from bot.domain.fields import written_as
from bot.domain.shards import NoShardsError, Shards
from storage.database.base import CannotOpenError
from storage.database.open import database_name


def _telegrams(token: SecretStr) -> SecretStr:
    """A token as Telegram makes them. Raises ValueError."""
    if re.fullmatch(r"\d+:[\w-]+", token.get_secret_value(), re.ASCII) is None:
        raise ValueError(EXPECTED["telegram_bot_token"])
    return token


def _discords(token: SecretStr) -> SecretStr:
    """A token as Discord makes them. Raises ValueError."""
    if re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token.get_secret_value(), re.ASCII) is None:
        raise ValueError(EXPECTED["discord_token"])
    return token


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

SiteAddress: TypeAlias = Annotated[str, written_as(r"https?://[^\s/?#@<>\"'\\]+/?", EXPECTED["web_url"])]
"""What stands before the paths of all pages."""

DatabaseAddress: TypeAlias = Annotated[
    str,
    written_as(r"sqlite(\+aiosqlite)?:///(/?[^~/$][^$]*)|postgresql(\+asyncpg)?://.+", EXPECTED["database_url"]),
    AfterValidator(_database),
]
TelegramToken: TypeAlias = Annotated[SecretStr, AfterValidator(_telegrams)]
DiscordToken: TypeAlias = Annotated[SecretStr, AfterValidator(_discords)]
NamedShards: TypeAlias = Annotated[str, AfterValidator(_named_shards)]
Port: TypeAlias = Annotated[int, Field(ge=1, le=65_535)]
AnyPort: TypeAlias = Annotated[int, Field(ge=0, le=65_535)]
"""A port, or 0 for whichever is free."""

Seconds: TypeAlias = Annotated[float, Field(ge=1, le=3600)]
"""How long something may take, an hour at most."""
