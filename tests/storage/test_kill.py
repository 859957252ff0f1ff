from pathlib import Path
from random import Random

from storage.database.open import open_database
from tests.storage.kill import kill_amid_votes, recount

KILLS = 3


async def test_no_acknowledged_vote_is_lost_when_the_bot_is_killed(tmp_path: Path) -> None:
    file, random = tmp_path / "racing-incident.db", Random(1994)
    database = open_database(f"sqlite:///{file}")
    await database.upgrade()
    await database.close()
    acknowledged: list[int] = []
    for kill in range(KILLS):
        acknowledged += kill_amid_votes(file, first=kill * 10**6, after=random.randint(50, 500))
        assert await recount(file, acknowledged) == (len(acknowledged), [], [])
    assert len(acknowledged) >= KILLS * 50
