"""The terminal as a chat: buttons are pressed by their number; whoever types has completion and a history."""

import os
import sys
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import TextIO

from prompt_toolkit.formatted_text import StyleAndTextTuples
from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from bot.adapters.console.abilities import SCRIPT, Abilities, Graphics, abilities
from bot.adapters.console.display import MORE, SOURCES, Display
from bot.adapters.console.drawn_votes import WIDEST
from bot.adapters.console.lines import PROMPT, CommandCompleter, piped_lines, prompted_lines, typed_lines
from bot.adapters.console.promises import Promises
from bot.adapters.console.questions import CHAT, LEAVE, asked
from bot.adapters.console.screen import KnownMarks, Screen
from bot.adapters.console.words import HINT, NO_ANSWER, NO_BUTTONS, buttons_there, fitting, welcome
from bot.chat.buttons import Button
from bot.chat.dispatcher import Dispatcher
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import Chat, Platform, Post, User
from bot.i18n import _

SCRIPT_PATIENCE = 30.0
"""Seconds that a script at a pipe waits at most, after its last line, for an answer that has to be fetched first."""

COLOURS = {"standard": 16, "windows": 16, "256": 256, "truecolor": 256**3}
"""How many colours there are, by what rich calls them."""


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
        files: Path | None = None,
        graphics: str | None = None,
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
        self._console = Screen(file=stdout, highlight=False, emoji=False)
        if not self._console.encoding.startswith("utf"):
            self._console.push_render_hook(KnownMarks(self._console.encoding))
        self._typed_in = self._stdin.isatty() and self._console.is_terminal
        can = self._abilities(graphics) if self._typed_in else SCRIPT
        speaking = partial(dispatcher.speaking, CHAT)
        self._display = Display(self._console, can, speaking, files=files, read_by_somebody=self._typed_in)
        self._sent: set[Post] = set()
        self._promises = Promises()
        self.anybody_there = False
        """Whether somebody sits at a keyboard, or a script had a line."""

        self.kept_promises = True
        """Whether a script got all that was to come in a moment; whoever sits at a keyboard sees it."""

    @property
    def buttons(self) -> list[Button]:
        """What can be pressed by now, in the order of the numbers from 1 on."""
        return [*self._display.keypad.buttons]

    def _abilities(self, graphics: str | None) -> Abilities:
        colours = 2 if self._console.no_color else COLOURS.get(self._console.color_system or "", 0)
        return abilities(os.environ, colours=colours, graphics=Graphics(graphics) if graphics else None)

    async def run(self) -> None:
        """Answer line after line until there are no more; a script is told what it was promised and did not get."""
        self.anybody_there = self._typed_in
        if self._typed_in:
            with self._dispatcher.speaking(CHAT):
                self._display.show(Text(welcome([row.name for row in self._dispatcher.listed(CHAT)]), "dim"))
        async for line in self._lines():
            said, self.anybody_there = line.strip(), True
            if said.casefold().removeprefix("/") in LEAVE:
                break
            if said:
                await self.answer(said)
        if not self._typed_in:
            await self._out_of_patience()
            self.kept_promises = self._promises.kept

    def _lines(self) -> AsyncIterator[str]:
        """What is typed, or comes from a pipe."""
        if not self._typed_in:
            return piped_lines(self._stdin)
        if self._console.is_dumb_terminal:
            return prompted_lines(self._stdin, lambda: self._console.print(PROMPT, end=""))
        return typed_lines(CommandCompleter(self._dispatcher, CHAT), self._hint, self._history)

    async def _out_of_patience(self) -> None:
        """Wait for what a script was promised, and say so where it does not come in time."""
        if not await self._promises.wait(self._patience):
            with self._dispatcher.speaking(CHAT):
                self._display.show(Text(_(NO_ANSWER)))

    async def answer(self, line: str) -> None:
        """Answer one line: a command, a button's number, or words to find a crash by."""
        request = asked(line, self._display.keypad)
        if request is None:
            with self._dispatcher.speaking(CHAT):
                self._display.show(Text(buttons_there(self._display.in_sight) if self.buttons else _(NO_BUTTONS)))
            return
        if self._told_by_itself(request):
            return
        reply = await self._dispatcher.dispatch(request)
        if reply is None:
            return
        # One question is one message: a promise stands while other lines are answered, and is kept once.
        question = Post(CHAT, f"{request.command} {request.argument}".strip())
        post = request.pressed if request.pressed in self._sent else question
        self._answered(post, reply, await self._display.drawn(reply))
        self._posted(post, reply)

    def _told_by_itself(self, request: Request) -> bool:
        """Whether the terminal has the answer itself: the addresses of what was last read, or the rest of a card."""
        if request.command == SOURCES:
            return self._display.show_sources()
        return request.command == MORE and self._display.show_more(request.argument)

    def _answered(self, post: Post, reply: Reply, picture: RenderableType | None) -> None:
        """Show a reply, and note what it promises, or that it keeps a promise."""
        self._display.answer(reply, picture)
        if reply.awaits:
            self._promises.make(post)
        else:
            self._promises.settle(post)

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:  # noqa: ARG002 - there is one screen, and nobody to ping
        """Show what is told of our own accord below all that came before."""
        post = Post(CHAT, f"sent-{len(self._sent) + 1}")
        self._sent.add(post)
        self._display.push(post, reply, await self._display.drawn(reply))
        return post

    async def edit(self, post: Post, reply: Reply) -> None:
        """Show a changed message below all that came since; one that still waits for its data is not shown again."""
        picture = await self._display.drawn(reply)
        if post in self._sent:
            self._display.push(post, reply, picture)
        elif not reply.awaits:
            if post in self._promises and reply.private:  # that it could not be fetched is no answer
                self._promises.broken()
            self._answered(post, reply, picture)

    async def tell_admin(self, chat: Chat, reply: Reply, first: User | None = None) -> bool:  # noqa: ARG002 - the protocol's
        """Nobody looks after a terminal but whoever sits there."""
        return False

    def say(self, line: str) -> None:
        """Print a line that is no message: what is heard meanwhile."""
        self._console.print(Text(line, "dim"), width=min(self._console.width, WIDEST))

    def _hint(self) -> StyleAndTextTuples:
        """What stands in an empty line, in the language that the chat has by then, as much as the line has room for."""
        with self._dispatcher.speaking(CHAT):
            return [("fg:ansibrightblack", fitting(_(HINT), self._console.width - cell_len(PROMPT) - 1))]
