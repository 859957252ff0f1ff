"""`/data/incidents.json` and `.csv`: all that `racing-incident export` writes, always current."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from bot.cards.open_data import as_csv, as_json
from bot.domain.incidents import Incident
from bot.web.site import Site
from bot.web.visits import Answer, NotHereError, Visit
from storage.open_data import Counts, read_counts

SECONDS = 60.0
"""For which what was written once is given to whoever asks."""

ANYBODY = {"access-control-allow-origin": "*"}
"""Scripts of any site may read it."""

FORMATS: Mapping[str, tuple[str, Callable[[Iterable[Incident], Counts], str]]] = {
    "json": ("application/json", as_json),
    "csv": ("text/csv; charset=utf-8", as_csv),
}

AT_A_TIME = 50
"""Incidents that are put together in one go: some milliseconds' work."""


async def open_data_file(site: Site, visit: Visit) -> Answer:
    """The file in the format that its name ends with. Raises NotHereError for others."""
    if (form := FORMATS.get(visit.named["form"])) is None:
        raise NotHereError
    media_type, written = form
    counts = await read_counts(site.reader)
    incidents = await every_incident(site)
    content = await asyncio.to_thread(written, incidents, counts)
    return Answer(content.encode(), media_type, seconds=SECONDS, headers=ANYBODY)


async def every_incident(site: Site) -> list[Incident]:
    """All incidents, the newest first, put together while others have their turns."""
    newest = site.incidents.newest_first
    found: list[Incident] = []
    for start in range(0, len(newest), AT_A_TIME):
        found += newest[start : start + AT_A_TIME]
        await asyncio.sleep(0)
    return found
