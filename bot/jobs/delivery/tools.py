"""What every platform's worker works with."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from bot.chat.replies import Reply
from bot.domain.places import Chat, Post
from bot.jobs.delivery.rendered import RenderedBulletins
from bot.jobs.delivery.retry import RetryStrategy
from bot.pacing.clock import Clock
from storage.outbox import Outbox
from storage.subscriptions import Subscriptions
from storage.unseen_chats import UnseenChats


class Tools(NamedTuple):
    """The parts that deliver, alike for all platforms."""

    outbox: Outbox
    subscriptions: Subscriptions
    unseen: UnseenChats
    rendered: RenderedBulletins
    moved: Callable[[Chat, Chat], Awaitable[None]]
    """Takes along what is kept of a chat that goes on as another."""

    warning: Callable[[str], Reply]
    """What an admin is told about a right that the bot lacks."""

    clock: Clock
    strategy: RetryStrategy = RetryStrategy()
    posted: Callable[[Post, Reply], None] = lambda _post, _reply: None
    """Takes note of what a message shows that has arrived."""
