"""The way from an incident's card to its page, where there are pages."""

from dataclasses import dataclass, replace

from bot.chat.cards import Link
from bot.chat.replies import Reply
from bot.chat.text_limits import UnsendableError
from bot.domain.incidents import Incident
from bot.i18n import _


@dataclass(frozen=True, slots=True)
class PublicPages:
    """Where the pages are: `https://incidents.example.org`; None where there are none."""

    address: str | None = None

    def linked(self, reply: Reply, incident: Incident, *, hidden: bool = False) -> Reply:
        """An incident's card with its page among the links.

        Without it where how the votes stand, or whom it is about, is hidden, as the page says both; and where nothing
        more fits.
        """
        if self.address is None or hidden or reply.veiled:
            return reply
        try:
            page = Link(_("On the web"), f"{self.address}/{incident.id}")
            return replace(reply, card=replace(reply.card, links=(*reply.card.links, page)))
        except UnsendableError:
            return reply


NO_PAGES = PublicPages()
"""Where there are none."""
