"""Messages to a platform spaced evenly, so that a fan-out leaves room for the people who ask something."""

from collections.abc import Awaitable, Callable

from bot.domain.places import Chat
from bot.pacing.clock import Clock

MOST_CHATS = 5_000
"""Upper bound of chats whose last message is remembered; those whose gap is over are forgotten first."""


class Spacing:
    """Lets messages through one by one: `a_second` of them, and one in `chat_gap` seconds for a chat.

    Without `a_second` they pass as fast as they come. After a while without any, as many more pass at once as up to
    `saved_up` seconds of it would have let through.
    """

    def __init__(
        self,
        clock: Clock,
        a_second: float | None = None,
        chat_gap: float = 0.0,
        *,
        saved_up: float = 0.0,
        turn: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`turn` waits for a turn among all processes, where several send."""
        self._turn = turn
        self._clock = clock
        self._each = 1 / a_second if a_second else 0.0
        self._chat_gap = chat_gap
        self._saved_up = saved_up if a_second else 0.0
        self._next = 0.0
        self._closed_until = 0.0
        self._chats: dict[Chat, float] = {}

    async def wait(self) -> None:
        """Wait until one more message may go out; a pause that begins meanwhile gives all who wait a new slot."""
        if self._turn is not None:
            await self._turn()
        at = self._slot()
        while (wait := at - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait)
            if at < self._closed_until:
                at = self._slot()

    def _slot(self) -> float:
        """The next moment that nobody has taken, by the stopwatch."""
        at = max(self._clock.monotonic(), self._next - self._saved_up, self._closed_until)
        self._next = max(self._next, at) + self._each
        return at

    async def wait_for_chat(self, chat: Chat) -> None:
        """Wait until a chat may be sent one more."""
        if not self._chat_gap:
            return
        now = self._clock.monotonic()
        at = max(now, self._chats.get(chat, now))
        self._chats[chat] = at + self._chat_gap
        if len(self._chats) > MOST_CHATS:
            self._chats = {each: moment for each, moment in self._chats.items() if moment > now}
        if at > now:
            await self._clock.sleep(at - now)

    def pause(self, seconds: float) -> None:
        """Let nothing through for so many seconds from now; none of them are saved up."""
        self._closed_until = max(self._closed_until, self._clock.monotonic() + seconds)
        self._next = max(self._next, self._closed_until + self._saved_up)
