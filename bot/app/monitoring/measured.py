"""An adapter whose calls are measured."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.app.monitoring.metrics import Metrics
from bot.chat.platform import Adapter, Reachable, Way
from bot.chat.replies import Reply
from bot.domain.places import Chat, Platform, Post, User
from bot.pacing.clock import Clock

Outcome = TypeVar("Outcome")


class MeasuredAdapter:
    """Does what another adapter does, and says how long its platform took and what came of it."""

    def __init__(self, adapter: Adapter, metrics: Metrics, clock: Clock) -> None:
        self._adapter = adapter
        self._metrics = metrics
        self._clock = clock

    @property
    def platform(self) -> Platform:
        """Which platform it is."""
        return self._adapter.platform

    @property
    def deliveries_a_second(self) -> float | None:
        """Upper bound of messages a second that are sent of our own accord."""
        return self._adapter.deliveries_a_second

    @property
    def delivery_chat_gap(self) -> float:
        """Seconds between two such messages to one chat, at least."""
        return self._adapter.delivery_chat_gap

    def way(self) -> Way | None:
        """How people come to the bot, as the adapter says; None where it cannot say."""
        return self._adapter.way() if isinstance(self._adapter, Reachable) else None

    async def run(self) -> None:
        """Take requests until cancelled; raises as the adapter does."""
        await self._adapter.run()

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:
        """Post a reply to a chat; raises as the adapter does."""
        return await self._measured("send", lambda: self._adapter.send(chat, reply, once=once, ping=ping))

    async def edit(self, post: Post, reply: Reply) -> None:
        """Change a message of ours; raises as the adapter does."""
        await self._measured("edit", lambda: self._adapter.edit(post, reply))

    async def tell_admin(self, chat: Chat, reply: Reply, first: User | None = None) -> bool:
        """Write to somebody who looks after a group; raises as the adapter does."""
        return await self._adapter.tell_admin(chat, reply, first)

    async def _measured(self, what: str, call: Callable[[], Awaitable[Outcome]]) -> Outcome:
        began, outcome = self._clock.monotonic(), "done"
        try:
            return await call()
        except Exception as error:
            outcome = type(error).__name__
            raise
        finally:
            self._metrics.called(self.platform, what, outcome, self._clock.monotonic() - began)
