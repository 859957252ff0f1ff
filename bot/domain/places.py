"""Who talks to the bot, and where: platforms, chats, people, and the bot's own messages."""

from dataclasses import dataclass
from enum import StrEnum


class Platform(StrEnum):
    """Where people talk to the bot."""

    __hash__ = str.__hash__  # an Enum's own is a call into Python, and keys are looked up several times a vote

    TELEGRAM = "telegram"
    DISCORD = "discord"
    CONSOLE = "console"


class ChatKind(StrEnum):
    """Whether a chat has one person in it, several, or is unknown to us (an inline message)."""

    __hash__ = str.__hash__

    PRIVATE = "private"
    GROUP = "group"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Chat:
    """A place where people talk: a group, a forum topic, a Discord channel or thread, a private chat."""

    platform: Platform
    id: str
    kind: ChatKind = ChatKind.GROUP


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who asks: a person, or the chat that people speak as (a group's anonymous admins, a channel)."""

    platform: Platform
    id: str

    @property
    def is_chat(self) -> bool:
        """Whether it is a chat: nobody can write to it in private, and nobody knows who it is."""
        return self.platform is Platform.TELEGRAM and self.id.startswith("-")


@dataclass(frozen=True, slots=True)
class Post:
    """A message of ours, so that it can be found again; `message` is the platform's own id.

    `only_for` is the id of the one person in a group who sees it, empty where everybody in the chat does. Such a
    message is known in memory alone.
    """

    chat: Chat
    message: str
    only_for: str = ""


def polling_place(chat: Chat) -> Chat:
    """The chat that a vote is counted in: private chats are one, as their ids would tell whose vote it is."""
    return Chat(chat.platform, "private", ChatKind.PRIVATE) if chat.kind is ChatKind.PRIVATE else chat
