"""A poll whose messages are behind its votes, or behind what race control says."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain.places import Platform, Post
from bot.domain.polls import Poll

if TYPE_CHECKING:
    import asyncio

PAGE = 100
"""Messages read, counted and edited in one round; what the strictest platform lets through in about the pause."""

MOST_PRESSED = 20_000
"""Upper bound of messages that were pressed and wait to go first; all others come in their turn."""


@dataclass(slots=True)
class MovingPoll:
    """A poll whose votes moved, on one platform: the messages that were pressed go first, then all that show it."""

    poll: Poll
    platform: Platform
    pressed: dict[Post, None] = field(default_factory=dict)
    followed: bool = False
    again: bool = True
    failures: int = 0
    news: bool = False
    """Whether race control said something for which no walk over the messages has begun yet."""

    hurried: bool = False
    """Whether the walk that goes on is for news, so that no page of it waits for the one before."""

    pause: "asyncio.Task[None] | None" = None
    """The wait for the next round."""

    def begin(self) -> None:
        """Begin a walk over all messages."""
        self.again, self.hurried, self.news = False, self.news, False

    def hurry(self) -> None:
        """Begin another walk as soon as what is under way has ended, unless the platform cannot be reached."""
        self.news = True
        if self.pause is not None and not self.failures:
            self.pause.cancel()

    def hurries(self, *, more: bool) -> bool:
        """Whether the next round follows at once: for news, or for `more` messages of a walk that is for news."""
        return not self.failures and (self.news or (self.hurried and more))

    def put_first(self, post: Post) -> None:
        """Let a message that was pressed go first, unless too many do already."""
        if len(self.pressed) < MOST_PRESSED:
            self.pressed[post] = None

    def take_pressed(self) -> list[Post]:
        """The messages that were pressed since, a page of them at most."""
        taken, self.pressed = list(self.pressed)[:PAGE], dict.fromkeys(list(self.pressed)[PAGE:])
        return taken
