"""Times and lengths of time in words, put into figures: `half an hour`, `zehn Uhr abends`, `las 7 de la mañana`."""

import re

from bot.search.words import fold

_NUMBERS = """
2 two zwei dos
3 three drei tres
4 four vier cuatro
5 five funf fuenf cinco
6 six sechs seis
7 seven sieben siete
8 eight acht ocho
9 nine neun nueve
10 ten zehn diez
11 eleven elf once
12 twelve zwolf zwoelf doce
15 fifteen funfzehn fuenfzehn quince
20 twenty zwanzig veinte
24 twentyfour vierundzwanzig veinticuatro
30 thirty dreissig treinta
40 forty vierzig cuarenta
60 sixty sechzig sesenta
90 ninety neunzig noventa
"""
_FIGURES = {word: line.split()[0] for line in _NUMBERS.strip().splitlines() for word in line.split()[1:]}
_IN_WORDS = re.compile(rf"\b(?:{'|'.join(_FIGURES)})\b")

_HALVES = (
    (r"(?:an?|one) hour and a half|anderthalb stunden|eineinhalb stunden|(?:una )?hora y media", "90 min"),
    (r"(?:a )?half an hour|(?:a )?half hour|(?:eine[rn]? )?halben? stunde|media hora", "30 min"),
    (r"(?:an?|one) minute and a half|anderthalb minuten|eineinhalb minuten|(?:un )?minuto y medio", "90 s"),
    (r"(?:a )?half a minute|(?:eine[rn]? )?halben? minute|medio minuto", "30 s"),
    (r"(?:a )?half a day|(?:einen? |einem )?halbe[rnm] tag|medio dia entero", "12 h"),
    (r"\bnoon|\bmidday|\bmittags?\b|\bmediodia", "12:00"),
    (r"\bmidnight|\bmitternachts?\b|\bmedianoche", "0:00"),
)  # fmt: skip
_WORDED = tuple((re.compile(worded), figures) for worded, figures in _HALVES)

_UNIT = r"(?=(?:hour|day|week|minute|second|stunde|tag|woche|sekunde|hora|dia|semana|minuto|segundo))"
_ONE = re.compile(rf"\b(?:an?|one|eine?[rmn]?|una?)\s+{_UNIT}")

_MORNING = r"a\.\s?m\b\.?|in the morning|morgens|am morgen|in der fruh|fruh|vormittags|de la (?:manana|madrugada)"
_EVENING = r"p\.\s?m\b\.?|in the (?:evening|afternoon)|abends|am abend|nachmittags|de la tarde"
_NIGHT = r"at night|nachts|in der nacht|de la noche"
_PART_OF_DAY = re.compile(
    rf"\b(\d{{1,2}})(?:[:.h]([0-5]\d))?\s*(?:uhr|h|o'?clock)?\s*(?:({_MORNING})|({_EVENING})|({_NIGHT}))(?!\w)"
)
_FOUR_FIGURES = re.compile(r"(?<![\d:.])([01]\d|2[0-3])([0-5]\d)(?!\d)(?=\s*(?:h\b|hrs\b|uhr|-|–|to\b|bis\b|a\b|$))")

NOON, SMALL_HOURS = 12, 6


def in_figures(text: str) -> str:
    """A text, folded, whose numbers and lengths of time are figures: `nach einem Tag` → `nach 1 tag`."""
    said = fold(text).strip()
    for worded, figures in _WORDED:
        said = worded.sub(figures, said)
    return _ONE.sub("1 ", _IN_WORDS.sub(lambda word: _FIGURES[word[0]], said))


def by_the_clock(text: str) -> str:
    """The same of times of day: `10 p.m.`, `zehn Uhr abends` and `2200` are `22:00`."""
    said = re.sub(r"o'?clock", "uhr", _PART_OF_DAY.sub(_of_day, in_figures(text)))
    return _FOUR_FIGURES.sub(r"\1:\2", said)


def _of_day(found: re.Match[str]) -> str:
    """A time by the clock of a day, of one that is said with the part of the day; a later hour is that already."""
    hour, minute = int(found[1]), found[2] or "00"
    if hour > NOON:
        return f"{hour}:{minute}"
    night_early = bool(found[5]) and hour < SMALL_HOURS
    if found[3] or night_early or (found[5] and hour == NOON):
        return f"{hour % NOON:02}:{minute}"
    return f"{hour % NOON + NOON}:{minute}"
