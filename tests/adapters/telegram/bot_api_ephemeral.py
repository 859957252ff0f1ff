"""Messages that one person in a group sees, as a Bot API server keeps them, knows nothing of them, or forgets to."""

from enum import Enum, auto
from itertools import count
from typing import Any

Json = dict[str, Any]


class Knows(Enum):
    """What a server knows of ephemeral messages."""

    NOTHING = auto()
    """It is older than they are: it takes their parameters without a word, and shows the message to everybody."""

    ALL = auto()
    BUT_FORGETS = auto()
    """It knows their methods, and shows the message to everybody all the same."""


class RefusalError(Exception):
    """A call is refused, in the Bot API's words."""


class EphemeralMessages:
    """What is shown to whom alone; `seen` has each message's HTML by its chat, its reader and its number."""

    def __init__(self) -> None:
        self.knows = Knows.NOTHING
        self.bot_is_admin = False
        self.presses: set[str | None] = set()
        """The presses that may be answered so; a test takes out those that are older than 15 seconds."""

        self.commands: set[int] = set()
        """The commands that their senders alone see."""

        self.seen: dict[tuple[int, int, int], str] = {}
        self.questions = 0
        """How often the server was asked for a method of theirs without its arguments."""

        self._numbers = count(1)
        self._pictures: set[int] = set()

    def takes(self, method: str, data: Json) -> bool:
        """Whether a call is about these messages, to a server that knows them."""
        if method.startswith(("editEphemeral", "deleteEphemeral")):
            return True
        return "receiver_user_id" in data and self.knows is Knows.ALL

    def answer(self, method: str, data: Json) -> object:
        """What a call returns. Raises RefusalError."""
        if method == "deleteEphemeralMessage" and not data:
            self.questions += 1
        if self.knows is Knows.NOTHING:
            raise RefusalError("Not Found")
        if not data:
            raise RefusalError("Bad Request: chat_id is empty")
        where = int(data["chat_id"]), int(data["receiver_user_id"])
        return self._sent(where, data) if method.startswith("send") else self._changed(method, where, data)

    def _sent(self, where: tuple[int, int], data: Json) -> Json:
        chat, reader = where
        if chat >= 0:
            raise RefusalError("Bad Request: ephemeral messages are for groups")
        press = data.get("callback_query_id")
        command = data.get("reply_parameters", {}).get("ephemeral_message_id")
        if command is not None and command not in self.commands:
            raise RefusalError("Bad Request: message to be replied not found")
        if press is None and command is None and not self.bot_is_admin:
            raise RefusalError("Bad Request: not enough rights to send ephemeral messages")
        if press is not None and press not in self.presses:
            raise RefusalError("Bad Request: query is too old and response timeout expired or query ID is invalid")
        number = next(self._numbers)
        self.seen[*where, number] = data.get("text") or data.get("caption") or ""
        if "photo" in data:
            self._pictures.add(number)
        about = {"id": chat, "type": "supergroup"}
        person = {"id": reader, "is_bot": False, "first_name": "Al"}
        return {"message_id": 0, "date": 1, "chat": about, "ephemeral_message_id": number, "receiver_user": person}

    def _changed(self, method: str, where: tuple[int, int], data: Json) -> bool:
        number = int(data["ephemeral_message_id"])
        if (*where, number) not in self.seen:
            raise RefusalError("Bad Request: message to edit not found")
        if method == "editEphemeralMessageText" and number in self._pictures:
            raise RefusalError("Bad Request: there is no text in the message to edit")
        if method == "deleteEphemeralMessage":
            del self.seen[*where, number]
        else:
            media = data.get("media", {})
            self.seen[*where, number] = data.get("text") or data.get("caption") or media.get("caption") or ""
        return True
