"""Which language is spoken in a chat: the one that somebody chose there, or else the one that its platform knows of."""

from collections.abc import Callable

from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind
from bot.i18n import LANGUAGES
from bot.pacing.remembered import Remembered

REMEMBERED = 50_000
"""Upper bound of chats whose platform's word is known at a time; it comes again with everything that is asked."""


class Languages:
    """The languages of chats, by their codes; `chosen` is what an admin, or a person for themselves, has set."""

    def __init__(self, chosen: Callable[[Chat], str | None]) -> None:
        self._chosen = chosen
        self._heard: Remembered[Chat, str] = Remembered(REMEMBERED)

    def of(self, chat: Chat) -> str | None:
        """The language of a chat; None where nobody chose one and none is known."""
        chosen = self._chosen(chat)
        return self._heard.get(chat) if chosen is None else chosen

    def hear(self, request: Request) -> str | None:
        """The language in which to answer a request; what it says of its chat's language is remembered."""
        said = said_by_itself(request)
        if said is not None and self._heard.get(request.chat) != said:
            self._heard[request.chat] = said
        return self._chosen(request.chat) or said


def said_by_itself(request: Request) -> str | None:
    """The language that a request tells of its chat's: the asker's in private, in a group what its platform says.

    What one of its members has set says nothing of a group.
    """
    locale = request.locale if request.chat.kind is ChatKind.PRIVATE else request.group_locale
    return code_of(locale) if locale else None


def code_of(locale: str) -> str | None:
    """The language that we speak for a platform's code, as in `de`, `de-AT`, `es-419` or `pt_BR`; None for no such."""
    language = locale.replace("_", "-").partition("-")[0].casefold()
    return language if language in LANGUAGES else None
