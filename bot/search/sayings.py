"""What is said of settings, taken apart: what is named, what is chosen, and the words of a value among all others."""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from bot.search.limits import Limit
from bot.search.setting_words import CHOICES, LIVE, PADDING, REFUSALS, choice
from bot.search.time_words import hours, length, seconds, span, time_of_day
from bot.search.wordings import core, phrases, says_nothing

HIDING, SHOWING = frozenset({"veil", "blind"}), frozenset({"show", "open"})
SWITCHES = frozenset({"on", "none"})
TIMED = frozenset({"until", "since", "beyond"})
"""Choices that are of no use without a time, and are read with it; nothing takes one that is `beyond` a time."""

_NOTHING_BY_THEMSELVES = frozenset({"on", "keep"})
"""Choices that may stand between a refusal and what it refuses: `don't turn on`, `don't keep quiet`."""


class Said(NamedTuple):
    """What was typed, taken apart: settings and choices by what they are called, and all other words in their order."""

    settings: frozenset[str]
    choices: frozenset[str]
    rest: tuple[str, ...]
    refused: bool = False
    """Whether it is said, and nothing else, that what a setting is about is not wanted: `no spoilers`."""
    unwanted: frozenset[str] = frozenset()
    """The settings and choices that are refused, and `live`; `none` where a refusal is: `don't turn it off`."""
    is_off: bool = False
    """Whether something that is on is said to be off: `disable`, and not `never`."""
    limit: Limit = Limit.NONE
    """How it is said that a time is the only one."""

    @property
    def negated(self) -> bool:
        """Whether it is said that something shall not be."""
        return "none" in self.choices

    def other_than(self, *choices: str) -> str:
        """The choices that are said besides these, of which a setting knows nothing."""
        return " ".join(sorted(self.choices.difference(choices, SWITCHES)))

    @property
    def way(self) -> bool | None:
        """Whether something is to be seen, or not; None where neither is said, or both."""
        hidden, shown = bool(self.choices & HIDING), bool(self.choices & SHOWING)
        return None if hidden == shown else shown != self.negated


class _Heard(NamedTuple):
    """Words that are a setting's name or a choice's, or are neither; `refusal` is how they refuse, where they do."""

    named: str
    words: Sequence[str]
    refusal: str = ""


def taken_apart(words: Sequence[str], names: Mapping[str, str]) -> Said:
    """The settings and choices among words, by as many of them as are a name."""
    settings, choices, rest, refusals, heard = set[str](), set[str](), list[str](), list[bool](), list[_Heard]()
    for name, some in phrases(words, (names, CHOICES)):
        named = names.get(name) or CHOICES.get(name) or ("live" if name in LIVE else "")
        how = REFUSALS.get(name, "") if name not in names else ""
        if name in names:
            settings.add(named)
        elif name in CHOICES and named not in TIMED:
            choices.add(named)
            if how:
                refusals.append(how == "anywhere" or (how in {"before", "ending"} and not settings))
        elif name not in PADDING:
            rest += some
        if named not in _NOTHING_BY_THEMSELVES:
            heard.append(_Heard("" if named in TIMED else named, some, how))
    refused = refusals == [True] and choices == {"none"}
    is_off = any(each.refusal == "off" for each in heard)
    return Said(frozenset(settings), frozenset(choices), tuple(rest), refused, _unwanted(heard), is_off)


def _unwanted(heard: Sequence[_Heard]) -> frozenset[str]:
    """What is refused: what stands beside a refusal; where nothing does, all is off that is said to be off."""
    found = set[str]()
    for place, each in enumerate(heard):
        after = _beside(heard, place, range(place + 1, len(heard)))[:1]
        if each.refusal in {"off", "ending"} and _next_refusal(heard, place) in {"before", "anywhere"}:
            found.add("none")  # `beende nie`
        before = [named for named in _beside(heard, place, range(place - 1, -1, -1)) if named != "none"]
        if each.refusal == "off":
            found.update([*after, *before] or [one.named for one in heard if one.named and not one.refusal])
        elif each.refusal:
            found.update(after or before)
    return frozenset(found)


def _next_refusal(heard: Sequence[_Heard], place: int) -> str:
    """How the next that says anything refuses; empty where it does not."""
    telling = (each for each in heard[place + 1 :] if each.named or not all(map(says_nothing, each.words)))
    return next((each.refusal for each in telling), "")


def _beside(heard: Sequence[_Heard], place: int, places: range) -> Sequence[str]:
    """What is named on one side of a place, if only a time or what says nothing is between; and what is right after."""
    near = next((at for at in places if heard[at].named), place)
    between = [word for each in heard[min(place, near) + 1 : max(place, near)] for word in each.words]
    refusal = heard[near].refusal
    if (
        near == place
        or refusal in {"before", "anywhere"}
        or not _is_passed_over(between, before_a_refusal=bool(refusal))
    ):
        return ()
    run = takewhile(
        lambda each: each.named or all(map(says_nothing, each.words)),
        (heard[at] for at in places[places.index(near) :]),
    )
    return [each.named for each in run if each.named]


def _is_passed_over(words: Sequence[str], *, before_a_refusal: bool) -> bool:
    """Whether words between a refusal and what it refuses are a time, or say nothing: `nicht nach einem Tag schließen`.

    From when to when something shall be ends what is refused: `schreib nicht von 22 bis 7 Uhr, Ruhe`.
    """

    def fits(text: str) -> bool:
        word, time = choice(text)
        lengths = (hours(text), length(text), seconds(text), time_of_day(time if word in TIMED else text))
        return any(found is not None for found in lengths) or (before_a_refusal and span(text) is not None)

    return all(map(says_nothing, words)) or fits(core(words, fits))
