"""What people call a chat's settings and what may be chosen in them, in the languages that the bot speaks."""

from collections.abc import Mapping

from bot.search.words import split

_SETTINGS = """
zone = zone, time zone, timezone, time, Zeitzone, Zeit, zona horaria, zona, hora
spoilers = spoilers, spoiler
quiet = quiet, quiet hours, quiet time, Ruhezeiten, Ruhezeit, Ruhe, horas de silencio, silencio
delay = delay, Verzögerung, retraso
polls = polls, poll, Umfragen, Umfrage, encuestas, encuesta
closing = closing, close, schließen, cierre, cerrar
role = role, roles, Rolle, Rollen, rol
language = language, languages, Sprache, Sprachen, idioma, idiomas, lengua
"""

_LANGUAGES = """
en = English, Englisch, inglés
de = German, Deutsch, alemán
es = Spanish, Spanisch, español, castellano
"""

_CHOICES = """
show = show, shown, zeigen, mostrar
veil = veil, veiled, hide, verdecken, velar, ocultar
hold = hold, held, zurückhalten, retener
until = until, bis, hasta
blind = blind, a ciegas
open = open, offen, offen sichtbar, abierta, a la vista
none = none, off, no, never, aus, keine, keiner, kein, nein, nie, ninguna, ninguno, nunca
"""

LONGEST = 3
"""Words that a name has at most."""


def _read(table: str) -> Mapping[str, str]:
    """What is meant, by each of its names, folded and without gaps."""
    lines = (line.partition(" = ") for line in table.strip().splitlines())
    return {"".join(split(name)): meant for meant, _equals, names in lines for name in names.split(",")}


SETTINGS = _read(_SETTINGS)
"""Settings by what they are called, folded."""

LANGUAGES = _read(_LANGUAGES)
"""The codes of languages by what speakers of each other call them, folded."""

CHOICES = _read(_CHOICES)
"""What may be chosen, by its names, folded."""


def setting(typed: str) -> tuple[str, str]:
    """The setting that a text begins with, and the rest: `Quiet hours: 22-8` → `quiet`, `22-8`; empty for none."""
    return _beginning(typed, SETTINGS)


def choice(typed: str) -> tuple[str, str]:
    """The choice that a text begins with, and the rest: `bis 09:00` → `until`, `09:00`; empty for none."""
    return _beginning(typed, CHOICES)


def chosen(typed: str) -> str:
    """The choice that a text is, all of it; empty for none."""
    return CHOICES.get("".join(split(typed)), "")


def is_none(typed: str) -> bool:
    """Whether somebody wants none: `off`, `never`, `keine`."""
    return chosen(typed) == "none"


def language(typed: str, spoken: Mapping[str, str]) -> str:
    """The code of the language that somebody means, of those that are `spoken` by their own names; empty for none."""
    wanted = "".join(split(typed))
    own = {"".join(split(name)): code for code, known in spoken.items() for name in (code, known)}
    code = own.get(wanted) or LANGUAGES.get(wanted, "")
    return code if code in spoken else ""


def _beginning(typed: str, names: Mapping[str, str]) -> tuple[str, str]:
    """What the first words mean, as many as are a name, and the rest; the whole text where they mean nothing."""
    words = typed.split()
    for number in range(min(LONGEST, len(words)), 0, -1):
        read = [split(word) for word in words[:number]]
        meant = names.get("".join("".join(each) for each in read))
        if meant is not None and all(read):
            return meant, " ".join(words[number:])
    return "", typed
