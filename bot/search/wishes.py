"""From a person's words to a chat's setting and its value: `hide results, please`, `Nachtruhe von 22 bis 7 Uhr`.

What is said around a wish does not matter, nor in which order it is said. What may mean two things is both, to be asked
back; what is not all understood keeps its own words, for the setting itself to say what it takes.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.domain.topics import topics_called
from bot.search.sayings import (
    HIDING,
    SHOWING,
    TIMED,
    Said,
    core,
    phrases,
    says_nothing,
    taken_apart,
    value_of,
    without,
)
from bot.search.setting_words import ALONE, CHOICES, FILLERS, SETTINGS, choice, is_none, language
from bot.search.time_words import hours, is_by_a_clock, length, nights, seconds, span, time_of_day
from bot.search.words import split

MOST_WORDS = 24
"""Nobody's wish is made of more words than these."""

_MARKS = re.compile(r"[=:,;!?¡¿\"„“”.]+(?=\s|$)|(?<=[^\W\d])[=:](?=\S)|(?<!\S)[¡¿\"„“]")
_MENTION = re.compile(r"<@&\d{5,20}>", re.ASCII)
_UNIT = re.compile(r"[a-z]", re.IGNORECASE)

_COUNTRIES = {"usa"}
"""Countries that say nothing elsewhere: `usa` is Spanish for to use."""

CODE = 3
"""Letters of a country's or a state's code at most, which may be a word that says nothing in some language."""


class Wish(NamedTuple):
    """A setting, and what it shall be in the words that `/settings` itself takes; without them, it shall be shown."""

    setting: str
    value: str = ""


SPOILER_WAYS = tuple(Wish("spoilers", value) for value in ("show", "veil", "hold 120", "hold until 09:00"))
HOLDING_WAYS = tuple(Wish("spoilers", value) for value in ("hold 120", "hold 1440", "hold until 09:00"))
POLL_WAYS = (Wish("polls", "blind"), Wish("polls", "open"))


def wishes(typed: str, spoken: Mapping[str, str], is_zone: Callable[[str], bool]) -> tuple[Wish, ...]:
    """What somebody may want: one wish, several to be chosen from, or none where no setting is meant.

    `spoken` are the languages that there are, by their codes; `is_zone` says whether a text is the name of a zone.
    """
    words = _MARKS.sub(" ", typed).split()
    if len(words) > MOST_WORDS:
        return ()
    said = taken_apart(words, SETTINGS)
    setting = _one_of(said.settings)
    if setting in _NAMED:
        return _NAMED[setting](said)
    if setting in _IN_OWN_WORDS:
        names = {name for name, meant in SETTINGS.items() if meant == setting}
        return (_IN_OWN_WORDS[setting](_own_words(words, names), spoken, is_zone),)
    if said.settings:
        return ()
    alone = taken_apart(words, ALONE)
    if alone.settings and not _is_of_times(words) and (not alone.rest or _in_core(words, alone)):
        return (_zone(without(words, ALONE.keys()), spoken, is_zone),)
    return tuple(_unnamed(words, said, spoken, is_zone))


def _own_words(words: Sequence[str], names: Collection[str]) -> tuple[str, ...]:
    """What is said besides a setting's names; where that says nothing, only a code that ends it: `zone LA`."""
    kept = without(words, names)
    if not all(map(says_nothing, kept)):
        return kept
    begins = next(iter(phrases(words, (names,))))[0] in names
    return kept[-1:] if begins and kept and len(kept[-1]) <= CODE else ()


def _one_of(settings: Collection[str]) -> str:
    """The setting that is meant where several are named: polls that close, results that are delayed; empty for none."""
    named = set(settings)
    for both, meant in _TOGETHER:
        if both <= named:
            named = named - both | {meant}
    return named.pop() if len(named) == 1 else ""


_TOGETHER = (
    ({"spoilers", "protection"}, "protection"),
    ({"polls", "closing"}, "closing"),
    ({"spoilers", "delay"}, "held"),
    ({"polls", "spoilers"}, "polls"),
)


def _spoilers(said: Said) -> tuple[Wish, ...]:
    """What is done about results. To have spoilers on or off may mean either, and is asked back."""
    value = value_of(said.rest, lambda text: _held(text) is not None)
    held = _held(value) if value else None
    if value:
        asked = "hold" in said.choices or _UNIT.search(value) is not None or ":" in value
        odd = held is None or not asked or (said.way is True and choice(value)[0] == "until")
        return (Wish("spoilers", f"hold {value}" if odd and "hold" in said.choices else value if odd else str(held)),)
    if "hold" in said.choices:
        return (Wish("spoilers", "show"),) if said.negated else HOLDING_WAYS
    if said.choices & (HIDING | SHOWING):
        return SPOILER_WAYS if said.way is None else (Wish("spoilers", "show" if said.way else "veil"),)
    return SPOILER_WAYS if said.choices else (Wish("spoilers"),)


def _protection(said: Said) -> tuple[Wish, ...]:
    """Whether spoilers are kept away: how, is asked back."""
    if said.rest and value_of(said.rest, lambda text: _held(text) is not None):
        return _spoilers(said)
    if said.way is not None and not said.negated:
        return (Wish("spoilers", "veil"),)
    return (Wish("spoilers", "show"),) if said.negated else SPOILER_WAYS[1:]


def _held(text: str) -> str | None:
    """For how long, or until when, results are held, in the words of the setting; None for anything else."""
    word, rest = choice(text)
    until = time_of_day(rest) if word in TIMED else time_of_day(text) if is_by_a_clock(text) else None
    if until is not None:
        return f"hold until {_clock(until)}"
    minutes = length(text)
    return None if minutes is None else f"hold {minutes}"


def _quiet(said: Said) -> tuple[Wish, ...]:
    """From when to when it is quiet."""
    value = said.other_than("keep") or value_of(said.rest, lambda text: span(text) is not None)
    if value and not said.negated and (found := nights(value)):
        return tuple(Wish("quiet", f"{_clock(start)}-{_clock(end)}") for start, end in found)
    return (Wish("quiet", value or ("off" if said.negated else "")),)


def _delay(said: Said) -> tuple[Wish, ...]:
    """By how many seconds a session is told later."""
    value = said.other_than("hold") or value_of(said.rest, lambda text: seconds(text) is not None)
    number = seconds(value)
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


_NAMED: Mapping[str, Callable[[Said], tuple[Wish, ...]]] = {
    "spoilers": _spoilers,
    "held": lambda said: _spoilers(said._replace(choices=said.choices | {"hold"})),
    "protection": _protection,
    "quiet": _quiet,
    "delay": _delay,
    "polls": _polls,
    "closing": _closing,
}
"""Settings whose values are times, lengths of time and choices."""


def _zone(words: Sequence[str], _spoken: Mapping[str, str], is_zone: Callable[[str], bool]) -> Wish:
    bare = without(words, ALONE.keys()) or tuple(words)
    return Wish("zone", core(bare, is_zone))


def _language(words: Sequence[str], spoken: Mapping[str, str], _is_zone: Callable[[str], bool]) -> Wish:
    value = core(words, lambda text: bool(language(text, spoken)) or is_none(text))
    return Wish("language", language(value, spoken) or value)


def _role(words: Sequence[str], _spoken: Mapping[str, str], _is_zone: Callable[[str], bool]) -> Wish:
    """Which role is mentioned with which topic, whichever is said first."""
    topics = [word.casefold() for word in words if topics_called(word.casefold())]
    roles = [word for word in words if _MENTION.fullmatch(word)] or ["none" for word in words if is_none(word)][:1]
    others = [word for word in words if word.casefold() not in topics and word not in roles and not is_none(word)]
    if len(topics) == len(roles) == 1 and all(map(says_nothing, others)):
        return Wish("role", f"{topics[0]} {roles[0]}")
    return Wish("role", " ".join(words))


_IN_OWN_WORDS: Mapping[str, Callable[[Sequence[str], Mapping[str, str], Callable[[str], bool]], Wish]] = {
    "zone": _zone,
    "language": _language,
    "role": _role,
}
"""Settings whose values are names: of places, languages and roles."""


def _unnamed(
    words: Sequence[str], said: Said, spoken: Mapping[str, str], is_zone: Callable[[str], bool]
) -> Iterator[Wish]:
    """What a text may mean that names no setting, by its values alone; to say only on or off names none."""
    barest = core(words, lambda _text: False)
    if is_none(barest) or not barest:
        return
    tongue = core(words, lambda text: bool(language(text, spoken)))
    if code := language(tongue, spoken):
        yield Wish("language", code)
        if tongue.casefold() != code:  # `German`, where `de` may be Germany's clock
            return
    zone = _zone(words, spoken, is_zone)
    if is_zone(zone.value) and (code or not _is_a_word(words)):
        yield zone
        return
    value = value_of(said.rest, lambda text: span(text) is not None or _held(text) is not None)
    if not said.choices and span(value) is not None:
        yield from _quiet(said)
    elif "hold" in said.choices and (not value or _held(value) is not None):
        yield from _spoilers(said)
    elif not said.choices and seconds(value) is not None and length(value) is None:
        yield Wish("delay", str(seconds(value)))
    elif not value and said.way is not None:
        if said.choices & {"veil", "show"}:
            yield from _spoilers(said)
        yield from _polls(said)


def _is_a_word(words: Sequence[str]) -> bool:
    """Whether all that is typed is one word that says nothing, or on or off: `my` is no clock, and `MY` Malaysia's."""
    name = "".join(split(words[0]))
    return len(words) == 1 and (name in CHOICES or (name in FILLERS - _COUNTRIES and words[0].islower()))


def _is_of_times(words: Sequence[str]) -> bool:
    """Whether words are a time of day, or a span, as `22 Uhr bis 7 Uhr` is."""
    value = core(words, lambda text: span(text) is not None or is_by_a_clock(text))
    return span(value) is not None or is_by_a_clock(value)


def _in_core(words: Sequence[str], alone: Said) -> bool:
    """Whether a name that means other things as well is the first or the last word that says something."""
    telling = [word for word in words if not says_nothing(word)]
    return not alone.choices and any("".join(split(word)) in ALONE for word in (*telling[:1], *telling[-1:]))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
