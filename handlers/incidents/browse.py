"""/incidents: the whole catalogue, page by page."""

from collections.abc import Sequence

from bot.cards.incident_list import page_reply
from bot.cards.veiling import veils
from bot.chat.commands import Command, Suggestion
from bot.chat.paging import unpaged
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.incidents import Incident
from bot.i18n import marked
from bot.search.catalogue import Incidents
from bot.search.found import Nothing
from handlers.incidents.choosing import none_found
from storage.chats import Chats

LIKE_THE_BEST = 0.8
"""A filter keeps what matches it at least this well, compared with what matches it best."""


class Browse:
    """List the incidents of a season, a driver, a circuit, or all."""

    def __init__(self, incidents: Incidents, chats: Chats) -> None:
        self._incidents = incidents
        self._chats = chats

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "incidents",
                marked("All incidents, newest first"),
                self.browse,
                argument=marked("season, driver or circuit"),
                option="filter",
                suggest=self.suggest,
            ),
        )

    def suggest(self, typed: str) -> Sequence[Suggestion]:
        """The seasons and circuits that incidents are known of and that begin like this, the latest first."""
        known = (*map(str, self._incidents.seasons), *sorted(self._incidents.circuits))
        fitting = (each for each in known if each.startswith(typed.casefold()))
        return [Suggestion(each, each) for each in fitting]

    async def browse(self, request: Request) -> Reply:
        """One page of the incidents that fit the argument; `page-2` at its end turns pages."""
        asked, page = unpaged(request.argument)
        veiled = veils(self._chats, request)
        return page_reply(self._matching(asked, veiled=veiled), asked, page or 1, veiled=veiled)

    def _matching(self, asked: str, *, veiled: bool) -> Sequence[Incident]:
        """The incidents that fit, newest first. Raises UserError where none does."""
        if not asked:
            return self._incidents.newest_first
        found = self._incidents.look_up(asked)
        if isinstance(found, Nothing):
            raise none_found(found, "crash", veiled=veiled)
        return self._incidents.like(asked, LIKE_THE_BEST)
