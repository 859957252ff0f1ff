"""From what is said of a setting whose values are times and choices to what is wished."""

from collections.abc import Callable, Mapping, Sequence

from bot.search.limits import Limit
from bot.search.sayings import SHOWING, Said
from bot.search.setting_words import AFTER, LIVE, UNTIL, WATCHING
from bot.search.spoiler_wishes import protection, spoilers, spoiling
from bot.search.time_words import hours, is_in_seconds, is_length, seconds, span
from bot.search.wish import NOT_THEN, Wish, as_typed, clock, spanned, spans, unless_refused
from bot.search.wordings import alone, is_any, value_of, within

POLL_WAYS = (Wish("polls", "blind"), Wish("polls", "open"))
_NO_QUIET, _NO_DELAY = Wish("quiet", "off"), Wish("delay", "off")


def quiet(said: Said) -> tuple[Wish, ...]:
    """From when to when it is quiet."""
    if _is_limited_oddly(said):
        return (as_typed("quiet", said),)
    if not said.other_than("keep") and (hours_named := spans(said)):
        return unless_refused(said, hours_named, _NO_QUIET, {"quiet"})
    value = said.other_than("keep") or value_of(said.rest, lambda text: span(text) is not None)
    return (Wish("quiet", value or ("off" if said.negated else "")),)


def _is_limited_oddly(said: Said) -> bool:
    """Whether a value is the only one of what is refused, or not the only one: nobody knows what is wished."""
    return bool(said.rest) and (said.limit in NOT_THEN or (said.negated and said.limit is not Limit.NONE))


def _messages(said: Said) -> tuple[Wish, ...]:
    """When nothing is written: at the times that are named, or, where it is written only then, at all others."""
    hours_named = spans(said)
    if not hours_named:
        return (Wish("quiet", value_of(said.rest, lambda _text: False)),)
    if said.limit in NOT_THEN or (said.limit is Limit.ONLY and said.negated):
        return (as_typed("quiet", said),)
    if said.limit is not Limit.BUT_ONLY and (said.negated or "quiet" in said.settings):
        is_quiet = not said.unwanted & {"none", "quiet"} and (
            "quiet" not in said.settings or "messages" in said.unwanted
        )
        return hours_named if is_quiet else unless_refused(said, hours_named, _NO_QUIET, {"quiet"})
    written = span(spanned(said)) or (0, 0)
    others = Wish("quiet", f"{clock(written[1])}-{clock(written[0])}")
    return (others, *hours_named) if said.limit is Limit.NONE else (others,)


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
        return (as_typed("delay", said),)
    if number is None and not said.other_than("hold"):
        number = seconds(alone(said.rest, is_in_seconds))
    return (Wish("delay", value or ("off" if said.negated else "")),) if number is None else _delayed(said, number)


def _delayed(said: Said, number: int) -> tuple[Wish, ...]:
    """So many seconds later; so it is as well where nobody sees it live, or it shall not be shown before."""
    wished = (Wish("delay", str(number)),)
    is_later = said.unwanted & (SHOWING | {"live"}) and not said.unwanted & {"delay", "hold"}
    return wished if is_later else unless_refused(said, wished, _NO_DELAY, {"delay", "hold"})


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
        return (as_typed("closing", said),)
    if number is None:
        return (Wish("closing", value or ("off" if said.negated else "")),)
    return unless_refused(said, (Wish("closing", f"{number}h"),), Wish("closing", "off"), {"closing"})


NAMED: Mapping[str, Callable[[Said], tuple[Wish, ...]]] = {
    "spoilers": spoilers,
    "held": lambda said: spoilers(said._replace(choices=said.choices | {"hold"})),
    "spoiling": spoiling,
    "protection": protection,
    "quiet": quiet,
    "messages": _messages,
    "delay": _delay,
    "polls": _polls,
    "closing": _closing,
}
"""Settings whose values are times, lengths of time and choices."""
