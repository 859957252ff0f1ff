"""A race and its championship, and whatever a stranger could be called."""

import datetime as dt
from collections.abc import Iterable

from hypothesis import strategies as st

from bot.domain.race_story import StandingsMove
from bot.domain.season import Championship, Classification, Entrant, FastestLap, Finish, Race, Standing, Standings
from bot.domain.sessions import Session, SessionKind
from bot.pictures.canvas import HEIGHT, WIDTH, Box

IMOLA = Race(
    season=2021,
    round=2,
    name="Emilia Romagna Grand Prix",
    circuit_id="imola",
    circuit="Autodromo Enzo e Dino Ferrari",
    locality="Imola",
    country="Italy",
    sessions=(Session(SessionKind.RACE, dt.date(2021, 4, 18)),),
)


TALL = "ẰțŞ̳̳ لِلّٰه غ̀̀ " * 40
"""What reaches as far up and down as anything may, in every line that there is."""

names = st.just(TALL) | st.text(max_size=400) | st.text(alphabet="WMÅßЖΩ周م̧́‍️\u202e👍 …", max_size=60)


def finish(
    position: int,
    name: str,
    team: str = "mercedes",
    *,
    place: str | None = None,
    grid: int | None = None,
    time: str | None = None,
    fastest: str | None = None,
) -> Finish:
    """A line of a result; with a `place` of `R`, a retirement."""
    given, _, family = name.rpartition(" ")
    return Finish(
        position=position,
        place=place or str(position),
        entrant=Entrant(name, given, family, team, team.replace("_", " ").title()),
        points=0,
        status="Collision" if place == "R" else "Finished" if time else "+1 Lap",
        grid=grid,
        time=time,
        fastest_lap=FastestLap(1, 60, fastest) if fastest else None,
    )


FINISHES = (
    finish(1, "Max Verstappen", "red_bull", grid=3, time="2:02:34.598"),
    finish(2, "Lewis Hamilton", grid=1, time="+22.000", fastest="1:16.702"),
    finish(3, "Lando Norris", "mclaren", grid=7, time="+23.702"),
    finish(4, "Sergio Pérez", "red_bull", grid=2, time="+1:07.151"),
    finish(5, "Kimi Räikkönen", "alfa", grid=16, time="+1:34.773"),
    finish(6, "Sebastian Vettel", "aston_martin", grid=0),
    finish(7, "Valtteri Bottas", place="R", grid=8),
    finish(8, "George Russell", "williams", place="R", grid=12),
)
RESULT = Classification(IMOLA, SessionKind.RACE, FINISHES)


def standings(*lines: tuple[str, float, str], kind: Championship = Championship.DRIVERS) -> Standings:
    """A championship by name, points and team, in the order of the lines."""
    rows = (Standing(place, name, name, points, 0, team) for place, (name, points, team) in enumerate(lines, start=1))
    return Standings(2021, 2, kind, tuple(rows))


AFTER = standings(
    ("Lewis Hamilton", 44, "Mercedes"), ("Max Verstappen", 43, "Red Bull"), ("Lando Norris", 27.5, "McLaren")
)
BEFORE = standings(
    ("Lewis Hamilton", 25, "Mercedes"), ("Lando Norris", 12, "McLaren"), ("Max Verstappen", 10, "Red Bull")
)
MOVE = StandingsMove(AFTER, BEFORE)


def overlaps(boxes: Iterable[Box]) -> list[tuple[Box, Box]]:
    """Every two boxes that share a pixel, and each that leaves the picture, with the picture."""
    placed = sorted(boxes)
    frame = Box(0, 0, WIDTH, HEIGHT)
    outside = [
        (one, frame) for one in placed if one.left < 0 or one.top < 0 or one.right > WIDTH or one.bottom > HEIGHT
    ]
    return outside + [
        (one, other)
        for number, one in enumerate(placed)
        for other in placed[number + 1 :]
        if other.left < one.right and one.left < other.right and other.top < one.bottom and one.top < other.bottom
    ]
