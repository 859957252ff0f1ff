"""How a typed word is read: case, accents, hashtags, glued-on years, Cyrillic and Greek letters do not matter."""

import re
import unicodedata
from functools import lru_cache
from sys import intern

_WORD = re.compile(r"f1(?![a-z0-9])|[a-z]+|[0-9]+")
_GLUED_GP = re.compile(r"(?<=[a-z])gp(?![a-z])")
_ELIDED = re.compile(r"\b[dl]'|'s\b", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WAVES = re.compile(r"(?:[a-z]{1,2}[A-Z]{1,2}){2}")
"""Capitals every other letter or two, as in `ImOlA`: they tell no words apart."""

_STROKES = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"}
_CYRILLIC = dict(zip("абвгдезийклмнопрстуфыэіїєґјћ", "abvgdeziiklmnoprstufyeiiegjc", strict=True))
_CYRILLIC_PAIRS = dict(
    zip(
        "жхцчшщъьюяљњђџ",
        ["zh", "kh", "ts", "ch", "sh", "shch", "", "", "yu", "ya", "lj", "nj", "dj", "dz"],
        strict=True,
    )
)
_GREEK = dict(zip("αβγδεζηικλμνξοπρστυφω", "avgdeziiklmnxoprstyfo", strict=True)) | {"θ": "th", "χ": "ch", "ψ": "ps"}
_LATIN = str.maketrans(_STROKES | _CYRILLIC | _CYRILLIC_PAIRS | _GREEK)

_ENGLISH = """
a accident all and are at battle be between blame by clash collision contact controversy corner crash crashed
crashes did do drama duel f f1 for formula from gp grand happened he his how i in incident into is it its lap me
moment my not of on or pileup prix race robbed rollover s season shunt smash teammate teammates that the they this
to v versus video vs was we what who with wreck year you your
"""
_ROMANCE = """
accidente acidente batida choque colision collisione da das de del di do du e el en equipo escuderia et gran grande i il
incidente la las le les los o pelea polemica premio toque um y
"""
_NORTHERN = """
botsing circuit das der des die duell fur grosser grote het kollision nagroda ongeluk preis prijs rennen rennstall und
unfall van von wypadek wyscig zusammenstoss zwischenfall
"""
_ASKED_OF_IT = """
decision details explained fault footage highlights info onboard poll quote quotes replay ruling story summary timeline
verdict vote votes entscheidung erklart geschichte schuld urteil wiederholung zitat zitate zusammenfassung citas culpa
explicado frases historia repeticion resumen veredicto
"""
_QUESTIONS = """
about does ever had has have how many much please pls show tell were when where which why
bei beim bitte dem den ein eine einem einen erzahl erzahle gab geschah geschehen hat haben im ist mir passiert uns
waren wann warum was welche welcher wer wie wieso wo wurde zeig zeige zum zur
al como cual cuando cuentame dime donde ensename favor fue hubo lo muestra muestrame paso por porque que quien quienes
se su tuvo una
"""
FILLERS = frozenset((_ENGLISH + _ROMANCE + _NORTHERN + _QUESTIONS + _ASKED_OF_IT).split())
"""Words that say nothing about which incident is meant, or only what is asked of it, in races' languages."""


def fold(text: str) -> str:
    """Lower case without accents, in Latin letters as far as known: `Räikkönen` → `raikkonen`, `Имола` → `imola`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return plain.casefold().translate(_LATIN)


NAME = 60
"""Letters of the longest name: of texts up to so long the words are remembered, as names are split again and again."""


def split(text: str) -> list[str]:
    """The words of a text, folded: `#ImolaGP21` → `imola`, `gp`, `21`, and `d'Italia` → `italia`."""
    return [*_words_of_name(text)] if len(text) <= NAME else _split(text)


@lru_cache(maxsize=4096)
def _words_of_name(name: str) -> tuple[str, ...]:
    return tuple(map(intern, _split(name)))  # the same few words make thousands of names


def _split(text: str) -> list[str]:
    return _WORD.findall(spaced(text))


def spaced(text: str) -> str:
    """A text folded, its words apart, its numbers where they were typed: `#SpaGP2` → `#spa gp2`, not `#spa gp 2`."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("’", "'")
    if "'" in text:
        text = _ELIDED.sub(" ", text).replace("'", "")
    apart = text if text.islower() or _WAVES.search(text) else _CAMEL.sub(" ", text)
    folded = fold(apart)
    return _GLUED_GP.sub(" gp", folded) if "gp" in folded else folded


def has_unread_letters(text: str) -> bool:
    """Whether a text has letters that make no words here, as those of `モンツァ`."""
    return not text.isascii() and any(letter.isalpha() and not letter.isascii() for letter in fold(text))


def telling(words: list[str]) -> list[str]:
    """The words that tell one incident from another; all of them where none does."""
    return [word for word in words if word not in FILLERS] or words


@lru_cache(maxsize=4096)
def joined(name: str) -> str:
    """The telling words of a name, as one: `Circuit of the Americas` → `circuitamericas`."""
    return "".join(telling(split(name)))


def as_data(asked: str, room: int) -> str:
    """What was asked for, as far as it fits into a button's data: whole words, folded where it must be shortened."""
    if asked.isascii() and asked.isprintable() and len(asked) <= room:
        return asked
    words = ""
    for word in split(asked):
        if len(words) + len(word) >= room:
            break
        words = f"{words} {word}".strip()
    return words
