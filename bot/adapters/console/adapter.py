"""The terminal as a chat: buttons are pressed by their number; whoever types has completion and a history."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import NamedTuple, TextIO

from prompt_toolkit.formatted_text import StyleAndTextTuples
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bot.adapters.console.abilities import SCRIPT, Abilities, Addresses, Graphics, abilities
from bot.adapters.console.card_parts import cited, written_addresses
from bot.adapters.console.drawn_votes import WIDEST
from bot.adapters.console.files import longest, saved
from bot.adapters.console.keypad import Keypad
from bot.adapters.console.lines import PROMPT, CommandCompleter, piped_lines, typed_lines
from bot.adapters.console.numbered_buttons import numbered, rows
from bot.adapters.console.pictures import drawn
from bot.adapters.console.promises import Promises
from bot.adapters.console.questions import CHAT, LEAVE, PRESSED, asked
from bot.adapters.console.render import BELOW, render
from bot.adapters.console.screen import KnownMarks, Screen
from bot.adapters.console.words import HINT, NO_ANSWER, NO_BUTTONS, buttons_there, fitting, welcome
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.dispatcher import Dispatcher
from bot.chat.replies import Attachment, Reply, in_words
from bot.chat.requests import Request
from bot.domain.places import Chat, Platform, Post, User
from bot.i18n import _
from bot.pacing.remembered import Remembered

SCRIPT_PATIENCE = 30.0
"""Seconds that a script at a pipe waits at most, after its last line, for an answer that has to be fetched first."""

SOURCES = "sources"
"""The terminal's own command: the addresses of what the last card was read in."""

TYPED, NOTICE = 1, 4
"""Rows of a line that is typed; and of one that is typed with a notice and a blank one below it, and the next line."""

WIDE = 10
"""The first of the widest numbers that a button may get beside others, for how many rows these take."""

MORE = "more"
"""The terminal's own command: what a card folds as the window is too low for it."""

FOLDED = 100
"""Cards of which the rest is kept; that of the oldest is forgotten first."""

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
        self._files = files
        self._patience = patience
        self._stdin = stdin or sys.stdin
        # without a file it writes to what is the standard output by then, which a prompt replaces with its own
        self._console = Screen(file=stdout, highlight=False, emoji=False)
        if not self._console.encoding.startswith("utf"):
            self._console.push_render_hook(KnownMarks(self._console.encoding))
        self._typed_in = self._stdin.isatty() and self._console.is_terminal
        self._can = self._abilities(graphics) if self._typed_in else SCRIPT
        self._keypad = Keypad(PRESSED)
        self._cited = Card("Nothing yet")
        self._sent: set[Post] = set()
        self._promises = Promises()
        self._printed = 0
        self._counted = count(1)
        self._folded: Remembered[str, list[RenderableType]] = Remembered(FOLDED)
        self.anybody_there = False
        """Whether somebody sits at a keyboard, or a script had a line."""

        self.kept_promises = True
        """Whether a script got all that was to come in a moment; whoever sits at a keyboard sees it."""

    @property
    def buttons(self) -> list[Button]:
        """What can be pressed by now, in the order of the numbers from 1 on."""
        return [*self._keypad.buttons]

    def _abilities(self, graphics: str | None) -> Abilities:
        colours = 2 if self._console.no_color else COLOURS.get(self._console.color_system or "", 0)
        return abilities(os.environ, colours=colours, graphics=Graphics(graphics) if graphics else None)

    async def run(self) -> None:
        """Answer line after line until there are no more; a script is told what it was promised and did not get."""
        self.anybody_there = self._typed_in
        if self._typed_in:
            with self._dispatcher.speaking(CHAT):
                self._show(Text(welcome([row.name for row in self._dispatcher.listed(CHAT)]), "dim"))
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
                there = buttons_there(self._in_sight) if self._keypad.buttons else _(NO_BUTTONS)
                self._show(Text(there))
            return
        if self._told_by_itself(request):
            return
        reply = await self._dispatcher.dispatch(request)
        if reply is None:
            return
        # One question is one message: a promise stands while other lines are answered, and is kept once.
        question = Post(CHAT, f"{request.command} {request.argument}".strip())
        post = request.pressed if request.pressed in self._sent else question
        self._answered(post, reply, await self._drawn(reply))
        self._posted(post, reply)

    def _told_by_itself(self, request: Request) -> bool:
        """Whether the terminal has the answer itself: the addresses of what was last read, or the rest of a card."""
        addresses = [*written_addresses(self._cited)] if request.command == SOURCES else []
        if addresses:
            self._show(Group(*addresses))
        elif request.command == MORE and request.argument in self._folded:
            self._show_page(request.argument)
        else:
            return False
        return True

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
        shown = self._shown(reply, picture, first=WIDE)
        self._print(shown, self._keypad.add(shown.buttons, post))

    def _answered(self, post: Post, reply: Reply, picture: RenderableType | None) -> None:
        """Show a reply; its buttons are those that can be pressed from now on.

        A private notice without any leaves those in place that are there, and says which these are.
        """
        shown = self._shown(reply, picture, first=WIDE if reply.optional_buttons else 1)
        numbers = list[int]()
        if reply.optional_buttons:
            numbers = self._keypad.add(shown.buttons)
        elif shown.buttons or not reply.private:
            numbers = self._keypad.replace(shown.buttons)
        self._print(shown, numbers)
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

    def _shown(self, reply: Reply, picture: RenderableType | None, first: int) -> "_Shown":
        """A reply with its buttons, of numbers from `first` on; where somebody's window is too low for it, folded."""
        readable = picture is not None and self._can.graphics.sharp
        words = reply if readable else in_words(reply)
        shown = _Shown(words, picture, self._buttons(reply), reply.attachment)
        if not self._typed_in or not self._pages(shown, range(first, first + len(shown.buttons))):
            return shown
        with self._dispatcher.speaking(CHAT):
            more = Button(_("More"), MORE, str(next(self._counted)))
        return shown._replace(buttons=[*shown.buttons, more], more=more.argument)

    def _pages(self, shown: "_Shown", numbers: Sequence[int]) -> list[RenderableType]:
        """The card in frames that fit the window, with what is saved and the buttons below the first."""
        options = self._console.options.update(width=min(self._console.width, WIDEST))
        with self._dispatcher.speaking(CHAT):
            saying = longest(shown.attachment, self._files)
        room = self._console.height - BELOW - (rows(saying, self._console, options) if saying else 0)
        rendered = render(shown.reply, shown.buttons, numbers, self._can.addresses)
        return rendered.pages(self._console, options, room)

    def _print(self, shown: "_Shown", numbers: Sequence[int]) -> None:
        reply, buttons = shown.reply, shown.buttons
        card: RenderableType = render(reply, buttons, numbers, self._can.addresses)
        if shown.more:
            card, *rest = self._pages(shown, numbers)
            self._folded[shown.more] = rest
        with self._dispatcher.speaking(CHAT):
            below = [*saved(shown.attachment, self._files), *(() if buttons else self._still_standing(reply))]
        self._show(Group(*([shown.picture] if shown.picture else []), card, *below), numbers)

    def _show_page(self, which: str) -> None:
        """Show more of a folded card, with the button for what is left then."""
        page, *rest = self._folded[which]
        below, numbers = list[RenderableType](), list[int]()
        if rest:
            following = f"{which}+"
            self._folded[following] = rest
            with self._dispatcher.speaking(CHAT):
                more = [Button(_("More"), MORE, following)]
            numbers = self._keypad.add(more)
            below.append(numbered(more, numbers))
        self._show(Group(page, *below), numbers)

    def _still_standing(self, reply: Reply) -> Iterator[RenderableType]:
        """Which numbers still press something, below a notice that has no buttons itself."""
        if reply.private and (there := self._in_sight):
            yield Padding(Text(buttons_there(there), "dim"), (0, 0, 0, 2), expand=False)

    @property
    def _in_sight(self) -> range:
        """The numbers of the buttons that have not scrolled away; a script has all that it was given before it."""
        return self._keypad.in_sight(self._printed - self._console.height + NOTICE if self._typed_in else 0)

    def _show(self, shown: RenderableType, numbers: Iterable[int] = ()) -> None:
        """Print something no wider than the window or the eye, with the buttons of these numbers.

        Addresses may run over.
        """
        answer, width = Group(shown, ""), min(self._console.width, WIDEST)
        self._console.print(answer, width=width, crop=False)
        if self._typed_in:
            self._printed += rows(answer, self._console, self._console.options.update(width=width)) + TYPED
        self._keypad.seen(numbers, self._printed)

    def _hint(self) -> StyleAndTextTuples:
        """What stands in an empty line, in the language that the chat has by then, as much as the line has room for."""
        with self._dispatcher.speaking(CHAT):
            return [("fg:ansibrightblack", fitting(_(HINT), self._console.width - cell_len(PROMPT) - 1))]


class _Shown(NamedTuple):
    """A reply as it is shown: its words, its picture, its buttons, and by what name `more` of its card is asked for."""

    reply: Reply
    picture: RenderableType | None
    buttons: list[Button]
    attachment: Attachment | None
    more: str = ""
