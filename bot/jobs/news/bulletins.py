"""What chats are told by itself, in words: recaps, corrections, reminders, changes of the calendar."""

import datetime as dt
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from bot.cards.correction import correction_reply
from bot.cards.race_stories import RaceStories
from bot.cards.season_text import phrase, updated
from bot.cards.time_text import local_day, when
from bot.chat.messages import Bulletin, Button, Card, Reply
from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.season import Classification, Race, SessionKind
from bot.domain.topics import DAY_BEFORE, HOUR_BEFORE
from bot.i18n import _, marked, speaking
from bot.i18n.formats import weekday
from bot.search.circuit_finder import CircuitFinder
from storage.announcements import Announcements
from storage.seasons import Seasons

LEFT = {DAY_BEFORE.key: marked("{race}: a day to go"), HOUR_BEFORE.key: marked("{race}: an hour to go")}
"""How long it is to a race when it is reminded of."""

CHANGES = {
    "added": marked("{race} {season}: new on the calendar"),
    "back": marked("{race} {season}: back on the calendar"),
    "cancelled": marked("{race} {season}: off the calendar"),
    "moved": marked("{race} {season}: moved"),
}
"""What becomes of races."""


class Bulletins:
    """Writes what is announced, from what is known at the time."""

    def __init__(
        self,
        announcements: Announcements,
        seasons: Seasons,
        stories: RaceStories,
        tracks: CircuitFinder,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._announcements = announcements
        self._seasons = seasons
        self._stories = stories
        self._circuit_finder = tracks
        self._now = now

    async def write(self, announcement_id: int, settings: ChatSettings) -> Bulletin | None:
        """The words for chats of these settings; None for what is not true any more, or not worth telling."""
        announcement = await self._announcements.get(announcement_id)
        if announcement is None or (announcement.expires_at is not None and announcement.expires_at < self._now()):
            return None
        with speaking(settings.language):
            match announcement.kind:
                case Kind.RECAP:
                    return await self._recap(announcement, settings)
                case Kind.CORRECTION:
                    return await self._correction(announcement, settings)
                case Kind.REMINDER:
                    return await self._reminder(announcement, settings)
                case Kind.CALENDAR:
                    return await self._calendar_change(announcement, settings)

    async def _recap(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        classification = await self._classification(announcement)
        return None if classification is None else Bulletin(await self._told(classification, settings))

    async def _correction(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        classification = await self._classification(announcement)
        if classification is None:
            return None
        reply = correction_reply(
            classification,
            announcement.subject["changes"],
            updated(await self._seasons.updated(classification)),
            veiled=settings.spoilers is Spoilers.VEILED,
        )
        return Bulletin(reply, await self._told(classification, settings))

    async def _classification(self, announcement: Announcement) -> Classification | None:
        subject = announcement.subject
        return await self._seasons.classification(subject["race"], SessionKind(subject["session"]))

    async def _told(self, classification: Classification, settings: ChatSettings) -> Reply:
        story = await self._stories.of(classification)
        return await self._stories.reply(story, veiled=settings.spoilers is Spoilers.VEILED)

    async def _reminder(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        """A race's start; nothing where it starts at another time by now, or is over."""
        race = await self._seasons.next_race(self._now())
        subject = announcement.subject
        if race is None or race.key != subject["race"] or race.race.starts_at is None:
            return None
        if int(race.race.starts_at.timestamp()) != subject["starts_at"]:
            return None
        card = Card(
            _(LEFT[announcement.topic]).format(race=race.name),
            paragraphs=(_("Lights out on {time}.").format(time=self._when(race, settings)),),
            footer=phrase((race.circuit, race.locality, self._whose_clock(race, settings))),
        )
        doors = (Button(_("The weekend"), "next"), Button(_("Standings"), "standings"))
        return Bulletin(Reply(card, (doors,)))

    async def _calendar_change(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        """What became of a race; nothing where it is otherwise by now, which is told by itself, or was run."""
        subject, change = announcement.subject, announcement.subject["change"]
        race = await self._seasons.race(subject["race"])
        if race is None or (race.race.starts_at is not None and race.race.starts_at <= self._now()):
            return None
        cancelled = race.key not in {each.key for each in await self._seasons.schedule(race.season)}
        if cancelled is not (change == "cancelled"):
            return None
        if change == "moved" and subject["start"] != race.race.start.isoformat():
            return None
        card = Card(
            _(CHANGES[change]).format(race=race.name, season=race.season),
            paragraphs=(self._change(race, subject, settings),),
            footer=phrase(
                (
                    "" if cancelled else self._whose_clock(race, settings),
                    updated(await self._seasons.updated(race)),
                )
            ),
        )
        return Bulletin(Reply(card, ((Button(_("Calendar"), "calendar", str(race.season)),),)))

    def _change(self, race: Race, subject: Mapping[str, str], settings: ChatSettings) -> str:
        clock = settings.clock if settings.zone else self._track(race) or dt.UTC
        match subject["change"]:
            case "cancelled":
                day = weekday(local_day(race.race, clock))
                return _("It was to be on {day}, in {place}.").format(day=day, place=race.locality)
            case "moved":
                was = _until_now(subject["was"], race, clock)
                said = _("It starts on {time}; it was to be {before}.")
                return said.format(time=self._when(race, settings), before=was)
        return _("It starts on {time}.").format(time=self._when(race, settings))

    def _when(self, race: Race, settings: ChatSettings) -> str:
        return when(race.race, settings.zone, self._track(race))

    def _track(self, race: Race) -> ZoneInfo | None:
        circuit = self._circuit_finder.of(race)
        return circuit.zone if circuit else None

    def _whose_clock(self, race: Race, settings: ChatSettings) -> str:
        """Where the times are those of the track that a card says first."""
        track = self._track(race)
        if track is None or race.race.starts_at is None or settings.zone:
            return ""
        return _("Times at the track ({zone})").format(zone=track.key)


def warning(problem: str) -> Reply:
    """What an admin is told of a group in which the bot may not post; once."""
    tried = _("I have tried for some hours. Give me that right, or type /unsubscribe there.")
    card = Card(
        _("A chat of yours asked me for news, and I may not post there"),
        paragraphs=(f"{_(problem).removesuffix('.')}. {tried}",),
    )
    return Reply(card)


def _until_now(was: str, race: Race, clock: dt.tzinfo) -> str:
    """The start that a race had before, as an announcement has it: `at 15:00` on the same day, `on Sunday 11 April`."""
    if "T" not in was:
        return _("on {day}").format(day=weekday(dt.date.fromisoformat(was)))
    before = dt.datetime.fromisoformat(was).astimezone(clock)
    if before.date() == local_day(race.race, clock):
        return _("at {time}").format(time=f"{before:%H:%M}")
    return _("on {day}").format(day=f"{weekday(before)}, {before:%H:%M}")
