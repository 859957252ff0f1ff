"""How the dispatcher is asked on somebody's behalf: with what their group allows, about a chat of theirs as well."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from bot.adapters.telegram.answering.elsewhere import named
from bot.adapters.telegram.answering.public import PATIENCE
from bot.adapters.telegram.api.client import Api
from bot.adapters.telegram.api.errors import RefusedError
from bot.adapters.telegram.connection import Connection
from bot.adapters.telegram.inbound import address
from bot.adapters.telegram.permissions import GroupRights
from bot.adapters.telegram.retry import patiently
from bot.chat.buttons import TURNING
from bot.chat.dispatcher import Dispatcher
from bot.chat.elsewhere import about
from bot.chat.platform import ChatGoneError, NotAllowedError
from bot.chat.replies import Reply, notice
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform
from bot.i18n import _, marked
from bot.pacing.clock import Clock

NOT_THERE = marked("I cannot see {name}. Make me an admin there, with the right to post, then ask again.")

Outcome = TypeVar("Outcome")


class Asking:
    """Asks the dispatcher, and Telegram for what a group allows."""

    def __init__(self, dispatcher: Dispatcher, connection: Connection, clock: Clock) -> None:
        self._dispatcher = dispatcher
        self._connection = connection
        self._clock = clock
        self._admins = {command.name for command in dispatcher.commands.values() if command.admin}

    async def dispatch(self, request: Request) -> Reply | None:
        """The answer to a request, which can be asked what its group allows.

        What takes an admin, and is asked in private, may be about another chat.
        """
        if request.chat.kind is ChatKind.GROUP:
            request = self._with_rights(request)
        takes_an_admin = request.command.removeprefix(TURNING) in self._admins
        alone = request.chat.kind is ChatKind.PRIVATE
        if alone and takes_an_admin and (other := named(request.argument)) is not None:
            return await self._about(request, *other)
        return await self._dispatcher.dispatch(request)

    def _with_rights(self, request: Request) -> Request:
        group, _topic = address(request.chat)
        rights = GroupRights(self._ask, group, int(request.user.id), self._connection.me.id)
        return replace(request, rights=rights)

    async def _about(self, request: Request, name: str, argument: str) -> Reply | None:
        """The answer to what somebody asks in private about a channel or group that they look after."""
        try:
            found = await self._ask(lambda api: api.group(name))
            there = Chat(Platform.TELEGRAM, str(found.id))
            reply = await self._dispatcher.dispatch(self._with_rights(replace(request, chat=there, argument=argument)))
        except (ChatGoneError, NotAllowedError, RefusedError):
            return notice(_(NOT_THERE).format(name=name))
        return reply and about(name, reply, self._admins)

    async def _ask(self, question: Callable[[Api], Awaitable[Outcome]]) -> Outcome:
        """Ask Telegram something. Raises ChatGoneError, NotAllowedError, UnreachableError, TooLateError."""
        return await patiently(lambda: question(self._connection.api), self._clock, PATIENCE)
