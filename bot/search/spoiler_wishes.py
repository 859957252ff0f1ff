"""From what is said of results and spoilers to what is wished to be done about them."""

import re

from bot.search.limits import Limit
from bot.search.sayings import HIDING, SHOWING, TIMED, Said
from bot.search.setting_words import AFTER, choice
from bot.search.time_words import is_by_a_clock, length, time_of_day
from bot.search.wish import NOT_THEN, Wish, as_typed, clock, spans, unless_refused
from bot.search.wordings import is_any, value_of

_UNIT = re.compile(r"[a-z]", re.IGNORECASE)

SPOILER_WAYS = tuple(Wish("spoilers", value) for value in ("show", "veil", "hold 120", "hold until 09:00"))
HOLDING_WAYS = tuple(Wish("spoilers", value) for value in ("hold 120", "hold 1440", "hold until 09:00"))

_KEEPING_BACK = HIDING | {"hold", "delay", "protection"}
"""What somebody refuses who wants to see results."""


def spoilers(said: Said) -> tuple[Wish, ...]:
    """What is done about results. To have spoilers on or off may mean either, and is asked back."""
    if said.limit in NOT_THEN:
        is_shown = said.limit is Limit.NOT_ONLY and not said.choices & _KEEPING_BACK
        return (Wish("spoilers", "show") if is_shown else as_typed("spoilers", said),)
    if said.negated and (hours_named := spans(said)):
        held_until = (Wish("spoilers", f"hold until {wish.value.partition('-')[2]}") for wish in hours_named)
        return _shown_if_refused(said, (*hours_named, *held_until))
    value = value_of(said.rest, lambda text: held(text) is not None)
    if value:
        return (as_typed("spoilers", said),) if _is_told_at(said, value) else _held_back(said, value)
    if "hold" in said.choices:
        return (Wish("spoilers", "show"),) if said.negated else HOLDING_WAYS
    if said.choices & (HIDING | SHOWING):
        return SPOILER_WAYS if said.way is None else (Wish("spoilers", "show" if said.way else "veil"),)
    return SPOILER_WAYS if said.choices else (Wish("spoilers"),)


def _held_back(said: Said, value: str) -> tuple[Wish, ...]:
    """How results are kept back by a value, which is left as it was typed where it says nothing of that."""
    found = held(value)
    asked = "hold" in said.choices or _UNIT.search(value) is not None or ":" in value
    if found is not None and asked and said.negated:
        return _shown_if_refused(said, (Wish("spoilers", found),))
    odd = found is None or not asked or (said.way is True and choice(value)[0] == "until")
    return (Wish("spoilers", f"hold {value}" if odd and "hold" in said.choices else value if odd else str(found)),)


def _is_told_at(said: Said, value: str) -> bool:
    """Whether a time is from when results shall be hidden, or not told: `keine Ergebnisse nach 22 Uhr`.

    They are held until a time; a number after `from` or `after` is no number of minutes.
    """
    if value.isdigit() and is_any(said.rest, AFTER):
        return True
    is_until = choice(value)[0] == "until" or not (held(value) or "").startswith("hold until")
    is_hidden = bool(said.choices & HIDING) or (said.negated and said.limit is not Limit.BUT_ONLY)
    return not is_until and is_hidden and not said.unwanted & _KEEPING_BACK


def spoiling(said: Said) -> tuple[Wish, ...]:
    """What is done about spoilers; where they are not wanted, and nothing else is said, they are hidden."""
    return protection(said._replace(choices=frozenset())) if said.refused else spoilers(said)


def protection(said: Said) -> tuple[Wish, ...]:
    """Whether spoilers are kept away: results are hidden, if no time is named until when."""
    if value := value_of(said.rest, lambda text: held(text) is not None):
        hours_named = spans(said)
        keeping = said.choices & {"hold"} | ({"none"} if hours_named else set())
        wished = spoilers(said._replace(choices=keeping, unwanted=frozenset()))
        is_time = bool(hours_named) or held(value) is not None
        return _shown_if_refused(said._replace(choices=said.choices | {"veil"}), wished) if is_time else wished
    return (Wish("spoilers", "show" if said.negated else "veil"),)


def _shown_if_refused(said: Said, wished: tuple[Wish, ...]) -> tuple[Wish, ...]:
    """How results are kept back at the time that is said; if it is refused to keep them back, they are shown."""
    shall_not_show = said.unwanted & (SHOWING | {"messages"}) or not (said.choices | said.unwanted) & _KEEPING_BACK
    if shall_not_show and not said.unwanted & (_KEEPING_BACK | {"none"}):
        return wished
    return unless_refused(said, wished, Wish("spoilers", "show"), _KEEPING_BACK)


def held(text: str) -> str | None:
    """For how long, or until when, results are held, in the words of the setting; None for anything else."""
    word, rest = choice(text)
    until = time_of_day(rest) if word in TIMED - {"beyond"} else time_of_day(text) if is_by_a_clock(text) else None
    if until is not None:
        return f"hold until {clock(until)}"
    minutes = length(text)
    return None if minutes is None else f"hold {minutes}"
