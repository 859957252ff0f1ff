"""Where incidents were, in the language that is being spoken: cities and countries, corners, and spots on the track.

A place's English name, as files and race control have it, tells it from all others. One that stands here nowhere is
called by that, as proper names are.
"""

import re

from bot.i18n import ENGLISH, _, marked, spoken_code
from bot.i18n.countries import NAMES as COUNTRIES

CITIES = (
    marked("Abu Dhabi"), marked("Adelaide"), marked("Baku"), marked("Istanbul"), marked("Jeddah"),
    marked("Mexico City"), marked("Shanghai"), marked("Sochi"),
)  # fmt: skip
"""Those that are called otherwise somewhere."""

SPOTS = (
    marked("turn {number}"), marked("turns {number} and {other}"), marked("after turn {number}"),
    marked("before turn {number}"), marked("between turns {number} and {other}"), marked("braking for turn {number}"),
    marked("braking for the second chicane"), marked("entry of turn {number}"), marked("just after turn {number}"),
    marked("run to turn {number}"), marked("the back straight, before turn {number}"),
    marked("the back straight, between turns {number} and {other}"), marked("the braking zone of turn {number}"),
    marked("the end of the pit lane"), marked("the exit of turn {number}"), marked("the first corner"),
    marked("the last corner"), marked("the pit lane"), marked("turn {number} and the pit lane"),
    marked("turn {number}, at the end of the back straight"), marked("turn {number}, at the last standing restart"),
    marked("turn {number}, at the start"), marked("turn {number}, opening lap"), marked("turn {number}, side by side"),
    marked("turn {number}, opening lap of the sprint"), marked("turn {number}, then behind the safety car"),
    marked("turn {number}, the hairpin after the long straight"),
    marked("turns {number} and {other}, the first chicane"),
)  # fmt: skip
"""As incidents' files have them, but for the figures."""

_CALLED = re.compile(r"(?P<place>.+?)(?P<season> \d{4}\b.*)")
_NAMED = re.compile(r"(?P<name>[^\W\d_a-z][^()]*) \((?P<spot>turns? [^()]+)\)")


def venue_name(name: str) -> str:
    """A city or country by its English name: „Dschidda“, „Brasilien“."""
    return _(name) if name in CITIES or name in COUNTRIES else name


def venue_and_season(called: str) -> str:
    """What begins with a place and its season: `Brazil 2019 Albon` is „Brasilien 2019 Albon“."""
    found = _CALLED.fullmatch(called)
    return called if found is None else f"{venue_name(found['place'])}{found['season']}"


def spot(said: str) -> str:
    """A spot on the track as incidents' files have it: „Kurve 4“, «Copse (curva 9)»."""
    if spoken_code() == ENGLISH:
        return said
    if named := _NAMED.fullmatch(said):
        return f"{named['name']} ({spot(named['spot'])})"
    figures = re.findall(r"\d+", said)
    slots = iter(("{number}", "{other}"))
    form = re.sub(r"\d+", lambda _figure: next(slots, "{}"), said)
    if form not in SPOTS:
        return said
    return _(form).format(number=figures[0] if figures else "", other=figures[-1] if figures else "")
