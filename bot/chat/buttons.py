"""A button, which is a command, and the data that travels with it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from bot.chat.text_limits import UnsendableError, check

BUTTON_DATA_BYTES = 64
"""Telegram's `callback_data`; Discord's `custom_id` would allow 100 characters."""

BUTTON_LABEL = 40
"""Longer ones are cut by phones; Discord allows 80 characters."""

CHOSEN = "✓ "
"""Stands before the label of what somebody has chosen: seen without colours, and read out."""

TURNING = "~"
"""Stands before the data of a button that turns its message; no command's name begins so."""


BUTTON_ROWS, BUTTONS_A_ROW = 5, 5
"""Rows below a message, and buttons in one of them; Discord allows no more."""

REMEMBERED = 1_024
"""Upper bound of rows that are known to be sendable: a storm's receipts come with the same ones again and again."""

BESIDE = {1: BUTTON_LABEL, 2: 24, 3: 12}
"""Characters of the longest label in a row of so many buttons: what a phone shows of it."""


@dataclass(frozen=True, slots=True)
class Button:
    """A command that somebody presses: the same request as typing `/command argument`."""

    label: str
    command: str
    argument: str = ""
    turns: bool = False
    """Whether its message is to show this in place: another page of its list, or the same thing in another state."""

    chosen: bool = False
    """Whether this is what the one who sees the button has chosen; never below a message that several people read."""

    def __post_init__(self) -> None:
        check(self.label, 2 * BUTTON_LABEL, "a button's label")
        if len(self.label) > BUTTON_LABEL:
            raise UnsendableError(f"a button's label has {len(self.label)} characters; at most {BUTTON_LABEL} fit")
        if not self.command or not self.data.isprintable() or " " in self.command or self.command[0] == TURNING:
            raise UnsendableError("a button's command or argument cannot be sent as data")
        if len(self.data.encode()) > BUTTON_DATA_BYTES:
            raise UnsendableError(f"{self.data!r} is longer than {BUTTON_DATA_BYTES} bytes")

    @property
    def shown(self) -> str:
        """The label as it is read: with a mark where this was chosen."""
        return f"{CHOSEN}{self.label}" if self.chosen else self.label

    @property
    def data(self) -> str:
        """What travels with the button: `command SP argument`, marked where it turns; at most 64 bytes of UTF-8."""
        said = f"{self.command} {self.argument}" if self.argument else self.command
        return f"{TURNING}{said}" if self.turns else said


Row: TypeAlias = tuple[Button, ...]
Rows: TypeAlias = tuple[Row, ...]


def parse_data(data: str) -> tuple[str, str]:
    """The command and the argument of a button's data; whatever a stranger sends, two strings come back.

    The mark of a button that turns its message is the command's first character still.
    """
    command, _, argument = data.partition(" ")
    return command, argument


@lru_cache(maxsize=REMEMBERED)
def sendable(rows: Rows) -> Rows:
    """Rows of buttons that can be sent anywhere, `fitted`. Raises UnsendableError."""
    rows = fitted(rows)
    if len(rows) > BUTTON_ROWS or any(not 0 < len(row) <= BUTTONS_A_ROW for row in rows):
        raise UnsendableError(f"buttons come in at most {BUTTON_ROWS} rows of 1 to {BUTTONS_A_ROW}")
    data = [button.data for row in rows for button in row]
    if len(set(data)) < len(data):
        raise UnsendableError("two buttons of a reply do the same")
    return rows


def fitted(rows: Rows) -> Rows:
    """Rows of buttons of which a phone shows the labels whole: those that are too wide go on in the next row.

    Where that would take more rows than there may be, they stay as they are.
    """
    if all(_fits(row) for row in rows):
        return rows
    narrow: list[Row] = []
    for row in rows:
        begun: Row = ()
        for button in row:
            if begun and not _fits((*begun, button)):
                narrow.append(begun)
                begun = ()
            begun = (*begun, button)
        narrow.append(begun)
    return tuple(narrow) if len(narrow) <= BUTTON_ROWS else rows


def _fits(row: Row) -> bool:
    """Whether a phone shows the labels of a row whole."""
    return max((len(button.shown) for button in row), default=0) <= BESIDE.get(len(row), 0)
