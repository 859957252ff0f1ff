"""A whole field as Jolpica might have it: an invented weekend of twenty drivers, of which nothing is odd."""

from typing import Any

Json = dict[str, Any]

DRIVERS = 20
LAPS = 60
POINTS = (25, 18, 15, 12, 10, 8, 6, 4, 2, 1)
Q1, Q2, Q3 = "Q1", "Q2", "Q3"


def name(place: int) -> str:
    """What the driver of that place is called: `Anders`, `Berg`, and so on."""
    initial = "ABCDEFGHIJKLMNOPQRST"[place - 1]
    return f"{initial}{('nders', 'erg', 'arter', 'uval')[(place - 1) % 4]}"


def _who(place: int) -> Json:
    team = f"Team {chr(ord('A') + (place - 1) // 2)}"
    return {
        "number": str(place + 30),
        "position": str(place),
        "Driver": {"driverId": name(place).lower(), "givenName": "Kim", "familyName": name(place)},
        "Constructor": {"constructorId": team.lower().replace(" ", "_"), "name": team},
    }


def field_lines() -> list[Json]:
    """A race: twelve on the lead lap, six a lap behind, two retired; they started in the reverse order."""
    return [_line(place) for place in range(1, DRIVERS + 1)]


def _line(place: int) -> Json:
    minutes, seconds = divmod(7 * (place - 1), 60)
    gap = f"+{minutes}:{seconds:02}.250" if minutes else f"+{seconds}.250"
    more: Json = {"laps": str(LAPS), "status": "Finished", "Time": {"time": gap if place > 1 else "1:31:44.742"}}
    if place > 12:
        more = {"laps": str(LAPS - 1), "status": "Lapped"}
    if place > 18:
        more = {"laps": "12", "status": "Collision", "positionText": "R"}
    return {
        **_who(place),
        "positionText": str(place),
        "points": str(POINTS[place - 1] if place <= len(POINTS) else 0),
        "grid": str(DRIVERS + 1 - place),
        "FastestLap": {"rank": str(place), "lap": "10", "Time": {"time": f"1:{20 + place}.500"}},
        **more,
    }


def qualifying_lines() -> list[Json]:
    """Qualifying: ten in Q3, five out in Q2, five in Q1, each a tenth slower than who is before them."""
    return [_qualified(place) for place in range(1, DRIVERS + 1)]


def _qualified(place: int) -> Json:
    reached = 3 if place <= 10 else 2 if place <= 15 else 1
    return {**_who(place), **{f"Q{number}": f"1:{25 - 2 * number}.{place:02}0" for number in range(1, reached + 1)}}
