"""From what is said of a setting whose values are times and choices to what is wished."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from bot.search.limits import Limit
from bot.search.sayings import HIDING, SHOWING, TIMED, Said
from bot.search.setting_words import AFTER, EXCEPT, LIVE, UNTIL, WATCHING, choice
from bot.search.time_words import (
    hours,
    is_by_a_clock,
    is_in_seconds,
    is_length,
    length,
    nights,
    seconds,
    span,
    time_of_day,
)
from bot.search.wordings import alone, is_any, value_of, within

_UNIT = re.compile(r"[a-z]", re.IGNORECASE)


class Wish(NamedTuple):
    """A setting, and what it shall be in the words that `/settings` itself takes; without them, it shall be shown."""

    setting: str
    value: str = ""


SPOILER_WAYS = tuple(Wish("spoilers", value) for value in ("show", "veil", "hold 120", "hold until 09:00"))
HOLDING_WAYS = tuple(Wish("spoilers", value) for value in ("hold 120", "hold 1440", "hold until 09:00"))
POLL_WAYS = (Wish("polls", "blind"), Wish("polls", "open"))
_NO_QUIET, _NO_DELAY = Wish("quiet", "off"), Wish("delay", "off")


_NOT_THEN = {Limit.NOT_ONLY, Limit.UNCLEAR}

_KEEPING_BACK = HIDING | {"hold", "delay", "protection"}
"""What somebody refuses who wants to see results."""

_OF_ANOTHER_THING = SHOWING | {"none", "messages"}
"""What is refused by who may well want the value that they name: `don't write, be quiet`, `never turn it off`."""


def spoilers(said: Said) -> tuple[Wish, ...]:
    """What is done about results. To have spoilers on or off may mean either, and is asked back."""
    if said.limit in _NOT_THEN:
        is_shown = said.limit is Limit.NOT_ONLY and not said.choices & _KEEPING_BACK
        return (Wish("spoilers", "show") if is_shown else _as_typed("spoilers", said),)
    if said.negated and (spanned := _spans(said)):
        held_until = (Wish("spoilers", f"hold until {wish.value.partition('-')[2]}") for wish in spanned)
        return _shown_if_refused(said, (*spanned, *held_until))
    value = value_of(said.rest, lambda text: held(text) is not None)
    if value:
        return (_as_typed("spoilers", said),) if _is_told_at(said, value) else _held_back(said, value)
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


def _as_typed(setting: str, said: Said) -> Wish:
    """A setting and what is not all understood, for the setting to say what it takes."""
    return Wish(setting, " ".join(said.rest) or "?")


def _spoiling(said: Said) -> tuple[Wish, ...]:
    """What is done about spoilers; where they are not wanted, and nothing else is said, they are hidden."""
    return _protection(said._replace(choices=frozenset())) if said.refused else spoilers(said)


def _protection(said: Said) -> tuple[Wish, ...]:
    """Whether spoilers are kept away: results are hidden, if no time is named until when."""
    if value := value_of(said.rest, lambda text: held(text) is not None):
        spanned = _spans(said)
        keeping = said.choices & {"hold"} | ({"none"} if spanned else set())
        wished = spoilers(said._replace(choices=keeping, unwanted=frozenset()))
        is_time = bool(spanned) or held(value) is not None
        return _shown_if_refused(said._replace(choices=said.choices | {"veil"}), wished) if is_time else wished
    return (Wish("spoilers", "show" if said.negated else "veil"),)


def _shown_if_refused(said: Said, wished: tuple[Wish, ...]) -> tuple[Wish, ...]:
    """How results are kept back at the time that is said; if it is refused to keep them back, they are shown."""
    shall_not_show = said.unwanted & (SHOWING | {"messages"}) or not (said.choices | said.unwanted) & _KEEPING_BACK
    if shall_not_show and not said.unwanted & (_KEEPING_BACK | {"none"}):
        return wished
    return _unless_refused(said, wished, Wish("spoilers", "show"), _KEEPING_BACK)


def _unless_refused(said: Said, wished: tuple[Wish, ...], otherwise: Wish, own: Collection[str]) -> tuple[Wish, ...]:
    """What is wished, with its value; otherwise, if it is refused; and both, where that may be of something else."""
    if not said.negated:
        return wished
    is_clear = said.unwanted.intersection(own) and not said.unwanted & _OF_ANOTHER_THING
    return (otherwise,) if is_clear else (otherwise, *wished)


def held(text: str) -> str | None:
    """For how long, or until when, results are held, in the words of the setting; None for anything else."""
    word, rest = choice(text)
    until = time_of_day(rest) if word in TIMED - {"beyond"} else time_of_day(text) if is_by_a_clock(text) else None
    if until is not None:
        return f"hold until {_clock(until)}"
    minutes = length(text)
    return None if minutes is None else f"hold {minutes}"


def quiet(said: Said) -> tuple[Wish, ...]:
    """From when to when it is quiet."""
    if _is_limited_oddly(said):
        return (_as_typed("quiet", said),)
    if not said.other_than("keep") and (spanned := _spans(said)):
        return _unless_refused(said, spanned, _NO_QUIET, {"quiet"})
    value = said.other_than("keep") or value_of(said.rest, lambda text: span(text) is not None)
    return (Wish("quiet", value or ("off" if said.negated else "")),)


def _is_limited_oddly(said: Said) -> bool:
    """Whether a value is the only one of what is refused, or not the only one: nobody knows what is wished."""
    return bool(said.rest) and (said.limit in _NOT_THEN or (said.negated and said.limit is not Limit.NONE))


def _messages(said: Said) -> tuple[Wish, ...]:
    """When nothing is written: at the times that are named, or, where it is written only then, at all others."""
    spanned = _spans(said)
    if not spanned:
        return (Wish("quiet", value_of(said.rest, lambda _text: False)),)
    if said.limit in _NOT_THEN or (said.limit is Limit.ONLY and said.negated):
        return (_as_typed("quiet", said),)
    if said.limit is not Limit.BUT_ONLY and (said.negated or "quiet" in said.settings):
        is_quiet = not said.unwanted & {"none", "quiet"} and (
            "quiet" not in said.settings or "messages" in said.unwanted
        )
        return spanned if is_quiet else _unless_refused(said, spanned, _NO_QUIET, {"quiet"})
    written = span(_spanned(said)) or (0, 0)
    others = Wish("quiet", f"{_clock(written[1])}-{_clock(written[0])}")
    return (others, *spanned) if said.limit is Limit.NONE else (others,)


def _spans(said: Said) -> tuple[Wish, ...]:
    """The hours that are named, each as those in which it is quiet; none where something else is said."""
    return tuple(Wish("quiet", f"{_clock(start)}-{_clock(end)}") for start, end in nights(_spanned(said)))


def _spanned(said: Said) -> str:
    """From when to when, as it was typed, among whatever else is said, if that excepts nothing; empty for none."""
    return "" if is_any(said.rest, EXCEPT) else alone(said.rest, lambda text: span(text) is not None)


def later(said: Said, words: Sequence[str]) -> tuple[Wish, ...]:
    """By how much later than the feed somebody says that they watch; none where they do not."""
    value = value_of(said.rest, lambda text: seconds(text) is not None)
    number, watching = seconds(value), is_any(words, WATCHING)
    if number is None and watching | ("hold" in said.choices):
        number = seconds(alone(said.rest, is_in_seconds))
    if number is not None and (watching or not is_length(value)):
        return _delayed(said, number)
    live = not value and watching and is_any(words, LIVE) and not said.negated
    return (_NO_DELAY,) if live else ()


def _delay(said: Said) -> tuple[Wish, ...]:
    """By how many seconds a session is told later."""
    value = said.other_than("hold") or value_of(said.rest, lambda text: seconds(text) is not None)
    number = seconds(value)
    if _is_limited_oddly(said) or (value.isdigit() and is_any(said.rest, AFTER | UNTIL)):
        return (_as_typed("delay", said),)
    if number is None and not said.other_than("hold"):
        number = seconds(alone(said.rest, is_in_seconds))
    return (Wish("delay", value or ("off" if said.negated else "")),) if number is None else _delayed(said, number)


def _delayed(said: Said, number: int) -> tuple[Wish, ...]:
    """So many seconds later; so it is as well where nobody sees it live, or it shall not be shown before."""
    wished = (Wish("delay", str(number)),)
    is_later = said.unwanted & (SHOWING | {"live"}) and not said.unwanted & {"delay", "hold"}
    return wished if is_later else _unless_refused(said, wished, _NO_DELAY, {"delay", "hold"})


def _polls(said: Said) -> tuple[Wish, ...]:
    """Whether polls are blind; to keep them open for some time is when they are closed, else it may be never."""
    if said.choices & {"keep", "open"} and not said.negated and (number := hours(within(said.rest, _is_hours))):
        return (Wish("closing", f"{number}h"),)
    if value := value_of(said.rest, lambda _text: False):
        return (Wish("polls", value),)
    if said.way is None:
        return POLL_WAYS if said.choices else (Wish("polls"),)
    if said.way and said.choices >= {"keep", "open"}:
        return Wish("polls", "open"), Wish("closing", "off")
    return (Wish("polls", "open" if said.way else "blind"),)


def _is_hours(text: str) -> bool:
    """Whether a text can only be a number of hours, days or weeks, as it says so."""
    return hours(text) is not None and not text.isdigit()


def _closing(said: Said) -> tuple[Wish, ...]:
    """After how many hours polls are closed."""
    value = said.other_than("keep", "open") or value_of(said.rest, lambda text: hours(text) is not None)
    number = hours(value)
    if _is_limited_oddly(said) or (said.negated and is_any(said.rest, UNTIL)):
        return (_as_typed("closing", said),)
    if number is None:
        return (Wish("closing", value or ("off" if said.negated else "")),)
    return _unless_refused(said, (Wish("closing", f"{number}h"),), Wish("closing", "off"), {"closing"})


NAMED: Mapping[str, Callable[[Said], tuple[Wish, ...]]] = {
    "spoilers": spoilers,
    "held": lambda said: spoilers(said._replace(choices=said.choices | {"hold"})),
    "spoiling": _spoiling,
    "protection": _protection,
    "quiet": quiet,
    "messages": _messages,
    "delay": _delay,
    "polls": _polls,
    "closing": _closing,
}
"""Settings whose values are times, lengths of time and choices."""


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
