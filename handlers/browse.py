"""/incidents: the whole catalogue, page by page."""

import re

from bot.dispatch import Command
from bot.locales import _, counted, marked
from bot.messages import BUTTON_DATA_BYTES, Button, Card, Reply, Request
from handlers.choosing import as_data, none_found, suggestion_label
from handlers.wording import page_of, rows
from storage.incidents import Incident, Incidents

PAGE = 8
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


def page_reply(incidents: list[Incident], asked: str, page: int, pages: int, *, replace: bool = False) -> Reply:
    """A page of the list: a line and a button for each incident, and buttons to turn the page."""
    shown = incidents[(page - 1) * PAGE : page * PAGE]
    filtered = as_data(asked, room=BUTTON_DATA_BYTES - len("incidents  page-9999"))
    turn = []
    if page > 1:
        turn.append(Button(_("Newer"), "incidents", f"{filtered} page-{page - 1}".strip()))
    if page < pages:
        turn.append(Button(_("Older"), "incidents", f"{filtered} page-{page + 1}".strip()))
    buttons = rows((Button(incident.short_title, "crash", incident.id) for incident in shown), 2)
    card = Card(
        counted("{number} incident", "{number} incidents", len(incidents)),
        paragraphs=("\n".join(suggestion_label(incident) for incident in shown),),
        footer=page_of(page, pages),
    )
    return Reply(card, (*buttons, tuple(turn)) if turn else buttons, replace=replace)
