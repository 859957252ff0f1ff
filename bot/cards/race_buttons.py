"""Races in the data of buttons."""

from bot.chat.buttons import BUTTON_DATA_BYTES
from bot.domain.season import Race
from bot.domain.sessions import SessionKind
from bot.search.words import as_data


def data_of(race: Race, more: str = "") -> str:
    """A race in the data of any button, found again by `Races.find`."""
    return f"{as_data(race.key, room=BUTTON_DATA_BYTES - 24)} {more}".strip()


def session_data(race: Race, kind: SessionKind) -> str:
    """One of a race's results in the data of a button."""
    return data_of(race, "" if kind is SessionKind.RACE else kind)
