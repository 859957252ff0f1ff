"""What is said of a result that was corrected: what changed, driver by driver."""

from collections.abc import Iterator, Sequence

from bot.messages import Button, Card, Reply
from bot.season import SessionKind, Sheet
from handlers.races import data_of
from handlers.recap_card import session_name
from handlers.season_words import UNPLACED, fitting, names, ordinal, points

ROOM = 600

Told = Sequence[tuple[str, str, float]]
"""A result as it was told: driver, place and points."""


def correction_reply(sheet: Sheet, before: Told, now: Told, footer: str, *, veiled: bool = False) -> Reply:
    """The short message that names what changed; the recap itself is changed as well."""
    race = sheet.race
    sprint = "sprint" if sheet.kind is SessionKind.SPRINT else ""
    card = Card(
        f"Corrected: {session_name(sheet)} {race.season}",
        paragraphs=(fitting(list(_changes(sheet, before, now)), ROOM),),
        footer=footer,
    )
    doors = (Button("Result", "results", data_of(race, sprint)), Button("Recap", "recap", data_of(race, sprint)))
    return Reply(card, (doors,), veiled=veiled)


def _changes(sheet: Sheet, before: Told, now: Told) -> Iterator[str]:
    """A line for everybody whose place or points are others: `Gasly: 3rd, now 7th; 15 points, now 6`."""
    called = names(sheet)
    finishes = {finish.entrant.driver_id: (finish.place, finish.points) for finish in sheet.finishes}
    earlier = {driver: (place, won) for driver, place, won in before}
    for driver in dict.fromkeys([*(each[0] for each in now), *earlier]):
        place, won = finishes.get(driver, ("W", 0.0))
        was = earlier.get(driver)
        if was == (place, won):
            continue
        name = called.get(driver, driver.replace("_", " ").title())
        if was is None:
            yield f"{name}: now {_placed(place)}, {points(won)} points"
        else:
            parts = []
            if was[0] != place:
                parts.append(f"{_placed(was[0])}, now {_placed(place)}")
            if was[1] != won:
                parts.append(f"{points(was[1])} points, now {points(won)}")
            yield f"{name}: {'; '.join(parts)}"


def _placed(place: str) -> str:
    return ordinal(int(place)) if place.isdecimal() else UNPLACED.get(place, "not classified")
