"""What is told in an announcement channel is published: it is copied into the channels of other servers that follow.

Publishing comes after the delivery and is no part of it: it fails or is refused without the delivery being repeated,
and nothing of it is stored. A process that dies in between leaves the message unpublished, where it was sent; the
server's people can publish it by hand. The other way round it would be published late, among what is newer.
"""

import asyncio

import discord
import structlog

from bot.adapters.discord.addresses import channel_of, is_forum
from bot.adapters.discord.errors import neutral_errors
from bot.chat.platform import (
    ChatGoneError,
    NotAllowedError,
    PostGoneError,
    SlowDownError,
    UnreachableError,
)
from bot.chat.replies import Reply
from bot.domain.places import Chat, ChatKind, Post
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock
from bot.pacing.outages import Outages
from bot.pacing.remembered import Remembered
from bot.pacing.window import Allowance, RateWindow, WindowFullError

log = structlog.get_logger(__name__)

CHANNELS = 10_000
"""Channels that are remembered to be followed or not; the one longest unasked is forgotten first."""

A_DAY = 86_400.0
"""Seconds after which a channel is asked about again: an admin may have made another kind of it."""

PUBLISHED = Allowance(calls=10, seconds=3_600)
"""What Discord lets be published in one channel."""

PATIENCE = 3_600.0
"""Seconds that a message waits at most until it may be published; after that it is no news."""

TRIES = 3
"""How often publishing a message is tried at most."""

ALREADY = 40033
"""Discord's code for a message that was published before."""

_FAILED = (ChatGoneError, NotAllowedError, PostGoneError, WindowFullError)
_LATER = (SlowDownError, UnreachableError)


def is_for_followers(reply: Reply) -> bool:
    """Whether a reply can be published.

    No poll can: nobody can vote on a copy, and each vote would change it. Nor can what is veiled: a copy has no veil.
    """
    return reply.poll is None and not reply.veiled


class Publisher:
    """Knows which channels are followed, and publishes in them, a message at a time in each channel."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._followed: Remembered[str, tuple[bool, float]] = Remembered(CHANNELS)
        self._windows: Remembered[str, RateWindow] = Remembered(CHANNELS)
        self._backoff = Backoff(first=5, longest=60)
        self._outages = Outages[str]()
        self._publishing: set[asyncio.Task[None]] = set()

    async def is_followed(self, client: discord.Client, chat: Chat) -> bool:
        """Whether a chat is an announcement channel; one that cannot be asked about is taken for none."""
        if chat.kind is ChatKind.PRIVATE or is_forum(chat):
            return False
        known, until = self._followed.get(chat.id, (False, 0.0))
        if self._clock.monotonic() < until:
            return known
        try:
            with neutral_errors(client):
                channel = await client.fetch_channel(channel_of(chat))
        except (*_FAILED, *_LATER, discord.HTTPException):
            return False  # sending will say what is wrong
        is_news = isinstance(channel, discord.TextChannel) and channel.is_news()
        self._followed[chat.id] = (is_news, self._clock.monotonic() + A_DAY)
        return is_news

    def publish(self, client: discord.Client, post: Post) -> None:
        """Begin to publish a message of ours; whatever becomes of it, nobody waits for it."""
        task = asyncio.create_task(self._publish(client, post))
        self._publishing.add(task)
        task.add_done_callback(self._publishing.discard)

    async def close(self) -> None:
        """Publish nothing more of what waits still."""
        for task in self._publishing:
            task.cancel()
        await asyncio.gather(*self._publishing, return_exceptions=True)

    async def _publish(self, client: discord.Client, post: Post) -> None:
        """Publish a message, in as many tries as that is worth; a line of the log where it fails, once an outage."""
        channel = post.chat.id
        window = self._windows.setdefault(channel, RateWindow(self._clock, PUBLISHED, patience=PATIENCE))
        message = client.get_partial_messageable(int(channel)).get_partial_message(int(post.message))
        problem: Exception | None = None
        for tries in range(1, TRIES + 1):
            problem = await _refused(client, message, window)
            if not isinstance(problem, _LATER):
                break
            window.pause(problem.seconds if isinstance(problem, SlowDownError) else self._backoff.after(tries))
        if problem is None:
            self._outages.ends(channel)
        elif self._outages.begins(channel):
            log.warning("discord.publish_failed", channel=channel, error=type(problem).__name__)


async def _refused(client: discord.Client, message: discord.PartialMessage, window: RateWindow) -> Exception | None:
    """Publish a message once its turn has come; why Discord did not, None where it is published."""
    try:
        await window.enter()
        with neutral_errors(client):
            await message.publish()
    except discord.HTTPException as error:
        return None if error.code == ALREADY else error
    except (*_FAILED, *_LATER) as error:
        return error
    return None
