"""What people ask: plain data, the same for every platform."""

import unicodedata
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.places import Chat, ChatKind, Post, User


class Rights(Protocol):
    """What the asker, and the bot, may do in the request's chat; its platform is asked anew each time.

    Both raise what `bot.chat.platform` has for a platform that gives no answer.
    """

    async def is_admin(self) -> bool:
        """Whether the asker is one of the chat's admins."""

    async def lacking(self) -> tuple[str, ...]:
        """What the bot lacks to post in the chat by itself, in the platform's words."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something a person asked, typed or pressed; `pressed` is the message whose button it was.

    `command` is empty for plain words said to the bot alone. What was typed is read as it is seen: without marks of
    direction and other letters that nobody sees, which keyboards and copied texts bring along, its words a blank apart.
    """

    command: str
    argument: str
    user: User
    chat: Chat
    locale: str | None = None
    pressed: Post | None = None
    rights: Rights | None = field(default=None, compare=False, repr=False)
    """Whom the dispatcher asks about a group's rights; where there is nobody to ask, nobody is an admin."""

    lacking: tuple[str, ...] = ()
    """What the bot lacks to post in the group by itself: the dispatcher's, for commands that post."""

    offered: bool = True
    """Whether the pressed message has that very button; where it has not, somebody made the press up."""

    turned: bool = False
    """Whether the pressed button turns its message, so that this shows what is answered, whatever it showed before."""

    group_locale: str | None = None
    """The language of the group, where its platform knows that; `locale` is the asker's own."""

    update: str = ""
    """The platform's id of what brought it, which it may deliver again; empty where a platform has none."""

    def __post_init__(self) -> None:
        """Read what was typed as it is seen; a button's data stands as it is."""
        if self.pressed is None:
            object.__setattr__(self, "command", as_seen(self.command))
            object.__setattr__(self, "argument", as_seen(self.argument))

    @property
    def may_be_for_one(self) -> bool:
        """Whether the answer may be shown to the asker alone: in private, or as what a press opens."""
        return self.pressed is not None or self.chat.kind is ChatKind.PRIVATE


def as_seen(typed: str) -> str:
    """A text without the letters of it that nobody sees, its words a blank apart."""
    if not typed.isascii():
        typed = "".join(letter for letter in typed if unicodedata.category(letter) != "Cf")
    return " ".join(typed.split())


def as_folded_word(typed: str) -> str:
    """A text in small letters without accents, blanks and marks: `¿Próxima carrera?` is `proximacarrera`."""
    plain = unicodedata.normalize("NFKD", typed.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something that is being fetched: its name, and the request that is answered with it once it is there."""

    name: str
    request: Request
