"""What a line in the terminal asks for: a command, a button by its number, or words to find a crash by."""

from bot.adapters.console.keypad import DIGITS, Keypad
from bot.chat.buttons import parse_data
from bot.chat.requests import Request, as_seen
from bot.domain.places import Chat, ChatKind, Platform, Post, User

CHAT = Chat(Platform.CONSOLE, "terminal", ChatKind.PRIVATE)
USER = User(Platform.CONSOLE, "local")
PRESSED = Post(CHAT, "screen")
"""The message that a button is below where it is below the latest answer."""

LEAVE = {"exit", "quit"}
"""What people type at a terminal to leave it, with a stroke before it or without; no crash goes by these words."""

HELP = "?"
"""What asks for help without a word."""


def asked(line: str, keypad: Keypad) -> Request | None:
    """What a line asks for; None for the number of a button that is not there."""
    line = as_seen(line)
    if line.isdecimal() and len(line) <= DIGITS:
        pressed = keypad.press(int(line))
        if pressed is None:
            return None
        data, post = pressed
        command, argument = parse_data(data)
        return Request(command, argument, USER, CHAT, pressed=post)
    if line == HELP:
        return Request("help", "", USER, CHAT)
    command, argument = parse_data(line[1:]) if line.startswith("/") else ("", line)
    return Request(command.casefold(), argument, USER, CHAT)
