import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chat_settings import ChatSettings
from bot.domain.reminders import (
    AT_ONCE,
    BEFORE,
    HELPS_UNTIL,
    MISSED_FOR,
    REMINDERS,
    Lead,
    Part,
    Reminder,
    in_shorthand,
    reminders_of,
    shorthand,
)
from bot.domain.sessions import SessionKind

START = dt.datetime(2021, 7, 17, 15, 30, tzinfo=dt.UTC)
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


def test_what_was_stored_as_two_topics_still_means_two_reminders_of_the_race() -> None:
    assert REMINDERS["day-before"] == Reminder(Part.RACE, Lead.DAY)
    assert REMINDERS["hour-before"] == Reminder(Part.RACE, Lead.HOUR)
    assert len(REMINDERS) == len(Part) * len(Lead)


def test_every_session_has_reminders_and_every_one_of_a_weekend_a_key_of_its_own() -> None:
    keys = [each.key("2021-imola", kind, "2021-04-16") for kind in SessionKind for each in reminders_of(kind)]
    assert len({*keys}) == len(SessionKind) * len(Lead)
    assert REMINDERS["day-before"].key("2021-imola", SessionKind.RACE, "2021-04-18") == (
        "reminder 2021-imola 2021-04-18 day-before"
    )


def test_sprint_qualifying_counts_as_qualifying() -> None:
    assert reminders_of(SessionKind.SPRINT_QUALIFYING) == reminders_of(SessionKind.QUALIFYING)


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (24 * HOUR, ["24h"]),
        (4 * HOUR, ["24h"]),
        (3 * HOUR, ["3h"]),
        (HOUR, ["1h"]),
        (26 * MINUTE, ["1h"]),
        (24 * MINUTE, []),  # the one of a quarter is due within ten minutes
        (10 * MINUTE, ["15m"]),
        (2 * MINUTE, ["15m"]),
        (-19 * MINUTE, ["15m"]),
        (-20 * MINUTE, []),
    ],
)
def test_after_an_outage_a_chat_that_wants_all_is_told_once(left: dt.timedelta, told: list[str]) -> None:
    assert given_now(START - left, ChatSettings()) == told


def given_now(now: dt.datetime, settings: ChatSettings) -> list[str]:
    """Which reminders of a race a chat that wants all of them is given in a look at this moment."""
    wanted = [Reminder(Part.RACE, lead) for lead in Lead]
    topics = [each.topic for each in wanted]
    return [
        each.lead.value
        for each in wanted
        if each.told_at(START, now, settings) is not None and not each.gives_way(topics, START, now, settings)
    ]


@given(
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.integers(0, 26 * 60),
    st.sets(st.sampled_from([*Lead]), min_size=1),
)
def test_no_two_reminders_of_a_session_come_at_once_and_none_is_lost_to_another(
    quiet_from: int, quiet_until: int, minutes: int, leads: set[Lead]
) -> None:
    settings = ChatSettings(quiet_from=quiet_from, quiet_until=quiet_until)
    now = START - minutes * MINUTE
    wanted = [Reminder(Part.RACE, lead) for lead in leads]
    foreseen = {each: each.foreseen(START, now, settings) for each in wanted}
    topics = [each.topic for each in wanted]
    moments = sorted(
        moment
        for each, moment in foreseen.items()
        if moment is not None and not each.gives_way(topics, START, now, settings)
    )
    assert all(later - earlier > AT_ONCE for earlier, later in itertools.pairwise(moments))
    assert bool(moments) == any(foreseen.values())
    assert all(settings.may_be_told_at(moment) == moment < START + MISSED_FOR for moment in moments)


@given(st.sets(st.sampled_from([*REMINDERS.values()])))
def test_reminders_in_shorthand_are_the_same_reminders_and_few_letters(reminders: set[Reminder]) -> None:
    words = shorthand(reminders)
    assert {each for word in words.split() for each in in_shorthand(word)} == reminders
    assert len(words) <= 28


def test_no_other_word_is_shorthand_of_reminders() -> None:
    assert not any(map(in_shorthand, ("recaps", "fp", "fp/", "x/d", "fp/x", "q/dd/h")))


def test_the_shorter_its_time_the_longer_a_reminder_helps() -> None:
    assert sorted(Lead, key=BEFORE.__getitem__) == sorted(Lead, key=HELPS_UNTIL.__getitem__)
    assert all(HELPS_UNTIL[lead] < BEFORE[lead] for lead in Lead)
