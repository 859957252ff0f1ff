"""What is typed of settings, by its words: names of several words, and a value among others."""

from collections.abc import Callable, Collection, Iterator, Sequence

from bot.search.setting_words import FILLERS, WORDS_OF_A_NAME
from bot.search.words import split

WORDS_OF_A_VALUE = 14
"""Words of a value at most, as of `from half past ten in the evening to seven in the morning`."""


def is_any(words: Sequence[str], meant: Collection[str]) -> bool:
    """Whether any of some words, folded, is among those that mean something."""
    return any("".join(split(word)) in meant for word in words)


def phrases(words: Sequence[str], tables: Collection[Collection[str]]) -> Iterator[tuple[str, Sequence[str]]]:
    """Words from the left, as many at once as are a name in a table; each folded, and as it was typed."""
    place = 0
    while place < len(words):
        for number in range(min(WORDS_OF_A_NAME, len(words) - place), 0, -1):
            some = words[place : place + number]
            name = "".join("".join(split(word)) for word in some)
            if number == 1 or (all(map(split, some)) and any(name in table for table in tables)):
                yield name, some
                place += number
                break


def without(words: Sequence[str], names: Collection[str]) -> tuple[str, ...]:
    """Words without those that are names, each as it was typed."""
    return tuple(word for name, some in phrases(words, (names,)) if name not in names for word in some)


def core(words: Sequence[str], fits: Callable[[str], bool]) -> str:
    """The words that fit, without as few as can be of those around them that say nothing; else the barest of them."""
    if not words:
        return ""
    first, last = 0, len(words)
    while first < last - 1 and says_nothing(words[first]):
        first += 1
    while last > first + 1 and says_nothing(words[last - 1]):
        last -= 1
    for dropped in range(first + len(words) - last + 1):
        for start in range(min(dropped, first) + 1):
            end = len(words) - (dropped - start)
            if end >= last and fits(kept := " ".join(words[start:end])):
                return kept
    return " ".join(words[first:last])


def says_nothing(word: str) -> bool:
    """Whether a word says nothing of what is meant, as `please` does."""
    return "".join(split(word)) in FILLERS


def within(words: Sequence[str], fits: Callable[[str], bool]) -> str:
    """The most words that stand beside one another and fit, wherever they do; empty for none."""
    for number in range(min(WORDS_OF_A_VALUE, len(words)), 0, -1):
        for start in range(len(words) - number + 1):
            if fits(found := " ".join(words[start : start + number])):
                return found
    return ""


def alone(words: Sequence[str], fits: Callable[[str], bool]) -> str:
    """The same, where all other words say nothing: of `from 22 to 7 on weekends` nobody knows what is wished."""
    found = within(words, fits)
    others = list(words)
    for word in found.split():
        others.remove(word)
    return found if all(map(says_nothing, others)) else ""


def value_of(words: Sequence[str], fits: Callable[[str], bool]) -> str:
    """The words of a value; empty where all of them say nothing."""
    return "" if all(map(says_nothing, words)) else core(words, fits)
