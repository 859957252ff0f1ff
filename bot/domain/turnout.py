"""Who came to a poll, when and from where, without anybody in it; and what of that is unusual, by which measure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from bot.domain.places import ChatKind, Platform
from bot.domain.polls import SMALL

Key = TypeVar("Key")

MINUTE = 60
"""Seconds; minutes are counted by the clock since 1970."""

FLOOD = 300
"""Votes on one poll from one chat in one minute by the clock that no ordinary crowd reaches.

A group of 100,000 people does, if three in a hundred of them vote, and a tenth of those in the first minute.
"""

A_CROWD = 30
"""Votes, or voters, below which shares say nothing."""

AT_ONE = 0.95
"""The share of a minute's votes for one choice from which they agree."""

APART = 0.3
"""By how much of all votes a chat's minute is for a choice more often than the other chats are, to be unusual."""

MOSTLY, AT_MOST = 0.9, 0.5
"""The share of a chat's voters with no other vote that is unusual, and the share elsewhere up to which it is."""


class Place(NamedTuple):
    """A chat by its short number here, which nobody but the database knows; private chats of a platform are one."""

    number: int
    platform: Platform
    kind: ChatKind


class Came(NamedTuple):
    """Votes for one choice, cast last from one place in one minute."""

    place: Place
    minute: int
    choice_id: int
    votes: int


class OnlyHere(NamedTuple):
    """Of so many voters that were `looked_at`, those who have no vote on anything else."""

    voters: int = 0
    looked_at: int = 0

    @property
    def share(self) -> float:
        """Their share; 0 where nobody was looked at."""
        return self.voters / self.looked_at if self.looked_at else 0.0

    @classmethod
    def together(cls, each: Iterable["OnlyHere"]) -> "OnlyHere":
        """Those of several places."""
        added = [*each]
        return cls(sum(one.voters for one in added), sum(one.looked_at for one in added))


class Peak(NamedTuple):
    """A place's busiest minute: its votes, the choice most of them are for, and the share of those."""

    minute: int
    votes: int
    choice_id: int
    agreed: float


class Unusual(NamedTuple):
    """What is out of the ordinary in a place, in a sentence with its measure; nobody's fault is said."""

    place: Place
    what: str


@dataclass(frozen=True)
class Turnout:
    """A poll's votes by place, minute and choice; `looked_at` of its `votes`, drawn at random where not all were.

    `only_here` is by place; under None it is that of all places too small to be told apart.
    """

    votes: int
    looked_at: int
    came: tuple[Came, ...]
    only_here: dict[Place | None, OnlyHere]

    def estimated(self, looked_at: int) -> int:
        """How many of all votes so many of those that were looked at stand for."""
        return round(looked_at * self.votes / self.looked_at) if self.looked_at else 0

    @cached_property
    def by_place(self) -> Counter[Place]:
        """Votes looked at, by place."""
        return _summed((each.place, each.votes) for each in self.came)

    @cached_property
    def by_minute(self) -> Counter[int]:
        """Votes looked at, by minute."""
        return _summed((each.minute, each.votes) for each in self.came)

    def largest(self, most: int) -> list[Place]:
        """The places with most votes, but for those whose few votes might tell whose they are."""
        return [place for place, votes in self.by_place.most_common(most) if votes >= SMALL]

    def peak(self, place: Place) -> Peak:
        """A place's busiest minute, the first of several. Raises ValueError where nobody came from there."""
        here = [each for each in self.came if each.place == place]
        minutes = _summed((each.minute, each.votes) for each in here)
        minute, votes = max(minutes.items(), key=lambda each: (each[1], -each[0]))
        most = max((each for each in here if each.minute == minute), key=lambda each: (each.votes, -each.choice_id))
        return Peak(minute, votes, most.choice_id, most.votes / votes)

    def unusual(self, places: Iterable[Place]) -> Iterator[Unusual]:
        """What is out of the ordinary in some places; private chats and inline messages are everybody's, no chat."""
        for place in places:
            if place.kind is ChatKind.GROUP:
                yield from (Unusual(place, what) for what in (*self._fast(place), *self._at_one(place)))
            yield from (Unusual(place, what) for what in self._only_here(place))

    def _fast(self, place: Place) -> Iterator[str]:
        votes = self.estimated(self.peak(place).votes)
        if votes >= FLOOD:
            yield f"{votes:,} votes in one minute; ordinary groups stay below {FLOOD}"

    def _at_one(self, place: Place) -> Iterator[str]:
        peak = self.peak(place)
        others = [each for each in self.came if each.place != place]
        elsewhere = sum(each.votes for each in others)
        if peak.votes < A_CROWD or elsewhere < A_CROWD or peak.agreed < AT_ONE:
            return
        same = sum(each.votes for each in others if each.choice_id == peak.choice_id) / elsewhere
        if peak.agreed - same >= APART:
            agreed = f"{peak.agreed:.0%} of the {self.estimated(peak.votes):,} votes in its busiest minute"
            yield f"{agreed} are for one choice, which {same:.0%} of the votes elsewhere are for"

    def _only_here(self, place: Place) -> Iterator[str]:
        here = self.only_here.get(place, OnlyHere())
        others = OnlyHere.together(each for at, each in self.only_here.items() if at != place)
        enough = min(here.looked_at, others.looked_at) >= A_CROWD
        if enough and here.share >= MOSTLY and others.share <= AT_MOST:
            yield f"{here.share:.0%} of its voters voted on nothing else, and {others.share:.0%} of all others"


def _summed(numbers: Iterable[tuple[Key, int]]) -> Counter[Key]:
    total: Counter[Key] = Counter()
    for key, number in numbers:
        total[key] += number
    return total
