"""Answers that were not there yet: once they are, they take the place of the messages that promised them."""

import asyncio
from collections import OrderedDict
from typing import NamedTuple, Protocol

import structlog

from bot.chat.dispatcher import Dispatcher
from bot.chat.messages import Button, Reply
from bot.chat.platform import ChatGoneError, NotAllowedError, PostGoneError, SlowDownError, UnreachableError
from bot.domain.places import Platform, Post

log = structlog.get_logger(__name__)

REMEMBERED = 1_000
"""Messages that wait; the oldest is forgotten first, and its button still works."""

_IN_VAIN = (PostGoneError, ChatGoneError, NotAllowedError, SlowDownError, UnreachableError)


class Screen(Protocol):
    """Where messages of ours can be changed."""

    @property
    def platform(self) -> Platform:
        """Which platform it is."""

    async def edit(self, post: Post, reply: Reply) -> None:
        """Change a message of ours."""


class _Promise(NamedTuple):
    awaits: str
    button: Button


class Placeholders:
    """Knows which messages await what, until it has arrived."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._screens: dict[Platform, Screen] = {}
        self._promises: OrderedDict[Post, _Promise] = OrderedDict()

    def serve(self, screen: Screen) -> None:
        """Keep promises on a platform from now on."""
        self._screens[screen.platform] = screen

    def posted(self, post: Post, reply: Reply) -> None:
        """Take note of what a message of ours promises from now on, or that it does so no longer."""
        self._promises.pop(post, None)
        if reply.awaits:
            self._promises[post] = _Promise(reply.awaits, reply.buttons[0][0])
            if len(self._promises) > REMEMBERED:
                self._promises.popitem(last=False)

    async def arrived(self, awaited: str) -> None:
        """Keep the promises that were made of something, now that it is there or known not to come."""
        posts = [post for post, promise in self._promises.items() if promise.awaits == awaited]
        await asyncio.gather(*(self._keep(post, self._promises.pop(post)) for post in posts))

    async def _keep(self, post: Post, promise: _Promise) -> None:
        reply = await self._dispatcher.press(promise.button, post)
        self.posted(post, reply)  # which may promise something else: first the season came, now the race is awaited
        try:
            await self._screens[post.chat.platform].edit(post, reply)
        except _IN_VAIN as error:
            log.info("promise not kept", platform=post.chat.platform, reason=type(error).__name__)
        except Exception:
            log.exception("promise not kept", platform=post.chat.platform)
