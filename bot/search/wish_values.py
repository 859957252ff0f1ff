"""From what is said of a setting whose values are times and choices to what is wished."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from bot.search.sayings import HIDING, SHOWING, TIMED, Said, is_any, value_of, within
from bot.search.setting_words import EXCEPT, LIVE, ONLY, WATCHING, choice
from bot.search.time_words import hours, is_by_a_clock, length, nights, seconds, span, time_of_day

_UNIT = re.compile(r"[a-z]", re.IGNORECASE)


class Wish(NamedTuple):
    """A setting, and what it shall be in the words that `/settings` itself takes; without them, it shall be shown."""

    setting: str
    value: str = ""


SPOILER_WAYS = tuple(Wish("spoilers", value) for value in ("show", "veil", "hold 120", "hold until 09:00"))
HOLDING_WAYS = tuple(Wish("spoilers", value) for value in ("hold 120", "hold 1440", "hold until 09:00"))
POLL_WAYS = (Wish("polls", "blind"), Wish("polls", "open"))


def spoilers(said: Said) -> tuple[Wish, ...]:
    """What is done about results. To have spoilers on or off may mean either, and is asked back."""
    if said.negated and (spanned := _spans(said)):
        return *spanned, *(Wish("spoilers", f"hold until {wish.value.partition('-')[2]}") for wish in spanned)
    value = value_of(said.rest, lambda text: held(text) is not None)
    found = held(value) if value else None
    if value:
        asked = "hold" in said.choices or _UNIT.search(value) is not None or ":" in value
        odd = found is None or not asked or (said.way is True and choice(value)[0] == "until")
        return (Wish("spoilers", f"hold {value}" if odd and "hold" in said.choices else value if odd else str(found)),)
    if "hold" in said.choices:
        return (Wish("spoilers", "show"),) if said.negated else HOLDING_WAYS
    if said.choices & (HIDING | SHOWING):
        return SPOILER_WAYS if said.way is None else (Wish("spoilers", "show" if said.way else "veil"),)
    return SPOILER_WAYS if said.choices else (Wish("spoilers"),)


def _spoiling(said: Said) -> tuple[Wish, ...]:
    """What is done about spoilers; where they are not wanted, and nothing else is said, they are hidden."""
    return _protection(said._replace(choices=frozenset())) if said.refused else spoilers(said)


def _protection(said: Said) -> tuple[Wish, ...]:
    """Whether spoilers are kept away: results are hidden, if no time is named until when."""
    if said.rest and (value_of(said.rest, lambda text: held(text) is not None)):
        refused = said.choices | {"none"} if _spans(said) else said.choices
        return spoilers(said._replace(choices=refused))
    return (Wish("spoilers", "show" if said.negated else "veil"),)


def held(text: str) -> str | None:
    """For how long, or until when, results are held, in the words of the setting; None for anything else."""
    word, rest = choice(text)
    until = time_of_day(rest) if word in TIMED else time_of_day(text) if is_by_a_clock(text) else None
    if until is not None:
        return f"hold until {_clock(until)}"
    minutes = length(text)
    return None if minutes is None else f"hold {minutes}"


def quiet(said: Said) -> tuple[Wish, ...]:
    """From when to when it is quiet."""
    if not said.negated and not said.other_than("keep") and (spanned := _spans(said)):
        return spanned
    value = said.other_than("keep") or value_of(said.rest, lambda text: span(text) is not None)
    return (Wish("quiet", value or ("off" if said.negated else "")),)


def _messages(said: Said) -> tuple[Wish, ...]:
    """When nothing is written: at the times that are named, or, where it is written only then, at all others."""
    spanned = _spans(said)
    if not spanned or said.negated or "quiet" in said.settings:
        return spanned or (Wish("quiet", value_of(said.rest, lambda _text: False)),)
    written = span(_spanned(said)) or (0, 0)
    others = Wish("quiet", f"{_clock(written[1])}-{_clock(written[0])}")
    return (others,) if is_any(said.rest, ONLY) else (others, *spanned)


def _spans(said: Said) -> tuple[Wish, ...]:
    """The hours that are named, each as those in which it is quiet; none where something else is said."""
    return tuple(Wish("quiet", f"{_clock(start)}-{_clock(end)}") for start, end in nights(_spanned(said)))


def _spanned(said: Said) -> str:
    """From when to when, as it was typed, among whatever else is said, if that excepts nothing; empty for none."""
    return "" if is_any(said.rest, EXCEPT) else within(said.rest, lambda text: span(text) is not None)


def later(said: Said, words: Sequence[str]) -> tuple[Wish, ...]:
    """By how much later than the feed somebody says that they watch; none where they do not."""
    value = value_of(said.rest, lambda text: seconds(text) is not None)
    number, watching = seconds(value), is_any(words, WATCHING)
    if number is None and watching | ("hold" in said.choices):
        number = seconds(within(said.rest, _is_in_seconds))
    if number is not None and (watching or length(value) is None):
        return (Wish("delay", str(number)),)
    live = not value and watching and is_any(words, LIVE)
    return (Wish("delay", "off"),) if live else ()


def _is_in_seconds(text: str) -> bool:
    """Whether a text can only be a number of seconds, as it says so."""
    return seconds(text) is not None and length(text) is None


def _delay(said: Said) -> tuple[Wish, ...]:
    """By how many seconds a session is told later."""
    value = said.other_than("hold") or value_of(said.rest, lambda text: seconds(text) is not None)
    number = seconds(value)
    if number is None and not said.other_than("hold"):
        number = seconds(within(said.rest, _is_in_seconds))
    return (Wish("delay", value or ("off" if said.negated else "") if number is None else str(number)),)


def _polls(said: Said) -> tuple[Wish, ...]:
    """Whether polls are blind; to keep them open may also mean not to close them."""
    if value := value_of(said.rest, lambda _text: False):
        return (Wish("polls", value),)
    if said.way is None:
        return POLL_WAYS if said.choices else (Wish("polls"),)
    if said.way and said.choices >= {"keep", "open"}:
        return Wish("polls", "open"), Wish("closing", "off")
    return (Wish("polls", "open" if said.way else "blind"),)


def _closing(said: Said) -> tuple[Wish, ...]:
    """After how many hours polls are closed."""
    value = said.other_than("keep", "open") or value_of(said.rest, lambda text: hours(text) is not None)
    number = hours(value)
    return (Wish("closing", value or ("off" if said.negated else "") if number is None else f"{number}h"),)


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
