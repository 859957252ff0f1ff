"""What happened, told to whoever shows it: between those who change and those who show, nobody calls the other.

An event names what changed by its ids and does not carry it; who listens reads what is stored. So equal events that
wait are one, and an event may as well come from another process.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Hashable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from bot.domain.places import Chat, Post
from bot.domain.polls import Question
from bot.domain.sessions import SessionKind

MOST_WAITING = 50_000
"""Upper bound of events that wait for one listener; beyond it they are dropped, and the listener is told so."""


class PollMoved(NamedTuple):
    """Votes in one of an incident's polls were counted, changed or withdrawn.

    A tuple, as one is made and hashed for every vote: a dataclass takes twice as long.
    """

    incident: str
    pressed: Post | None = None
    """The message whose button it was, which shows that poll; it is shown first."""

    question: Question = Question.BLAME


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """An incident was noted, or race control said more of it: other cars, another place, another stage."""

    incident: str


@dataclass(frozen=True, slots=True)
class RulingMade:
    """An incident was ruled on, or ruled on anew, or a ruling turned out to be on another one."""

    incident: str


@dataclass(frozen=True, slots=True)
class PollViewChanged:
    """How polls are shown in a chat has changed: blind or open, veiled or not."""

    chat: Chat


@dataclass(frozen=True, slots=True)
class ChatChanged:
    """What every answer needs to know of a chat has changed: its language, its polls, what is hidden there."""

    chat: Chat


@dataclass(frozen=True, slots=True)
class WishLookedUp:
    """A season or a race that was wished for has been looked up, found or not; `name` is `wish_name`'s."""

    name: str


@dataclass(frozen=True, slots=True)
class DeliveriesMade:
    """Something is on its way to chats; whoever delivers need not wait for the next look."""


@dataclass(frozen=True, slots=True)
class ResultStored:
    """The result of a race's session was stored, for the first time or corrected."""

    race: str
    kind: SessionKind


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """Races of a season are new, moved, cancelled or back."""

    season: int


@dataclass(frozen=True, slots=True)
class AllowanceClosed:
    """A platform wants nothing for a while from anybody with our token; `allowance` is the name of what is closed."""

    allowance: str


@dataclass(frozen=True, slots=True)
class Missed:
    """In place of events that were dropped: whoever listens looks at everything."""


Event = TypeVar("Event", bound=Hashable)


class Subscription(Generic[Event]):
    """The events that wait for one listener, in their order, equal ones once."""

    def __init__(self) -> None:
        self._waiting: dict[Event, None] = {}
        self._missed = False
        self._wake = asyncio.Event()

    def put(self, event: Event) -> None:
        """Let an event wait; never blocks."""
        self._waiting[event] = None
        if len(self._waiting) > MOST_WAITING:
            self._waiting.clear()
            self._missed = True
        self._wake.set()

    def miss(self) -> None:
        """Let the listener be told that it missed something; never blocks."""
        self._missed = True
        self._wake.set()

    async def take(self) -> list[Event | Missed]:
        """All events that wait, once there are any."""
        await self._wake.wait()
        self._wake.clear()
        return self.take_now()

    def take_now(self) -> list[Event | Missed]:
        """All events that wait by now."""
        waiting, self._waiting = self._waiting, {}
        missed, self._missed = self._missed, False
        return [Missed(), *waiting] if missed else [*waiting]

    async def __aiter__(self) -> AsyncIterator[Event | Missed]:
        """Each event as it comes, for ever. Those that wait are handed out without a pause between them."""
        while True:
            for event in await self.take():
                yield event


class Events:
    """Events of one process, from whoever publishes them to all who subscribed before."""

    def __init__(self) -> None:
        self._subscriptions: defaultdict[type[Any], list[Subscription[Any]]] = defaultdict(list)

    def subscribe(self, *kinds: type[Event]) -> Subscription[Event]:
        """Everything of these kinds that is published from now on."""
        subscription = Subscription[Event]()
        for kind in kinds:
            self._subscriptions[kind].append(subscription)
        return subscription

    def publish(self, event: Hashable, besides: Subscription[Any] | None = None) -> None:
        """Tell whoever listens to its kind, `besides` one; takes no longer for slow ones, and raises nothing."""
        for subscription in self._subscriptions[type(event)]:
            if subscription is not besides:
                subscription.put(event)

    def miss(self, *kinds: type[Any], besides: Subscription[Any] | None = None) -> None:
        """Tell whoever listens to these kinds, `besides` one, that events of theirs may have been missed."""
        for subscription in {each: None for kind in kinds for each in self._subscriptions[kind]}:
            if subscription is not besides:
                subscription.miss()
