"""Nights in which recaps go out."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.delivery_kills import Audience, evening
from benchmarks.platforms import LOST as LOST_ON_DISCORD
from benchmarks.platforms import OVERLOADED, TOO_MANY, UNWELL, discord_chats, telegram_chats
from bot.jobs.delivery.worker import MOST_UNCOMMITTED
from storage.taken_deliveries import LEASE
from tests.adapters.telegram.bot_api import BAD_GATEWAY, CUT, NONSENSE
from tests.chaos.nights import Night
from tests.chaos.server_troubles import SERVER_TROUBLES, racing_server
from tests.jobs.delivery.kill import NOW, Deliverer, announce, kill_amid_deliveries

CHATS, FEW = 600, 200
"""Who are told on a file, and on a server."""

ON_TELEGRAM = ((BAD_GATEWAY, 15), (CUT, 15), (NONSENSE, 10), (TOO_MANY, 3))
ON_DISCORD = ((UNWELL, 8), (OVERLOADED, 8), (CUT, 8), (LOST_ON_DISCORD, 8), (TOO_MANY, 3))
"""How many messages fail in what way: errors, nonsense, a line that is cut before or after, too many at once."""

MOODY = Audience([*telegram_chats()][1_000:1_080], [*discord_chats()][:50], ON_TELEGRAM, ON_DISCORD)


def killed(random: Random, _hard: float) -> Night:
    """The process that delivers is killed again and again, until all is told."""
    arrived: Counter[str] = Counter()
    kills, done = -1, False
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'racing-incident.db'}"
        asyncio.run(announce(url, CHATS))
        while not done:
            more, done = kill_amid_deliveries(url, after=random.randint(1, CHATS // 3))
            arrived.update(more)
            kills += 1
    return Night(
        recaps=CHATS,
        recaps_lost=CHATS - len(arrived),
        twice=arrived.total() - len(arrived),
        in_flight=kills * MOST_UNCOMMITTED,
    )


def moody(random: Random, _hard: float) -> Night:
    """Both platforms answer with errors and nonsense, slowly, hang up, and ask to wait; the bot is killed meanwhile."""
    told = asyncio.run(evening(MOODY, random, kills=1, between=60))
    recaps = len(MOODY.on_telegram) + len(MOODY.on_discord)
    mistakes = ("a recap came twice on Discord",) * told.twice_on_discord
    return Night(
        recaps=recaps,
        recaps_lost=told.lost,
        twice=told.twice_on_telegram + told.twice_on_discord,
        in_flight=told.on_their_way,
        mistakes=mistakes,
    )


def on_a_server(trouble: str, random: Random, hard: float) -> Night:
    """The server has some trouble while two processes deliver until nothing is left for them."""
    arrived: Counter[str] = Counter()
    with racing_server(trouble) as (server, url):
        asyncio.run(announce(url, FEW))
        two = [Deliverer(url) for _ in range(2)]
        two[1].wait(1)
        two[0].wait(random.randint(1, FEW // 4))
        with SERVER_TROUBLES[trouble](server):
            time.sleep(random.uniform(0.2, 1) * hard)
        for each in two:
            each.wait()
        later = Deliverer(url, NOW + timedelta(seconds=LEASE))  # takes over what was in somebody's hand
        later.wait()
        for each in (*two, later):
            each.kill()
            arrived.update(each.arrived)
    return Night(
        recaps=FEW,
        recaps_lost=FEW - len(arrived),
        twice=arrived.total() - len(arrived),
        in_flight=2 * MOST_UNCOMMITTED,
    )


WHILE_TELLING: dict[str, Callable[[Random, float], Night]] = {
    "process killed amid recaps": killed,
    "platforms unwell amid recaps": moody,
}

WHILE_TELLING_ON_A_SERVER: dict[str, Callable[[Random, float], Night]] = {
    f"{trouble} amid recaps": partial(on_a_server, trouble) for trouble in SERVER_TROUBLES
}
