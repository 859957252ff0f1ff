"""Roles: what a process does of all that the bot does. One process has all of them, unless it is told to have some."""

from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from bot.app.settings import Settings


class Role(StrEnum):
    """A role by the name that an operator gives it."""

    __hash__ = str.__hash__  # so that a name is found among roles

    TELEGRAM = "telegram"
    """What people ask on Telegram is answered."""

    DISCORD = "discord"
    """What people ask on Discord is answered."""

    DELIVER = "deliver"
    """What is announced is carried to the chats of every platform whose token is set."""

    SEASON = "season"
    """The season is followed, and news are made; by one process at a time."""

    RACE_CONTROL = "race-control"
    """Race control is heard on its days; by one process at a time."""

    WEB = "web"
    """Pages are served."""


Roles: TypeAlias = frozenset[Role]

ALL: Final[Roles] = frozenset(Role)

LEASES: Final = {Role.SEASON: "season", Role.RACE_CONTROL: "race control"}
"""The leases of roles that one process at a time plays, named as versions before name them, which may run beside."""

ANSWERING: Final[Roles] = frozenset({Role.TELEGRAM, Role.DISCORD})


class UnknownRoleError(ValueError):
    """A role is asked for that there is none of; the text says which there are."""


class CannotSplitError(Exception):
    """A process cannot have the roles that it is told to have, as the settings are; the text says what is missing."""


def parse(said: str) -> Roles:
    """The roles in a list with commas between them. Raises UnknownRoleError."""
    names = [name for each in said.split(",") if (name := each.strip().lower())]
    unknown = [name for name in names if name not in ALL]
    if unknown or not names:
        wrong = f"{', '.join(unknown)} is no role" if unknown else "no role is named"
        raise UnknownRoleError(f"{wrong}: there are {', '.join(Role)}.")
    return frozenset(map(Role, names))


AN_ADDRESS = "the address that people know the pages by, as https://f1.example.org"


def spoken(roles: Roles) -> str:
    """Roles as an operator writes them, in an order of their own."""
    return ",".join(role for role in Role if role in roles)


def check(roles: Roles, settings: "Settings") -> None:
    """See whether the settings have what roles take that were asked for by name. Raises CannotSplitError."""
    if roles == ALL:
        return
    telegram, discord = settings.telegram_bot_token is not None, settings.discord_token is not None
    missing = {
        Role.TELEGRAM: "" if telegram else "TELEGRAM_BOT_TOKEN is not set",
        Role.DISCORD: "" if discord else "DISCORD_TOKEN is not set",
        Role.DELIVER: "" if telegram or discord else "neither TELEGRAM_BOT_TOKEN nor DISCORD_TOKEN is set",
        Role.RACE_CONTROL: "RACE_CONTROL is off" if settings.race_control == "off" else "",
        Role.WEB: "" if settings.web_url is not None else f"WEB_URL is not set: {AN_ADDRESS}",
    }
    for role in Role:
        if role in roles and (lack := missing.get(role)):
            raise CannotSplitError(f"This process is to have the role {role}, and {lack}.")
    if settings.database.startswith("sqlite") and roles != {Role.WEB}:
        raise CannotSplitError(
            "On SQLite one process has the database's file, and does everything: leave --only out, or set DATABASE_URL"
            " to a PostgreSQL server, on which any number of processes share the work."
        )
    if settings.voter_secret is None and roles != {Role.WEB} and not (settings.data_dir / "voter-secret").exists():
        raise CannotSplitError(
            "This process shares its votes with others, and VOTER_SECRET is not set: with a secret of its own everybody"
            " could vote twice. Set the same one in all of them, as openssl rand -hex 32 makes it."
        )
