"""Answers that were not there yet: once they are, they take the place of the messages that promised them."""

import asyncio
from typing import Protocol

import structlog

from bot.chat.dispatcher import Dispatcher
from bot.chat.messages import Awaited, Reply
from bot.chat.platform import ChatGoneError, NotAllowedError, PostGoneError, SlowDownError, UnreachableError
from bot.domain.places import Platform, Post
from bot.events import Events, Missed, WishLookedUp
from bot.pacing.remembered import Remembered

log = structlog.get_logger(__name__)

REMEMBERED = 1_000
"""Upper bound of messages that wait; the oldest is forgotten first, and its button still works."""

_IN_VAIN = (PostGoneError, ChatGoneError, NotAllowedError, SlowDownError, UnreachableError)


class Screen(Protocol):
    """Where messages of ours can be changed."""

    @property
    def platform(self) -> Platform:
        """Which platform it is."""

    async def edit(self, post: Post, reply: Reply) -> None:
        """Change a message of ours."""


class Placeholders:
    """Knows which messages await what, and changes them once it has been looked up."""

    def __init__(self, dispatcher: Dispatcher, events: Events) -> None:
        self._dispatcher = dispatcher
        self._looked_up = events.subscribe(WishLookedUp)
        self._screens: dict[Platform, Screen] = {}
        self._awaiting: Remembered[Post, Awaited] = Remembered(REMEMBERED)

    def serve(self, screen: Screen) -> None:
        """Change messages on a platform from now on."""
        self._screens[screen.platform] = screen

    def posted(self, post: Post, reply: Reply) -> None:
        """Take note of what a message of ours awaits from now on, or that it does so no longer."""
        if reply.awaits:
            self._awaiting[post] = reply.awaits
        else:
            self._awaiting.pop(post, None)

    async def run(self) -> None:
        """Change what waits for whatever has been looked up, found or not, until cancelled."""
        async for event in self._looked_up:
            names = {awaited.name for awaited in self._awaiting.values()} if isinstance(event, Missed) else {event.name}
            posts = [post for post, awaited in self._awaiting.items() if awaited.name in names]
            await asyncio.gather(*(self._fill(post, self._awaiting.pop(post)) for post in posts))

    async def _fill(self, post: Post, awaited: Awaited) -> None:
        reply = await self._dispatcher.again(awaited.request, post)
        self.posted(post, reply)  # which may await something else: first the season came, now the race is awaited
        try:
            await self._screens[post.chat.platform].edit(post, reply)
        except _IN_VAIN as error:
            log.info("placeholder.not_filled", platform=post.chat.platform, reason=type(error).__name__)
        except Exception:
            log.exception("placeholder.not_filled", platform=post.chat.platform)
