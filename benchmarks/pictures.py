"""How fast pictures are painted, and whether the event loop feels it.

Matplotlib is given the same race: the words of the card, a bar for each of the first three, as a PNG of the same size.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from time import perf_counter

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Plot

from benchmarks.figure import Figure
from bot.domain.race_story import StandingsMove
from bot.domain.season import Championship, Classification, Entrant, FastestLap, Finish, Standing, Standings
from bot.domain.sessions import SessionKind
from bot.pictures.colours import team_colour
from bot.pictures.painter import Painter
from bot.pictures.recap import recap_picture
from tests.pictures.samples import IMOLA

TEAMS = ("red_bull", "mercedes", "mclaren", "ferrari", "williams")
ROUNDS = 15
PICTURES = 50
TICK = 0.001
"""Seconds after which the event loop asks to be woken."""


def finish(race: int, position: int) -> Finish:
    """A line of a result of twenty, with names that no other race has."""
    team = TEAMS[position % len(TEAMS)]
    entrant = Entrant(f"driver-{position}", "Kimi", f"Räikkönen {race}.{position}", team, f"Team {race}.{position}")
    lap = FastestLap(position, 60, "1:16.702")
    return Finish(position, str(position), entrant, 0, "Finished", 21 - position, 63, f"+{race}.{position}", lap)


def another(race: int) -> tuple[Classification, StandingsMove]:
    """A result and the championship after it, in which every name is new: nothing of it is cached."""
    classification = Classification(
        replace(IMOLA, name=f"Grand Prix {race}"), SessionKind.RACE, tuple(finish(race, p) for p in range(1, 21))
    )
    rows = tuple(
        Standing(line.position, line.entrant.driver_id, line.entrant.name, 50.0, 1) for line in classification.finishes
    )
    return classification, StandingsMove(Standings(2021, 2, Championship.DRIVERS, rows))


def plotted(classification: Classification, standings: StandingsMove) -> bytes:
    """What matplotlib makes of the same race."""
    plot = Plot(figsize=(12.8, 6.4), dpi=100, facecolor="#faf8f3")
    FigureCanvasAgg(plot)
    plot.text(0.04, 0.88, classification.race.name, fontsize=36, weight="bold")
    plot.text(0.04, 0.80, "18 April 2021 · Imola, Italy · round 2 of 2021", fontsize=20)
    axes = plot.add_axes((0.04, 0.3, 0.02, 0.45))
    axes.barh([2, 1, 0], [1, 1, 1], color=[team_colour(line.entrant.team_id) for line in classification.finishes[:3]])
    axes.axis("off")
    for standing, line in enumerate(classification.finishes[:3]):
        for x, words in (
            (0.08, line.entrant.name),
            (0.45, line.time),
            (0.68, standings.leaders[standing].name),
            (0.92, "50"),
        ):
            plot.text(x, 0.68 - 0.15 * standing, words or "", fontsize=24)
        plot.text(0.08, 0.63 - 0.15 * standing, line.entrant.team, fontsize=18)
    for column, label in enumerate(("Most places gained", "Most places lost", "Fastest lap", "Out")):
        for line_of_fact, words in enumerate(
            (label, classification.finishes[column].entrant.name, "8 places from 20th")
        ):
            plot.text(0.04 + 0.24 * column, 0.2 - 0.06 * line_of_fact, words, fontsize=18)
    png = BytesIO()
    plot.savefig(png, format="png")
    return png.getvalue()


def seconds(draw: Callable[[Classification, StandingsMove], object], race: int) -> float:
    classification, standings = another(race)
    started = perf_counter()
    draw(classification, standings)
    return perf_counter() - started


def against_matplotlib() -> list[float]:
    """Our time as a share of matplotlib's, in rounds in which both paint a race that is new to them."""
    shares = [seconds(recap_picture, race) / seconds(plotted, race) for race in range(ROUNDS)]
    return shares[1:]


async def lag(first: int) -> float:
    """How late the event loop wakes while pictures are painted, in milliseconds: 99 of 100 times no later."""
    painter = Painter()
    painting = asyncio.gather(
        *(painter.paint(recap_picture, *another(race)) for race in range(first, first + PICTURES))
    )
    late = []
    while not painting.done():
        asked = perf_counter()
        await asyncio.sleep(TICK)
        late.append(1000 * (perf_counter() - asked - TICK))
    await painting
    painter.close()
    return sorted(late)[int(len(late) * 0.99)]


def figures() -> list[Figure]:
    # The calmest of a few rounds: what the machine's other work adds is not ours.
    late = min(asyncio.run(lag(first)) for first in range(1_000, 1_000 + 5 * PICTURES, PICTURES))
    return [
        Figure.at_most("a recap card against matplotlib", against_matplotlib(), "of its time", 0.25),
        Figure.at_most("event loop lag while 50 are painted, 99 %", late, "ms", 10),
    ]


if __name__ == "__main__":
    for figure in figures():
        print(figure)
