"""What is wrong with plain data: where, and why."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

Place: TypeAlias = tuple[str | int, ...]


class Mistake(NamedTuple):
    """What is wrong: the keys and positions that lead there, and a reason.

    Of types the reason says what is expected, and nothing of what was said; a rule says what it likes.
    """

    place: Place
    reason: str
    missing: bool = False
    """Whether there is nothing in a place where something has to be."""

    @property
    def path(self) -> str:
        """The place, written with dots."""
        return ".".join(map(str, self.place))

    def under(self, step: str | int) -> "Mistake":
        """The same mistake, seen from what has this in it."""
        return self._replace(place=(step, *self.place))


class FormError(ValueError):
    """Plain data does not have the form that it must; `mistakes` names all that is wrong, in its order."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(f"{each.path or 'the whole'}: {each.reason}" for each in self.mistakes))

    @classmethod
    def because(cls, reason: str) -> "FormError":
        """The whole of what was read is wrong."""
        return cls([Mistake((), reason)])
