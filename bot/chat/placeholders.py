"""Answers that were not there yet: once they are, they take the place of the messages that promised them."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.chat.dispatcher import Dispatcher
from bot.chat.platform import ChatGoneError, NotAllowedError, PostGoneError, SlowDownError, UnreachableError
from bot.chat.replies import Reply
from bot.chat.requests import Awaited
from bot.domain.places import Platform, Post
from bot.events import Events, Missed, Subscription, WishLookedUp
from bot.pacing.outages import Outages
from bot.pacing.remembered import Remembered

log = structlog.get_logger(__name__)

REMEMBERED = 1_000
"""Upper bound of messages that wait; the oldest is forgotten first, and its button still works."""

_THE_PLATFORMS = (SlowDownError, UnreachableError)
"""What befalls all messages on a platform."""

_IN_VAIN = (PostGoneError, ChatGoneError, NotAllowedError, *_THE_PLATFORMS)


class Screen(Protocol):
    """Where messages of ours can be changed."""

    @property
    def platform(self) -> Platform:
        """Which platform it is."""

    async def edit(self, post: Post, reply: Reply) -> None:
        """Change a message of ours."""


@dataclass(frozen=True, slots=True)
class _Promised:
    """A message that awaits something has been posted: it may have come while the message was on its way."""

    post: Post


class Placeholders:
    """Knows which messages await what, and changes them once it has been looked up."""

    def __init__(self, dispatcher: Dispatcher, events: Events) -> None:
        self._dispatcher = dispatcher
        self._events = events
        self._news: Subscription[WishLookedUp | _Promised] = events.subscribe(WishLookedUp, _Promised)
        self._screens: dict[Platform, Screen] = {}
        self._away = Outages[Platform]()
        self._awaiting: Remembered[Post, Awaited] = Remembered(REMEMBERED)

    def serve(self, screen: Screen) -> None:
        """Change messages on a platform from now on."""
        self._screens[screen.platform] = screen

    def posted(self, post: Post, reply: Reply) -> None:
        """Take note of what a message of ours awaits from now on, or that it does so no longer."""
        self._remember(post, reply)
        if reply.awaits:
            self._events.publish(_Promised(post))

    async def run(self) -> None:
        """Change what waits for whatever has been looked up, found or not, until cancelled."""
        async for event in self._news:
            posts = self._concerned(event)
            await asyncio.gather(*(self._fill(post, self._awaiting.pop(post)) for post in posts))

    def _concerned(self, event: WishLookedUp | _Promised | Missed) -> list[Post]:
        """The messages whose answer may be there after an event."""
        match event:
            case WishLookedUp(name):
                return [post for post, awaited in self._awaiting.items() if awaited.name == name]
            case _Promised(post):
                return [post] if post in self._awaiting else []
            case Missed():
                return [*self._awaiting]

    def _remember(self, post: Post, reply: Reply) -> None:
        if reply.awaits:
            self._awaiting[post] = reply.awaits
        else:
            self._awaiting.pop(post, None)

    async def _fill(self, post: Post, awaited: Awaited) -> None:
        reply = await self._dispatcher.again(awaited.request, post)
        self._remember(post, reply)
        if reply.awaits and reply.awaits.name == awaited.name:
            return  # otherwise it awaits something else: first the season came, now the race is awaited
        try:
            await self._screens[post.chat.platform].edit(post, reply)
        except _IN_VAIN as error:
            if not isinstance(error, _THE_PLATFORMS) or self._away.begins(post.chat.platform):
                log.info("placeholder.not_filled", platform=post.chat.platform, reason=type(error).__name__)
        except Exception:
            log.exception("placeholder.not_filled", platform=post.chat.platform)
        else:
            self._away.ends(post.chat.platform)
