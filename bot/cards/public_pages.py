"""The way from a card to the page that tells the same, where there are pages."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import urlencode

from bot.chat.cards import Link
from bot.chat.commands import Command
from bot.chat.replies import Bulletin, Reply
from bot.chat.requests import Request
from bot.chat.text_limits import UnsendableError
from bot.domain.chat_settings import ChatSettings
from bot.domain.incidents import Incident
from bot.i18n import _, speaking

Write: TypeAlias = Callable[[int, ChatSettings], Awaitable[Bulletin | None]]
"""Writes an announcement, by its id, for chats of these settings."""


@dataclass(frozen=True, slots=True)
class PublicPages:
    """Where the pages are: `https://incidents.example.org`; None where there are none."""

    address: str | None = None

    def linked(self, reply: Reply, *, hidden: bool = False) -> Reply:
        """A card with its page among the links.

        Without it where how the votes stand, or whom it is about, is hidden, as the page says both; and where nothing
        more fits.
        """
        if self.address is None or not reply.page or hidden or reply.veiled:
            return reply
        try:
            page = Link(_("On the web"), f"{self.address}{reply.page}")
            return replace(reply, card=replace(reply.card, links=(*reply.card.links, page)))
        except UnsendableError:
            return reply

    def leading(self, write: Write) -> Write:
        """What writes bulletins, which lead to their pages."""
        if self.address is None:
            return write

        async def written(announcement_id: int, settings: ChatSettings) -> Bulletin | None:
            told = await write(announcement_id, settings)
            if told is None:
                return None
            with speaking(settings.language):
                corrected = told.corrected and self.linked(told.corrected, hidden=settings.blind)
                return replace(told, reply=self.linked(told.reply, hidden=settings.blind), corrected=corrected)

        return written

    def asked(self, command: Command) -> Command:
        """A command whose answers lead to their pages."""
        if self.address is None:
            return command

        async def answer(request: Request) -> Reply:
            return self.linked(await command.handler(request))

        return replace(command, handler=answer)


NO_PAGES = PublicPages()
"""Where there are none."""


def incident_page(incident: Incident, *, hidden: bool = False) -> str:
    """An incident's page; none where how its votes stand is `hidden`."""
    return "" if hidden else f"/{incident.id}"


def race_page(incident: Incident) -> str:
    """The page that lists the incidents of the race that an incident belongs to."""
    return f"/{incident.season}?{urlencode({'q': incident.race})}"
