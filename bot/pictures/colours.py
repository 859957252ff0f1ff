"""The colours of pictures: a calm paper, few inks, and a tone of our own for every team."""

import re

from bot.pictures.nations import COUNTRIES, NATIONS

PAPER = "#faf8f3"
INK = "#1d2430"
MUTED = "#5b6472"
LINE = "#d8d4ca"
ACCENT = "#b3261e"
CALM = "#6f7c8f"
LEFT_END, LEFT_PALE = "#2b6391", "#93b4cd"
RIGHT_END, RIGHT_PALE = "#a8611a", "#dcb587"
"""The ends of a scale between two drivers, and what is mostly theirs: neither colour says that anybody is guilty."""

NOBODY = "#b3b0a8"
GAIN = "#1a6e45"
LOSS = "#b3261e"
NEUTRAL = "#7b8088"
"""A team that nobody knows."""

TEAMS = {
    "alfa": "#8e1b2e",
    "alfa_romeo": "#8e1b2e",
    "alphatauri": "#35506b",
    "alpine": "#d1408c",
    "arrows": "#cc5a10",
    "aston_martin": "#00604a",
    "audi": "#7a3b36",
    "bar": "#7d7468",
    "benetton": "#00855a",
    "bmw_sauber": "#3a5fa0",
    "brabham": "#1f4e79",
    "brawn": "#76850a",
    "brm": "#2f5d50",
    "cadillac": "#2b2b2b",
    "caterham": "#1b6b3a",
    "cooper": "#24543f",
    "ferrari": "#c8102e",
    "footwork": "#a03030",
    "force_india": "#d65a08",
    "haas": "#7b8088",
    "honda": "#4f7698",
    "hrt": "#7a6a53",
    "jaguar": "#0b5d3b",
    "jordan": "#9a7d00",
    "larrousse": "#5c5fa8",
    "ligier": "#2a6fdb",
    "kick_sauber": "#2e8b2e",
    "lotus": "#1e5c33",
    "lotus_f1": "#87691a",
    "lotus_racing": "#2e6b3e",
    "manor": "#b8402a",
    "march": "#3b7f8f",
    "marussia": "#a8203a",
    "matra": "#1d4fa3",
    "mclaren": "#d96500",
    "mercedes": "#00857c",
    "mf1": "#7c2d2d",
    "midland": "#7c2d2d",
    "minardi": "#2c2c54",
    "prost": "#24449a",
    "racing_bulls": "#4a6bd6",
    "racing_point": "#d4508f",
    "rb": "#4a6bd6",
    "red_bull": "#1b2f6e",
    "renault": "#967400",
    "sauber": "#2e8b2e",
    "shadow": "#3c3c3c",
    "simtek": "#5b2a86",
    "spyker": "#cf5a0a",
    "stewart": "#566785",
    "super_aguri": "#b03a3a",
    "team_lotus": "#1e5c33",
    "toro_rosso": "#2a45a6",
    "toyota": "#b0303a",
    "tyrrell": "#27408b",
    "virgin": "#a8122b",
    "williams": "#1565c0",
    "wolf": "#5f5330",
}
"""By constructor id, of those who are known by a livery. Each stands out from the paper at 3:1 or more."""


def team_colour(team: str | None) -> str:
    """A team's tone, by its id or its name in whatever spelling (`red_bull`, `red-bull`, `Haas F1 Team`).

    A car with somebody else's engine (`cooper-climax`) has its builder's; who has none of their own, their country's;
    the unknown a neutral one.
    """
    parts = re.sub(r"\W+", "_", (team or "").lower()).removesuffix("_f1_team").split("_")
    for length in range(len(parts), 0, -1):
        key = "_".join(parts[:length])
        if key in TEAMS:
            return TEAMS[key]
        if key in COUNTRIES:
            return NATIONS[COUNTRIES[key]]
    return NEUTRAL
