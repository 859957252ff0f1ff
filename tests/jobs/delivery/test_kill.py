from collections import Counter
from pathlib import Path
from random import Random

from bot.jobs.delivery.worker import MOST_UNCOMMITTED
from tests.jobs.delivery.kill import announce, kill_amid_deliveries

CHATS = 1_000


async def test_after_kills_nothing_is_lost_and_only_what_was_on_its_way_comes_twice(tmp_path: Path) -> None:
    file, random = tmp_path / "racing-incident.db", Random(1994)
    await announce(file, CHATS)
    arrived: Counter[str] = Counter()
    kills, done = 0, False
    while not done:
        more, done = kill_amid_deliveries(file, after=random.randint(1, CHATS // 3))
        arrived.update(more)
        kills += 1
    assert kills > 2
    assert len(arrived) == CHATS
    assert arrived.total() - CHATS <= (kills - 1) * MOST_UNCOMMITTED
