"""The lines that somebody types, with completion and a history, or that a pipe brings."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from threading import Thread
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from bot.chat.dispatcher import PLAIN, Dispatcher
from bot.domain.places import Chat
from bot.i18n import _
from storage.private_files import make_file, make_folder

PROMPT = "› "


async def typed_lines(
    completer: Completer, hint: Callable[[], StyleAndTextTuples], history: Path | None
) -> AsyncIterator[str]:
    """Lines from somebody at the keyboard, until they leave; Ctrl-C empties the line. `hint` stands in an empty one."""
    session: PromptSession[str] = PromptSession(
        history=_history(history), completer=completer, complete_while_typing=False, placeholder=hint
    )
    while True:
        try:
            with patch_stdout(raw=True):
                yield await session.prompt_async(PROMPT)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _history(file: Path | None) -> History:
    """What was typed before, kept in a file; for as long as this lasts where there is none, or it cannot be written."""
    if file is None:
        return InMemoryHistory()
    try:
        make_folder(file.parent)
        make_file(file)
        with file.open("ab"):
            return FileHistory(str(file))
    except OSError:
        return InMemoryHistory()


class CommandCompleter(Completer):
    """Completes commands, after one its argument, and words without one as a race; what works in the chat alone."""

    def __init__(self, dispatcher: Dispatcher, chat: Chat) -> None:
        self._dispatcher = dispatcher
        self._chat = chat

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002 - the interface's
        """What a line may become, in the chat's language."""
        with self._dispatcher.speaking(self._chat):
            yield from list(self._completions(document.text_before_cursor))

    def _completions(self, typed: str) -> Iterable[Completion]:
        command, space, argument = typed.removeprefix("/").partition(" ")
        if typed and not typed.startswith("/"):
            command, argument = PLAIN, typed
        elif not space:
            for row in self._dispatcher.listed(self._chat):
                if row.name.startswith(command):
                    yield Completion(f"/{row.name}", -len(typed), display_meta=_(row.summary_on(self._chat.platform)))
            return
        for suggestion in self._dispatcher.suggest(command, argument, self._chat):
            yield Completion(suggestion.argument, -len(argument), display=suggestion.label)


async def prompted_lines(stream: TextIO, prompt: Callable[[], None]) -> AsyncIterator[str]:
    """Lines from somebody at a terminal that knows no control sequences, which edits them by itself."""
    prompt()
    async for line in piped_lines(stream):
        yield line
        prompt()


async def piped_lines(stream: TextIO) -> AsyncIterator[str]:
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
