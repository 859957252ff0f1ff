"""The terminal as a chat: buttons are pressed by their number; whoever types has completion and a history."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from threading import Thread
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console, Group, RenderableType
from rich.text import Text

from bot.adapters.console.files import saved
from bot.adapters.console.keypad import DIGITS, Keypad
from bot.adapters.console.render import WIDEST, render
from bot.chat.buttons import parse_data
from bot.chat.dispatcher import PLAIN, Dispatcher
from bot.chat.replies import Reply, in_words
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.i18n import _, counted, marked

SCRIPT_PATIENCE = 30.0
"""Seconds that a script at a pipe waits at most, after its last line, for an answer that has to be fetched first."""

LEAVE = {"exit", "quit"}
"""What people type at a terminal to leave it; no crash goes by these words."""

BARE = {"help": "help", "?": "help"}
"""What is taken for a command without its stroke, for the same reason."""

PROMPT = "› "
NO_BUTTONS = marked("There are no buttons to press yet. Type /crash imola to begin.")
NO_ANSWER = marked("What was to come in a moment has not come yet.")
CHAT = Chat(Platform.CONSOLE, "terminal", ChatKind.PRIVATE)
USER = User(Platform.CONSOLE, "local")
PRESSED = Post(CHAT, "screen")

WELCOME = (
    marked("Racing Incident: every Formula 1 crash, both sides of it, and the fans' verdict."),
    marked("Type /crash imola to begin, a number to press a button, /help for the rest."),
    marked("For Telegram or Discord, set TELEGRAM_BOT_TOKEN or DISCORD_TOKEN (see README)."),
)
HINT = marked("a race, a /command or a button's number · Tab completes · Ctrl-D leaves")


class ConsoleAdapter:
    """One person at a terminal, or a script at a pipe; what is pushed appears between their lines."""

    platform = Platform.CONSOLE
    deliveries_a_second = None
    delivery_chat_gap = 0.0

    def __init__(
        self,
        dispatcher: Dispatcher,
        posted: Callable[[Post, Reply], None],
        *,
        history: Path | None = None,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        patience: float = SCRIPT_PATIENCE,
    ) -> None:
        self._dispatcher = dispatcher
        self._posted = posted
        self._history = history
        self._patience = patience
        self._stdin = stdin or sys.stdin
        # without a file it writes to what is the standard output by then, which a prompt replaces with its own
        self._console = Console(file=stdout, highlight=False, emoji=False)
        self._keypad = Keypad(PRESSED)
        self._sent: set[Post] = set()
        self._awaited: set[Post] = set()
        self._all_there = asyncio.Event()
        self._all_there.set()
        self._promises_broken = False
        self.anybody_there = False
        """Whether somebody sits at a keyboard, or a script had a line."""

        self.kept_promises = True
        """Whether a script got all that was to come in a moment; whoever sits at a keyboard sees it."""

    async def run(self) -> None:
        """Answer line after line until there are no more; a script is told what it was promised and did not get."""
        typed_in = self.anybody_there = self._stdin.isatty() and self._console.is_terminal
        if typed_in:
            with self._dispatcher.speaking(CHAT):
                self._show(Text("\n".join(map(_, WELCOME)), "dim"))
        async for line in self._typed_lines() if typed_in else _piped_lines(self._stdin):
            said, self.anybody_there = line.strip(), True
            if said.casefold() in LEAVE:
                break
            if said:
                await self.answer(said)
        if not typed_in:
            await self._out_of_patience()
            self.kept_promises = not self._promises_broken

    async def _out_of_patience(self) -> None:
        """Wait for what a script was promised, and say so where it does not come in time."""
        try:
            async with asyncio.timeout(self._patience):
                await self._all_there.wait()
        except TimeoutError:
            self._promises_broken = True
            with self._dispatcher.speaking(CHAT):
                self._show(Text(_(NO_ANSWER)))

    async def answer(self, line: str) -> None:
        """Answer one line: a command, a button's number, or words to find a crash by."""
        request = self._request(line)
        if request is None:
            with self._dispatcher.speaking(CHAT):
                there = len(self._keypad.buttons)
                self._show(Text(_buttons_there(there) if there else _(NO_BUTTONS)))
            return
        reply = await self._dispatcher.dispatch(request)
        if reply is None:
            return
        # One question is one message: a promise stands while other lines are answered, and is kept once.
        asked = Post(CHAT, f"{request.command} {request.argument}".strip())
        post = request.pressed if request.pressed in self._sent else asked
        self._answered(post, reply)
        self._posted(post, reply)

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:  # noqa: ARG002 - there is one screen, and nobody to ping
        """Show what is told of our own accord below all that came before."""
        post = Post(CHAT, f"sent-{len(self._sent) + 1}")
        self._sent.add(post)
        self._pushed(post, reply)
        return post

    async def edit(self, post: Post, reply: Reply) -> None:
        """Show a changed message below all that came since; one that still waits for its data is not shown again."""
        if post in self._sent:
            self._pushed(post, reply)
        elif not reply.awaits:
            if post in self._awaited and reply.private:  # that it could not be fetched is no answer
                self._promises_broken = True
            self._answered(post, reply)

    async def tell_admin(self, chat: Chat, reply: Reply, first: User | None = None) -> bool:  # noqa: ARG002 - the protocol's
        """Nobody looks after a terminal but whoever sits there."""
        return False

    def say(self, line: str) -> None:
        """Print a line that is no message: what is heard meanwhile."""
        self._console.print(Text(line, "dim"), width=min(self._console.width, WIDEST))

    def _pushed(self, post: Post, reply: Reply) -> None:
        """Show a message that nobody asked for; its buttons come after those that are in place."""
        self._keypad.add((button for row in reply.unfolding_buttons for button in row), post)
        self._print(reply)

    def _answered(self, post: Post, reply: Reply) -> None:
        """Show a reply; its buttons are those that can be pressed from now on.

        A private notice without any leaves those in place that are there, and says which these are.
        """
        buttons = [button for row in reply.unfolding_buttons for button in row]
        if reply.optional_buttons:
            self._keypad.add(buttons)
        elif buttons or not reply.private:
            self._keypad.replace(buttons)
        self._print(reply)
        self._await(post, reply)

    def _print(self, reply: Reply) -> None:
        worded = in_words(reply)
        with self._dispatcher.speaking(CHAT):
            below = [*saved(worded.attachment), *(() if reply.buttons else self._still_standing(reply))]
        self._show(Group(render(worded, self._keypad.buttons), *below))

    def _still_standing(self, reply: Reply) -> Iterator[Text]:
        """Which numbers still press something, below a notice that has no buttons itself."""
        if reply.private and self._keypad.buttons:
            yield Text(f"  {_buttons_there(len(self._keypad.buttons))}", "dim")

    def _await(self, post: Post, reply: Reply) -> None:
        """Take note of whether a question has its answer by now, and whether all of them have."""
        if reply.awaits:
            self._awaited.add(post)
            self._all_there.clear()
            return
        self._awaited.discard(post)
        if not self._awaited:
            self._all_there.set()

    def _show(self, shown: RenderableType) -> None:
        """Print something no wider than the window or the eye; addresses may run over."""
        self._console.print(Group(shown, ""), width=min(self._console.width, WIDEST), crop=False)

    def _request(self, line: str) -> Request | None:
        """What a line asks for; None for the number of a button that is not there."""
        if line.isdecimal() and len(line) <= DIGITS:
            pressed = self._keypad.press(int(line))
            if pressed is None:
                return None
            data, post = pressed
            command, argument = parse_data(data)
            return Request(command, argument, USER, CHAT, pressed=post)
        if line.casefold() in BARE:
            return Request(BARE[line.casefold()], "", USER, CHAT)
        command, argument = parse_data(line[1:]) if line.startswith("/") else ("", line)
        return Request(command.casefold(), argument.strip(), USER, CHAT)

    async def _typed_lines(self) -> AsyncIterator[str]:
        """Lines from somebody at the keyboard, until they leave; Ctrl-C empties the line."""
        if self._history is not None:
            self._history.parent.mkdir(parents=True, exist_ok=True)
        session: PromptSession[str] = PromptSession(
            history=FileHistory(str(self._history)) if self._history else None,
            completer=_Completer(self._dispatcher),
            complete_while_typing=False,
            placeholder=self._hint,
        )
        while True:
            try:
                with patch_stdout(raw=True):
                    yield await session.prompt_async(PROMPT)
            except KeyboardInterrupt:
                continue
            except EOFError:
                return

    def _hint(self) -> StyleAndTextTuples:
        """What stands in an empty line, in the language that the chat has by then."""
        with self._dispatcher.speaking(CHAT):
            return [("fg:ansibrightblack", _(HINT))]


def _buttons_there(number: int) -> str:
    """Which numbers press something, where so many buttons are in place: one or more."""
    return counted("There is one button here: {number}.", "There are buttons 1 to {number} here.", number)


class _Completer(Completer):
    """Completes commands, after one its argument, and words without one as a race."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002 - the interface's
        typed = document.text_before_cursor
        command, space, argument = typed.removeprefix("/").partition(" ")
        if typed and not typed.startswith("/"):
            command, argument = PLAIN, typed
        elif not space:
            for row in self._dispatcher.commands.values():
                if row.listed and row.name.startswith(command):
                    yield Completion(f"/{row.name}", -len(typed), display_meta=row.summary)
            return
        for suggestion in self._dispatcher.suggest(command, argument):
            yield Completion(suggestion.argument, -len(argument), display=suggestion.label)


async def _piped_lines(stream: TextIO) -> AsyncIterator[str]:
    """Lines of a pipe or a file, read in a thread that does not keep the process alive."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        try:
            for line in stream:
                loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, "")
        except RuntimeError:
            return  # the loop is closed: nobody listens any more

    Thread(target=read, name="console-input", daemon=True).start()
    while line := await lines.get():
        yield line
