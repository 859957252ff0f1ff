"""A small JSON API: the incidents' names, and one of them as the open data has it."""

import json
from http import HTTPStatus
from typing import Any

from bot.cards.open_data import VERSION, document
from bot.web.machines.open_data import ANYBODY, SECONDS, every_incident
from bot.web.machines.openapi import description
from bot.web.site import Site
from bot.web.visits import Answer, Visit
from storage.open_data import read_counts

JSON = "application/json"


async def incidents_answer(site: Site, visit: Visit) -> Answer:
    """Every incident's id, title and date, the newest first, with where its whole document is."""
    addresses = visit.addresses.neutral()
    listed = [
        {
            "incident": each.id,
            "title": each.title,
            "date": each.date.isoformat(),
            "page": addresses.whole(addresses.incident(each.id)),
            "document": addresses.whole(f"/api/incidents/{each.id}"),
        }
        for each in await every_incident(site)
    ]
    return _answer({"version": VERSION, "incidents": listed}, seconds=SECONDS)


async def incident_answer(site: Site, visit: Visit) -> Answer:
    """An incident as the open data has it; a sentence where there is none."""
    incident = site.incidents.get(visit.named["incident"])
    if incident is None:
        return _answer({"error": "There is no such incident."}, status=HTTPStatus.NOT_FOUND, seconds=0)
    counts = await read_counts(site.reader, [incident.id])
    return _answer({"version": VERSION, **document(incident, counts)}, about=frozenset({incident.id}))


async def openapi_answer(_site: Site, visit: Visit) -> Answer:
    """The API's own description."""
    return _answer(description(visit.addresses.public), seconds=SECONDS)


def _answer(content: dict[str, Any], **of_it: Any) -> Answer:
    return Answer(json.dumps(content, ensure_ascii=False).encode(), JSON, headers=ANYBODY, **of_it)
