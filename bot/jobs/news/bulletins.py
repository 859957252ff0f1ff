"""What chats are told by itself, in words: recaps, corrections, reminders, the calendar, results of polls."""

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from bot.cards import closed_poll
from bot.cards.anniversary import anniversary_reply
from bot.cards.calendar_change import calendar_change_reply
from bot.cards.correction import correction_reply
from bot.cards.illustrated import illustrated_recap
from bot.cards.qualifying import qualifying_reply
from bot.cards.reminder import new_start_reply, reminder_reply
from bot.cards.season_text import updated
from bot.chat.replies import Bulletin, Reply
from bot.domain.announcements import Announcement, Kind
from bot.domain.calendar_changes import CalendarChange, is_of_use
from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.live_telling import is_veiled
from bot.domain.noted_incidents import as_seen, tells_result
from bot.domain.polls import Poll, Tally
from bot.domain.race_story import RaceStory
from bot.domain.reminders import REMINDERS, kind_of, session_of
from bot.domain.season import Championship, Race
from bot.domain.sessions import SessionKind
from bot.i18n import speaking
from bot.jobs.news.live_bulletins import LiveBulletins
from bot.jobs.news.occasions import occasion_of
from bot.pacing.clock import Clock
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from bot.search.circuit_finder import CircuitFinder
from storage.announcements import Announcements
from storage.polls import Polls
from storage.race_stories import RaceStories
from storage.seasons import Seasons

Write: TypeAlias = Callable[[Announcement, ChatSettings], Awaitable[Bulletin | None]]
"""Writes one kind of announcement for chats of these settings; None for what is not true any more."""


class Bulletins:
    """Has what is announced written for a chat, unless that is not true any more."""

    def __init__(
        self,
        announcements: Announcements,
        seasons: Seasons,
        stories: RaceStories,
        painter: Painter,
        circuits: CircuitFinder,
        incidents: Incidents,
        polls: Polls,
        live: LiveBulletins,
        clock: Clock,
    ) -> None:
        self._announcements = announcements
        self._seasons = seasons
        self._stories = stories
        self._painter = painter
        self._circuits = circuits
        self._incidents = incidents
        self._polls = polls
        self._writers: Mapping[Kind, Write] = {
            Kind.RECAP: self._recap,
            Kind.CORRECTION: self._correction,
            Kind.AMENDMENT: self._amendment,
            Kind.REMINDER: self._reminder,
            Kind.NEW_START: self._new_start,
            Kind.CALENDAR: self._calendar_change,
            Kind.POLL_RESULT: self._poll_result,
            Kind.ANNIVERSARY: self._anniversary,
            Kind.INCIDENT: live.poll,
            Kind.RULING: live.ruling,
            Kind.DIGEST: live.digest,
        }
        self._clock = clock

    async def write(self, announcement_id: int, settings: ChatSettings) -> Bulletin | None:
        """The words for chats of these settings; None for what is not true any more, or not worth telling."""
        announcement = await self._announcements.get(announcement_id)
        if announcement is None or (announcement.expires_at and announcement.expires_at < self._clock.now()):
            return None
        with speaking(settings.language):
            bulletin = await self._writers[announcement.kind](announcement, settings)
            return bulletin and await self._gathered(announcement, bulletin)

    async def _gathered(self, announcement: Announcement, bulletin: Bulletin) -> Bulletin:
        """A bulletin that says which race it is about, where a platform gathers by that what it is told."""
        occasion = await occasion_of(announcement, self._seasons, self._incidents)
        return replace(bulletin, reply=replace(bulletin.reply, occasion=occasion))

    async def _recap(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        story = await self._story(announcement)
        if story is None:
            return None
        return Bulletin(await self._illustrated(story, settings))

    async def _correction(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        story = await self._story(announcement)
        if story is None:
            return None
        veiled, subject = settings.spoilers is Spoilers.VEILED, announcement.subject
        ruled = filter(None, map(self._incidents.get, subject.get("ruled", ())))
        footer = updated(story.updated_at, story.witness)
        reply = correction_reply(story.classification, subject["changes"], footer, ruled=ruled, veiled=veiled)
        return Bulletin(reply, await self._illustrated(story, settings))

    async def _amendment(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        story = await self._story(announcement)
        return None if story is None else Bulletin(await self._illustrated(story, settings), amends=True)

    async def _illustrated(self, story: RaceStory, settings: ChatSettings) -> Reply:
        veiled, race = settings.spoilers is Spoilers.VEILED, story.classification.race
        if story.classification.kind is SessionKind.QUALIFYING:
            before = await self._seasons.standings(race.season, Championship.DRIVERS, race.round - 1)
            return qualifying_reply(
                story.classification, before, updated(story.updated_at, story.witness), veiled=veiled
            )
        return await illustrated_recap(self._painter, story, veiled=veiled, blind=settings.blind)

    async def _story(self, announcement: Announcement) -> RaceStory | None:
        subject = announcement.subject
        classification = await self._seasons.classification(subject["race"], SessionKind(subject["session"]))
        return None if classification is None else await self._stories.of(classification)

    async def _reminder(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        """A session's start as it is by now; nothing where it is on another day, or it is too late for a reminder."""
        race, now = await self._on_calendar(announcement.subject["race"]), self._clock.now()
        session = session_of(race, announcement.subject) if race else None
        if race is None or session is None or session.starts_at is None:
            return None
        if not REMINDERS[announcement.topic].is_of_use(session.starts_at, now):
            return None
        return Bulletin(reminder_reply(race, session, now, settings, self._track(race)))

    async def _new_start(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        """Another start than a reminder said, which is corrected; nothing where it is otherwise by now, or no use."""
        race, now, subject = (
            await self._on_calendar(announcement.subject["race"]),
            self._clock.now(),
            announcement.subject,
        )
        session = race.session(kind_of(subject)) if race else None
        was = dt.datetime.fromtimestamp(subject["was"], dt.UTC)
        if race is None or session is None or session.starts_at is None or not is_of_use(was, session, now):
            return None
        if int(session.starts_at.timestamp()) != subject["starts_at"]:
            return None
        track = self._track(race)
        corrected = reminder_reply(race, session, now, settings, track)
        return Bulletin(new_start_reply(race, session, was, now, settings, track), corrected)

    async def _on_calendar(self, race_key: str) -> Race | None:
        """A race that is on its season's calendar; None where it was called off."""
        race = await self._seasons.race(race_key)
        if race is None:
            return None
        return next((each for each in await self._seasons.schedule(race.season) if each.key == race_key), None)

    async def _calendar_change(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        """What became of a race; nothing where it is otherwise by now, which is told by itself, or was run."""
        subject, change, now = announcement.subject, CalendarChange(announcement.subject["change"]), self._clock.now()
        race = await self._seasons.race(subject["race"])
        if race is None:
            return None
        if change is not CalendarChange.MOVED and race.race.starts_at is not None and race.race.starts_at <= now:
            return None
        cancelled = race.key not in {each.key for each in await self._seasons.schedule(race.season)}
        if cancelled is not (change is CalendarChange.CANCELLED):
            return None
        moved = _still_so(race, subject, now) if change is CalendarChange.MOVED else {}
        if change is CalendarChange.MOVED and not moved:
            return None
        track, source = self._track(race), await self._seasons.source(race)
        return Bulletin(calendar_change_reply(race, change, now, settings, track, moved=moved, source=source))

    async def _poll_result(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        """What a poll came to in the chat where it was closed; nothing where that is asked no more.

        Nor where all votes were for choices of another poll, which this one has taken over since: it would say 0.
        """
        subject = announcement.subject
        incident, poll = self._incidents.get(subject["incident"]), self._polls.get(subject["incident"])
        if incident is None or poll is None or poll.dropped:
            return None
        shown = as_seen(incident, self._clock.now(), settings.delay_seconds)
        here, everyone = _tallied(poll, subject["here"]), _tallied(poll, subject["everyone"])
        if subject["everyone"] and not everyone.votes:
            return None
        return Bulletin(closed_poll.result(shown, here, everyone, veiled=is_veiled(settings) and tells_result(shown)))

    async def _anniversary(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        """An incident of this date; nothing where that is told no more, or the date is over in the chat."""
        incident, day = self._incidents.get(announcement.subject["incident"]), announcement.subject["day"]
        today = self._clock.now().astimezone(settings.clock).date()
        if incident is None or not incident.poll or today.isoformat() != day:
            return None
        poll = self._polls.get(incident.id)
        tally = await self._polls.tally(poll) if poll else None
        return Bulletin(anniversary_reply(incident, tally, today.year - incident.date.year, hidden=settings.blind))

    def _track(self, race: Race) -> ZoneInfo | None:
        circuit = self._circuits.of(race)
        return circuit.zone if circuit else None


def _tallied(poll: Poll, counted: Iterable[tuple[int, int, int]]) -> Tally:
    """A tally as an announcement has it: choice, after the ruling or not, how many."""
    return poll.tally({(choice_id, after): votes for choice_id, after, votes in counted})


def _still_so(race: Race, subject: Mapping[str, Any], now: dt.datetime) -> dict[SessionKind, dt.date]:
    """The sessions that start when they were announced to, as far as that is of use, each with the start it had before.

    Earlier versions announced moves of the race alone.
    """
    moved = subject.get("moved") or {SessionKind.RACE.value: (subject["was"], subject["start"])}
    told = ((race.session(SessionKind(kind)), _moment(was), start) for kind, (was, start) in moved.items())
    here = [(session, was) for session, was, start in told if session and session.start.isoformat() == start]
    return {session.kind: was for session, was in here if is_of_use(was, session, now)}


def _moment(start: str) -> dt.date:
    """A start in ISO's terms: a moment, or a day while only that was known."""
    return dt.datetime.fromisoformat(start) if "T" in start else dt.date.fromisoformat(start)
