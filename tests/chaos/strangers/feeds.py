"""Feeds that talk nonsense: documents of which something is odd, cut off or another byte, read by the real clients."""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from random import Random
from typing import Any

from bot.feeds import FeedError
from bot.feeds.jolpica.client import Jolpica
from bot.feeds.race_control.fields import fields
from bot.feeds.race_control.openf1_rows import read_car, read_message, read_session
from bot.feeds.race_control.signalr import END, Records
from bot.feeds.race_control.topics import Topics
from tests.chaos.strangers.oddities import changed
from tests.chaos.strangers.visits import Visits, counted
from tests.feeds.jolpica.test_garbage import CALENDAR, QUALIFYING, RESULT, STANDINGS, HoursLater
from tests.feeds.race_control.test_topics import frames, message
from tests.support.jolpica_server import JolpicaServer
from tests.support.live_timing_server import driver

ARCHIVED = {
    "2021/races/": CALENDAR,
    "2021/2/results/": RESULT,
    "2021/2/qualifying/": QUALIFYING,
    "2021/2/driverstandings/": STANDINGS,
}
TIMED = frames(message("INCIDENT INVOLVING CARS 63 (RUS) AND 77 (BOT) NOTED"), DriverList={"63": driver("RUS", 63)})
ROW = {
    "session_key": 9001,
    "meeting_key": 12,
    "date_start": "2025-08-31T13:00:00+00:00",
    "session_name": "Race",
    "date_end": "2025-08-31T15:00:00+00:00",
    "gmt_offset": "02:00:00",
    "driver_number": 63,
    "name_acronym": "RUS",
    "date": "2025-08-31T13:05:00+00:00",
    "message": "SESSION STARTED",
    "lap_number": 1,
    "flag": None,
}

Say = Callable[[Random], Awaitable[bool]]
"""Lets a feed say something; whether anything of it was believed."""


async def visit(documents: int, seed: int) -> Visits:
    """Read so many documents; `answered` are those of which something was believed."""
    random, visits = Random(seed), Visits(strangers=documents)
    async with JolpicaServer() as server, Jolpica(server.url, HoursLater()) as archive, counted(visits):
        feeds: Mapping[str, Say] = {
            "archive": lambda random: _archived(random, server, archive),
            "live timing": _timed,
            "openf1": _rows,
        }
        for _ in range(documents):
            name = random.choice(list(feeds))
            try:
                visits.answered += await feeds[name](random)
            except Exception as error:
                visits.failures[f"{name}: {type(error).__name__}"] += 1
    visits.unreadable = documents - visits.answered - visits.failures.total()
    return visits


async def _archived(random: Random, server: JolpicaServer, archive: Jolpica) -> bool:
    path = random.choice(list(ARCHIVED))
    server.say(path, _written(random, changed(random, ARCHIVED[path])))
    ask: dict[str, Callable[[], Awaitable[object]]] = {
        "2021/races/": lambda: archive.schedule(2021),
        "2021/2/results/": lambda: archive.result(2021, 2),
        "2021/2/qualifying/": lambda: archive.qualifying(2021, 2),
        "2021/2/driverstandings/": lambda: archive.driver_standings(2021, 2),
    }
    with suppress(FeedError):
        return bool(await ask[path]())
    return False


async def _timed(random: Random) -> bool:
    """A keyframe and a delta after it; and the same as the line brings them, cut into records."""
    topics, odd = Topics(), changed(random, TIMED)
    updates = topics.keyframes(odd)
    topic = random.choice(list(TIMED))
    updates += topics.delta(topic, changed(random, TIMED[topic]))
    record = _written(random, {"type": 1, "target": "feed", "arguments": [topic, odd]}) + END.encode()
    assert [*Records().read(record.decode(errors="replace"))]
    return bool(updates)


async def _rows(random: Random) -> bool:
    row = fields(changed(random, ROW))
    return any(read(row) is not None for read in (read_session, read_car, read_message))


def _written(random: Random, document: Any) -> bytes:
    """A document as it is sent; of one in five something is cut off, or another byte."""
    written = json.dumps(document).encode()
    at = random.randrange(len(written))
    match random.randrange(10):
        case 0:
            return written[:at]
        case 1:
            return written[:at] + random.randbytes(1) + written[at + 1 :]
        case _:
            return written
