from dataclasses import replace

from bot.domain.announcements import Announcement, Kind
from storage.announcements import Announcements
from storage.database.base import Database
from storage.told_recaps import ToldRecaps
from tests.support.sorting_office import RACE_DAY, later

RECAP = Announcement("recap monza", "recaps", Kind.RECAP, {"rulings": {"monza-2026-ver-nor-t4": ""}}, RACE_DAY)
SPRINT = replace(RECAP, key="recap monza sprint", topic="sprints")


async def test_a_recap_comes_with_its_latest_correction(database: Database) -> None:
    announcements, told = Announcements(database), ToldRecaps(database)
    recap, sprint = await announcements.announce(RECAP), await announcements.announce(SPRINT)
    assert recap
    assert sprint
    assert await told.since(RACE_DAY) == [(recap, recap), (sprint, sprint)]
    last = recap
    for number in range(2):
        follows = replace(RECAP, key=f"correction {number}", kind=Kind.CORRECTION, follows=recap.id)
        made = await announcements.announce(follows)
        assert made
        last = made
    assert await told.since(RACE_DAY) == [(recap, last), (sprint, sprint)]


async def test_other_news_and_older_recaps_are_none(database: Database) -> None:
    announcements, told = Announcements(database), ToldRecaps(database)
    recap = await announcements.announce(RECAP)
    assert recap
    await announcements.announce(replace(RECAP, key="a ruling", kind=Kind.RULING))
    correction = replace(RECAP, key="late", kind=Kind.CORRECTION, follows=recap.id, made_at=later(60))
    await announcements.announce(correction)
    assert await told.since(later(1)) == []
