"""The table of commands, and the one way from a request to a reply."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from itertools import count
from secrets import token_hex

import structlog

from bot.chat.commands import STALE, Command, Offer, Suggestion, UserError
from bot.chat.messages import Button, Reply, Request, notice
from bot.chat.throttle import Pace, Throttle
from bot.domain.places import Chat, ChatKind, Post, User
from bot.i18n import SPOKEN, _, learnt, marked, speaking

log = structlog.get_logger(__name__)

REQUEST_ID: ContextVar[str | None] = ContextVar("request", default=None)
"""The request that is being answered; every log line about it bears its id."""

PLAIN = "crash"
"""The command that words without one are taken for."""

UNKNOWN = marked("No such command here. /help lists them all.")
BROKEN = marked("That went wrong on our side and has been noted as {id}. Please try again in a moment.")
TOO_FAST = marked("A little slower, please: your next press counts again in a few seconds.")
ADMINS_ONLY = marked("Only this chat's admins can do that.")


class Dispatcher:
    """Request → Command → Reply; the only try/except around handlers."""

    def __init__(
        self,
        commands: Iterable[Command],
        limits: Throttle,
        offer: Callable[[str, Request], Awaitable[Sequence[Offer]]] | None = None,
        language: Callable[[Chat], str | None] = lambda _chat: None,
    ) -> None:
        self.commands = {command.name: command for command in commands}
        self._limits = limits
        self._offer = offer
        self._language = language
        self._ids = count(1)
        self._process = token_hex(3)

    async def dispatch(self, request: Request) -> Reply | None:
        """The answer to a request; None where the asker was told already to slow down.

        Nothing is awaited before the handler is, so a person's presses reach it in their order.
        """
        pace = self._limits.take(request)
        if pace is Pace.SILENT:
            return None
        said_plainly = not request.command and request.pressed is None
        command = self.commands.get(PLAIN if said_plainly else request.command)
        code = self._language(request.chat)
        token = SPOKEN.set(None if code is None else learnt(code))  # as `speaking` would, for less than it costs
        try:
            if pace is Pace.WARN:
                return notice(_(TOO_FAST))
            if command is None:
                return notice(_(STALE if request.pressed else UNKNOWN))
            if command.admin and request.chat.kind is ChatKind.GROUP and not request.user.admin:
                return notice(_(ADMINS_ONLY))
            return await self._run(command, request)
        finally:
            SPOKEN.reset(token)

    def speaking(self, chat: Chat) -> AbstractContextManager[None]:
        """Put what is said into a chat's language while this lasts."""
        return speaking(self._language(chat))

    async def press(self, button: Button, post: Post) -> Reply:
        """What a button of a message leads to, for everybody who sees it, pressed by nobody."""
        nobody = User(post.chat.platform, "")
        request = Request(button.command, button.argument, nobody, post.chat, pressed=post)
        with self.speaking(post.chat):
            return await self._run(self.commands[button.command], request)

    async def _run(self, command: Command, request: Request) -> Reply:
        request_id = f"{self._process}-{next(self._ids)}"
        REQUEST_ID.set(request_id)
        try:
            return await command.handler(request)
        except UserError as error:
            return error.reply
        except Exception:
            log.exception("command failed", command=command.name, platform=request.user.platform)
            return notice(_(BROKEN).format(id=request_id))

    def suggest(self, command: str, typed: str) -> Sequence[Suggestion]:
        """Completions for a command's argument; none for what is not in the table."""
        row = self.commands.get(command)
        return row.suggest(typed) if row is not None and row.suggest is not None else ()

    async def offer(self, typed: str, request: Request) -> Sequence[Offer]:
        """Cards that fit what has been typed, to be posted anywhere; none where that fails."""
        if self._offer is None or self._limits.take(request) is not Pace.FINE:
            return ()
        try:
            return await self._offer(typed, request)
        except Exception:
            log.exception("offer failed", platform=request.user.platform)
            return ()
