"""What is said of a result that was corrected: what changed, driver by driver."""

from collections.abc import Iterable

from bot.messages import Button, Card, Reply
from bot.season import SessionKind, Sheet
from handlers.races import data_of
from handlers.recap_card import session_name
from handlers.season_words import UNPLACED, fitting, names, ordinal, points

ROOM = 600

Change = tuple[str, str, float, str, float]
"""What is another for a driver: place and points as they were told, place and points as they are."""


def correction_reply(sheet: Sheet, changes: Iterable[Change], footer: str, *, veiled: bool = False) -> Reply:
    """The short message that names what changed; the recap itself is changed as well."""
    race = sheet.race
    sprint = "sprint" if sheet.kind is SessionKind.SPRINT else ""
    called = names(sheet)
    lines = [_line(change, called.get(change[0], change[0].replace("_", " ").title())) for change in changes]
    card = Card(
        f"Corrected: {session_name(sheet)} {race.season}",
        paragraphs=(fitting(lines, ROOM) or "The result has changed.",),
        footer=footer,
    )
    doors = (Button("Result", "results", data_of(race, sprint)), Button("Recap", "recap", data_of(race, sprint)))
    return Reply(card, (doors,), veiled=veiled)


def _line(change: Change, name: str) -> str:
    """A driver's change: `Gasly: 3rd, now 7th; 15 points, now 6`."""
    _, place, won, new_place, new_won = change
    if not place:
        return f"{name}: now {_placed(new_place)}; {_points(new_won)}"
    parts = []
    if new_place != place:
        parts.append(f"{_placed(place)}, now {_placed(new_place)}")
    if new_won != won:
        parts.append(f"{_points(won)}, now {points(new_won)}")
    return f"{name}: {'; '.join(parts)}"


def _placed(place: str) -> str:
    return ordinal(int(place)) if place.isdecimal() else UNPLACED.get(place, "not classified")


def _points(won: float) -> str:
    return f"{points(won)} {'point' if won == 1 else 'points'}"
