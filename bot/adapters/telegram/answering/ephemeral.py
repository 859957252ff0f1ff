"""What one person alone sees in a group: ephemeral messages, where the Bot API server is known to have them.

A server that does not know them shows such a message to everybody. So it is asked first, each message that it sends has
to say that it is one, and where that is not known nothing is sent: the answer then takes the way it took before.
"""

from dataclasses import dataclass

import structlog

from bot.adapters.telegram.api.client import Api
from bot.adapters.telegram.api.parameters import Json
from bot.adapters.telegram.api.shapes import Sent
from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.inbound import address
from bot.adapters.telegram.lost import UNDELIVERED
from bot.adapters.telegram.retry import patiently
from bot.adapters.telegram.sender import Sender, where
from bot.chat.platform import UnreachableError
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import ChatKind, Post
from bot.pacing.clock import Clock

log = structlog.get_logger(__name__)

WINDOW = 13.0
"""Seconds from a press's arrival in which it may be answered so; Telegram allows 15 from the press on."""

DELETING = 60.0
"""Seconds for which it is tried to delete what was to be seen by one person, and is seen by all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is answered so: the press, or the number of the command that its sender alone sees, and when it arrived.

    `since` is in seconds of a monotonic clock. With neither of the two a bot that is no admin is refused.
    """

    since: float
    query: str = ""
    command: int | None = None


class SeenByAllError(UnreachableError):
    """A message for one person was shown to everybody."""

    def __init__(self) -> None:
        super().__init__("the server does not say that a message for one person is one")


class Ephemeral:
    """Messages for one person in a group; `known` only once the server has said so, and never again once it failed."""

    def __init__(self, connection: Connection, sender: Sender, clock: Clock) -> None:
        self._connection = connection
        self._sender = sender
        self._clock = clock
        self._known: bool | None = None
        self._given_up = False

    @property
    def is_known(self) -> bool:
        """Whether the server is known to have such messages."""
        return bool(self._known)

    async def ask(self, api: Api) -> None:
        """Ask the server whether it knows such messages; what was known of an earlier connection counts no more."""
        self._known = None
        known = await api.knows_ephemeral()
        self._known = False if self._given_up else known

    async def show(self, request: Request, reply: Reply, asked: Asked) -> Post | None:
        """Show an asker alone, in their group, what they asked for; None where that cannot be.

        Nothing is tried twice, and nothing waits for a turn: there is another way to answer.
        """
        left = asked.since + WINDOW - self._clock.monotonic()
        if request.chat.kind is not ChatKind.GROUP or request.user.is_chat or left <= 0:
            return None
        if self._connection.wait(address(request.chat)[0]) > 0 or not await self._is_known_by_now():
            return None
        place = {
            **where(request.chat),
            "receiver_user_id": int(request.user.id),
            "callback_query_id": asked.query or None,
        }
        try:
            number = await self._only_seen(
                place, await self._sender.carry(place, reply, below=asked.command, within=left)
            )
            if (file := reply.attachment) and not file.is_picture:
                await self._only_seen(place, await self._connection.api.send_file(place, file, within=left))
        except UNDELIVERED as error:
            self._connection.lost.not_shown_alone(error)
            return None
        return Post(request.chat, number, request.user.id)

    async def _is_known_by_now(self) -> bool:
        """Whether the server is known to have such messages; it is asked again where it could not be asked."""
        if self._known is None:
            await self.ask(self._connection.api)
        return self.is_known

    async def _only_seen(self, place: Json, sent: Sent | None) -> str:
        """The number of a message that one person sees. Raises SeenByAllError, once everybody's is deleted."""
        if sent is not None and sent.ephemeral_message_id is not None:
            return str(sent.ephemeral_message_id)
        if not self._given_up:
            log.error("telegram.ephemeral_given_up", reason="the server shows everybody what is for one person")
        self._known, self._given_up = False, True
        if sent is not None:
            chat, message, api = place["chat_id"], sent.message_id, self._connection.api
            try:
                await patiently(lambda: api.delete(chat, message), self._clock, DELETING)
            except UNDELIVERED as error:
                log.error("telegram.ephemeral_not_deleted", reason=type(error).__name__)  # noqa: TRY400 - a line, no trace
        raise SeenByAllError
