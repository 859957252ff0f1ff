"""/next and /calendar: when the next race is, and all of a season's."""

import datetime as dt
from zoneinfo import ZoneInfo

from bot.cards.calendar import Clocks, calendar_reply, next_race_reply, on_page, page_to_show, race_line
from bot.cards.missing import no_day, over
from bot.cards.season_text import updated
from bot.chat.buttons import Button
from bot.chat.commands import ChoiceError, Command, UserError
from bot.chat.paging import unpaged
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform
from bot.domain.reminders import REMINDERS
from bot.domain.season import Race
from bot.domain.sessions import UNDER_WAY, SessionKind
from bot.i18n import _, marked
from bot.pacing.clock import Clock
from bot.search.circuit_finder import CircuitFinder
from bot.search.completing import seasons
from bot.search.days import named_day, no_such_day
from bot.search.days_of_year import day_of_year
from bot.search.race_finder import race_words
from bot.search.years_ago import with_years
from handlers.season.choosing import Races
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.seasons import Seasons
from storage.subscriptions import Subscriptions


class Calendar:
    """Tell when what is."""

    def __init__(
        self,
        seasons: Seasons,
        races: Races,
        circuits: CircuitFinder,
        settings: SettingsStore,
        subscriptions: Subscriptions,
        chats: Chats,
        clock: Clock,
    ) -> None:
        self._seasons = seasons
        self._races = races
        self._circuits = circuits
        self._settings = settings
        self._subscriptions = subscriptions
        self._chats = chats
        self._clock = clock

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        return (
            Command("next", marked("The next race, session by session"), self.show_next),
            Command(
                "calendar",
                marked("A season's races and their winners"),
                self.show,
                argument=marked("season"),
                option="season",
                suggest=seasons(self._clock),
            ),
        )

    async def show_next(self, request: Request) -> Reply:
        """The next race, session by session, and how long it is until then; before that, what is under way.

        Of a race that is named, the one of this year. Raises UserError where that is over.
        """
        now = self._clock.now()
        latest = await self._seasons.next_race(now - UNDER_WAY[SessionKind.RACE])
        running = latest if latest is not None and latest.race.under_way(now) else None
        race = await self._named(request) or await self._seasons.next_race(now) or running
        if race is None:
            await self._races.calendar(now.year, request)
            raise UserError(_("No race to come is known yet."), Button(_("The calendar"), "calendar"))
        return next_race_reply(
            race,
            len(await self._seasons.schedule(race.season)),
            self._track(race),
            await self._clocks(request.chat),
            updated(*await self._seasons.source(race)),
            remind=await self._remind(request.chat),
            running=running,
        )

    async def _named(self, request: Request) -> Race | None:
        """The race of this year that somebody names and that is not over; None where nobody names one.

        Raises UserError for one that is over, ChoiceError where several are meant.
        """
        now = self._clock.now()
        season, words = race_words(request.argument)
        if of_year := day_of_year(request.argument):
            (month, day), *_others = of_year.dates
            season, words = of_year.season, [of_year.beside, f"{day}.{month}."]
        if not words:
            return None
        try:
            race = await self._races.one(f"{' '.join(words)} {season or now.year}", request, to_come=True)
        except ChoiceError:
            raise
        except UserError:  # `/next sprint`: what is next is answered all the same
            return None
        if race.race.over_at <= now:
            raise over(race)
        return race

    async def show(self, request: Request) -> Reply:
        """A page of a season's races; without a mark like `page-2` the one with the next race."""
        asked, mark = unpaged(request.argument)
        season, day = self._asked(asked)
        races = await self._races.calendar(season or await self._races.season(), request)
        clocks = await self._clocks(request.chat)
        page = page_to_show(races, mark, day or clocks.now)
        shown = [(race, await self._seasons.classification(race.key)) for race in on_page(races, page)]
        lines = [race_line(race, result, self._track(race), clocks) for race, result in shown]
        source = updated(*await self._seasons.source(races[0]))
        tells_results = any(result is not None for _race, result in shown)
        veiled = tells_results and self._chats.veiled(request.chat, request.user)
        return calendar_reply(races, page, lines, clocks.here, source, veiled=veiled)

    def _asked(self, asked: str) -> tuple[int | None, dt.datetime | None]:
        """The season that is asked for, and the beginning of the day by which it was. Raises UserError for others."""
        if none := no_such_day(asked):
            raise UserError(no_day(none.typed), Button(_("The calendar"), "calendar", str(none.year)))
        named = named_day(asked)
        if named is not None and not named.beside:
            return named.year, dt.datetime.combine(named.days[0], dt.time(), dt.UTC)
        if of_year := day_of_year(asked):
            days = of_year.among([self._clock.now().year]).days
            if days and not of_year.beside:
                return days[0].year, dt.datetime.combine(days[0], dt.time(), dt.UTC)
        season, words = race_words(with_years(asked, self._clock.now().year))
        if words:
            said = _("Say a season, as in /calendar 2021; /results finds a race by its name.")
            raise UserError(said, Button(_("Calendar"), "calendar"))
        return season, None

    async def _clocks(self, chat: Chat) -> Clocks:
        return Clocks(self._clock.now(), (await self._settings.of(chat)).zone)

    def _track(self, race: Race) -> ZoneInfo | None:
        circuit = self._circuits.of(race)
        return circuit.zone if circuit else None

    async def _remind(self, chat: Chat) -> str:
        """What a button says that turns reminders on; empty where they cannot be, or are on."""
        if chat.platform is Platform.CONSOLE or chat.kind is ChatKind.ELSEWHERE:
            return ""
        wanted = await self._subscriptions.of(chat)
        if any(topic in wanted for topic in REMINDERS):
            return ""
        return _("Remind me") if chat.kind is ChatKind.PRIVATE else _("Remind us")
