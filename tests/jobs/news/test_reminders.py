"""Who is reminded when: in time, late where the bot was down, around quiet hours, and again where a start moves."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app.leased_role import LEASE, RENEWED
from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind
from bot.jobs.news.newsroom import ROUND
from tests.support.press_room import DAY, GRANDSTAND, HOUR, MINUTE, PIT_WALL, START, PressRoom, press_room
from tests.support.season import BAHRAIN, BRAZIL, CALENDAR, IMOLA, MONZA, SILVERSTONE

REST = (BAHRAIN, SILVERSTONE, MONZA, BRAZIL)
LEADS = {"day-before": DAY, "hour-before": HOUR}
HELP_UNTIL = {"day-before": 3 * HOUR, "hour-before": -20 * MINUTE}


def moved(by: dt.timedelta, race: Race = IMOLA) -> tuple[Race, ...]:
    """The calendar with Imola's race at another time, of whose other sessions nothing is known."""
    assert race.race.starts_at
    start = race.race.starts_at + by
    return BAHRAIN, replace(race, sessions=(Session(SessionKind.RACE, start.date(), start),)), *REST[1:]


def quiet(start: str, end: str) -> ChatSettings:
    """A chat on UTC's clock with quiet hours: `23:00` to `07:00`."""
    minutes = [int(time[:2]) * 60 + int(time[3:]) for time in (start, end)]
    return ChatSettings(quiet_from=minutes[0], quiet_until=minutes[1])


@pytest.fixture
async def room(data_dir: Path) -> AsyncIterator[PressRoom]:
    """A press room a week before Imola, where two chats want both reminders."""
    async with press_room(data_dir) as room:
        room.now = START - 7 * DAY
        await room.subscribe(PIT_WALL, *LEADS)
        await room.subscribe(GRANDSTAND, *LEADS)
        yield room


async def reminders(room: PressRoom, kind: Kind = Kind.REMINDER) -> list[Announcement]:
    return [each for each in await room.announced() if each.kind is kind]


async def told(room: PressRoom, *chats: str) -> list[tuple[str, dt.timedelta]]:
    """The reminders that a chat, the pit wall by itself, is given, each with how long before the start it is due."""
    chat, found = chats[0] if chats else PIT_WALL.id, []
    for each in await reminders(room):
        due = await room.due(each)
        if chat in due:
            found.append((each.topic, START - due[chat]))
    return found


async def passes(room: PressRoom, begin: dt.datetime, end: dt.datetime, step: dt.timedelta = 30 * MINUTE) -> None:
    """The newsroom looks again and again, and restarts now and then; at every moment at which something is due here."""
    room.now = begin
    while room.now < end:
        await room.round()
        if room.now.minute == 0:
            room.restart()
        room.now += step


@pytest.mark.parametrize(("topic", "lead"), LEADS.items())
async def test_a_chat_is_reminded_when_it_is_due_and_not_before(
    room: PressRoom, topic: str, lead: dt.timedelta
) -> None:
    for early in (26 * HOUR, 25 * HOUR, HOUR, dt.timedelta(seconds=1)):
        room.now = START - lead - early
        await room.round()
    assert topic not in dict(await told(room))
    room.now = START - lead + dt.timedelta(seconds=ROUND)
    await room.round()
    assert (topic, START - room.now) in await told(room)


@pytest.mark.parametrize("lead", LEADS.values())
async def test_who_takes_over_from_a_process_that_died_before_its_look_reminds(
    room: PressRoom, lead: dt.timedelta
) -> None:
    room.now = START - lead + dt.timedelta(seconds=ROUND + LEASE + RENEWED)
    await room.round()
    assert len(await told(room)) == 1


async def test_a_weekend_has_two_reminders_each_given_once(room: PressRoom) -> None:
    await passes(room, START - 2 * DAY, START)
    assert await told(room) == [("day-before", DAY), ("hour-before", HOUR)]


@pytest.mark.parametrize(("topic", "lead"), LEADS.items())
async def test_a_bot_that_was_down_reminds_late_while_it_helps(room: PressRoom, topic: str, lead: dt.timedelta) -> None:
    room.now = START - HELP_UNTIL[topic] - MINUTE
    await room.round()
    assert await told(room) == [(topic, HELP_UNTIL[topic] + MINUTE)]
    assert lead > HELP_UNTIL[topic]


@pytest.mark.parametrize("until", HELP_UNTIL.values())
async def test_a_reminder_that_helps_no_more_is_not_given(room: PressRoom, until: dt.timedelta) -> None:
    room.now = START - until
    await room.round()
    assert await told(room) == []


@pytest.mark.parametrize("down_for", range(15, 35, 5))
@pytest.mark.parametrize("kind", [SessionKind.QUALIFYING, SessionKind.RACE])
async def test_no_outage_of_half_an_hour_loses_a_reminder_of_a_quarter(
    data_dir: Path, kind: SessionKind, down_for: int
) -> None:
    topic = "race-15m" if kind is SessionKind.RACE else "qualifying-15m"
    session = IMOLA.session(kind)
    assert session
    assert session.starts_at
    async with press_room(data_dir) as room:
        await room.subscribe(PIT_WALL, topic)
        room.now = session.starts_at - 16 * MINUTE
        await room.round()
        assert await told(room) == []
        room.restart()
        room.now += down_for * MINUTE
        for _again in range(2):
            await room.round()
        assert await told(room) == [(topic, START - room.now)]


async def test_a_reminder_that_quiet_hours_would_outlast_is_no_reason_to_tell_what_has_begun(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "race-15m", settings=quiet("11:00", "13:10"))
    await passes(room, START - 4 * HOUR, START + HOUR, 5 * MINUTE)
    assert all(before > dt.timedelta(0) for _topic, before in await told(room))


async def test_who_asks_for_reminders_between_the_looks_is_reminded_too(room: PressRoom) -> None:
    await passes(room, START - 26 * HOUR, START - 90 * MINUTE)
    latecomer = replace(PIT_WALL, id="-1003")
    await room.subscribe(latecomer, "hour-before")
    await passes(room, START - 90 * MINUTE, START)
    assert await told(room, latecomer.id) == [("hour-before", HOUR)]


AROUND_QUIET_HOURS: tuple[tuple[ChatSettings, dict[str, dt.timedelta]], ...] = (
    (quiet("11:00", "12:30"), {"hour-before": 30 * MINUTE}),
    (quiet("11:00", "12:54"), {"hour-before": 6 * MINUTE}),
    (quiet("11:00", "12:55"), {"hour-before": 2 * HOUR + 5 * MINUTE}),
    (quiet("11:20", "15:00"), {"hour-before": HOUR + 45 * MINUTE, "day-before": 22 * HOUR}),
    (quiet("23:00", "13:10"), {"hour-before": 14 * HOUR + 5 * MINUTE, "day-before": 23 * HOUR + 50 * MINUTE}),
    (quiet("12:30", "12:20"), {"hour-before": 40 * MINUTE, "day-before": 24 * HOUR + 35 * MINUTE}),
    (quiet("13:30", "20:00"), {}),
)
"""Quiet hours, and the reminders that are given at another moment because of them."""


async def test_a_reminder_waits_for_the_end_of_quiet_hours_or_comes_before_they_begin(room: PressRoom) -> None:
    chats = [replace(PIT_WALL, id=f"-20{number}") for number, _ in enumerate(AROUND_QUIET_HOURS)]
    for chat, (hours, _due) in zip(chats, AROUND_QUIET_HOURS, strict=True):
        await room.subscribe(chat, *LEADS, settings=hours)
    await passes(room, START - 30 * HOUR, START)
    for chat, (hours, due) in zip(chats, AROUND_QUIET_HOURS, strict=True):
        assert dict(await told(room, chat.id)) == {"day-before": DAY, "hour-before": HOUR} | due, hours
    assert await told(room, GRANDSTAND.id) == [("day-before", DAY), ("hour-before", HOUR)]


async def test_quiet_hours_that_are_set_in_the_evening_are_kept_at_night(room: PressRoom) -> None:
    await passes(room, START - 26 * HOUR, START - 16 * HOUR)
    await room.settings.change(PIT_WALL, quiet_from=23 * 60, quiet_until=13 * 60 + 10)
    await passes(room, START - 16 * HOUR, START)
    assert await told(room) == [("day-before", DAY), ("hour-before", 14 * HOUR + 5 * MINUTE)]


async def test_a_bot_that_was_down_when_quiet_hours_began_keeps_quiet(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, *LEADS, settings=quiet("23:00", "13:10"))
    await passes(room, START - 10 * HOUR, START)
    assert await told(room) == []


async def test_a_reminder_is_not_held_back_as_results_are(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, settings=ChatSettings(spoilers=Spoilers.HELD, hold_minutes=600))
    await passes(room, START - 26 * HOUR, START)
    assert await told(room) == [("day-before", DAY), ("hour-before", HOUR)]


@pytest.mark.parametrize("start", ["2021-03-28T00:30", "2021-03-28T15:00", "2021-10-31T00:30", "2021-11-07T19:00"])
async def test_a_day_before_is_24_hours_before_where_clocks_change_meanwhile(room: PressRoom, start: str) -> None:
    moment = dt.datetime.fromisoformat(start).replace(tzinfo=dt.UTC)
    room.now = moment - 25 * HOUR
    await room.read(replace(IMOLA, sessions=(Session(SessionKind.RACE, moment.date(), moment),)))
    await passes(room, moment - 25 * HOUR, moment - 22 * HOUR)
    (reminder,) = [each for each in await reminders(room) if each.topic == "day-before"]
    assert (await room.due(reminder))[PIT_WALL.id] == moment - 24 * HOUR


async def test_a_race_without_a_time_cannot_be_reminded_of(data_dir: Path) -> None:
    some_time = replace(IMOLA, sessions=(Session(SessionKind.RACE, START.date()),))
    async with press_room(data_dir, BAHRAIN, some_time, *REST[1:]) as room:
        await room.subscribe(PIT_WALL, *LEADS)
        await passes(room, START - 26 * HOUR, START)
        assert await reminders(room) == []


async def test_a_feed_that_has_lost_the_start_loses_no_reminder(room: PressRoom) -> None:
    await room.read(BAHRAIN, replace(IMOLA, sessions=(Session(SessionKind.RACE, START.date()),)), *REST[1:])
    await passes(room, START - 26 * HOUR, START)
    assert await told(room) == [("day-before", DAY), ("hour-before", HOUR)]


async def test_a_race_that_is_gone_is_not_reminded_of(room: PressRoom) -> None:
    await passes(room, START - 3 * HOUR, START - 2 * HOUR)
    await room.read(*REST)
    await passes(room, START - 2 * HOUR, START)
    assert "hour-before" not in dict(await told(room))


async def test_a_reminder_whose_time_slips_past_as_the_start_moves_earlier_is_given_at_once(room: PressRoom) -> None:
    await passes(room, START - 3 * HOUR, START - 90 * MINUTE)
    room.now = START - 90 * MINUTE
    await room.read(*moved(-HOUR))
    await room.round()
    assert ("hour-before", 90 * MINUTE) in await told(room)


async def test_a_race_is_reminded_of_by_the_start_that_it_has_by_then(room: PressRoom) -> None:
    await passes(room, START - 30 * HOUR, START - 26 * HOUR)
    await room.read(*moved(HOUR))
    await passes(room, START - 26 * HOUR, START + HOUR)
    assert await told(room) == [("day-before", DAY - HOUR), ("hour-before", dt.timedelta(0))]


async def test_a_race_that_is_put_off_by_an_hour_is_not_reminded_of_again(room: PressRoom) -> None:
    await passes(room, START - 2 * HOUR, START - 30 * MINUTE)
    await room.read(*moved(HOUR))
    await passes(room, START - 30 * MINUTE, START + HOUR)
    assert len([topic for topic, _ in await told(room) if topic == "hour-before"]) == 1


async def test_a_race_that_is_put_off_to_another_day_is_reminded_of_again(room: PressRoom) -> None:
    await passes(room, START - 2 * HOUR, START - 30 * MINUTE)
    await room.read(*moved(DAY))
    await passes(room, START - 30 * MINUTE, START + DAY)
    assert len([topic for topic, _ in await told(room) if topic == "hour-before"]) == 2


async def new_starts(room: PressRoom) -> list[tuple[dt.datetime, dict[str, dt.datetime]]]:
    """What was said to those who were reminded of a wrong hour: the right one, and who is told."""
    await room.round()
    room.now += MINUTE
    await room.round()
    said = [(each.subject["starts_at"], await room.due(each)) for each in await reminders(room, Kind.NEW_START)]
    return [(dt.datetime.fromtimestamp(start, dt.UTC), told_to) for start, told_to in said if told_to]


async def test_who_was_reminded_of_the_wrong_hour_is_told_the_right_one_once(room: PressRoom) -> None:
    await room.subscriptions.end(GRANDSTAND, ["day-before"])
    room.now = START - DAY
    await room.round()
    await room.deliver()
    await room.read(*moved(2 * HOUR))
    expected = (START + 2 * HOUR, {PIT_WALL.id: START - DAY})
    assert await new_starts(room) == [expected]
    room.restart()
    assert await new_starts(room) == [expected]


async def test_who_was_not_reminded_yet_is_reminded_of_the_right_hour_alone(room: PressRoom) -> None:
    room.now = START - DAY
    await room.round()
    await room.read(*moved(2 * HOUR))
    assert await new_starts(room) == []


async def test_each_start_is_told_to_whoever_was_reminded_of_another(room: PressRoom) -> None:
    room.now = START - DAY
    await room.round()
    await room.deliver()
    for hours in (1, 2, 0):
        await room.read(*moved(hours * HOUR))
        await new_starts(room)
        room.now += MINUTE
    assert [start for start, _ in await new_starts(room)] == [START + HOUR, START + 2 * HOUR, START]


@pytest.mark.parametrize("by", [11 * HOUR + 30 * MINUTE, -13 * HOUR - 30 * MINUTE + 2 * HOUR])
async def test_a_start_that_moves_over_midnight_is_reminded_of_once_and_told_to_who_was(
    room: PressRoom, by: dt.timedelta
) -> None:
    await room.read(*moved(5 * HOUR if by < 0 * HOUR else -HOUR))
    start = START + (5 * HOUR if by < 0 * HOUR else -HOUR)
    await passes(room, start - 25 * HOUR, start - 20 * HOUR)
    await room.deliver()
    await room.read(*moved(start + by - START))
    await passes(room, start - 20 * HOUR, start + by)
    assert [topic for topic, _before in await told(room)] == ["day-before", "hour-before"]
    assert (await told(room))[1][1] == START - (start + by) + HOUR
    assert [begins for begins, _ in await new_starts(room)] == [start + by]


async def test_a_race_that_is_put_off_by_a_day_is_reminded_of_again(room: PressRoom) -> None:
    await passes(room, START - 25 * HOUR, START - 30 * MINUTE)
    await room.deliver()
    await room.read(*moved(DAY))
    await passes(room, START - 30 * MINUTE, START + DAY)
    assert [topic for topic, _before in await told(room)] == ["day-before", "hour-before"] * 2


async def test_a_race_that_is_put_off_for_months_is_told_to_whoever_was_reminded(room: PressRoom) -> None:
    room.now = START - HOUR
    await room.round()
    await room.deliver()
    await room.read(*moved(200 * DAY))
    assert [start for start, _ in await new_starts(room)] == [START + 200 * DAY]


async def test_who_waits_for_a_session_that_is_on_already_is_told(room: PressRoom) -> None:
    room.now = START - 40 * MINUTE
    await room.round()
    await room.deliver()
    await room.read(*moved(-HOUR))
    ((start, told_to),) = await new_starts(room)
    assert (start, {*told_to}) == (START - HOUR, {PIT_WALL.id, GRANDSTAND.id})


async def test_of_a_start_that_is_past_or_unknown_nobody_is_told(room: PressRoom) -> None:
    room.now = START - 40 * MINUTE
    await room.round()
    await room.deliver()
    await room.read(*moved(-3 * HOUR))
    assert await new_starts(room) == []
    await room.read(BAHRAIN, replace(IMOLA, sessions=(Session(SessionKind.RACE, START.date()),)), *REST[1:])
    assert await new_starts(room) == []


async def test_a_calendar_that_is_read_again_as_it_was_is_no_other_start(room: PressRoom) -> None:
    room.now = START - HOUR
    await room.round()
    await room.deliver()
    await room.read(*CALENDAR)
    assert await new_starts(room) == []


async def test_who_follows_the_calendar_too_is_told_of_a_move_once(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "calendar")
    room.now = START - DAY
    await room.round()
    await room.deliver()
    await room.seasons.store_schedule(2021, moved(2 * HOUR), room.now)
    ((_start, told_to),) = await new_starts(room)
    assert {*told_to} == {GRANDSTAND.id}
    (change,) = [each for each in await room.announced() if each.kind is Kind.CALENDAR]
    assert {*await room.due(change)} == {PIT_WALL.id}


async def told_off(room: PressRoom) -> list[tuple[str, list[str]]]:
    """What became of a race that was reminded of, and who of those who were is told."""
    await room.round()
    room.now += MINUTE
    await room.round()
    changes = [each for each in await reminders(room, Kind.CALENDAR) if each.follows is not None]
    return [(each.subject["change"], sorted(await room.due(each))) for each in changes]


async def test_who_was_reminded_of_a_race_that_is_called_off_is_told_so_once_and_that_it_is_back(
    room: PressRoom,
) -> None:
    await room.subscribe(PIT_WALL, "race-3h", "qualifying-24h", "calendar")
    await room.subscribe(GRANDSTAND, "qualifying-24h", "race-3h")
    for left in (2 * DAY, DAY):
        room.now = START - left
        await room.round()
        await room.deliver()
    room.now = START - 20 * HOUR
    await room.read(*REST)
    assert await told_off(room) == [], "feeds lose races for a moment"
    room.now = START - 14 * HOUR
    await room.read(*REST)
    for _again in range(2):
        assert [each for each in await told_off(room) if each[1]] == [("cancelled", [GRANDSTAND.id])]
        room.restart()
    await room.deliver()
    await room.read(*CALENDAR)
    for _again in range(2):
        told_back = [each for each in await told_off(room) if each[1]]
        assert told_back == [("cancelled", [GRANDSTAND.id]), ("back", [GRANDSTAND.id])]
    assert await new_starts(room) == []


async def test_who_was_given_several_reminders_is_told_a_new_start_once(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "race-3h")
    for left in (DAY, 3 * HOUR):
        room.now = START - left
        await room.round()
        await room.deliver()
    await room.seasons.store_schedule(2021, moved(2 * HOUR), room.now)
    told_to = [[*chats] for _start, chats in await new_starts(room)]
    assert sorted(told_to) == [[PIT_WALL.id], [GRANDSTAND.id]]


async def test_a_reminder_that_could_not_be_delivered_gives_way_to_the_next_one(room: PressRoom) -> None:
    await room.subscribe(PIT_WALL, "race-15m")
    for left in (HOUR, 15 * MINUTE):
        room.now = START - left
        await room.round()
    on_their_way = await room.outbox.due(PIT_WALL.platform, room.now, 10)
    subjects = {each.id: each.topic for each in await room.announced()}
    assert [(each.chat, subjects[each.announcement_id]) for each in on_their_way] == [
        (GRANDSTAND, "hour-before"),
        (PIT_WALL, "race-15m"),
    ]
