"""What stands on the terminal: messages one below the other, each with numbered buttons, folded to the window."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import NamedTuple

from rich.console import ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bot.adapters.console.abilities import Abilities, Addresses
from bot.adapters.console.card_parts import cited, written_addresses
from bot.adapters.console.drawn_votes import WIDEST
from bot.adapters.console.files import saved
from bot.adapters.console.folded import Folded
from bot.adapters.console.keypad import Keypad
from bot.adapters.console.numbered_buttons import Closely, rows
from bot.adapters.console.pictures import drawn
from bot.adapters.console.questions import PRESSED
from bot.adapters.console.render import BELOW, Rendered, render
from bot.adapters.console.screen import Screen
from bot.adapters.console.words import buttons_there
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.replies import Reply, in_words
from bot.domain.places import Post
from bot.i18n import _
from bot.pacing.remembered import Remembered

SOURCES = "sources"
"""The terminal's own command: the addresses of what the last card was read in."""

MORE = "more"
"""The terminal's own command: what a card folds as the window is too low for it."""

TYPED, NOTICE = 1, 4
"""Rows of a line that is typed; and of one that is typed with a notice and a blank one below it, and the next line."""

FOLDED = 100
"""Cards of which the rest is kept; that of the oldest is forgotten first."""


class Display:
    """Shows messages below all that came before, and knows which numbers press what."""

    def __init__(
        self,
        console: Screen,
        can: Abilities,
        speaking: Callable[[], AbstractContextManager[None]],
        *,
        files: Path | None,
        read_by_somebody: bool,
    ) -> None:
        """`speaking` is within the chat's language; to a script, which nobody reads, no card is folded."""
        self._console = console
        self._can = can
        self._speaking = speaking
        self._files = files
        self._read_by_somebody = read_by_somebody
        self._cited = Card("Nothing yet")
        self._printed = 0
        self._counted = count(1)
        self._folded: Remembered[str, Folded] = Remembered(FOLDED)
        self.keypad = Keypad(PRESSED)

    def show(self, shown: RenderableType, numbers: Iterable[int] = ()) -> None:
        """Print something no wider than the window or the eye, with the buttons of these numbers.

        Addresses may run over.
        """
        answer, width = Group(shown, ""), min(self._console.width, WIDEST)
        self._console.print(answer, width=width, crop=False)
        if self._read_by_somebody:
            self._printed += rows(answer, self._console, self._console.options.update(width=width)) + TYPED
        self.keypad.seen(numbers, self._printed)

    def push(self, post: Post, reply: Reply, picture: RenderableType | None) -> None:
        """Show a message that nobody asked for; its buttons come after those that are in place."""
        shown = self._shown(reply, picture, self._buttons(reply), self.keypad.numbers)
        self._print(shown, self.keypad.add(shown.buttons, post), post)

    def answer(self, reply: Reply, picture: RenderableType | None) -> None:
        """Show a reply; its buttons are those that can be pressed from now on.

        A private notice without any leaves those in place that are there, and says which these are.
        """
        buttons = self._buttons(reply)
        if reply.optional_buttons or (reply.private and not buttons):
            shown = self._shown(reply, picture, buttons, self.keypad.numbers)
            self._print(shown, self.keypad.add(shown.buttons))
        else:
            shown = self._shown(reply, picture, buttons, _from_one)
            self._print(shown, self.keypad.replace(shown.buttons))

    def show_sources(self) -> bool:
        """Show the addresses of what the last card was read in; False where it was read nowhere."""
        addresses = [*written_addresses(self._cited)]
        if addresses:
            self.show(Group(*addresses))
        return bool(addresses)

    def show_more(self, which: str) -> bool:
        """Show more of a folded card, with the button for what is left then; False where it is not known any more."""
        if which not in self._folded:
            return False
        folded = self._folded[which]
        card, _dot, number = which.partition(".")
        following = f"{card}.{int(number or 1) + 1}"
        with self._speaking():
            more = Button(_("More"), MORE, following)
        room = self._console.height - BELOW

        def laid_out(some: Sequence[Button]) -> RenderableType:
            return Group(*folded.pages[:1], *([Closely(some, self.keypad.numbers(some))] if some else []))

        def fits(some: Sequence[Button]) -> bool:
            return rows(laid_out(some), self._console, self._options) <= room

        buttons = folded.below(more, fits)
        if more in buttons:
            self._folded[following] = folded.after(buttons)
        self.show(laid_out(buttons), self.keypad.add(buttons, folded.post))
        return True

    async def drawn(self, reply: Reply) -> RenderableType | None:
        """A reply's picture as this terminal can show it, unless it is hidden until somebody asks for it."""
        picture = reply.attachment
        if picture is None or not picture.is_picture or reply.veiled:
            return None
        return await drawn(picture.content, self._can.graphics, self._console, WIDEST)

    @property
    def in_sight(self) -> range:
        """The numbers of the buttons that have not scrolled away; a script has all that it was given before it."""
        return self.keypad.in_sight(self._printed - self._console.height + NOTICE if self._read_by_somebody else 0)

    def _buttons(self, reply: Reply) -> list[Button]:
        """A reply's buttons, and one for the addresses of its sources where they cannot be clicked."""
        # Whoever is alone with the bot sees every answer in its turn: a button that turns its message is no other one.
        buttons = [replace(button, turns=False) for row in reply.unfolding_buttons for button in row]
        if cited(reply.card):
            self._cited = reply.card
            if self._can.addresses is Addresses.ASKED:
                with self._speaking():
                    buttons.append(Button(_("Sources"), SOURCES))
        return buttons

    def _shown(
        self,
        reply: Reply,
        picture: RenderableType | None,
        buttons: list[Button],
        numbers: Callable[[Sequence[Button]], Sequence[int]],
    ) -> "_Shown":
        """A reply with its buttons, laid out with the numbers that they get; folded where the window is too low for it.

        What comes with it is saved before, so that room is left for what is said of that.
        """
        readable = picture is not None and self._can.graphics.sharp
        words = reply if readable else in_words(reply)
        with self._speaking():
            below = [*saved(reply.attachment, self._files), *(() if buttons else self._still_standing(reply))]

        def laid_out(some: Sequence[Button]) -> Rendered:
            return render(words, some, numbers(some), self._can.addresses, Group(*below) if below else None)

        card = laid_out(buttons)
        whole = _Shown(picture, card, below, buttons)
        if not self._read_by_somebody or not self._pages(card):
            return whole
        with self._speaking():
            more = Button(_("More"), MORE, str(next(self._counted)))
        # a sentence may have nothing left for a second page, and numbers that begin anew take less room
        if not laid_out([*buttons, more]).leaves_text(self._console, self._options):
            first, *rest = self._pages(laid_out([more])) or [laid_out([more])]
            return _Shown(picture, first, below, [more], more.argument, Folded(rest, buttons))
        first, *rest = self._pages(laid_out([*buttons, more])) or [card]
        return _Shown(picture, first, below, [*buttons, more], more.argument, Folded(rest)) if rest else whole

    def _pages(self, rendered: Rendered) -> list[RenderableType]:
        """The card in frames that fit the window, with the buttons below the first."""
        return rendered.pages(self._console, self._options)

    @property
    def _options(self) -> ConsoleOptions:
        return self._console.options.update(width=min(self._console.width, WIDEST))

    def _print(self, shown: "_Shown", numbers: Sequence[int], post: Post | None = None) -> None:
        if shown.rest:
            self._folded[shown.more] = shown.rest._replace(post=post)
        self.show(Group(*([shown.picture] if shown.picture else []), shown.card, *shown.below), numbers)

    def _still_standing(self, reply: Reply) -> Iterator[RenderableType]:
        """Which numbers still press something, below a notice that has no buttons itself."""
        if reply.private and (there := self.in_sight):
            yield Padding(Text(buttons_there(there), "dim"), (0, 0, 0, 2), expand=False)


def _from_one(buttons: Sequence[Button]) -> Sequence[int]:
    """The numbers of buttons that stand alone."""
    return range(1, len(buttons) + 1)


class _Shown(NamedTuple):
    """A reply as it is shown: its picture, its card or the first page of it, what is said below, and its buttons.

    The `rest` of its pages is asked for as `more`.
    """

    picture: RenderableType | None
    card: RenderableType
    below: Sequence[RenderableType]
    buttons: list[Button]
    more: str = ""
    rest: Folded | None = None
