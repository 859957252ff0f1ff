"""What is no Formula 1: other series and races, and people who are known from other sports.

Beside one of them no incident is what was meant, however well the other words fit: `f3 spa` is not a race of ours, and
`messi` no beginning of Messico.
"""

import re

from bot.search.words import spaced, split

_SERIES = (
    r"moto (?:gp|[23e])|motogp|superbikes?|wsbk|sbk",
    r"f [2-6]|formula (?:[2-6e]|two|three|four|electric|ford|renault|nippon|drift)|fia f [2-4]|w series",
    r"indy ?cars?|indy (?:500|nxt|lights)|indianapolis 500|champ ?car|nascar|daytona|talladega|imsa",
    r"wec|le mans (?:24|[0-9]{4})|(?:[68]|1[02]|24) ?(?:h|hours?|stunden|horas)|super gt|super formula|gt ?[234]|btcc",
    r"dtm|wtcc|v ?8 supercars?|supercars|bathurst|wrc|rall(?:y|ye)|rallycross|dakar|nurburgring 24",
    r"football(?:er)?|soccer|basket ?ball|base ?ball|hand ?ball|rugby|cricket|tennis|golf(?:er)?|boxing|hockey",
    r"fussball|eishockey|futbol|baloncesto|boxeo|premier league|la liga|nba|nfl|nhl|fifa|uefa|sainz (?:sr|senior)",
    r"tour de france|giro d? ?italia|vuelta|champions league|bundesliga|world cup|super ?bowl|olympics|wimbledon",
)
_PEOPLE = frozenset({"bolt", "busch", "marquez", "messi"})
"""Whose names are close enough to a driver's, a team's or a place's to be taken for one mistyped."""

_THERE = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(_SERIES)})(?![a-z0-9])")


_FEEDER = re.compile(r"(?<![a-z0-9])gp[-.]?[23](?![0-9])")
"""A series as one word; `brazil gp 2 ferraris` is about two cars at a race of ours."""


def is_elsewhere(typed: str) -> bool:
    """Whether a text names another series or somebody of another sport."""
    words = split(typed)
    if "gp" in words and (words in (["gp", "2"], ["gp", "3"]) or _FEEDER.search(spaced(typed))):
        return True
    return not _PEOPLE.isdisjoint(words) or bool(_THERE.search(" ".join(words)))
