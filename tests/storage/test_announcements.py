import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.deliveries import Outcome, State
from bot.domain.places import Platform
from storage import announcements as module
from storage import tables
from storage.announcements import Announcements
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.told_instead import Instead
from tests.storage.booth import GRANDSTAND, PADDOCK, PIT_WALL
from tests.support.sorting_office import RACE_DAY, SortingOffice, at_once, crowd, group, later

RECAP = Announcement(
    key="recap:2026-silverstone",
    topic="recaps",
    kind=Kind.RECAP,
    subject={"race": "2026-silverstone", "laps": 52, "winner": "Pérez ☂"},
    made_at=RACE_DAY,
    expires_at=later(3 * 24 * 3600),
)


@pytest.fixture
def announcements(office: SortingOffice) -> Announcements:
    return office.announcements


async def made(announcements: Announcements, announcement: Announcement = RECAP) -> Announcement:
    """The announcement, now put down."""
    new = await announcements.announce(announcement)
    assert new is not None
    return new


async def spread(announcements: Announcements, announcement: Announcement) -> list[int]:
    """The sizes of the chunks in which its deliveries are made."""
    sizes = []
    while size := await announcements.spread(announcement, at_once):
        sizes.append(size)
    return sizes


async def test_an_announcement_comes_back_as_it_was_made(announcements: Announcements) -> None:
    recap = await made(announcements)
    assert recap == replace(RECAP, id=recap.id)
    assert await announcements.get(recap.id) == recap
    assert await announcements.called(RECAP.key) == recap
    assert await announcements.get(404) is None
    assert await announcements.called("recap:1950-silverstone") is None
    assert await announcements.among(["recap:1950-silverstone", RECAP.key]) == {RECAP.key}
    assert await announcements.among([]) == set()


async def test_nothing_is_announced_twice(announcements: Announcements) -> None:
    recap = await made(announcements)
    assert await announcements.announce(replace(RECAP, subject={"race": "another"})) is None
    assert await announcements.called(RECAP.key) == recap


async def test_every_subscriber_gets_one_delivery(announcements: Announcements, office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL, PADDOCK)
    await office.subscribe(GRANDSTAND, topic="calendar")
    recap = await made(announcements)
    assert await announcements.audience(recap) == {"telegram": 1, "discord": 1}
    assert await spread(announcements, recap) == [2]
    assert await spread(announcements, recap) == []
    assert [delivery.chat for delivery in await office.due()] == [PIT_WALL]
    assert [delivery.chat for delivery in await office.due(Platform.DISCORD)] == [PADDOCK]


async def test_where_nobody_subscribed_there_is_nothing_to_do(announcements: Announcements) -> None:
    recap = await made(announcements)
    assert await announcements.audience(recap) == {}
    assert await announcements.unfinished() == [recap]
    assert await spread(announcements, recap) == []
    assert await announcements.unfinished() == []


async def test_a_crowd_is_served_in_chunks_and_goes_on_where_it_stopped(
    announcements: Announcements, office: SortingOffice, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 10)
    await crowd(database, 25)
    recap, other = await made(announcements), await made(announcements, replace(RECAP, key="other", topic="sprints"))
    assert await announcements.spread(recap, at_once) == 10
    assert await announcements.unfinished() == [recap, other]
    assert await spread(Announcements(database), recap) == [10, 5]
    assert await announcements.unfinished() == [other]
    assert {delivery.chat for delivery in await office.due()} == {group(number) for number in range(1, 26)}


async def test_an_audience_of_whole_chunks_ends_with_an_empty_one(
    announcements: Announcements, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 10)
    await crowd(database, 20)
    recap = await made(announcements)
    assert await spread(announcements, recap) == [10, 10]
    assert await announcements.unfinished() == []


async def test_each_delivery_is_due_when_its_chat_may_be_told(
    announcements: Announcements, office: SortingOffice, database: Database, chats: Chats
) -> None:
    store = SettingsStore(database, chats, HandledUpdates(database))
    await office.subscribe(PIT_WALL, GRANDSTAND, group(3), group(4))
    for chat in (GRANDSTAND, group(3)):
        await store.change(chat, spoilers=Spoilers.HELD, hold_minutes=60)
    asked = []

    def due(settings: ChatSettings) -> dt.datetime:
        asked.append(settings)
        return settings.may_be_told_at(RACE_DAY, RACE_DAY)

    await announcements.spread(await made(announcements), due)
    assert len(asked) == 2  # chats of the same settings are told at the same time
    assert {delivery.chat for delivery in await office.due()} == {PIT_WALL, group(4)}
    in_an_hour = await office.due(now=later(3600))
    assert [delivery.chat for delivery in in_an_hour if delivery.settings.spoilers is Spoilers.HELD] == [
        GRANDSTAND,
        group(3),
    ]


async def test_a_delivery_may_be_due_after_2038(announcements: Announcements, office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL)
    far = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)
    await announcements.spread(await made(announcements), lambda _: far)
    assert await office.next_due(Platform.TELEGRAM) == far


async def test_a_correction_goes_to_whoever_was_told_and_still_wants_to_be(office: SortingOffice) -> None:
    dead, gone, new = group(3), group(4), group(5)
    await office.subscribe(PIT_WALL, GRANDSTAND, dead, gone)
    recap = await office.tell()
    for delivery in await office.due():
        state = State.DEAD if delivery.chat == dead else State.SENT
        await office.outbox.settle(Outcome(delivery, state, RACE_DAY, "1"))
    await office.subscriptions.end_all(gone)
    await office.subscribe(new)
    correction = await office.tell(follows=recap)
    assert await office.announcements.audience(correction) == {"telegram": 2}
    assert await office.deliver("2") == [PIT_WALL, GRANDSTAND]


async def test_what_follows_may_be_of_another_topic_than_what_was_told(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL, topic="day-before")
    await office.subscribe(GRANDSTAND, topic="calendar")
    reminder = await office.tell("day-before")
    await office.deliver()
    await office.tell("calendar", follows=reminder)
    assert await office.deliver() == [PIT_WALL]


async def test_the_latest_that_follows_is_found(office: SortingOffice) -> None:
    recap, other = await office.tell(), await office.tell()
    assert await office.announcements.latest_after(recap.id) is None
    await office.tell(follows=recap)
    second = await office.tell(follows=recap)
    await office.tell(follows=other)
    assert await office.announcements.latest_after(recap.id) == second


async def test_two_who_spread_at_once_make_each_delivery_once(office: SortingOffice, database: Database) -> None:
    await crowd(database, 30)
    recap = await made(office.announcements)
    await office.announcements.spread(recap, at_once)
    assert await spread(Announcements(database), recap) == []
    kept = select(func.count()).select_from(tables.delivery)
    assert await database.read(lambda connection: connection.scalar(kept)) == 30


async def test_what_was_announced_long_ago_is_forgotten_with_its_deliveries(
    office: SortingOffice, announcements: Announcements, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    await office.subscribe(*(group(number) for number in range(5)))
    old = await made(announcements)
    recent = await made(announcements, replace(RECAP, key="recent", made_at=later(3600)))
    for announcement in (old, recent):
        await spread(announcements, announcement)
    rounds = 0
    while await announcements.forget_some(later(60)):
        rounds += 1
    assert rounds == 4  # two and two and one delivery, and the announcement
    assert await announcements.get(old.id) is None
    assert await announcements.get(recent.id) == recent
    left = select(func.count()).select_from(tables.delivery)
    assert await database.read(lambda connection: connection.scalar(left)) == 5


async def test_what_something_newer_follows_is_kept_as_long(announcements: Announcements) -> None:
    recap = await made(announcements)
    correction = replace(RECAP, key="correction", kind=Kind.CORRECTION, follows=recap.id, made_at=later(3600))
    await made(announcements, correction)
    assert not await announcements.forget_some(later(60))
    while await announcements.forget_some(later(7200)):
        pass
    assert await announcements.called(RECAP.key) is None


async def test_who_is_gone_through_again_is_told_once(office: SortingOffice, announcements: Announcements) -> None:
    await office.subscribe(PIT_WALL)
    recap = await made(announcements)
    await spread(announcements, recap)
    await office.subscribe(GRANDSTAND)
    for _twice in range(2):
        await announcements.go_through_again(RECAP.key)
    assert await announcements.unfinished() == [recap]
    assert await spread(announcements, recap) == [2]
    assert [delivery.chat for delivery in await office.due()] == [PIT_WALL, GRANDSTAND]
    assert await announcements.unfinished() == []


async def test_who_is_being_gone_through_is_not_begun_with_anew(
    office: SortingOffice, announcements: Announcements, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    await crowd(database, 3)
    recap = await made(announcements)
    await announcements.spread(recap, at_once)
    await announcements.go_through_again(RECAP.key)
    assert await spread(announcements, recap) == [1]
    assert len(await office.due()) == 3


async def _told(office: SortingOffice, announcement: Announcement, instead: Instead) -> set[str]:
    """Who is told an announcement, or is to be, once it was spread; who is told the same by something else is not."""
    for _twice in range(2):
        while await office.announcements.spread(announcement, at_once, instead):
            pass
        await office.announcements.go_through_again(announcement.key)
    deliveries = await office.outbox.due(Platform.TELEGRAM, RACE_DAY, 100)
    return {each.chat.id for each in deliveries if each.announcement_id == announcement.id}


async def test_who_is_told_by_another_topic_is_told_once(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL, GRANDSTAND)
    await office.subscribe(PIT_WALL, topic="sprints")
    instead = Instead(["sprints"], lambda wanted, _settings: "sprints" in wanted)
    assert await _told(office, await office.announce(), instead) == {GRANDSTAND.id}


async def test_who_was_told_by_another_announcement_is_told_once_while_it_is_wanted(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL, GRANDSTAND)
    await office.subscribe(PIT_WALL, GRANDSTAND, topic="sprints")
    told = await office.tell("sprints")
    assert await _told(office, await office.announce(), Instead(told_by=[told.key])) == set()
    await office.subscriptions.end(GRANDSTAND, ["sprints"])
    assert await _told(office, await office.announce(), Instead(told_by=[told.key])) == {GRANDSTAND.id}


async def test_what_is_on_its_way_is_overtaken_by_what_says_more_by_now(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL, GRANDSTAND)
    late, newer = await office.tell(), await office.announce()
    overtakes = Instead(overtakes=[late.key], by=RACE_DAY - dt.timedelta(seconds=1))
    assert await _told(office, newer, overtakes) == {PIT_WALL.id, GRANDSTAND.id}
    due = await office.outbox.due(Platform.TELEGRAM, later(3600), 100)
    assert {each.announcement_id for each in due} == {late.id, newer.id}
    newest = await office.announce()
    await _told(office, newest, replace(overtakes, by=RACE_DAY))
    due = await office.outbox.due(Platform.TELEGRAM, later(7200), 100)
    assert {each.announcement_id for each in due} == {newer.id, newest.id}
