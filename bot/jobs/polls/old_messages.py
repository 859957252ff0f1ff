"""Messages that nobody uses any more: they follow their polls no longer, until one of their buttons is pressed."""

import structlog

from bot.pacing.clock import Clock
from storage.posts import Posts

log = structlog.get_logger(__name__)

ROUND = 86_400.0
"""Seconds between two looks for messages of which no button was pressed for long."""


class OldMessages:
    """Forgets old messages once a day; a press on one is counted as ever, and has it follow its poll again."""

    def __init__(self, posts: Posts, clock: Clock) -> None:
        self._posts = posts
        self._clock = clock

    async def run(self) -> None:
        """Look daily until cancelled; what fails is left to the next look."""
        while True:
            try:
                while await self._posts.forget_some():
                    pass
            except Exception:
                log.exception("tally_board.posts_not_forgotten")
            await self._clock.sleep(ROUND)
