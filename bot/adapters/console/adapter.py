"""The terminal as a chat: buttons are pressed by their number; whoever types has completion and a history."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from prompt_toolkit.formatted_text import StyleAndTextTuples
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bot.adapters.console.abilities import SCRIPT, Abilities, Addresses, Graphics, abilities
from bot.adapters.console.files import saved
from bot.adapters.console.keypad import Keypad
from bot.adapters.console.lines import PROMPT, CommandCompleter, piped_lines, typed_lines
from bot.adapters.console.pictures import drawn
from bot.adapters.console.promises import Promises
from bot.adapters.console.questions import CHAT, LEAVE, PRESSED, asked
from bot.adapters.console.render import WIDEST, cited, render, written_addresses
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.dispatcher import Dispatcher
from bot.chat.replies import Reply, in_words
from bot.domain.places import Chat, Platform, Post, User
from bot.i18n import _, counted, marked

SCRIPT_PATIENCE = 30.0
"""Seconds that a script at a pipe waits at most, after its last line, for an answer that has to be fetched first."""

SOURCES = "sources"
"""The terminal's own command: the addresses of what the last card was read in."""

COLOURS = {"standard": 16, "windows": 16, "256": 256, "truecolor": 256**3}
"""How many colours there are, by what rich calls them."""

NO_BUTTONS = marked("There are no buttons to press yet. Type /crash imola to begin.")
NO_ANSWER = marked("What was to come in a moment has not come yet.")

WELCOME = (
    marked("Racing Incident: every Formula 1 crash, both sides of it, and the fans' verdict."),
    marked("Type /crash imola to begin, /recap imola 2021 for its race, /help for the rest."),
    marked("racing-incident replay shows an invented race as if it were live."),
    marked("For Telegram or Discord, set TELEGRAM_BOT_TOKEN or DISCORD_TOKEN (see README)."),
)
BETWEEN = " · "
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
        files: Path | None = None,
        graphics: str | None = None,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        patience: float = SCRIPT_PATIENCE,
    ) -> None:
        self._dispatcher = dispatcher
        self._posted = posted
        self._history = history
        self._files = files
        self._patience = patience
        self._stdin = stdin or sys.stdin
        # without a file it writes to what is the standard output by then, which a prompt replaces with its own
        self._console = _Screen(file=stdout, highlight=False, emoji=False)
        self._typed_in = self._stdin.isatty() and self._console.is_terminal
        self._can = self._abilities(graphics) if self._typed_in else SCRIPT
        self._keypad = Keypad(PRESSED)
        self._cited = Card("Nothing yet")
        self._sent: set[Post] = set()
        self._promises = Promises()
        self.anybody_there = False
        """Whether somebody sits at a keyboard, or a script had a line."""

        self.kept_promises = True
        """Whether a script got all that was to come in a moment; whoever sits at a keyboard sees it."""

    def _abilities(self, graphics: str | None) -> Abilities:
        colours = 2 if self._console.no_color else COLOURS.get(self._console.color_system or "", 0)
        return abilities(os.environ, colours=colours, graphics=Graphics(graphics) if graphics else None)

    async def run(self) -> None:
        """Answer line after line until there are no more; a script is told what it was promised and did not get."""
        self.anybody_there = self._typed_in
        if self._typed_in:
            with self._dispatcher.speaking(CHAT):
                self._show(Text("\n".join(map(_, WELCOME)), "dim"))
        completer = CommandCompleter(self._dispatcher, CHAT)
        typed = typed_lines(completer, self._hint, self._history) if self._typed_in else piped_lines(self._stdin)
        async for line in typed:
            said, self.anybody_there = line.strip(), True
            if said.casefold() in LEAVE:
                break
            if said:
                await self.answer(said)
        if not self._typed_in:
            await self._out_of_patience()
            self.kept_promises = self._promises.kept

    async def _out_of_patience(self) -> None:
        """Wait for what a script was promised, and say so where it does not come in time."""
        if not await self._promises.wait(self._patience):
            with self._dispatcher.speaking(CHAT):
                self._show(Text(_(NO_ANSWER)))

    async def answer(self, line: str) -> None:
        """Answer one line: a command, a button's number, or words to find a crash by."""
        request = asked(line, self._keypad)
        if request is None:
            with self._dispatcher.speaking(CHAT):
                there = len(self._keypad.buttons)
                self._show(Text(_buttons_there(there) if there else _(NO_BUTTONS)))
            return
        if request.command == SOURCES and (addresses := [*written_addresses(self._cited)]):
            self._show(Group(*addresses))
            return
        reply = await self._dispatcher.dispatch(request)
        if reply is None:
            return
        # One question is one message: a promise stands while other lines are answered, and is kept once.
        question = Post(CHAT, f"{request.command} {request.argument}".strip())
        post = request.pressed if request.pressed in self._sent else question
        self._answered(post, reply, await self._drawn(reply))
        self._posted(post, reply)

    async def send(self, chat: Chat, reply: Reply, *, once: str = "", ping: str = "") -> Post:  # noqa: ARG002 - there is one screen, and nobody to ping
        """Show what is told of our own accord below all that came before."""
        post = Post(CHAT, f"sent-{len(self._sent) + 1}")
        self._sent.add(post)
        self._pushed(post, reply, await self._drawn(reply))
        return post

    async def edit(self, post: Post, reply: Reply) -> None:
        """Show a changed message below all that came since; one that still waits for its data is not shown again."""
        picture = await self._drawn(reply)
        if post in self._sent:
            self._pushed(post, reply, picture)
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

    async def _drawn(self, reply: Reply) -> RenderableType | None:
        """A reply's picture as this terminal can show it, unless it is hidden until somebody asks for it."""
        picture = reply.attachment
        if picture is None or not picture.is_picture or reply.veiled:
            return None
        return await drawn(picture.content, self._can.graphics, self._console, WIDEST)

    def _pushed(self, post: Post, reply: Reply, picture: RenderableType | None) -> None:
        """Show a message that nobody asked for; its buttons come after those that are in place."""
        buttons = self._buttons(reply)
        self._keypad.add(buttons, post)
        self._print(reply, buttons, picture)

    def _answered(self, post: Post, reply: Reply, picture: RenderableType | None) -> None:
        """Show a reply; its buttons are those that can be pressed from now on.

        A private notice without any leaves those in place that are there, and says which these are.
        """
        buttons = self._buttons(reply)
        if reply.optional_buttons:
            self._keypad.add(buttons)
        elif buttons or not reply.private:
            self._keypad.replace(buttons)
        self._print(reply, buttons, picture)
        if reply.awaits:
            self._promises.make(post)
        else:
            self._promises.settle(post)

    def _buttons(self, reply: Reply) -> list[Button]:
        """A reply's buttons, and one for the addresses of its sources where they cannot be clicked."""
        # Whoever is alone with the bot sees every answer in its turn: a button that turns its message is no other one.
        buttons = [replace(button, turns=False) for row in reply.unfolding_buttons for button in row]
        if cited(reply.card):
            self._cited = reply.card
            if self._can.addresses is Addresses.ASKED:
                with self._dispatcher.speaking(CHAT):
                    buttons.append(Button(_("Sources"), SOURCES))
        return buttons

    def _print(self, reply: Reply, buttons: list[Button], picture: RenderableType | None) -> None:
        readable = picture is not None and self._can.graphics.sharp
        shown = render(reply if readable else in_words(reply), buttons, self._keypad.buttons, self._can.addresses)
        with self._dispatcher.speaking(CHAT):
            below = [*saved(reply.attachment, self._files), *(() if buttons else self._still_standing(reply))]
        self._show(Group(*([picture] if picture else []), shown, *below))

    def _still_standing(self, reply: Reply) -> Iterator[RenderableType]:
        """Which numbers still press something, below a notice that has no buttons itself."""
        if reply.private and self._keypad.buttons:
            yield Padding(Text(_buttons_there(len(self._keypad.buttons)), "dim"), (0, 0, 0, 2), expand=False)

    def _show(self, shown: RenderableType) -> None:
        """Print something no wider than the window or the eye; addresses may run over."""
        self._console.print(Group(shown, ""), width=min(self._console.width, WIDEST), crop=False)

    def _hint(self) -> StyleAndTextTuples:
        """What stands in an empty line, in the language that the chat has by then, as much as the line has room for."""
        with self._dispatcher.speaking(CHAT):
            return [("fg:ansibrightblack", _fitting(_(HINT), self._console.width - cell_len(PROMPT) - 1))]


class _Screen(Console):
    """Where it is written to; that nobody reads any further is for the command line to say."""

    def on_broken_pipe(self) -> None:
        """Say so as any other write does; rich would end the process itself, from within a task."""
        raise BrokenPipeError


def _fitting(hint: str, room: int) -> str:
    """The parts of a hint that a line of so many columns holds, in their order; none is cut."""
    kept = ""
    for part in hint.split(BETWEEN):
        longer = f"{kept}{BETWEEN}{part}" if kept else part
        kept = longer if cell_len(longer) <= room else kept
    return kept


def _buttons_there(number: int) -> str:
    """Which numbers press something, where so many buttons are in place: one or more."""
    return counted("The button above is still {number}.", "The buttons above are still 1 to {number}.", number)
