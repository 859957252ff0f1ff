"""Reminders in time, late where the bot was not there, and the right hour for whoever was told a wrong one."""

import datetime as dt
from collections.abc import Collection
from functools import partial

from bot.domain.announcements import Announcement, Kind
from bot.domain.calendar_changes import CalendarChange, called_off, is_of_use
from bot.domain.chat_settings import ChatSettings
from bot.domain.reminders import (
    HOUR,
    LONGEST_QUIET,
    LOOK_AHEAD,
    MISSED_FOR,
    REMINDERS,
    Reminder,
    day_of,
    kind_of,
    reminders_of,
    session_of,
)
from bot.domain.season import Race
from bot.domain.sessions import Session, SessionKind
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from storage.announcements import Announcements, Due
from storage.seasons import Seasons
from storage.told_chains import ToldChain, ToldChains
from storage.told_instead import Instead

EARLY = LONGEST_QUIET + LOOK_AHEAD
"""How long before it is due a reminder is announced, for the chats whose quiet hours begin before that."""

STILL_RETRIED = dt.timedelta(days=1)
"""How long after a session's start its reminder expires: later than any start that it may have on that day."""

MADE_FOR = dt.timedelta(days=7)
"""How long after a reminder was announced whoever was told it is told of another start: races are put off for weeks."""

MOST_LOOKED_AT = 500
"""Reminders of which is remembered when their chats were last gone through: more than a weekend has."""


class ReminderNews:
    """Announces each reminder once, and has those who want it gone through every hour until it is due.

    So what a chat wishes may change until shortly before it is told. Who has a delivery keeps it: going through them
    once more, as after a restart, tells nobody twice.
    """

    def __init__(self, seasons: Seasons, told: ToldChains, announcements: Announcements, clock: Clock) -> None:
        self._seasons = seasons
        self._told = told
        self._announcements = announcements
        self._clock = clock
        self._gone_through: Remembered[str, int] = Remembered(MOST_LOOKED_AT)

    async def remind(self) -> None:
        """Announce what is due or was missed, or is to be told some chats before their quiet hours."""
        race = await self._seasons.next_race(self._clock.now() - MISSED_FOR)
        wanted = await self._announcements.wanted(REMINDERS) if race else ()
        chains = await self._told.since(self._clock.now() - MADE_FOR, Kind.REMINDER) if wanted else ()
        known = {first.key for first, _last in chains}
        for session in race.sessions if race else ():
            told = [first.subject for first, _last in chains if race and _is_of(first, race.key, session.kind)]
            for reminder in reminders_of(session.kind):
                if race and session.starts_at and reminder.topic in wanted:
                    await self._remind(race, session, session.starts_at, reminder, day_of(session, told), known)

    async def _remind(
        self, race: Race, session: Session, start: dt.datetime, reminder: Reminder, day: str, known: Collection[str]
    ) -> None:
        """Announce a reminder, or have its chats gone through again where it is `known` by its key."""
        now, due = self._clock.now(), reminder.due(start)
        if now < due - EARLY or not reminder.is_of_use(start, now):
            return
        key = reminder.key(race.key, session.kind, day)
        hour = min((now - due) // HOUR, 0)
        if self._gone_through.get(key) == hour:
            return
        subject = {
            "race": race.key,
            "session": session.kind.value,
            "day": day,
            "starts_at": int(start.timestamp()),
        }
        draft = Announcement(key, reminder.topic, Kind.REMINDER, subject, now, start + STILL_RETRIED)
        if key in known or await self._announcements.announce(draft) is None:
            await self._announcements.go_through_again(key)
        self._gone_through[key] = hour

    async def due(self, announcement: Announcement) -> Due:
        """When chats are reminded; None for those of which that is not to be settled by now."""
        race = await self._seasons.race(announcement.subject["race"])
        session, reminder = session_of(race, announcement.subject) if race else None, REMINDERS[announcement.topic]
        if session is None or session.starts_at is None:
            return _nobody
        return partial(reminder.told_at, session.starts_at, self._clock.now())

    async def instead(self, announcement: Announcement) -> Instead:
        """What else tells a chat the same: a shorter reminder of the session, or of what became of it the calendar."""
        about, reminder = announcement.subject, REMINDERS[announcement.topic]
        race, kind, day = await self._seasons.race(about["race"]), kind_of(about), about.get("day", "")
        session = session_of(race, about) if race else None
        if announcement.follows is not None:
            by_shorter = {each.key(about["race"], kind, day) for each in reminder.shorter}
            return Instead(told_by=by_shorter | await self._changes(announcement) | await self._of_later(announcement))
        if session is None or session.starts_at is None:
            return Instead()
        start, now = session.starts_at, self._clock.now()

        def gives_way(wanted: Collection[str], settings: ChatSettings) -> bool:
            return reminder.gives_way(wanted, start, now, settings)

        longer = [each.key(about["race"], kind, day) for each in reminder.longer]
        return Instead([each.topic for each in reminder.shorter], gives_way, overtakes=longer, by=now)

    async def _changes(self, news: Announcement) -> set[str]:
        """The changes of the calendar, by their keys, that tell the same, and what else of the weekend has moved."""
        about, kind = news.subject, kind_of(news.subject).value
        changes = await self._told.since(self._clock.now() - MADE_FOR, Kind.CALENDAR)
        of_it = [change for change, _last in changes if change.subject["race"] == about["race"]]
        if news.kind is Kind.CALENDAR:
            return {change.key for change in of_it if change.subject["change"] == about["change"]}
        starts = {change.key: change.subject.get("moved", {}).get(kind) for change in of_it}
        return {key for key, moved in starts.items() if moved and _seconds(moved[1]) == about["starts_at"]}

    async def _of_later(self, news: Announcement) -> set[str]:
        """The reminders of a weekend's later sessions, by their keys, where it is the race that was called off."""
        if news.kind is not Kind.CALENDAR:
            return set()
        chains = await self._told.since(self._clock.now() - MADE_FOR, Kind.REMINDER)
        subject = news.subject
        of_it = [first for first, _last in chains if first.subject["race"] == subject["race"]]
        return {each.key for each in of_it if each.subject["starts_at"] > subject["starts_at"]}

    async def tell_new_starts(self) -> None:
        """Announce to whoever was reminded of a session that it starts at another time, or is off, each time once."""
        now = self._clock.now()
        chains = await self._told.since(now - MADE_FOR, Kind.REMINDER, Kind.NEW_START, Kind.CALENDAR)
        reminded = [chain for chain in chains if chain.first.kind is Kind.REMINDER]
        races: dict[str, Race] = {}
        off: dict[str, Race] = {}
        for season in {int(chain.first.subject["race"][:4]) for chain in reminded}:
            calendar = await self._seasons.schedule(season)
            gone, _in_doubt = called_off(await self._seasons.cancelled(season), calendar, now)
            races |= {race.key: race for race in calendar}
            off |= {race.key: race for race in gone}
        for chain in reminded:
            key = chain.first.subject["race"]
            if key in off and not _said_off(chain):
                await self._tell_change(chain, off[key], CalendarChange.CANCELLED)
            elif key in races and _said_off(chain):
                await self._tell_change(chain, races[key], CalendarChange.BACK)
            elif key in races:
                await self._tell_new_start(chain, races[key])

    async def _tell_change(self, chain: ToldChain, race: Race, change: CalendarChange) -> None:
        """That a race is off, or back, of one of whose sessions to come there was a reminder; made once, as below."""
        first, now, session = chain.first, self._clock.now(), race.session(kind_of(chain.first.subject))
        if session is None or session.starts_at is None or session.starts_at <= now:
            return
        subject = {**first.subject, "starts_at": int(session.starts_at.timestamp()), "change": change.value}
        key = f"{change} {first.key} after {chain.last.id}"
        await self._announcements.announce(
            Announcement(key, first.topic, Kind.CALENDAR, subject, now, session.starts_at, first.id)
        )

    async def _tell_new_start(self, chain: ToldChain, race: Race) -> None:
        """Two who find a difference at the same moment make one announcement: its key says what it comes after."""
        first, last, now = chain.first, chain.last.subject, self._clock.now()
        session = race.session(kind_of(first.subject))
        told = dt.datetime.fromtimestamp(last["starts_at"], dt.UTC)
        if session is None or session.starts_at is None or not is_of_use(told, session, now):
            return
        starts_at = int(session.starts_at.timestamp())
        if starts_at != last["starts_at"]:
            subject = {**first.subject, "starts_at": starts_at, "was": last["starts_at"]}
            key = f"new start {first.key} after {chain.last.id}"
            await self._announcements.announce(
                Announcement(key, first.topic, Kind.NEW_START, subject, now, max(told, session.starts_at), first.id)
            )


def _said_off(chain: ToldChain) -> bool:
    """Whether whoever was reminded was told last that the race is off."""
    return bool(chain.last.subject.get("change") == CalendarChange.CANCELLED)


def _nobody(_settings: ChatSettings) -> None:
    """The session is gone, or on another day, for which there is another reminder."""


def _is_of(reminder: Announcement, race_key: str, kind: SessionKind) -> bool:
    return reminder.subject["race"] == race_key and kind_of(reminder.subject) is kind


def _seconds(start: str) -> int | None:
    """A start in ISO's terms, as seconds; None where only its day was known."""
    return int(dt.datetime.fromisoformat(start).timestamp()) if "T" in start else None
