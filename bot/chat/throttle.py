"""How much one person, and one chat, may ask for in a short while."""

from dataclasses import dataclass
from enum import Enum, auto

from bot.chat.requests import Request
from bot.domain.places import ChatKind
from bot.pacing.clock import Clock, SystemClock

Key = tuple[str, str]

REMEMBERED = 50_000
"""Upper bound of people, and of chats, whose pace is known at a time."""


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


NO_LIMIT = Rate(burst=1_000_000, a_second=1_000_000.0)
"""More than anybody types: for who has the bot to themselves."""


class _Meter:
    """How far ahead of its allowance each key is, as the moment at which it will have caught up (a leaky bucket)."""

    def __init__(self, allowance: Rate) -> None:
        self._each = 1 / allowance.a_second
        self._ahead = (allowance.burst - 1) * self._each
        self._caught_up: dict[Key, float] = {}
        self._warned: set[Key] = set()

    def take(self, key: Key, now: float) -> Pace:
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


class Throttle:
    """The pace of each person, and of each group's commands and presses, in memory."""

    def __init__(
        self,
        clock: Clock | None = None,
        person: Rate = A_PERSON,
        commands: Rate = A_CHATS_COMMANDS,
        presses: Rate = A_CHATS_PRESSES,
    ) -> None:
        self._clock = clock or SystemClock()
        self._people = _Meter(person)
        self._commands = _Meter(commands)
        self._presses = _Meter(presses)

    def take(self, request: Request) -> Pace:
        """Count a request and say whether it is answered."""
        now = self._clock.monotonic()
        pace = self._people.take((request.user.platform, request.user.id), now)
        if pace is not Pace.FINE or request.chat.kind is not ChatKind.GROUP:
            return pace
        chats = self._presses if request.pressed else self._commands
        return chats.take((request.chat.platform, request.chat.id), now)
