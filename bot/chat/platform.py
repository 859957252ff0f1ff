"""What every chat platform can do for the rest of the bot, and how it says that it cannot."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, runtime_checkable

from bot.chat.replies import Reply
from bot.domain.places import Chat, Platform, Post, User


class ChatGoneError(Exception):
    """The chat is closed to us for good: we were removed or blocked, or it no longer exists."""


class ChatUnseenError(ChatGoneError):
    """The chat cannot be seen, and perhaps never again: platforms say so of chats that are back ten minutes later."""


class ChatMovedError(ChatGoneError):
    """The chat is closed to us under this id, and goes on as another: a group that became a supergroup."""

    def __init__(self, chat: Chat) -> None:
        super().__init__(f"the chat goes on as {chat.id}")
        self.chat = chat


class NotAllowedError(Exception):
    """The chat is there, but we lack a right that posting in it takes; the text says which, where that is known."""


class PostGoneError(Exception):
    """The message was deleted, or can no longer be changed."""


class SlowDownError(Exception):
    """The platform asks us to wait; `seconds` is how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


class UnreachableError(Exception):
    """The platform could not be reached, or failed by itself; the same call may work later."""


class TokenRefusedError(Exception):
    """The platform does not know our token; the text says which setting to look at."""


class SetUpWronglyError(Exception):
    """The platform will not have the bot as it is set up, however often it tries; the text says what to do."""


class Way(NamedTuple):
    """How people come to the bot from anywhere on the web, by addresses that the platform understands."""

    platform: str
    """What the platform calls itself: `Telegram`."""

    invitation: str
    """Where the bot is brought into a group or server."""

    card: str = ""
    """Where an incident's card is opened, but for its id at the end; empty where the platform has no such address."""

    def to(self, incident_id: str) -> str:
        """Where an incident's card is opened, or else the bot is brought in."""
        return f"{self.card}{incident_id}" if self.card else self.invitation


class Adapter(Protocol):
    """A chat platform: brings requests in, carries replies out, sends to a chat."""

    @property
    def platform(self) -> Platform:
        """Which platform it is."""

    @property
    def deliveries_a_second(self) -> float | None:
        """Upper bound of messages a second that are sent of our own accord; None where calls pace themselves."""

    @property
    def delivery_chat_gap(self) -> float:
        """Seconds between two such messages to one chat, at least."""

    async def run(self) -> None:
        """Take requests until cancelled; then finish what is in flight and hang up.

        Raises SetUpWronglyError, TokenRefusedError, or whatever ended the connection; but for the first of them the
        supervisor calls again after a while.
        """

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:
        """Post a reply to a chat.

        `once` tells the message from all others, where the platform can refuse a second one of it; `ping` is the id of
        a role to be notified, where there are roles.
        Raises ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """

    async def edit(self, post: Post, reply: Reply) -> None:
        """Change a message of ours, its picture included.

        Raises PostGoneError, ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """

    async def tell_admin(self, chat: Chat, reply: Reply, first: User | None = None) -> bool:
        """Write in private to somebody who looks after a group, or else in its general topic; whether that could be.

        `first` is whoever turned topics on there, where that is known.
        Raises SlowDownError, UnreachableError.
        """


@runtime_checkable
class Reachable(Protocol):
    """An adapter of a platform whose bots can be reached by web addresses."""

    def way(self) -> Way | None:
        """How people come to the bot; None while the platform has not said who we are."""


def ways(adapters: Iterable[Adapter]) -> list[Way]:
    """How people come to the bots that these adapters are connected with."""
    return [way for adapter in adapters if isinstance(adapter, Reachable) and (way := adapter.way()) is not None]
