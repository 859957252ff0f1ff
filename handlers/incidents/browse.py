"""/incidents: the whole catalogue, page by page."""

import re

from bot.cards.incident_list import PAGE, page_reply
from bot.chat.commands import Command
from bot.chat.messages import Reply, Request
from bot.domain.incidents import Incident
from bot.i18n import marked
from bot.search.catalogue import Incidents
from handlers.incidents.choosing import none_found

_PAGE_MARK = re.compile(r"(?:^|\s)page-(\d{1,4})$")
LIKE_THE_BEST = 0.8
"""A filter keeps what matches it at least this well, compared with what matches it best."""


class Browse:
    """List the incidents of a season, a driver, a circuit, or all."""

    def __init__(self, incidents: Incidents) -> None:
        self._incidents = incidents

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command(
                "incidents",
                marked("All incidents, newest first"),
                self.browse,
                argument=marked("season, driver or circuit"),
            ),
        )

    async def browse(self, request: Request) -> Reply:
        """One page of the incidents that fit the argument; `page-2` at its end turns pages."""
        mark = _PAGE_MARK.search(request.argument)
        asked = _PAGE_MARK.sub("", request.argument).strip()
        incidents = self._matching(asked)
        if not incidents:
            raise none_found(self._incidents, asked, "crash")
        pages = -(-len(incidents) // PAGE)
        page = min(max(int(mark[1]), 1), pages) if mark else 1
        return page_reply(incidents, asked, page, pages, replace=request.pressed is not None)

    def _matching(self, asked: str) -> list[Incident]:
        if not asked:
            return list(self._incidents)
        matches = self._incidents.rank(asked)
        fitting = {match.incident.id for match in matches if match.score >= LIKE_THE_BEST * matches[0].score}
        if not self._incidents.find(asked):
            return []
        return [incident for incident in self._incidents if incident.id in fitting]
