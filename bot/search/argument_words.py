"""What is typed after commands about seasons, polls and reminders, in every language that is spoken here.

What buttons say is among it: whoever reads „Konstrukteure“ on one may type that.
"""

import re
from collections.abc import Mapping

from bot.domain.season import Championship
from bot.search.setting_words import is_none
from bot.search.words import split

SPRINT = re.compile(r"\b(?:sprint(?:rennen)?|carrera (?:al? )?sprint)\b", re.IGNORECASE)
"""In an argument: the sprint is meant, not the race."""

QUALIFYING = re.compile(
    r"\b(?:quali(?:fying|fication|fikation)?|qualy|q[1-3]?|zeittraining|[ck]ali?ficaci[oó]n|clasificaci[oó]n)\b",
    re.IGNORECASE,
)
"""The same: how they qualified."""

GRID = re.compile(
    r"\b(?:(?:starting )?grid|startaufstellung|startpl(?:a|ä|ae)tze?|startreihen?|parrilla(?: de salida)?)\b",
    re.IGNORECASE,
)
"""The same: where they started."""

AS_PICTURE = re.compile(r"(?:^|\s)(?:(?:as an?|als|como|en)\s)?(?:picture|bild|imagen)$", re.IGNORECASE)
"""At the end of an argument: the answer is to be drawn."""

AS_LINES = re.compile(r"(?:^|\s)lines$")
"""Before that: it is to be drawn race by race."""

LATEST = {
    *("latest", "last", "newest"),
    *("letzter", "letzte", "letztes", "letzten", "neuester", "neueste", "neuestes", "neuesten"),
    *("ultimo", "ultima"),
}
"""What is typed, folded, for that which was last."""

ANY = {
    *("random", "any", "anyone", "another", "surprise"),
    *("zufall", "zufallig", "zufalliger", "zufaellig", "irgendein", "irgendeine", "irgendeinen", "irgendeiner"),
    *("noch", "uberrasch", "uberrasche"),
    *("aleatorio", "azar", "cualquiera", "otro", "otra", "sorprendeme"),
}
"""The same for that which chance has."""

NO_RACE = {
    *("result", "results", "recap", "calendar", "standings", "championship", "table"),
    *("ergebnis", "ergebnisse", "bericht", "rennbericht", "saison", "kalender", "stand", "tabelle", "wm"),
    *("weltmeisterschaft", "resultado", "resultados", "resumen", "cronica", "carrera", "carreras", "temporada"),
    *("calendario", "mundial", "campeonato", "tabla"),
}
"""Words, folded, for what is asked of a race or a season, which tell none from another."""

CHAMPIONSHIPS: Mapping[str, Championship] = {
    **dict.fromkeys(("drivers", "driver", "fahrer", "fahrerwm", "pilotos", "piloto"), Championship.DRIVERS),
    **dict.fromkeys(
        (
            *("teams", "team", "constructors", "constructor", "konstrukteure", "konstrukteur", "konstrukteurs"),
            *("konstrukteurswm", "rennstalle", "equipos", "equipo", "constructores", "escuderias", "escuderia"),
        ),
        Championship.TEAMS,
    ),
}
"""Championships by what they are called, folded."""

_BESIDE_ANY = {
    *("a", "al", "per", "one", "me", "mich", "einer", "einen", "un", "uno"),
    *("crash", "incident", "unfall", "accidente", "incidente", "choque"),
}
_ON = {"on", "an", "ein", "einschalten", "yes", "ja", "si", "activar", "encender"}
_OFF = {"ausschalten", "abschalten", "desactivar", "apagar"}


def switched(typed: str) -> bool | None:
    """Whether a word turns something on, or off; None where it does neither."""
    word = "".join(split(typed))
    if word in _ON:
        return True
    return False if word in _OFF or is_none(typed) else None


def asks_for_any(typed: str) -> bool:
    """Whether any is asked for, whichever that is: `random`, „irgendein Crash“, «al azar»."""
    words = {word for word in split(typed) if word not in _BESIDE_ANY}
    return bool(words) and words <= ANY
