"""From a person's words to a chat's setting and its value: `hide results, please`, `Nachtruhe von 22 bis 7 Uhr`.

What is said around a wish does not matter, nor in which order it is said. What may mean two things is both, to be asked
back; what is not all understood keeps its own words, for the setting itself to say what it takes.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from bot.domain.topics import topics_called
from bot.search.limits import limit
from bot.search.sayings import HIDING, SHOWING, Said, taken_apart
from bot.search.setting_words import ALONE, CHOICES, FILLERS, REFUSALS, SETTINGS, is_none, language
from bot.search.spoiler_wishes import held, spoilers
from bot.search.time_words import is_by_a_clock, is_length, span
from bot.search.wish import Wish
from bot.search.wish_values import NAMED, later, quiet
from bot.search.wordings import core, phrases, says_nothing, value_of, within, without
from bot.search.words import split

MOST_WORDS = 24
"""Nobody's wish is made of more words than these."""

_MARKS = re.compile(r"[=:,;!?¡¿\"„“”.]+(?=\s|$)|(?<=[^\W\d])[=:](?=\S)|(?<!\S)[¡¿\"„“]")
_MENTION = re.compile(r"<@&\d{5,20}>", re.ASCII)

_NO_AT_FIRST = re.compile(r"\s*(?:no|nein)\s*,(?=.*\w)", re.IGNORECASE | re.DOTALL)
"""An answer to what was before, and nothing that is refused: `no, quiet from 10pm to 7am`."""

_OFF_AT_LAST = re.compile(r"(?<=\s)ab(?=[\s.!?]*$)", re.IGNORECASE)
"""What ends `stell die Nachtruhe ab`; anywhere else it is from when something shall be."""

_COUNTRIES = {"usa"}
"""Countries that say nothing elsewhere: `usa` is Spanish for to use."""

LETTERS_OF_A_CODE = 3
"""Letters of a country's or a state's code at most, which may be a word that says nothing in some language."""


def wishes(typed: str, spoken: Mapping[str, str], is_zone: Callable[[str], bool]) -> tuple[Wish, ...]:
    """What somebody may want: one wish, several to be chosen from, or none where no setting is meant.

    `spoken` are the languages that there are, by their codes; `is_zone` says whether a text is the name of a zone.
    """
    words: Sequence[str] = _MARKS.sub(" ", _OFF_AT_LAST.sub("abschalten", _NO_AT_FIRST.sub("", typed))).split()
    if len(words) > MOST_WORDS:
        return ()
    said = _ended(words, taken_apart(words, SETTINGS))._replace(limit=limit(typed))
    setting = _one_of(said.settings)
    if setting == "role" and _has_span(said) and not any(map(_MENTION.fullmatch, words)):
        setting = "messages"
    if setting in NAMED and (setting != "messages" or said.negated or _has_span(said)):
        return NAMED[setting](said)
    if setting in _IN_OWN_WORDS:
        names = {name for name, meant in SETTINGS.items() if meant == setting}
        return (_IN_OWN_WORDS[setting](_own_words(words, names), spoken, is_zone),)
    if said.settings - {"messages"}:
        return ()
    if said.settings:
        words = without(words, {name for name, meant in SETTINGS.items() if meant == "messages"})
    alone = taken_apart(words, ALONE)
    if alone.settings and not _is_of_times(words) and (not alone.rest or _in_core(words, alone)):
        return (_zone(without(words, ALONE.keys()), spoken, is_zone),)
    return tuple(_unnamed(words, said, spoken, is_zone))


def _ended(words: Sequence[str], said: Said) -> Said:
    """What is said, where something that is no poll is said to end: `end quiet hours` turns them off."""
    ended = said.settings - {"closing"}
    if len(ended) == len(said.settings) or not ended or not ended <= _ENDING or said.choices & (HIDING | SHOWING):
        return said
    closing = {name for name, meant in SETTINGS.items() if meant == "closing"}
    off = (["abschalten"] if name in closing else some for name, some in phrases(words, (SETTINGS, CHOICES)))
    return taken_apart([word for some in off for word in some], SETTINGS)


_ENDING = {"quiet", "delay", "spoilers", "spoiling", "protection", "messages"}
"""What goes on until it is ended; polls are closed."""


def _own_words(words: Sequence[str], names: Collection[str]) -> tuple[str, ...]:
    """What is said besides a setting's names; where that says nothing, only a code that ends it: `zone LA`."""
    kept = without(words, names)
    if not all(map(says_nothing, kept)):
        return kept
    begins = next(iter(phrases(words, (names,))))[0] in names
    return kept[-1:] if begins and kept and len(kept[-1]) <= LETTERS_OF_A_CODE else ()


def _one_of(settings: Collection[str]) -> str:
    """The setting that is meant where several are named: polls that close, results that are delayed; empty for none."""
    named = set(settings)
    for both, meant in _TOGETHER:
        if both <= named:
            named = named - both | {meant}
    if len(named) > 1:  # what is sent is said of what it is about: `send results at 9`
        named.discard("messages")
    return named.pop() if len(named) == 1 else ""


_TOGETHER = (
    ({"spoilers", "spoiling"}, "spoiling"),
    ({"spoiling", "protection"}, "protection"),
    ({"spoilers", "protection"}, "protection"),
    ({"quiet", "messages"}, "messages"),
    ({"polls", "closing"}, "closing"),
    ({"spoilers", "delay"}, "held"),
    ({"spoiling", "delay"}, "held"),
    ({"polls", "spoilers"}, "polls"),
    ({"polls", "spoiling"}, "polls"),
)


def _has_span(said: Said) -> bool:
    """Whether it is said from when to when something shall be: `no pings from 11pm to 7am` is of quiet hours."""
    return bool(within(said.rest, lambda text: span(text) is not None))


def _zone(words: Sequence[str], _spoken: Mapping[str, str], is_zone: Callable[[str], bool]) -> Wish:
    bare = without(words, ALONE.keys()) or tuple(words)
    return Wish("zone", core(bare, is_zone))


def _language(words: Sequence[str], spoken: Mapping[str, str], _is_zone: Callable[[str], bool]) -> Wish:
    value = core(words, lambda text: bool(language(text, spoken)) or is_none(text))
    return Wish("language", language(value, spoken) or value)


def _role(words: Sequence[str], _spoken: Mapping[str, str], _is_zone: Callable[[str], bool]) -> Wish:
    """Which role is mentioned with which topic, whichever is said first."""
    topics = [word.casefold() for word in words if topics_called(word.casefold())]
    mentions = [word for word in words if _MENTION.fullmatch(word)]
    refusals = [some for name, some in phrases(words, (CHOICES,)) if is_none(name)]
    others = [word for word in without(words, REFUSALS) if word.casefold() not in topics and word not in mentions]
    roles = ["none"] if len(refusals) == 1 and len(mentions) <= 1 else mentions if not refusals else []
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
    value = value_of(said.rest, lambda text: span(text) is not None or held(text) is not None)
    if span(value) is not None and said.choices <= {"none"}:
        yield from quiet(said if said.is_off else said._replace(choices=frozenset()))
    elif said.choices <= {"hold", "show", "none"} and (wished := later(said, words)):
        yield from wished
    elif "hold" in said.choices and (not value or held(value) is not None or is_length(value)):
        yield from spoilers(said)
    elif not value and said.way is not None:
        if said.choices & {"veil", "show"}:
            yield from spoilers(said)
        yield from NAMED["polls"](said)


def _is_a_word(words: Sequence[str]) -> bool:
    """Whether all that is typed is one word that says nothing, or on or off: `my` is no clock, and `MY` Malaysia's."""
    name = "".join(split(words[0]))
    return len(words) == 1 and (name in CHOICES or (name in FILLERS - _COUNTRIES and words[0].islower()))


def _is_of_times(words: Sequence[str]) -> bool:
    """Whether words are a time of day, or a span, as `22 Uhr bis 7 Uhr` is."""

    def fits(text: str) -> bool:
        return span(text) is not None or is_by_a_clock(text) or (held(text) or "").startswith("hold until")

    return fits(core(words, fits))


def _in_core(words: Sequence[str], alone: Said) -> bool:
    """Whether a name that means other things as well is the first or the last word that says something."""
    telling = [word for word in words if not says_nothing(word)]
    return not alone.choices and any("".join(split(word)) in ALONE for word in (*telling[:1], *telling[-1:]))
