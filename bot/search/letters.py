"""Which of thousands of names have most letters of a word: only these are worth comparing with it."""

from collections import defaultdict
from collections.abc import Sequence


class Letters:
    """Names by their lengths and letters, each of these a number in which the bit of each name that has it is set.

    So a few operations on long numbers look through all names at once.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        none = b"0" * len(names)
        having: defaultdict[str | int, bytearray] = defaultdict(lambda: bytearray(none))
        for place, name in enumerate(names, 1):
            for each in (len(name), *name):
                having[each][-place] = ord("1")
        self._having = {each: int(bits, 2) for each, bits in having.items()}

    def alike(self, word: str, missed: int, wrong: int) -> list[str]:
        """The names in which at most `wrong` of a word's letters do not occur, in their order.

        They are at most `missed` letters longer or shorter. Each letter that is wrong, missing or too many in a word
        has at most one of those that it is made of not occur: so all names are here that can be meant by it.
        """
        lengths = (self._having.get(len(word) + more, 0) for more in range(-missed, missed + 1))
        # By how many of the letters looked at do not occur in them, at most.
        lacking = [sum(lengths)] * (wrong + 1)
        for letter in {*word}:
            having = self._having.get(letter, 0)
            for number in range(wrong, 0, -1):
                lacking[number] = (lacking[number] & having) | lacking[number - 1]
            lacking[0] &= having
        return self._of(lacking[-1])

    def _of(self, number: int) -> list[str]:
        """The names whose bits are set in a number: few of thousands, so that each is looked for."""
        bits, names = f"{number:b}"[::-1], self._names
        found: list[str] = []
        place = bits.find("1")
        while place >= 0:
            found.append(names[place])
            place = bits.find("1", place + 1)
        return found
