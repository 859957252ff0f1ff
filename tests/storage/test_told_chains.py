from dataclasses import replace

from bot.domain.announcements import Announcement, Kind
from storage.announcements import Announcements
from storage.database.base import Database
from storage.told_chains import ToldChains
from tests.support.sorting_office import RACE_DAY, later

REMINDER = Announcement("reminder monza", "hour-before", Kind.REMINDER, {"starts_at": 1}, RACE_DAY)


async def test_an_announcement_comes_with_what_followed_it_last(database: Database) -> None:
    announcements, told = Announcements(database), ToldChains(database)
    first = await announcements.announce(REMINDER)
    other = await announcements.announce(replace(REMINDER, key="reminder imola"))
    await announcements.announce(replace(REMINDER, key="recap", kind=Kind.RECAP))
    assert first
    assert other
    last = first
    for number in range(2):
        follows = replace(REMINDER, key=f"new start {number}", kind=Kind.NEW_START, follows=first.id)
        made = await announcements.announce(follows)
        assert made
        last = made
    kinds = (Kind.REMINDER, Kind.NEW_START)
    assert await told.since(RACE_DAY, *kinds) == [(first, last), (other, other)]
    assert await told.since(later(1), *kinds) == []
