from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.jobs.delivery.worker import MOST_UNCOMMITTED
from storage.taken_deliveries import LEASE
from tests.jobs.delivery.kill import NOW, Deliverer, announce, kill_amid_deliveries

CHATS = 1_000


async def test_after_kills_nothing_is_lost_and_only_what_was_on_its_way_comes_twice(tmp_path: Path) -> None:
    url, random = f"sqlite:///{tmp_path / 'racing-incident.db'}", Random(1994)
    await announce(url, CHATS)
    arrived: Counter[str] = Counter()
    kills, done = 0, False
    while not done:
        more, done = kill_amid_deliveries(url, after=random.randint(1, CHATS // 3))
        arrived.update(more)
        kills += 1
    assert kills > 2
    assert len(arrived) == CHATS
    assert arrived.total() - CHATS <= (kills - 1) * MOST_UNCOMMITTED


@pytest.mark.postgresql
async def test_of_two_that_deliver_one_is_killed_again_and_again(postgresql_url: str) -> None:
    random, moment = Random(1994), NOW
    await announce(postgresql_url, CHATS)
    arrived: Counter[str] = Counter()
    kills = 0
    while True:
        killed, other = (Deliverer(postgresql_url, moment) for _ in range(2))
        killed.wait(random.randint(1, CHATS // 5))
        killed.kill()
        other.wait()  # what it can reach; what the first one had in hand it cannot take over before its time
        other.kill()
        if not (more := killed.arrived + other.arrived):
            break
        arrived.update(more)
        kills += 1
        moment += timedelta(seconds=LEASE)
    assert kills > 1
    assert len(arrived) == CHATS
    assert arrived.total() - CHATS <= kills * MOST_UNCOMMITTED
