"""The table of commands, and the one way from a request to a reply."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count
from secrets import token_hex

import structlog

from bot.limits import Limits, Pace
from bot.locales import SPOKEN, _, learnt, marked, speaking
from bot.messages import Button, Card, Chat, ChatKind, Post, Reply, Request, User, notice

log = structlog.get_logger(__name__)

REQUEST_ID: ContextVar[str | None] = ContextVar("request", default=None)
"""The request that is being answered; every log line about it bears its id."""

PLAIN = "crash"
"""The command that words without one are taken for."""

STALE = marked("This button no longer works. Type /crash to start again.")
UNKNOWN = marked("No such command here. /help lists them all.")
BROKEN = marked("That went wrong on our side and has been noted as {id}. Please try again in a moment.")
TOO_FAST = marked("A little slower, please: your next press counts again in a few seconds.")
ADMINS_ONLY = marked("Only this chat's admins can do that.")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What an argument can be completed to: `label` is shown, `argument` is sent."""

    label: str
    argument: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A reply that somebody can pick from a list and post anywhere: `title` and `description` are the list's."""

    id: str
    title: str
    description: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Command:
    """One row in the table of all that the bot answers."""

    name: str
    summary: str
    handler: Callable[[Request], Awaitable[Reply]]
    argument: str = ""
    """What may follow the name, in a person's words; empty where nothing may."""

    suggest: Callable[[str], Sequence[Suggestion]] | None = None
    """Completions of what has been typed of the argument so far, best first."""

    listed: bool = True
    """Whether menus and help show it; the others are reached by buttons."""

    admin: bool = False
    """Whether only admins may use it in a group; adapters ask the platform before they dispatch it."""

    posts: bool = False
    """Whether it makes the bot post in the chat by itself; adapters say in the request what the bot lacks for that."""


class UserError(Exception):
    """Something a person can mend: one clear sentence, told to them alone, and what to press instead."""

    def __init__(self, sentence: str, *buttons: Button) -> None:
        super().__init__(sentence)
        self.reply = notice(sentence, buttons)


class NotYetError(UserError):
    """Something is being fetched: said for all to see, and made good by the button once it is there."""

    def __init__(self, sentence: str, button: Button, awaits: str, *, replace: bool = False) -> None:
        super().__init__(sentence, button)
        self.reply = Reply(Card(sentence), ((button,),), replace=replace, awaits=awaits)


class Dispatcher:
    """Request → Command → Reply; the only try/except around handlers."""

    def __init__(
        self,
        commands: Iterable[Command],
        limits: Limits,
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
