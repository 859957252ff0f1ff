"""What chats are told by itself, in words: recaps, corrections, reminders, changes of the calendar."""

import datetime as dt
from collections.abc import Callable

from bot.locales import speaking
from bot.messages import Bulletin, Button, Card, Reply
from bot.season import Race, SessionKind, Sheet
from handlers.corrections import correction_reply
from handlers.season_words import phrase, updated
from handlers.stories import Stories
from handlers.wording import day
from storage.announcements import Announcement, Announcements, Kind
from storage.chat_settings import ChatSettings, Spoilers
from storage.seasons import Seasons

AN_HOUR = dt.timedelta(hours=1, minutes=5)
"""What a reminder calls an hour; anything longer is a day."""


class Bulletins:
    """Writes what is announced, from what is known at the time."""

    def __init__(
        self, announcements: Announcements, seasons: Seasons, stories: Stories, now: Callable[[], dt.datetime]
    ) -> None:
        self._announcements = announcements
        self._seasons = seasons
        self._stories = stories
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
        sheet = await self._sheet(announcement)
        return None if sheet is None else Bulletin(await self._told(sheet, settings))

    async def _correction(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        sheet, subject = await self._sheet(announcement), announcement.subject
        if sheet is None:
            return None
        reply = correction_reply(
            sheet,
            subject["before"],
            subject["told"],
            updated(await self._seasons.updated(sheet)),
            veiled=settings.spoilers is Spoilers.VEILED,
        )
        return Bulletin(reply, await self._told(sheet, settings))

    async def _sheet(self, announcement: Announcement) -> Sheet | None:
        subject = announcement.subject
        return await self._seasons.sheet(subject["race"], SessionKind(subject["session"]))

    async def _told(self, sheet: Sheet, settings: ChatSettings) -> Reply:
        story = await self._stories.of(sheet)
        return await self._stories.reply(story, veiled=settings.spoilers is Spoilers.VEILED)

    async def _reminder(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        """A race's start; nothing where it starts at another time by now, or is over."""
        race = await self._seasons.next_race(self._now())
        subject = announcement.subject
        if race is None or race.key != subject["race"] or race.race.starts_at is None:
            return None
        if int(race.race.starts_at.timestamp()) != subject["starts_at"]:
            return None
        soon = race.race.starts_at - self._now() <= AN_HOUR
        card = Card(
            f"{race.name}: {'an hour' if soon else 'a day'} to go",
            paragraphs=(f"Lights out on {when(race.race.starts_at, settings)}.",),
            footer=phrase((race.circuit, race.locality)),
        )
        return Bulletin(Reply(card, ((Button("The weekend", "next"), Button("Standings", "standings")),)))

    async def _calendar_change(self, announcement: Announcement, settings: ChatSettings) -> Bulletin | None:
        subject = announcement.subject
        race = await self._seasons.race(subject["race"])
        if race is None:
            return None
        match subject["change"]:
            case "cancelled":
                title, told = f"{race.name} {race.season}: off the calendar", f"It was due on {day(race.race.day)}."
            case "moved":
                was = _start(subject["was"], settings)
                title, told = (
                    f"{race.name} {race.season}: moved",
                    f"It starts on {_starts(race, settings)}, not on {was}.",
                )
            case _:
                title = f"{race.name} {race.season}: new on the calendar"
                told = f"It starts on {_starts(race, settings)}."
        card = Card(title, paragraphs=(told,), footer=updated(await self._seasons.updated(race)))
        return Bulletin(Reply(card, ((Button("Calendar", "calendar", str(race.season)),),)))


def warning(problem: str) -> Reply:
    """What an admin is told of a group in which the bot may not post; once."""
    card = Card(
        "A chat of yours asked me for news, and I may not post there",
        paragraphs=(f"{problem}. I have tried for some hours. Give me that right, or type /unsubscribe there.",),
    )
    return Reply(card)


def when(moment: dt.datetime, settings: ChatSettings) -> str:
    """A moment by a chat's clock: `Sunday 18 April, 15:00 (London)`, in UTC where it has none."""
    local = moment.astimezone(settings.clock)
    place = settings.zone.rpartition("/")[2].replace("_", " ") if settings.zone else "UTC"
    return f"{local:%A} {local.day} {local:%B}, {local:%H:%M} ({place})"


def _starts(race: Race, settings: ChatSettings) -> str:
    return when(race.race.starts_at, settings) if race.race.starts_at else day(race.race.day)


def _start(was: str, settings: ChatSettings) -> str:
    """A start as an announcement has it: a moment, or a day where only that was known."""
    return when(dt.datetime.fromisoformat(was), settings) if "T" in was else day(dt.date.fromisoformat(was))
