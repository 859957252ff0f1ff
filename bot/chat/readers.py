"""Who alone reads a message, so that what they have chosen may be marked in it."""

from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Post, User
from bot.pacing.remembered import Remembered

REMEMBERED = 50_000
"""Upper bound of private chats whose person is known at a time; it comes again with everything that is asked."""


class Readers:
    """Whose private chats are, where their own numbers do not say that; in memory alone, as it is about people."""

    def __init__(self) -> None:
        self._heard: Remembered[Chat, User] = Remembered(REMEMBERED)

    def hear(self, request: Request) -> None:
        """Take note of who asks in a private chat that has another number than they have."""
        if request.chat.kind is ChatKind.PRIVATE and request.chat.id != request.user.id:
            self._heard[request.chat] = request.user

    def of(self, post: Post) -> User | None:
        """The one person who reads a message; None where others may.

        A private chat that nobody has asked in yet is taken to have its person's number, as it has on most platforms;
        where it has not, that number is nobody's.
        """
        if post.only_for:
            return User(post.chat.platform, post.only_for)
        if post.chat.kind is not ChatKind.PRIVATE:
            return None
        return self._heard.get(post.chat) or User(post.chat.platform, post.chat.id)
