"""The adapter for Telegram: what the rest of the bot calls, and what becomes of an update."""

from collections.abc import Callable

from bot.adapters.telegram.addresses import Addresses
from bot.adapters.telegram.answering.answers import Answers
from bot.adapters.telegram.answering.ephemeral import Ephemeral
from bot.adapters.telegram.answering.following import Following
from bot.adapters.telegram.answering.once import Answered, Once
from bot.adapters.telegram.answering.private import PrivateAnswers
from bot.adapters.telegram.answering.public import Groups, PublicAnswers
from bot.adapters.telegram.api.client import Api
from bot.adapters.telegram.api.rate_limit import A_SECOND, RateLimiter
from bot.adapters.telegram.api.shapes import Me
from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.menus import Published, publish
from bot.adapters.telegram.sender import Sender
from bot.chat.dispatcher import Dispatcher
from bot.chat.platform import UnreachableError, Way
from bot.chat.replies import Reply
from bot.domain.places import Chat, Platform, Post, User
from bot.pacing.clock import Clock, SystemClock
from bot.pacing.pace import OwnPace, Pace
from bot.pacing.window import Allowance

TELEGRAMS = Addresses()
"""Telegram's own server, which is asked for updates."""

TURN = 10.0
"""Seconds that a message of our own accord may have to wait for its turn; where it would be more, it is put off."""


class TelegramAdapter:
    """A bot on Telegram, which keeps a pace: its own, where it shares none with other processes."""

    platform = Platform.TELEGRAM

    calls_a_second = A_SECOND
    """Upper bound of messages and changes of messages, to all chats, by all processes that share a token."""

    deliveries_a_second = 24.0
    """Upper bound of messages of our own accord, to all chats: what Telegram allows, less room for answers."""

    delivery_chat_gap = 1.0
    """Seconds, at least, between two of them to the same chat."""

    def __init__(
        self,
        token: str,
        dispatcher: Dispatcher,
        posted: Callable[[Post, Reply], None],
        menus: Published,
        groups: Groups,
        answered: Answered,
        *,
        addresses: Addresses = TELEGRAMS,
        clock: Clock | None = None,
        pace: Pace | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self._dispatcher = dispatcher
        self._takes_updates = addresses.takes_updates
        self._menus = menus
        self._connection = Connection(
            token, addresses, clock, RateLimiter(clock, pace or OwnPace(clock, Allowance(A_SECOND, seconds=1)))
        )
        self._sender = Sender(self._connection)
        self._ephemeral = Ephemeral(self._connection, self._sender, clock)
        self._following = Following(self._connection, self._sender, clock)
        once = Once(answered)
        public = PublicAnswers(self._sender, self._following, posted, groups, once, clock)
        private = PrivateAnswers(dispatcher, self._ephemeral, public, once, posted)
        self._answers = Answers(dispatcher, self._connection, public, private, posted, groups, once, clock)

    async def run(self) -> None:
        """Take updates until cancelled; then finish what is in flight. Raises TokenRefusedError, UnreachableError."""
        try:
            await self._connection.run(self._greet, self._answers.take)
        finally:
            await self._following.end()

    def way(self) -> Way | None:
        """Telegram's addresses for the bot; None while it is not connected."""
        try:
            name = self._connection.me.username
        except UnreachableError:
            return None
        return Way("Telegram", f"https://t.me/{name}?startgroup", f"https://t.me/{name}?start=")

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:  # noqa: ARG002 - the protocol's
        """Post a reply to a chat or topic, or be put off by UnreachableError where a busy group would hold it back.

        Raises ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """
        # Telegram takes no key by which it could refuse a second one of a message, and its groups have no roles.
        post = await self._sender.send(chat, reply, within=TURN)
        if reply.attachment and not reply.attachment.is_picture:
            await self._sender.send_file(chat, reply.attachment, within=TURN)
        return post

    async def edit(self, post: Post, reply: Reply) -> None:
        """Change a message of ours, its picture included; a picture cannot be taken away again.

        One that a single person sees is changed later where its group needs its turns for others.

        Raises PostGoneError, ChatGoneError, NotAllowedError, SlowDownError, UnreachableError.
        """
        if post.only_for:
            self._following.follow(post, reply)
        else:
            await self._sender.edit(post, reply)

    async def tell_admin(self, chat: Chat, reply: Reply, first: User | None = None) -> bool:
        """Write in private to an admin who has a chat with us, or else where the group talks of everything.

        `first` is asked first, then the owner, then the others; whether anybody was reached.

        Raises SlowDownError, UnreachableError.
        """
        return await self._sender.tell_admin(chat, reply, first)

    async def _greet(self, api: Api, me: Me) -> None:
        """Ask what the server knows, and publish what can be asked."""
        if not self._takes_updates:
            return
        await self._ephemeral.ask(api)
        await publish(api, me.id, self._dispatcher, self._menus, ephemeral=self._ephemeral.is_known)
