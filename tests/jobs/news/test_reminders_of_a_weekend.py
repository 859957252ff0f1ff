"""A sprint's weekend, all its sessions and times before them, in chats of thirteen zones with many quiet hours."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from bot.cards.reminder import reminder_reply
from bot.chat.instants import as_written
from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings
from bot.domain.deliveries import Outcome, State
from bot.domain.places import Chat, Platform
from bot.domain.reminders import AT_ONCE, BEFORE, HELPS_UNTIL, MISSED_UNTIL, REMINDERS, Lead, kind_of, reminders_of
from bot.domain.sessions import Session, SessionKind
from tests.support.press_room import HOUR, MINUTE, PressRoom, press_room
from tests.support.season import SILVERSTONE

STEP = 15 * MINUTE
OUTAGE = 30 * MINUTE
STARTS = {
    SessionKind.PRACTICE_1: "2021-07-16T11:30",
    SessionKind.SPRINT_QUALIFYING: "2021-07-16T15:30",
    SessionKind.SPRINT: "2021-07-17T11:00",
    SessionKind.QUALIFYING: "2021-07-17T15:00",
    SessionKind.RACE: "2021-07-18T14:00",
}
SESSIONS = {kind: dt.datetime.fromisoformat(start).replace(tzinfo=dt.UTC) for kind, start in STARTS.items()}
WEEKEND = replace(SILVERSTONE, sessions=tuple(Session(kind, start.date(), start) for kind, start in SESSIONS.items()))
ZONES = (
    *("Pacific/Auckland", "Australia/Adelaide", "Asia/Tokyo", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tehran"),
    *("Europe/Berlin", "Europe/London", "America/Sao_Paulo", "America/New_York", "America/Chicago"),
    *("America/Los_Angeles", "Pacific/Honolulu"),
)
QUIET: tuple[tuple[int, int] | None, ...] = (None, (22, 8), (23, 7), (0, 9), (1, 12), None, (20, 6))
"""Quiet hours by the chat's clock, dealt out in turn."""

CHATS = {
    Chat(Platform.TELEGRAM, str(-1000 - number)): ChatSettings(
        zone, quiet_from=quiet and quiet[0] * 60, quiet_until=quiet and quiet[1] * 60
    )
    for number, zone in enumerate(ZONES)
    for quiet in [QUIET[number % len(QUIET)]]
}


class Given(NamedTuple):
    """A reminder that a chat was given, and when."""

    kind: SessionKind
    lead: Lead
    at: dt.datetime


@pytest.fixture
async def room(data_dir: Path) -> AsyncIterator[PressRoom]:
    """A press room two days before practice, where every chat wants every reminder."""
    async with press_room(data_dir, WEEKEND) as room:
        for chat, settings in CHATS.items():
            await room.subscribe(chat, *REMINDERS, settings=settings)
        yield room


async def weekend_passes(room: PressRoom, first_outage: dt.timedelta | None = None) -> Mapping[str, list[Given]]:
    """The newsroom looks, and what is due goes out, every quarter of an hour; what each chat is given by its number.

    Every two hours the bot is down for half an hour, where it is at all, and starts anew.
    """
    begin = room.now = SESSIONS[SessionKind.PRACTICE_1] - 50 * HOUR
    given: dict[str, list[Given]] = {chat.id: [] for chat in CHATS}
    about: dict[int, Announcement] = {}
    while room.now < SESSIONS[SessionKind.RACE]:
        if first_outage is not None and (room.now - begin) % (2 * HOUR) == first_outage:
            room.now += OUTAGE
            room.restart()
        await room.round()
        deliveries = await room.outbox.due(Platform.TELEGRAM, room.now, 1000)
        for delivery in deliveries:
            told = about.get(delivery.announcement_id) or await room.announcements.get(delivery.announcement_id)
            assert told
            assert told.kind is Kind.REMINDER
            about[told.id] = told
            kind, reminder = kind_of(told.subject), REMINDERS[told.topic]
            if reminder.is_of_use(SESSIONS[kind], room.now):  # as who writes its words makes sure
                given[delivery.chat.id].append(Given(kind, reminder.lead, room.now))
        sent = (Outcome(delivery, State.SENT, room.now, message="1") for delivery in deliveries)
        await asyncio.gather(*map(room.outbox.settle, sent))  # in one transaction
        room.now += STEP
    return given


def is_quiet(settings: ChatSettings, moment: dt.datetime) -> bool:
    """Whether it is in a chat's quiet hours by its own clock."""
    if settings.quiet_from is None or settings.quiet_until is None:
        return False
    local = moment.astimezone(ZoneInfo(settings.zone or "UTC"))
    begin, end, minute = settings.quiet_from, settings.quiet_until, local.hour * 60 + local.minute
    return begin <= minute < end if begin < end else minute >= begin or minute < end


def all_are_to_the_minute_and_say_the_chats_hour(given: Mapping[str, list[Given]]) -> None:
    """In chats that have no quiet hours."""
    right = 0
    for chat, settings in CHATS.items():
        if settings.quiet_from is not None:
            continue
        every = [
            Given(kind, each.lead, start - BEFORE[each.lead])
            for kind, start in SESSIONS.items()
            for each in reminders_of(kind)
        ]
        assert sorted(given[chat.id]) == sorted(every)
        for kind, _lead, at in given[chat.id]:
            session = WEEKEND.session(kind)
            assert session
            said = reminder_reply(WEEKEND, session, at, settings, None).card.paragraphs[0]
            local = SESSIONS[kind].astimezone(ZoneInfo(settings.zone or "UTC"))
            right += f", {local:%H:%M} in " in as_written(said)
    assert right == sum(settings.quiet_from is None for settings in CHATS.values()) * len(SESSIONS) * len(Lead)


@pytest.mark.exhaustive
@pytest.mark.parametrize("first_outage", [None, *(number * OUTAGE for number in range(4))], ids=str)
async def test_every_reminder_comes_once_and_none_is_lost_to_quiet_hours_or_to_half_an_hours_outage(
    room: PressRoom, first_outage: dt.timedelta | None
) -> None:
    given = await weekend_passes(room, first_outage)
    if first_outage is None:
        all_are_to_the_minute_and_say_the_chats_hour(given)
    until = HELPS_UNTIL if first_outage is None else {**HELPS_UNTIL, **MISSED_UNTIL}
    count = 0
    for chat, settings in CHATS.items():
        assert len({(kind, lead) for kind, lead, _at in given[chat.id]}) == len(given[chat.id]), "each is given once"
        for kind, start in SESSIONS.items():
            mine = {lead: at for each, lead, at in given[chat.id] if each is kind}
            count += len(mine)
            assert mine, f"{chat.id} was told nothing of {kind}"
            assert all(at < start - until[lead] for lead, at in mine.items())
            for lead in Lead:
                moment = start - BEFORE[lead]
                told_instead = [at for other, at in mine.items() if BEFORE[other] < BEFORE[lead]]
                if lead in mine:
                    late = mine[lead] - moment
                    assert is_quiet(settings, moment) or dt.timedelta(0) <= late <= OUTAGE
                elif first_outage is None:
                    assert is_quiet(settings, moment)
                    assert told_instead
                else:  # half an hour is longer than the shortest helps, and what gave way to it after quiet hours
                    gave_way = is_quiet(settings, moment) and lead is Lead.HOUR
                    assert told_instead or lead is Lead.QUARTER or gave_way
        # What was on its way before they began goes out in the first look after an outage.
        longest = STEP if first_outage is None else OUTAGE + STEP
        assert not [
            at for _kind, _lead, at in given[chat.id] if is_quiet(settings, at - longest) and is_quiet(settings, at)
        ]
    assert count > len(CHATS) * len(SESSIONS) * 2
    assert AT_ONCE < STEP
