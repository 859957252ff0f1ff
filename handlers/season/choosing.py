"""From a request to the race, the calendar or the result that it is about; whatever is not stored is wanted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from bot.cards.incident_text import rows
from bot.cards.missing import NOT_NOW, called_off, no_day, no_race_on, no_result, no_such_race, no_such_season
from bot.cards.race_buttons import session_data
from bot.cards.season_text import race_label
from bot.chat.buttons import BUTTON_DATA_BYTES, TURNING, Button
from bot.chat.commands import ChoiceError, NotYetError, UserError
from bot.chat.requests import Awaited, Request
from bot.domain.season import Classification, Race, Source, Witness, wish_name
from bot.domain.sessions import SessionKind
from bot.i18n import _, marked
from bot.pacing.clock import Clock
from bot.search.days import no_such_day
from bot.search.days_of_year import day_meant
from bot.search.found import CalledOff, Found, Nothing, NotKnownYet, Several
from bot.search.race_finder import Outcome, RaceFinder, race_words
from bot.search.words import as_data
from bot.search.years_ago import with_years
from storage.seasons import Seasons
from storage.shipped_races import ShippedRaces

OFFERED = 8
TELL_SHIPPED = {"results", "recap"}
"""The commands that need no more of a race than ships with the bot."""

FETCHING = marked("Coming in a moment: this is being fetched from the archive.")
GAPS_UNTIL = 2003
GAP = marked("The archive has no answer to that just now; before {year} its qualifying has gaps, and this may be one.")

Want: TypeAlias = Callable[[int, int | None], bool]
"""Has a season, or one of its races by round, fetched soon; whether that is any use now."""


class Races:
    """Finds the stored calendar, race or result that a request names; raises the answer where there is none."""

    def __init__(
        self,
        seasons: Seasons,
        finder: RaceFinder,
        want: Want,
        clock: Clock,
        shipped: ShippedRaces,
        followed: Witness,
    ) -> None:
        self._seasons = seasons
        self._finder = finder
        self._want = want
        self._clock = clock
        self._shipped = shipped
        self._followed = followed

    async def one(
        self, asked: str, request: Request, kind: SessionKind = SessionKind.RACE, *, to_come: bool = False
    ) -> Race:
        """The race that words mean; of several, where one that is `to_come` is asked for, those that are not over.

        Raises ChoiceError where several are meant, UserError where none is or it is fetched.
        """
        season, words = race_words(with_years(asked, self._clock.now().year))
        match await self._meant(asked, season, words, kind):
            case Found(race):
                return race
            case Several(races):
                now = self._clock.now()
                races = tuple(race for race in races if to_come and race.race.over_at > now) or races
                if len(races) == 1:
                    return races[0]
                buttons = [Button(race_label(race), request.command, session_data(race, kind)) for race in races]
                raise ChoiceError(_("Which one do you mean?"), rows(buttons[:OFFERED], 2))
            case CalledOff(race):
                raise called_off(race)
            case NotKnownYet(unknown):
                raise self.missing(request, unknown)
            case Nothing(near, days=days) if days:
                around = [Button(race_label(race), request.command, session_data(race, kind)) for race in near]
                raise no_race_on(days, days[0].year, around)
        raise no_such_race(season, words, self._clock.now())

    async def _meant(self, asked: str, season: int | None, words: Sequence[str], kind: SessionKind) -> Outcome:
        """What a day, or a season and words, mean. Raises UserError for a season or a day that there is not."""
        if none := no_such_day(asked):
            raise UserError(no_day(none.typed), Button(_("The calendar"), "calendar", str(none.year)))
        if named := day_meant(asked, self._clock.now().date()):
            self.check(named.year)
            return await self._finder.on(named)
        if season or words:
            self.check(season or self._clock.now().year)
        return await self._finder.find(season, words, kind)

    async def season(self) -> int:
        """The season that people mean who name none: this year's, or the last one while its calendar is not known."""
        year = self._clock.now().year
        return year if await self._seasons.schedule(year) or not await self._seasons.schedule(year - 1) else year - 1

    async def calendar(self, season: int, request: Request) -> tuple[Race, ...]:
        """A season's races by round. Raises UserError where they have to be fetched first."""
        self.check(season)
        races = await self._seasons.schedule(season)
        if not races:
            raise self.missing(request, season)
        return races

    async def classification(self, race: Race, kind: SessionKind, request: Request) -> Classification:
        """A result; one that ships with the bot until it was fetched.

        Raises UserError where there is none, none yet, or it has to be fetched first.
        """
        classification = await self._seasons.classification(race.key, kind)
        if classification is not None:
            return replace(classification, race=race)  # a result does not tell of the weekend's other sessions
        if shipped := self._shipped.get(race.key, kind):
            self.wish(race)
            return replace(shipped.classification, race=race)
        if reason := no_result(race, kind, self._clock.now(), self._followed):
            raise reason
        gap = kind is SessionKind.QUALIFYING and race.season < GAPS_UNTIL and self._followed is Witness.ARCHIVE
        raise self.missing(request, race.season, race.round, otherwise=GAP if gap else None)

    async def source(self, classification: Classification) -> Source:
        """When a result was last fetched, and who tells it."""
        source = await self._seasons.source(classification)
        if source.at is None and self._shipped.get(classification.race.key, classification.kind):
            return Source(witness=Witness.SHIPPED)
        return source

    def check(self, season: int) -> None:
        """Raises UserError for a season that nobody can know anything of."""
        if reason := no_such_season(season, self._clock.now()):
            raise reason

    def missing(
        self, request: Request, season: int, round_number: int | None = None, otherwise: str | None = None
    ) -> UserError:
        """What is said of what is not stored: that it is being fetched, if that is any use, and how to look again."""
        if not self._want(season, round_number):
            instead = [
                Button(race_label(race), request.command, session_data(race, SessionKind.RACE))
                for race in self._instead(request)
            ]
            return UserError(_(otherwise or NOT_NOW[self._followed]).format(year=GAPS_UNTIL), *instead)
        asked = as_data(request.argument, room=BUTTON_DATA_BYTES - len(f"{TURNING}{request.command} "))
        again = Button(_("Look again"), request.command, asked, turns=True)
        return NotYetError(_(FETCHING), again, Awaited(wish_name(season, round_number), request))

    def _instead(self, request: Request) -> Sequence[Race]:
        """What can be told while nothing can be fetched."""
        return self._shipped.races if request.command in TELL_SHIPPED else ()

    def wish(self, race: Race) -> None:
        """Have all that is known of a race fetched, for the next who asks."""
        self._want(race.season, race.round)
