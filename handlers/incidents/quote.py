"""/quote: somebody's own words, never the same again before the others were served."""

from bot.cards.quotation import quotation_reply
from bot.chat.buttons import Button
from bot.chat.commands import Command, UserError
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.i18n import _, marked
from bot.search.catalogue import Incidents
from bot.search.quotation_finder import Quotations
from handlers.incidents.choosing import suggestions
from storage.served_quotations import ServedQuotations
from storage.voters import Voters

UNTOLD = marked("Nothing is quoted there, as nobody has told that story yet.")

OFFERED = 4
"""Incidents that are offered where nothing is quoted."""


class Quotes:
    """Serve one attributed quotation at a time."""

    def __init__(self, incidents: Incidents, quotations: Quotations, served: ServedQuotations, voters: Voters) -> None:
        self._incidents = incidents
        self._quotations = quotations
        self._served = served
        self._voters = voters

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "quote",
                marked("What they said, word for word, with its source"),
                self.serve,
                argument=marked("driver, race or both"),
                option="about",
                suggest=lambda typed: suggestions(each for each in self._incidents.starting(typed) if each.quotations),
            ),
        )

    async def serve(self, request: Request) -> Reply:
        """A quotation that this chat has not been served yet, or longest ago."""
        sayings = self._quotations.about(request.argument)
        if not sayings and (untold := self._incidents.find(request.argument)):
            buttons = (Button(incident.short_title, "crash", incident.id) for incident in untold[:OFFERED])
            raise UserError(_(UNTOLD), *buttons)
        if not sayings:
            raise UserError(_("Nobody by that name is quoted here. Try /quote with a driver or a race."))
        chat = self._voters.alias(request.chat, request.user)
        key = await self._served.next_for(chat, [saying.quotation.key for saying in sayings], request.update)
        return quotation_reply(self._quotations[key], request.argument)
