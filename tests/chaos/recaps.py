"""Nights in which recaps go out."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.delivery_kills import Audience, evening
from benchmarks.platforms import LOST as LOST_ON_DISCORD
from benchmarks.platforms import OVERLOADED, TOO_MANY, UNWELL, discord_chats, telegram_chats
from bot.jobs.delivery.worker import MOST_UNCOMMITTED
from tests.adapters.telegram.bot_api import BAD_GATEWAY, CUT, NONSENSE
from tests.chaos.nights import Night
from tests.jobs.delivery.kill import announce, kill_amid_deliveries

CHATS = 600

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


WHILE_TELLING: dict[str, Callable[[Random, float], Night]] = {
    "process killed amid recaps": killed,
    "platforms unwell amid recaps": moody,
}
