"""How much one person, and one chat, may ask for in a short while."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Generic, TypeVar

from bot.chat.requests import Request
from bot.domain.places import ChatKind, Platform
from bot.pacing.clock import Clock, SystemClock

Key = tuple[str, str]
Metered = TypeVar("Metered", bound=Hashable)

REMEMBERED = 50_000
"""Upper bound of a platform's people, and of chats, whose pace is known at a time."""


class Pace(Enum):
    """Whether a request is answered, refused with a notice, or refused in silence."""

    FINE = auto()
    WARN = auto()
    SILENT = auto()


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests are answered: `burst` at once, and `a_second` more."""

    burst: int
    a_second: float


A_PERSON = Rate(burst=12, a_second=1.0)
A_CHATS_COMMANDS = Rate(burst=20, a_second=0.5)
A_CHATS_PRESSES = Rate(burst=5_000, a_second=500)


ROUNDING = 1e-9
"""Requests by which sums of fractions may be wrong."""

TRACE = 0.05
"""Requests below which it is forgotten what somebody used of a group's allowance; so few people are known a group."""

NO_LIMIT = Rate(burst=1_000_000, a_second=1_000_000.0)
"""More than anybody types: for who has the bot to themselves."""


class _Meter(Generic[Metered]):
    """How far ahead of its allowance each key is, as the moment at which it will have caught up (a leaky bucket)."""

    def __init__(self, allowance: Rate) -> None:
        self._each = 1 / allowance.a_second
        self._ahead = (allowance.burst - 1) * self._each
        self._caught_up: dict[Metered, float] = {}
        self._warned: set[Metered] = set()

    def take(self, key: Metered, now: float) -> Pace:
        caught_up = self._caught_up.get(key, now)
        if caught_up < now:
            caught_up = now
        elif caught_up - now > self._ahead:
            if key in self._warned:
                return Pace.SILENT
            self._warned.add(key)
            return Pace.WARN
        self._caught_up[key] = caught_up + self._each
        if self._warned:
            self._warned.discard(key)
        if len(self._caught_up) > REMEMBERED:
            self._forget_the_calm(now)
        return Pace.FINE

    def _forget_the_calm(self, now: float) -> None:
        """Drop who has caught up; if all are ahead, everybody: a bound on memory comes before strictness."""
        self._caught_up = {key: moment for key, moment in self._caught_up.items() if moment > now}
        if len(self._caught_up) > REMEMBERED // 2:
            self._caught_up.clear()
        self._warned &= self._caught_up.keys()


@dataclass(slots=True)
class _Used:
    """What is used up of a group's allowance, in requests, and by whom; all of it is given back in time."""

    since: float
    fill: float = 0.0
    people: dict[str, float] = field(default_factory=dict)
    warned: set[str] = field(default_factory=set)

    def give_back(self, now: float, a_second: float) -> None:
        """Give back what time allows, to all alike: who asks seldom has all of it back before they ask again."""
        given = (now - self.since) * a_second
        self.since, self.fill = now, max(0.0, self.fill - given)
        waiting = len(self.people)
        each = 0.0
        for used in sorted(self.people.values()):
            each = min(used, given / waiting)
            given, waiting = given - each, waiting - 1
        self.people = {person: used - each for person, used in self.people.items() if used - each > TRACE}


class _Shared:
    """What the people of each group have of its allowance together, and everybody a fair part of it.

    Nobody may have used more than what is left. So somebody who asks without end has half of it, two have a third each,
    and as much is left for whoever else asks; alone one still has all that is given back in time.
    """

    def __init__(self, allowance: Rate) -> None:
        self._allowance = allowance
        self._groups: dict[Key, _Used] = {}

    def take(self, group: Key, person: str, now: float) -> Pace:
        used = self._groups.get(group)
        if used is None:
            self._forget_the_calm(now)
            used = self._groups[group] = _Used(now)
        used.give_back(now, self._allowance.a_second)
        theirs = used.people.get(person, 0.0)
        if theirs + 1 > self._allowance.burst - used.fill + ROUNDING:
            # Who was answered lately is told for themselves, the others together: a crowd is not told one by one.
            told = person if theirs else ""
            pace = Pace.SILENT if told in used.warned else Pace.WARN
            used.warned.add(told)
            return pace
        used.fill += 1
        used.people[person] = theirs + 1
        used.warned -= {person, ""}
        return Pace.FINE

    def _forget_the_calm(self, now: float) -> None:
        """Make room for a group: drop those that have all back; where none has, all of them."""
        if len(self._groups) < REMEMBERED:
            return
        still = self._allowance.a_second
        self._groups = {key: used for key, used in self._groups.items() if used.fill > (now - used.since) * still}
        if len(self._groups) > REMEMBERED // 2:
            self._groups.clear()


class Throttle:
    """The pace of each person, and of each group's commands and presses, in memory.

    Presses need not be shared out: what one person may press is a fraction of what a group may.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        person: Rate = A_PERSON,
        commands: Rate = A_CHATS_COMMANDS,
        presses: Rate = A_CHATS_PRESSES,
    ) -> None:
        self._clock = clock or SystemClock()
        # By their ids alone: in a storm nearly everybody is new, and a tuple kept for each is 3 to 6 % of a vote.
        self._people = {platform: _Meter[str](person) for platform in Platform}
        self._commands = _Shared(commands)
        self._presses = _Meter[Key](presses)

    def take(self, request: Request) -> Pace:
        """Count a request and say whether it is answered."""
        now = self._clock.monotonic()
        pace = self._people[request.user.platform].take(request.user.id, now)
        if pace is not Pace.FINE or request.chat.kind is not ChatKind.GROUP:
            return pace
        group = (request.chat.platform, request.chat.id)
        return self._presses.take(group, now) if request.pressed else self._commands.take(group, request.user.id, now)
