"""Chats whose messages cannot be changed at present, as nobody shows us the chat: left alone, and not forgotten."""

from typing import NamedTuple

from bot.domain.places import Chat
from bot.pacing.backoff import Backoff
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered

PATIENCE = 86_400.0
"""Seconds after which a chat that cannot be seen is taken to be gone."""

PAUSES = Backoff(first=600.0, longest=4 * 3600.0)
"""Seconds between two tries of such a chat."""

REMEMBERED = 10_000
"""Upper bound of such chats."""


class _Unseen(NamedTuple):
    since: float
    tries: int
    until: float


class UnseenChats:
    """The chats that are left alone, in memory: after a restart each is tried anew."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._unseen: Remembered[Chat, _Unseen] = Remembered(REMEMBERED)

    def is_resting(self, chat: Chat) -> bool:
        """Whether a chat is not to be tried now."""
        unseen = self._unseen.get(chat)
        return unseen is not None and self._clock.monotonic() < unseen.until

    def tried(self, chat: Chat) -> float | None:
        """Take note that a chat cannot be seen; seconds until the next try, None where it is gone."""
        now = self._clock.monotonic()
        unseen = self._unseen.get(chat) or _Unseen(now, 0, now)
        if now - unseen.since >= PATIENCE:
            del self._unseen[chat]
            return None
        pause = PAUSES.after(unseen.tries + 1)
        self._unseen[chat] = _Unseen(unseen.since, unseen.tries + 1, now + pause)
        return pause

    def seen(self, chat: Chat) -> None:
        """Take note that a chat is there."""
        self._unseen.pop(chat, None)
