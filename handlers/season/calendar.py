"""/next and /calendar: when the next race is, and all of a season's."""

import datetime as dt
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.cards.clock_text import city
from bot.cards.incident_text import listed, page_of
from bot.cards.season_text import SESSIONS, countdown, fitting, phrase, updated
from bot.cards.time_text import local_day, when
from bot.chat.commands import Command, UserError
from bot.chat.messages import Button, Card, Reply, Request
from bot.domain.places import ChatKind, Platform
from bot.domain.race_story import names, placed
from bot.domain.season import Race, SessionKind
from bot.domain.topics import DAY_BEFORE, HOUR_BEFORE
from bot.i18n import _, counted, marked
from bot.i18n.formats import day, day_of_season
from handlers.season.choosing import Races, season_and_words
from storage.chat_settings import SettingsStore
from storage.seasons import Seasons
from storage.subscriptions import Subscriptions

PAGE = 12
ROOM = 2600
_PAGE_MARK = re.compile(r"(?:^|\s)page-(\d{1,4})$")
WEEKEND = dt.timedelta(days=1)
"""How long before its first session the next race's weekend begins to matter more than the race."""


class Calendar:
    """Tell when what is."""

    def __init__(self, seasons: Seasons, races: Races, settings: SettingsStore, subscriptions: Subscriptions) -> None:
        self._seasons = seasons
        self._races = races
        self._settings = settings
        self._subscriptions = subscriptions

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command("next", marked("The next race, session by session"), self.show_next),
            Command("calendar", marked("A season's races and their winners"), self.show, argument=marked("season")),
        )

    async def show_next(self, request: Request) -> Reply:
        """The next race, session by session, and how long it is until then.

        Times are by the chat's clock and at the track; where the chat has none, at the track and in UTC.
        """
        race = await self._seasons.next_race(self._races.now())
        if race is None:
            await self._races.calendar(self._races.now().year, request)
            raise UserError(_("No race to come is known yet."), Button(_("The calendar"), "calendar"))
        rounds = len(await self._seasons.schedule(race.season))
        circuit = self._races.circuit(race)
        zone, here = circuit.zone if circuit else None, (await self._settings.of(request.chat)).zone
        lines = [f"{_(SESSIONS[session.kind])}: {when(session, here, zone)}" for session in race.sessions]
        card = Card(
            race.name,
            subtitle=phrase(
                (_("Round {round} of {rounds}").format(round=race.round, rounds=rounds), race.circuit, race.locality)
            ),
            paragraphs=(
                _until(race, self._races.now()),
                "\n".join(lines),
            ),
            footer=phrase(
                (
                    _("Times at the track ({zone})").format(zone=zone.key) if zone and not here else "",
                    updated(await self._seasons.updated(race)),
                )
            ),
        )
        buttons = (
            Button(_("Calendar"), "calendar"),
            Button(_("Standings"), "standings"),
            Button(_("Last result"), "results"),
        )
        remind = await self._remind(request)
        return Reply(card, (buttons, remind) if remind else (buttons,), replace=request.pressed is not None)

    async def _remind(self, request: Request) -> tuple[Button, ...]:
        """A button that turns reminders on, where they can be and are not."""
        chat = request.chat
        if chat.platform is Platform.CONSOLE or chat.kind is ChatKind.ELSEWHERE:
            return ()
        wanted = await self._subscriptions.of(chat)
        if any(topic.key in wanted for topic in (DAY_BEFORE, HOUR_BEFORE)):
            return ()
        label = _("Remind me") if chat.kind is ChatKind.PRIVATE else _("Remind us")
        return (Button(label, "subscribe", DAY_BEFORE.family),)

    async def show(self, request: Request) -> Reply:
        """A page of a season's races; without a mark like `page-2` the one with the next race."""
        mark = _PAGE_MARK.search(request.argument)
        season, words = season_and_words(_PAGE_MARK.sub("", request.argument))
        if words:
            raise UserError(_("Say a season, as in /calendar 2021; /results finds a race by its name."))
        races = await self._races.calendar(season or await self._races.season(), request)
        pages = -(-len(races) // PAGE)
        begun = sum(self._races.begun(race.race) for race in races)
        page = int(mark[1]) if mark else 1 if begun == len(races) else begun // PAGE + 1
        return await self._page(races, min(max(page, 1), pages), pages, request)

    async def _page(self, races: Sequence[Race], page: int, pages: int, request: Request) -> Reply:
        season, here = races[0].season, (await self._settings.of(request.chat)).zone
        lines = [await self._line(race, here) for race in races[(page - 1) * PAGE : page * PAGE]]
        card = Card(
            counted(
                "The {season} season: {number} race",
                "The {season} season: {number} races",
                len(races),
                season=f"{season}",
            ),
            paragraphs=(fitting(lines, ROOM),),
            footer=phrase(
                (
                    page_of(page, pages),
                    _("Days and times by the clock of {city}").format(city=city(here)) if here else "",
                    updated(await self._seasons.updated(races[0])),
                )
            ),
        )
        turn = []
        if page > 1:
            turn.append(Button(_("Earlier"), "calendar", f"{season} page-{page - 1}"))
        if page < pages:
            turn.append(Button(_("Later"), "calendar", f"{season} page-{page + 1}"))
        standings = Button(_("Standings"), "standings", f"drivers {season}")
        return Reply(card, ((*turn, standings),), replace=request.pressed is not None)

    async def _line(self, race: Race, here: str | None) -> str:
        """A race in a line: `2. 18 April – Emilia Romagna Grand Prix · Verstappen`.

        By the chat's clock, where it has one, it says when a race to come starts: `3. 18 July, 15:00 – British …`.
        """
        circuit, start = self._races.circuit(race), race.race.starts_at
        date = local_day(race.race, ZoneInfo(here) if here else circuit.zone if circuit else None)
        classification = await self._seasons.classification(race.key)
        called = names(classification) if classification else {}
        winners = [called[finish.entrant.driver_id] for finish in placed(classification, 1)] if classification else []
        time = f", {start.astimezone(ZoneInfo(here)):%H:%M}" if here and start and start > self._races.now() else ""
        line = f"{race.round}. {day_of_season(date)}{time} – {race.name}"
        return phrase((line, listed(winners) if winners else ""))


def _until(race: Race, now: dt.datetime) -> str:
    """How long it is to the race; on its weekend first to the next session."""
    coming = next((session for session in race.sessions if session.starts_at and session.starts_at > now), None)
    if coming is None or coming.starts_at is None or race.race.starts_at is None:
        return _("The race is on {day}.").format(day=day(race.race.day))
    race_in = _("The race starts in {time}.").format(time=countdown(race.race.starts_at - now))
    if coming.kind is SessionKind.RACE or coming.starts_at - now > WEEKEND:
        return race_in
    name, left = _(SESSIONS[coming.kind]), countdown(coming.starts_at - now)
    first = _("{session} starts in {time}.").format(session=name, time=left)
    return f"{first} {race_in}"
