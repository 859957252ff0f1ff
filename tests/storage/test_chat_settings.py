import asyncio
import datetime as dt
from dataclasses import asdict, replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.places import Chat, Platform
from storage.chat_settings import SettingsStore, read_settings
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from tests.storage.booth import GRANDSTAND, PIT_WALL

LONDON = ZoneInfo("Europe/London")
NIGHT = ChatSettings(zone="Europe/London", quiet_from=23 * 60, quiet_until=7 * 60)
UNTIL_NINE = ChatSettings(zone="Europe/London", spoilers=Spoilers.HELD, hold_until=9 * 60)


def london(said: str, fold: int = 0) -> dt.datetime:
    """When London's clock says so; `fold=1` for the second time, in the night in which clocks go back."""
    return dt.datetime.fromisoformat(said).replace(tzinfo=LONDON, fold=fold).astimezone(dt.UTC)


def utc(said: str) -> dt.datetime:
    return dt.datetime.fromisoformat(said).replace(tzinfo=dt.UTC)


def test_a_chat_that_set_nothing_may_be_told_at_once() -> None:
    moment = utc("2026-07-05 03:30")
    assert ChatSettings().may_be_told_at(moment) == moment
    assert ChatSettings().may_be_told_at(moment, flag=moment) == moment


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-07-05 22:59:59", "2026-07-05 22:59:59"),
        ("2026-07-05 23:00", "2026-07-06 07:00"),
        ("2026-07-06 00:00", "2026-07-06 07:00"),
        ("2026-07-06 06:59:59", "2026-07-06 07:00"),
        ("2026-07-06 07:00", "2026-07-06 07:00"),
    ],
)
def test_quiet_hours_last_over_midnight(moment: str, told: str) -> None:
    assert NIGHT.may_be_told_at(london(moment)) == london(told)


def test_quiet_hours_may_be_by_day() -> None:
    siesta = replace(NIGHT, quiet_from=13 * 60, quiet_until=15 * 60 + 30)
    assert siesta.may_be_told_at(london("2026-07-05 12:59")) == london("2026-07-05 12:59")
    assert siesta.may_be_told_at(london("2026-07-05 13:00")) == london("2026-07-05 15:30")
    assert siesta.may_be_told_at(london("2026-07-05 23:00")) == london("2026-07-05 23:00")


def test_without_a_zone_the_clock_is_utc() -> None:
    assert replace(NIGHT, zone=None).may_be_told_at(utc("2026-07-05 23:30")) == utc("2026-07-06 07:00")


def test_quiet_hours_that_begin_when_they_end_are_none() -> None:
    moment = london("2026-07-05 03:00")
    assert replace(NIGHT, quiet_until=23 * 60).may_be_told_at(moment) == moment
    assert replace(NIGHT, quiet_from=None).may_be_told_at(moment) == moment
    assert replace(NIGHT, quiet_until=None).may_be_told_at(moment) == moment


def test_the_night_is_an_hour_shorter_when_clocks_go_forward() -> None:
    told = NIGHT.may_be_told_at(london("2026-03-28 23:30"))
    assert told == london("2026-03-29 07:00") == utc("2026-03-29 06:00")


def test_the_night_is_an_hour_longer_when_clocks_go_back() -> None:
    told = NIGHT.may_be_told_at(london("2026-10-24 23:30"))
    assert told == london("2026-10-25 07:00") == utc("2026-10-25 07:00")


def test_quiet_hours_that_end_in_the_hour_left_out_end_as_it_is_left_out() -> None:
    short = replace(NIGHT, quiet_until=90)
    assert short.may_be_told_at(london("2026-03-29 00:15")) == utc("2026-03-29 01:00") == london("2026-03-29 02:00")


def test_quiet_hours_that_end_in_the_hour_that_comes_twice_end_twice() -> None:
    short = replace(NIGHT, quiet_until=90)
    assert short.may_be_told_at(london("2026-10-25 00:15")) == utc("2026-10-25 00:30")
    assert short.may_be_told_at(utc("2026-10-25 00:45")) == utc("2026-10-25 00:45")
    assert short.may_be_told_at(utc("2026-10-25 01:15")) == utc("2026-10-25 01:30")


def test_quiet_hours_that_have_begun_go_on_when_the_clock_goes_back_to_before_them() -> None:
    late = replace(NIGHT, quiet_from=90)
    assert late.may_be_told_at(utc("2026-10-25 00:45")) == utc("2026-10-25 07:00")


@pytest.mark.parametrize(
    ("moment", "since"),
    [
        ("2026-07-05 22:59", None),
        ("2026-07-05 23:00", "2026-07-05 23:00"),
        ("2026-07-06 00:30", "2026-07-05 23:00"),
        ("2026-07-06 06:59", "2026-07-05 23:00"),
        ("2026-07-06 07:00", None),
        ("2026-03-29 06:59", "2026-03-28 23:00"),
        ("2026-10-25 06:59", "2026-10-24 23:00"),
    ],
)
def test_it_is_known_when_quiet_hours_began(moment: str, since: str | None) -> None:
    assert NIGHT.quiet_since(london(moment)) == (london(since) if since else None)


def test_quiet_hours_that_begin_in_the_hour_left_out_begin_as_it_is_left_out() -> None:
    assert replace(NIGHT, quiet_from=90).quiet_since(london("2026-03-29 06:00")) == london("2026-03-29 02:00")


def test_a_chat_without_quiet_hours_is_in_none() -> None:
    assert ChatSettings().quiet_since(utc("2026-07-05 03:30")) is None


def test_a_pause_between_quiet_hours_that_is_left_out_is_waited_for_until_the_next_day() -> None:
    nearly_always = replace(NIGHT, quiet_from=115, quiet_until=65)
    assert nearly_always.may_be_told_at(london("2026-03-29 00:30")) == london("2026-03-30 01:05")


@pytest.mark.parametrize(
    ("flag", "told"),
    [
        ("2026-07-05 15:32", "2026-07-06 09:00"),  # a Sunday's race
        ("2026-11-22 06:01", "2026-11-22 09:00"),  # in the night, from Las Vegas
        ("2026-07-05 09:00", "2026-07-05 09:00"),
        ("2026-07-05 09:00:01", "2026-07-06 09:00"),
    ],
)
def test_what_is_held_until_nine_is_told_when_nine_first_comes_after_the_flag(flag: str, told: str) -> None:
    assert UNTIL_NINE.may_be_told_at(london(flag), london(flag)) == london(told)


def test_nine_is_counted_from_the_flag_and_not_from_when_the_result_came() -> None:
    flag, late = london("2026-07-05 15:32"), london("2026-07-06 11:00")
    assert UNTIL_NINE.may_be_told_at(late, flag) == late


@pytest.mark.parametrize(
    ("flag", "told"),
    [("2026-03-28 20:00", "2026-03-29 08:00"), ("2026-10-24 20:00", "2026-10-25 09:00")],
)
def test_nine_is_nine_by_the_clock_when_clocks_change(flag: str, told: str) -> None:
    assert UNTIL_NINE.may_be_told_at(utc(flag), utc(flag)) == utc(told)


def test_a_time_of_day_that_comes_again_as_clocks_go_back_over_midnight_is_not_missed() -> None:
    chat = ChatSettings("America/St_Johns", spoilers=Spoilers.HELD, hold_until=23 * 60 + 45)
    midnight = utc("2010-11-07 02:30:30")  # a minute later it was 23:01 again
    assert chat.may_be_told_at(midnight, midnight) == utc("2010-11-07 03:15")


def test_a_result_is_held_for_so_many_minutes_after_the_flag() -> None:
    held, flag = ChatSettings(spoilers=Spoilers.HELD, hold_minutes=180), utc("2026-07-05 15:30")
    assert held.may_be_told_at(flag + dt.timedelta(minutes=20), flag) == utc("2026-07-05 18:30")
    assert held.may_be_told_at(utc("2026-07-05 19:00"), flag) == utc("2026-07-05 19:00")


def test_what_is_held_into_the_night_waits_for_the_morning() -> None:
    held, flag = replace(NIGHT, spoilers=Spoilers.HELD, hold_minutes=480), london("2026-07-05 15:30")
    assert held.may_be_told_at(flag, flag) == london("2026-07-06 07:00")


def test_only_results_are_held_and_only_where_that_is_asked_for() -> None:
    flag = london("2026-07-05 15:32")
    assert UNTIL_NINE.may_be_told_at(flag) == flag
    assert replace(UNTIL_NINE, spoilers=Spoilers.VEILED).may_be_told_at(flag, flag) == flag
    assert replace(UNTIL_NINE, hold_until=None).may_be_told_at(flag, flag) == flag


MINUTES = st.none() | st.integers(0, 24 * 60 - 1)
ANY_SETTINGS = st.builds(
    ChatSettings,
    zone=st.none() | st.timezone_keys(allow_prefix=False),
    spoilers=st.sampled_from(Spoilers),
    hold_minutes=st.none() | st.integers(0, 3 * 24 * 60),
    hold_until=MINUTES,
    quiet_from=MINUTES,
    quiet_until=MINUTES,
)
MOMENTS = st.datetimes(dt.datetime(2011, 1, 1), dt.datetime(2035, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001
CHANGES = st.builds(
    lambda change, seconds: change + dt.timedelta(seconds=seconds),
    st.sampled_from([utc("2026-03-29 01:00"), utc("2026-10-25 01:00"), utc("2011-12-30 10:00")]),
    st.integers(-2 * 24 * 3600, 2 * 24 * 3600),
)


def is_quiet(chat: ChatSettings, moment: dt.datetime) -> bool:
    """Whether a moment is within quiet hours, told hour by hour."""
    if chat.quiet_from is None or chat.quiet_until is None:
        return False
    local = moment.astimezone(chat.clock)
    hours = (chat.quiet_until - chat.quiet_from) % (24 * 60)
    return (local.hour * 60 + local.minute - chat.quiet_from) % (24 * 60) < hours


@settings(max_examples=300)
@given(chat=ANY_SETTINGS, moment=MOMENTS | CHANGES, ago=st.none() | st.timedeltas(dt.timedelta(), dt.timedelta(days=3)))
@example(replace(NIGHT, quiet_from=135, quiet_until=90), utc("2026-03-29 00:15"), None)
@example(replace(NIGHT, quiet_from=30, quiet_until=20, zone="Africa/Cairo"), utc("2026-04-23 21:30"), None)
@example(
    ChatSettings("Pacific/Apia", None, Spoilers.HELD, None, 540, 1380, 420), utc("2011-12-30 09:00"), dt.timedelta()
)
def test_whatever_is_set_nobody_is_told_too_early_or_at_night(
    chat: ChatSettings, moment: dt.datetime, ago: dt.timedelta | None
) -> None:
    flag = None if ago is None else moment - ago
    told = chat.may_be_told_at(moment, flag)
    assert told >= moment
    assert not is_quiet(chat, told)
    if flag is not None and chat.spoilers is Spoilers.HELD and chat.hold_minutes is not None:
        assert told >= flag + dt.timedelta(minutes=chat.hold_minutes)
    assert chat.may_be_told_at(told) == told
    assert told <= moment + dt.timedelta(days=7)


@settings(max_examples=300)
@given(zone=st.timezone_keys(allow_prefix=False), minute=st.integers(0, 24 * 60 - 1), flag=MOMENTS | CHANGES)
def test_what_is_held_until_a_time_of_day_waits_until_the_clock_has_come_by_it(
    zone: str, minute: int, flag: dt.datetime
) -> None:
    chat = ChatSettings(zone, spoilers=Spoilers.HELD, hold_until=minute)
    told = chat.may_be_told_at(flag, flag)
    local = told.astimezone(chat.clock)
    assert flag <= told <= flag + dt.timedelta(days=2)
    before = (told - dt.timedelta(minutes=1)).astimezone(chat.clock)
    assume(before.utcoffset() == local.utcoffset())
    assert local.time() == dt.time(*divmod(minute, 60))


async def test_settings_come_back_as_they_were_stored(database: Database, chats: Chats) -> None:
    store = SettingsStore(database, chats, HandledUpdates(database))
    mine = ChatSettings("Europe/London", "de", Spoilers.HELD, 180, 540, 1380, 420)
    assert await store.change(PIT_WALL, **asdict(NIGHT)) == NIGHT
    assert await store.change(PIT_WALL, **asdict(mine)) == mine
    assert await store.of(PIT_WALL) == mine
    assert await store.of(GRANDSTAND) == ChatSettings()
    assert await store.change(PIT_WALL, **asdict(ChatSettings())) == ChatSettings()
    assert await store.of(PIT_WALL) == ChatSettings()


async def test_what_is_not_changed_stays_as_it_is(database: Database, chats: Chats) -> None:
    store = SettingsStore(database, chats, HandledUpdates(database))
    await store.change(PIT_WALL, zone="Europe/London", language="de")
    await store.change(GRANDSTAND, spoilers=Spoilers.VEILED)
    assert await store.change(PIT_WALL, quiet_from=60, quiet_until=120) == ChatSettings(
        "Europe/London", "de", quiet_from=60, quiet_until=120
    )
    assert await store.change(PIT_WALL, language=None) == replace(await store.of(PIT_WALL), language=None)
    assert await store.of(GRANDSTAND) == ChatSettings(spoilers=Spoilers.VEILED)


async def test_what_was_set_is_told_to_the_one_who_cleared_it(database: Database, chats: Chats) -> None:
    handled = HandledUpdates(database)
    store, other = SettingsStore(database, chats, handled), SettingsStore(database, chats, handled)
    await store.change(PIT_WALL, zone="Europe/London")
    both = await asyncio.gather(*(each.replace(PIT_WALL, f"{n}", zone=None) for n, each in enumerate((store, other))))
    assert sorted(replaced.was.zone or "" for replaced in both) == ["", "Europe/London"]
    again = await store.replace(PIT_WALL, "0", zone=None)
    assert again.was == again.now == ChatSettings()


async def test_to_look_at_settings_makes_no_chat_known(database: Database, chats: Chats) -> None:
    store = SettingsStore(database, chats, HandledUpdates(database))
    assert await store.of(Chat(Platform.TELEGRAM, "404")) == ChatSettings()
    assert store.language(PIT_WALL) is None
    assert await chats.ids([PIT_WALL]) == {("telegram", "-1001"): 1}


async def test_a_chats_language_is_known_at_once_and_after_a_restart(database: Database, chats: Chats) -> None:
    store = SettingsStore(database, chats, HandledUpdates(database))
    await store.change(PIT_WALL, language="de")
    await store.change(GRANDSTAND, language="it")
    assert (store.language(PIT_WALL), store.language(GRANDSTAND)) == ("de", "it")
    await store.change(GRANDSTAND, zone="Europe/Rome")
    assert store.language(GRANDSTAND) == "it"
    await store.change(GRANDSTAND, language=None)
    assert store.language(GRANDSTAND) is None
    handled = HandledUpdates(database)
    again = SettingsStore(database, await Chats.open(database, handled), handled)
    assert (again.language(PIT_WALL), again.language(GRANDSTAND)) == ("de", None)


def test_chats_of_the_same_settings_share_them() -> None:
    row = ("Europe/London", None, "held", None, 540, None, None, 40, True, 24)
    assert read_settings(*row) is read_settings(*row)
    assert read_settings(*row) == replace(UNTIL_NINE, delay_seconds=40, blind=True, closing_hours=24)
    assert read_settings(None, None, None, None, None, None, None, None, None, None) == ChatSettings()
