"""The words that race control's messages are made of: cars, places, and what has to be cleaned off them first."""

import re

from bot.domain.race_control import Car

LONGEST = 1_000
"""Characters of the longest text that can be a message of race control: its own have 200 at most."""

_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))

_LIST = re.compile(r"\bCARS?(?=[\s:0-9])[\s:]*")
_LISTED = re.compile(r"((?:[\s,&/+]|AND\b|CARS?\b)*)([0-9]{1,3})(?![0-9:.])\s*(?:\(\s*([A-Z]{3})\s*\)?)?")
_SEPARATED = re.compile(r"[,&/+]|AND|CAR")
_GOES_ON = re.compile(r"\s*(?:[,&/+]|AND\b)")

_PLACE = re.compile(
    r"(?:\b(?:BETWEEN|AFTER|BEFORE) )?\bT(?:URN)?S? ?[0-9]{1,2}(?![0-9])"
    r"(?: ?(?:-|/|&|,|AND|TO) ?(?:T(?:URN)?S? ?)?[0-9]{1,2}(?![0-9]))*"
    r"|\bPIT ?LANE(?: (?:ENTRY|EXIT))?|\bPIT (?:ENTRY|EXIT|STRAIGHT)"
    r"|\bSTART ?/? ?FINISH STRAIGHT|\b(?:START|FINISH|MAIN|BACK|HOME) STRAIGHT"
    r"|\b(?:CHICANE|HAIRPIN|GRID)\b"
)
_TURN = re.compile(r"\bT(URN)?(S?) ?(?=[0-9])")
_RANGE = re.compile(r" ?([-/]) ?(?=T|[0-9])")


def legible(text: str) -> str:
    """A text in one line of single spaces, without invisible characters and halves of characters, dashes made plain."""
    if not (text.isascii() and text.isprintable()):
        text = _INVISIBLE.sub(" ", text).translate(_DASHES)
    return " ".join(text.split())


def find_cars(text: str) -> tuple[tuple[Car, ...], int, int]:
    """The first list of cars in a text, in its order, each once, and where it begins and ends.

    A list begins with the word, so that numbers and brackets elsewhere, as in times, are no cars. Where there is none
    it begins and ends at the end.
    """
    for begins in _LIST.finditer(text):
        cars, end = _listed(text, begins.end())
        if cars:
            return cars, begins.start(), end
    return (), len(text), len(text)


def _listed(text: str, start: int) -> tuple[tuple[Car, ...], int]:
    """The cars that are listed from there on, and where the list ends."""
    cars: dict[int, Car] = {}
    end = start
    while listed := _LISTED.match(text, end):
        separator, number, code = listed.groups()
        if cars and not (_SEPARATED.search(separator) or code or _GOES_ON.match(text, listed.end())):
            break
        known = cars.get(int(number))
        if known is None or not known.code:
            cars[int(number)] = Car(int(number), code or "")
        end = listed.end()
    return tuple(cars.values()), end


def find_place(text: str) -> str | None:
    """The first place that a text names, in the feed's words: TURN 4, TURNS 1-2, AFTER TURN 11, PIT LANE."""
    found = _PLACE.search(text)
    if found is None:
        return None
    place = _TURN.sub(r"TURN\2 ", found[0]).replace("PITLANE", "PIT LANE")
    return _RANGE.sub(r"\1", place)
