"""The terminal as a chat: cards in panels, buttons by number, completion and history where somebody types."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout
from rich.columns import Columns
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.chat.dispatcher import PLAIN, Dispatcher
from bot.chat.messages import (
    Attachment,
    Bar,
    Button,
    Card,
    Field,
    Quotation,
    Reply,
    Request,
    Tone,
    in_words,
    parse_data,
)
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.i18n import _, marked

WIDEST = 100
"""Columns beyond which a line is hard to read."""

COLOURS = {Tone.NEUTRAL: "bright_black", Tone.PENALTY: "yellow", Tone.OPEN: "blue"}
FRAME = 6
"""Columns of a title's line that the frame takes up."""

BUTTON_DIGITS = 2
"""A longer number is a season."""

PATIENCE = 30.0
"""Seconds that a script at a pipe is kept waiting, after its last line, for what has to be fetched first."""

PROMPT = "› "
NO_BUTTONS = marked("There are no buttons to press yet. Type /crash imola to begin.")
CHAT = Chat(Platform.CONSOLE, "terminal", ChatKind.PRIVATE)
USER = User(Platform.CONSOLE, "local", admin=True)
PRESSED = Post(CHAT, "screen")

WELCOME = (
    marked("Racing Incident: every Formula 1 crash, both sides of it, and the fans' verdict."),
    marked("Type /crash imola to begin, a number to press a button, /help for the rest."),
    marked("For Telegram or Discord, set TELEGRAM_BOT_TOKEN or DISCORD_TOKEN (see README)."),
)
HINT = marked("a race, a /command or a button's number · Tab completes · Ctrl-D leaves")


def render(reply: Reply, in_place: Sequence[Button] | None = None) -> RenderableType:
    """A reply as it stands in the terminal: the card in a frame, addresses and buttons below.

    The buttons bear their numbers among those that are in place then; by themselves, where none are given.
    """
    below: list[RenderableType] = [*_addresses(reply.card)]
    buttons = [button for row in reply.buttons for button in row]
    if buttons:
        numbers = [button.data for button in in_place or buttons]
        numbered = (_numbered(numbers.index(button.data) + 1, button) for button in buttons)
        below.append(Padding(Columns(numbered, padding=(0, 3)), (0, 0, 0, 2), expand=False))
    return Group(_Framed(reply.card), *below)


class _Framed:
    """A card in a frame of its tone, its title in the frame where it fits; a card of one sentence needs no frame."""

    def __init__(self, card: Card) -> None:
        self._card = card

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        title = Text(self._card.title, "bold")
        parts = list(_parts(self._card))
        if not parts:
            # rich takes what follows a joiner at the beginning, where it joins nothing, for nothing as well
            yield Padding(Text(self._card.title.lstrip("\u200d")), (0, 0, 0, 2), expand=False)
            return
        fits = "\n" not in title and title.cell_len <= options.max_width - FRAME
        yield Panel(
            Group(*parts) if fits else Group(title, *parts),
            title=title if fits else None,
            title_align="left",
            border_style=COLOURS[self._card.tone],
        )


def _parts(card: Card) -> Iterator[RenderableType]:
    """The card's parts below its title, top to bottom, with blank lines between them."""
    if card.subtitle:
        yield Text(card.subtitle, "italic")
    parts: list[RenderableType] = [*map(Text, card.paragraphs), *map(_quotation, card.quotations)]
    if card.bars:
        parts.append(_bars(card.bars))
    parts += map(_field, card.fields)
    if card.footer:
        parts.append(Text(card.footer, "dim"))
    for number, part in enumerate(parts):
        if number or card.subtitle:
            yield Text()
        yield part


def _quotation(quotation: Quotation) -> RenderableType:
    by = Text(f"— {quotation.by}", "dim")
    if quotation.source:
        by.append(" · ").append(quotation.source.label, f"link {quotation.source.url}")
    return Padding(Group(Text(f"❝ {quotation.words} ❞", "italic"), by), (0, 0, 0, 2))


def _bars(bars: Iterable[Bar]) -> RenderableType:
    """Bars as wide as the window allows, their labels and numbers aligned."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(max_width=WIDEST // 3)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for bar in bars:
        table.add_row(Text(bar.label), _Blocks(bar.share), Text(bar.written))
    return table


class _Blocks:
    """A bar of blocks, its filled part `share` of the width it is given."""

    def __init__(self, share: float) -> None:
        self._share = share

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        filled = round(options.max_width * self._share)
        yield Text("█" * filled + "░" * (options.max_width - filled), no_wrap=True)


def _field(fact: Field) -> RenderableType:
    return Text.assemble((f"{fact.name}: ", "bold"), fact.value)


def _addresses(card: Card) -> Iterator[RenderableType]:
    """Each address once, in full and in one piece, to be clicked or copied; some terminals know no links."""
    quoted = [quotation.source for quotation in card.quotations if quotation.source]
    labels = {link.url: link.label for link in (*quoted, *card.links)}
    for url in dict.fromkeys(link.url for link in (*card.links, *quoted)):
        yield Text.assemble((f"  {labels[url]}: ", "dim"), (url, f"dim link {url}"), no_wrap=True, overflow="ignore")


def _numbered(number: int, button: Button) -> Text:
    return Text.assemble((str(number), "bold cyan"), f" {button.label}")


class ConsoleAdapter:
    """One person at a terminal, or a script at a pipe."""

    platform = Platform.CONSOLE

    def __init__(
        self,
        dispatcher: Dispatcher,
        posted: Callable[[Post, Reply], None],
        *,
        history: Path | None = None,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
    ) -> None:
        self._dispatcher = dispatcher
        self._posted = posted
        self._history = history
        self._stdin = stdin or sys.stdin
        # without a file it writes to what is the standard output by then, which a prompt replaces with its own
        self._console = Console(file=stdout, highlight=False, emoji=False)
        self._buttons: list[Button] = []
        self._arrived = asyncio.Event()
        self._arrived.set()

    async def run(self) -> None:
        """Answer line after line until there are no more."""
        typed_in = self._stdin.isatty() and self._console.is_terminal
        if typed_in:
            with self._dispatcher.speaking(CHAT):
                self._show(Text("\n".join(map(_, WELCOME)), "dim"))
        async for line in self._typed_lines() if typed_in else _piped_lines(self._stdin):
            if line.strip():
                await self.answer(line.strip())
        if not typed_in:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._arrived.wait()

    async def answer(self, line: str) -> None:
        """Answer one line: a command, a button's number, or words to find a crash by."""
        request = self._request(line)
        if request is None:
            with self._dispatcher.speaking(CHAT):
                last = _("There are buttons 1 to {last} here.").format(last=len(self._buttons))
                self._show(Text(last if self._buttons else _(NO_BUTTONS)))
            return
        reply = await self._dispatcher.dispatch(request)
        if reply is None:
            return
        self._answered(reply)
        self._posted(PRESSED, reply)

    async def edit(self, post: Post, reply: Reply) -> None:  # noqa: ARG002 - there is one screen
        """Show what takes the place of an earlier answer below all that came since; a promise once more is not news."""
        if not reply.awaits:
            self._answered(reply)

    def _answered(self, reply: Reply) -> None:
        """Show a reply; its buttons are those that can be pressed from now on."""
        buttons = [button for row in reply.buttons for button in row]
        if reply.optional_buttons:
            # Added at the end, so that a number that is pressed twice does the same twice.
            there = {button.data for button in self._buttons}
            self._buttons += [button for button in buttons if button.data not in there]
        elif buttons or not reply.private:
            self._buttons = buttons
        worded = in_words(reply)
        with self._dispatcher.speaking(CHAT):
            saved = list(_saved(worded.attachment))
        self._show(Group(render(worded, self._buttons), *saved))
        if reply.awaits:
            self._arrived.clear()
        else:
            self._arrived.set()

    def _show(self, shown: RenderableType) -> None:
        """Print something no wider than the window or the eye; addresses may run over."""
        self._console.print(Group(shown, ""), width=min(self._console.width, WIDEST), crop=False)

    def _request(self, line: str) -> Request | None:
        """What a line asks for; None for the number of a button that is not there."""
        if line.isdecimal() and len(line) <= BUTTON_DIGITS:
            if not 1 <= int(line) <= len(self._buttons):
                return None
            command, argument = parse_data(self._buttons[int(line) - 1].data)
            return Request(command, argument, USER, CHAT, pressed=PRESSED)
        command, argument = parse_data(line[1:]) if line.startswith("/") else ("", line)
        return Request(command.casefold(), argument.strip(), USER, CHAT)

    async def _typed_lines(self) -> AsyncIterator[str]:
        """Lines from somebody at the keyboard, until they leave; Ctrl-C empties the line."""
        if self._history is not None:
            self._history.parent.mkdir(parents=True, exist_ok=True)
        with self._dispatcher.speaking(CHAT):
            hint = _(HINT)
        session: PromptSession[str] = PromptSession(
            history=FileHistory(str(self._history)) if self._history else None,
            completer=_Completer(self._dispatcher),
            complete_while_typing=False,
            placeholder=[("fg:ansibrightblack", hint)],
        )
        while True:
            try:
                with patch_stdout(raw=True):
                    yield await session.prompt_async(PROMPT)
            except KeyboardInterrupt:
                continue
            except EOFError:
                return


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


def _saved(attachment: Attachment | None) -> Iterator[Text]:
    """Where a file was saved, if there is one."""
    if attachment is not None:
        said = _("Saved as {path}").format(path=_save(attachment))
        yield Text(f"  {said}")


def _save(attachment: Attachment) -> Path:
    """Write a file into the working folder, never over another."""
    wanted = Path(attachment.name)
    for number in range(1, 1000):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            with path.open("xb") as file:
                file.write(attachment.content)
        except FileExistsError:
            continue
        return path.absolute()
    raise FileExistsError(wanted)
