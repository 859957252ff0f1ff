"""The table of commands, and the one way from a request to a reply."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import replace
from difflib import get_close_matches
from itertools import count
from secrets import token_hex
from time import perf_counter

import structlog

from bot.chat.buttons import BUTTON_DATA_BYTES, BUTTON_LABEL, TURNING, Button
from bot.chat.commands import STALE, Command, Offer, Suggestion, UserError
from bot.chat.languages import Languages
from bot.chat.pushing import NOT_HERE
from bot.chat.readers import Readers
from bot.chat.replies import Reply, notice
from bot.chat.requests import Request
from bot.chat.said_commands import called_otherwise, run_together, said_plainly
from bot.chat.throttle import Pace, Throttle
from bot.domain.places import Chat, ChatKind, Post
from bot.i18n import SPOKEN, _, learnt, marked, speaking
from bot.measures import UNMEASURED, Measures

log = structlog.get_logger(__name__)

REQUEST_ID: ContextVar[str | None] = ContextVar("request", default=None)
"""The request that is being answered; every log line about it bears its id."""

PLAIN = "crash"
"""The command that words without one are taken for."""

UNKNOWN = marked("No such command here. /help lists them all.")
MEANT = marked("No such command here. Did you mean {command}?")
ALIKE = 0.75
"""How near a mistyped command must be to one that there is; `difflib`'s measure, at most 1."""

BROKEN = marked("That went wrong on our side and has been noted as {id}. Please try again in a moment.")
OUT_OF_ORDER = marked(
    "The bot's database cannot be used just now, and who runs it is told. Please try again in a while."
)
TOO_FAST = marked("A little slower, please: your next press counts again in a few seconds.")
ADMINS_ONLY = marked("Only this chat's admins can do that.")
YOURSELF = marked("Write to me alone, and you can say /{command} for yourself.")


class Dispatcher:
    """Request → Command → Reply; the only try/except around handlers."""

    def __init__(
        self,
        commands: Iterable[Command],
        limits: Throttle,
        offer: Callable[[str, Request], Awaitable[Sequence[Offer]]] | None = None,
        language: Callable[[Chat], str | None] = lambda _chat: None,
        measures: Measures = UNMEASURED,
        outage: Callable[[Exception], str | None] = lambda _error: None,
    ) -> None:
        """`outage` is what is wrong with what handlers read and write, where that is why one of them failed."""
        self._measures = measures
        self._outage = outage
        self._out = set[str]()
        self.commands = {command.name: command for command in commands}
        self._limits = limits
        self.readers = Readers()
        self._offer = offer
        self.languages = Languages(language)
        self._ids = count(1)
        self._process = token_hex(3)

    async def dispatch(self, request: Request) -> Reply | None:
        """The answer to a request; None where the asker was told already to slow down.

        Nothing is awaited before the handler is, so a person's presses reach it in their order; but for commands that
        take rights the platform is asked first, and what that raises is the adapter's.
        """
        pace = self._limits.take(request)
        if pace is Pace.SILENT:
            return None
        turns, request = _unmarked(request)
        request = said_plainly(request, self.commands)
        command = self._command(request)
        self.readers.hear(request)
        code = self.languages.hear(request)
        language = None if code is None else learnt(code)
        # As `speaking` would, for less than it costs: nothing where that is what is spoken already.
        token = None if SPOKEN.get() is language else SPOKEN.set(language)
        try:
            if pace is Pace.WARN:
                return notice(_(TOO_FAST))
            if command is None:
                return notice(_(STALE)) if request.pressed else self._unknown(request)
            if command.admin and request.chat.kind is ChatKind.ELSEWHERE:
                return notice(_(NOT_HERE))
            if (command.admin or command.posts) and request.chat.kind is ChatKind.GROUP:
                if command.admin and not (request.rights and await request.rights.is_admin()):
                    return _for_admins(command, request)
                if command.posts and request.rights:
                    request = replace(request, lacking=await request.rights.lacking())
            return _placed(await self._run(command, request), request, turns=turns)
        finally:
            if token is not None:
                SPOKEN.reset(token)

    def speaking(self, chat: Chat) -> AbstractContextManager[None]:
        """Put what is said into a chat's language while this lasts."""
        return speaking(self.languages.of(chat))

    async def again(self, request: Request, post: Post) -> Reply:
        """What a request that was answered before is answered by now, on the message that it was answered with.

        It is the same asker's same request, so no rate is counted and no right is asked for again. The message only
        said that the answer is to come, so the answer takes its place whoever reads it.
        """
        _turns, request = _unmarked(request)
        command = self._command(request)
        with self.speaking(request.chat):
            if command is None:
                return notice(_(STALE))
            reply = await self._run(command, replace(request, pressed=post))
            return reply if reply.private or reply.separate else replace(reply, replace=True)

    def _command(self, request: Request) -> Command | None:
        said_plainly = not request.command and request.pressed is None
        return self.commands.get(PLAIN if said_plainly else request.command)

    def _unknown(self, request: Request) -> Reply:
        """That there is no such command, and a button for the one that was probably meant."""
        listed = [command.name for command in self.commands.values() if command.listed]
        first, _gap, rest = request.argument.partition(" ")
        whole = request.command + first.casefold()
        if whole in listed:  # `/my data`, `/forget me`
            near, argument = [whole], rest
        elif (meant := called_otherwise(request.command)) in listed:
            near, argument = [meant], request.argument
        elif together := run_together(request.command, listed):
            near, argument = [together[0]], f"{together[1]} {request.argument}".strip()
        else:
            near, argument = get_close_matches(request.command, listed, n=1, cutoff=ALIKE), request.argument
        if not near:
            return self._with_doors_there_are(notice(_(UNKNOWN), [Button(_("What you can ask"), "help")]))
        asked = f"{near[0]} {argument}".strip()
        fits = len(f"{asked}".encode()) <= BUTTON_DATA_BYTES
        button = Button(f"/{asked if fits else near[0]}"[:BUTTON_LABEL], near[0], argument if fits else "")
        return notice(_(MEANT).format(command=f"/{near[0]}"), [button])

    async def _run(self, command: Command, request: Request) -> Reply:
        request_id = f"{self._process}-{next(self._ids)}"
        REQUEST_ID.set(request_id)
        began, outcome = perf_counter(), "answered"
        try:
            reply = await command.handler(request)
        except UserError as error:
            outcome, reply = "refused", self._with_doors_there_are(error.reply)
        except Exception as error:
            outcome, reply = "failed", self._failed(command, request, error, request_id)
        else:
            self._out.discard(command.name)
        self._measures.answered(command.name, request.user.platform, outcome, perf_counter() - began)
        return reply

    def _with_doors_there_are(self, reply: Reply) -> Reply:
        """A refusal without the ways out of it that this bot has no command for: no standings without a feed."""
        rows = (tuple(button for button in row if button.command in self.commands) for row in reply.buttons)
        there = tuple(filter(None, rows))
        return reply if there == reply.buttons else replace(reply, buttons=there)

    def _failed(self, command: Command, request: Request, error: Exception, request_id: str) -> Reply:
        """What is said of a command that failed; of an outage a line is logged, once until the command works again."""
        said = self._outage(error)
        if said is None:
            log.error("command.failed", command=command.name, platform=request.user.platform, exc_info=error)
            return notice(_(BROKEN).format(id=request_id))
        if command.name not in self._out:
            self._out.add(command.name)
            log.error("command.failed", command=command.name, platform=request.user.platform, error=said)
        return notice(_(OUT_OF_ORDER))

    def listed(self, chat: Chat) -> Iterable[Command]:
        """The commands that menus and help show and that work in a chat, in the table's order."""
        return (row for row in self.commands.values() if row.listed and row.works(chat, ""))

    def suggest(self, command: str, typed: str, chat: Chat | None = None) -> Sequence[Suggestion]:
        """Completions for a command's argument; none for what is not in the table."""
        row = self.commands.get(command)
        if row is None or row.suggest is None:
            return ()
        return [each for each in row.suggest(typed) if chat is None or row.works(chat, each.argument)]

    async def offer(self, typed: str, request: Request) -> Sequence[Offer]:
        """Cards that fit what has been typed, to be posted anywhere; none where that fails."""
        if self._offer is None or self._limits.take(request) is not Pace.FINE:
            return ()
        try:
            return await self._offer(typed, request)
        except Exception as error:
            if self._outage(error) is None:  # or whoever types would have it logged with each letter
                log.exception("offer.failed", platform=request.user.platform)
            return ()


def _for_admins(command: Command, request: Request) -> Reply:
    """That only admins may do that in a group, and where whoever asked may, if they may anywhere."""
    alone = Chat(request.user.platform, request.user.id, ChatKind.PRIVATE)
    has_it_alone = command.listed and command.works(alone, request.argument)
    yourself = _(YOURSELF).format(command=command.name) if has_it_alone else ""
    return notice(f"{_(ADMINS_ONLY)} {yourself}".rstrip())


def _unmarked(request: Request) -> tuple[bool, Request]:
    """Whether a press turns its message, and the request without the mark that says so."""
    if request.pressed is None or not request.command.startswith(TURNING):
        return False, request
    command = request.command.removeprefix(TURNING)
    return request.offered, replace(request, command=command, turned=request.offered)


def _placed(reply: Reply, request: Request, *, turns: bool) -> Reply:
    """A reply with what becomes of the message that was pressed: the one place where that is decided.

    What somebody has for themselves, alone with the bot or as the only one who sees it, becomes the answer. What others
    read as well becomes it only where that is the same thing, another page of a list or a view after a change: by a
    button that says so, and that the message has. Whatever else is behind a button opens aside.
    """
    if request.pressed is None:
        return reply.seen_alone if request.chat.kind is ChatKind.PRIVATE else reply
    sees_it_alone = bool(request.pressed.only_for)
    if reply.private:  # a receipt that is taken back, a question that is answered
        return replace(reply, replace=True) if turns and sees_it_alone else reply
    read_in = request.pressed.chat.kind  # the request may be about another chat
    if read_in is ChatKind.PRIVATE:
        return replace(reply.seen_alone, replace=not reply.separate)
    if sees_it_alone and not reply.separate:
        return replace(reply.seen_alone, replace=True)
    in_place = turns and read_in is ChatKind.GROUP
    return replace(reply, replace=True) if in_place and not reply.separate else replace(reply, aside=True)
