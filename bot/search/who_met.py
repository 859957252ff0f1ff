"""Whether an incident is between those who are asked for: `hakkinen coulthard` is not what Coulthard did to another."""

from collections.abc import Callable, Sequence

from bot.search.meanings import Meanings
from bot.search.word_index import WordIndex

PAIR = 2
"""Drivers who are asked for as those who met."""


def is_between(words: Sequence[str], index: WordIndex, meanings: Meanings) -> Callable[[int], bool]:
    """Whether an incident, by its number, is about all drivers among a query's words, or about two of them.

    Who won at Spa in 1998 is told of in its story, and was not in what happened there. One alone may be told of, as
    `latifi abu dhabi` is, and a third.
    """

    def calls(word: str, is_name: Callable[[str], bool]) -> bool:
        return all(map(is_name, meanings.of(word)))

    called = [word for word in words if calls(word, index.is_called)]
    people = set(called or [word for word in words if calls(word, index.is_code)])
    surnames = {word for word in people if calls(word, index.is_driver)}

    def fits(number: int) -> bool:
        if len(people) < PAIR:
            return True
        named = {word for word in people if any(number in index.naming(meant) for meant in meanings.of(word))}
        return named == people or (people - named <= surnames and len(named & surnames) >= PAIR)

    return fits
