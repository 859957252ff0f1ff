"""/driver and /team: a season of somebody's on one screen, the incidents they were in, and who blames them."""

from collections.abc import Sequence
from functools import partial

from bot.cards import racer as cards
from bot.cards.incident_list import page_reply
from bot.cards.missing import no_day_of, no_such_season
from bot.cards.season_text import updated
from bot.cards.veiling import veils
from bot.chat.buttons import Button
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.instants import Text
from bot.chat.paging import unpaged
from bot.chat.replies import Reply
from bot.chat.requests import Awaited, Request
from bot.domain.polls import Question, Tally
from bot.domain.racers import Blame, Involvement, Racer, RacerSeason
from bot.domain.season import Championship, Classification, Standings, together, wish_name
from bot.i18n import _, marked
from bot.pacing.clock import Clock
from bot.search.catalogue import Incidents
from bot.search.days import no_such_day
from bot.search.days_of_year import in_seasons
from bot.search.found import Found, Several
from bot.search.race_finder import season_and_words
from bot.search.racer_finder import RacerFinder, former_racers, racers_of
from bot.search.years_ago import with_years
from handlers.season.choosing import Want
from storage.championships import Championships
from storage.chats import Chats
from storage.polls import Polls
from storage.seasons import Seasons

SUGGESTED = 25
WHICH = {
    Championship.DRIVERS: marked("Say a driver, and perhaps a season: /driver russell 2021."),
    Championship.TEAMS: marked("Say a team, and perhaps a season: /team williams 2021."),
}


class Racers:
    """Tell how a driver, or a team, is doing, and what incidents they were in."""

    def __init__(
        self,
        incidents: Incidents,
        finder: RacerFinder,
        seasons: Seasons,
        championships: Championships,
        polls: Polls,
        chats: Chats,
        clock: Clock,
        want: Want | None,
    ) -> None:
        self._incidents = incidents
        self._finder = finder
        self._seasons = seasons
        self._championships = championships
        self._polls = polls
        self._chats = chats
        self._clock = clock
        self._want = want

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        rows = (
            (
                "driver",
                marked("A driver's season, incidents and blame"),
                marked("driver, season"),
                Championship.DRIVERS,
            ),
            ("team", marked("A team's season, incidents and blame"), marked("team, season"), Championship.TEAMS),
        )
        return tuple(
            Command(
                name,
                summary,
                partial(self.show, kind),
                argument=argument,
                option=name,
                suggest=partial(self.suggest, kind),
            )
            for name, summary, argument, kind in rows
        )

    def suggest(self, kind: Championship, typed: str) -> Sequence[Suggestion]:
        """Drivers, or teams, of whose names what is typed is the beginning of a word."""
        begun = typed.casefold().strip()
        known = sorted(self._finder.known(kind), key=lambda racer: racer.name)
        fitting = (each for each in known if any(word.startswith(begun) for word in _beginnings(each)))
        return [Suggestion(racer.name, cards.asking(racer)) for racer in fitting][:SUGGESTED]

    async def show(self, kind: Championship, request: Request) -> Reply:
        """Their card in the season that is named, or the latest that they are in; `incidents` at the end lists theirs.

        Raises ChoiceError where several are meant, UserError where nobody is.
        """
        asked, page = unpaged(request.argument)
        today = self._clock.now().date()
        if none := no_such_day(asked):
            raise no_day_of(none.year, none.typed, request.command, none.beside)
        season, words = season_and_words(with_years(in_seasons(asked, today), today.year))
        if season is not None and (reason := no_such_season(season, self._clock.now())):
            raise reason
        listing = words[-1:] == [cards.INCIDENTS]
        words = words[:-1] if listing else words
        if not words:
            everybody = Button(_("Standings"), "standings", f"{kind}")
            raise UserError(_(WHICH[kind]), everybody, Button(_("All incidents"), "incidents"))
        year, standings, results = await self._season(kind, season)
        racer = await self._racer(kind, words, season, racers_of(kind, standings, results))
        if racer.last_season is not None:
            year, standings, results = await self._season(kind, racer.last_season)
            racing = self._finder.known(kind, racers_of(kind, standings, results))
            racer = next((each for each in racing if each.name == racer.name), racer)
        ever = self._finder.involving(racer)
        involved = [each for each in ever if season is None or each.season == season]
        if listing and involved:
            incidents = self._incidents.of_ids([each.incident_id for each in involved])
            return page_reply(
                incidents,
                cards.asking(racer, season, cards.INCIDENTS),
                page or 1,
                request.command,
                veiled=veils(self._chats, request),
            )
        held = sum(race.race.over_at <= self._clock.now() for race in await self._seasons.schedule(year))
        view = RacerSeason(year, racer, standings, results, held)
        blame = Blame.of(involved, None if self._chats.preferences(request.chat).blind else await self._votes(involved))
        latest = max((each.season for each in ever), default=None)
        footer = await self._footer(year, standings)
        veiled = self._chats.veiled(request.chat, request.user)
        return cards.racer_reply(view, blame, season, latest, footer, self._awaited(view, request), veiled=veiled)

    async def _footer(self, year: int, standings: Standings | None) -> Text:
        """When the championship was fetched, and who tells of it and of the season's results."""
        table = await self._seasons.source(standings) if standings else None
        told = {*await self._seasons.result_witnesses(year), *([table.witness] if table else [])}
        return updated(table.at if table else None, together(told))

    def _awaited(self, view: RacerSeason, request: Request) -> Awaited | None:
        """Have a season of the past fetched of which nothing is stored; None where that is no use."""
        missing = view.standings is None and not view.results and view.season < self._clock.now().year
        fetched = missing and self._want is not None and self._want(view.season, None)
        return Awaited(wish_name(view.season), request) if fetched else None

    async def _season(
        self, kind: Championship, season: int | None
    ) -> tuple[int, Standings | None, tuple[Classification, ...]]:
        """The season that is named, or this year's, or last year's while this one has nothing; what is stored of it."""
        this = self._clock.now().year
        for year in (season,) if season else (this, this - 1):
            standings, results = await self._seasons.standings(year, kind), await self._seasons.results(year)
            if standings or results:
                return year, standings, results
        return season or this, None, ()

    async def _racer(
        self, kind: Championship, words: Sequence[str], season: int | None, racing: Sequence[Racer]
    ) -> Racer:
        """Who is meant; where no season is named and nobody of the latest is, also those of all that are stored."""
        found = self._finder.find(kind, words, racing)
        if season is None and not (isinstance(found, Found) and found.value.result_id):
            former = former_racers(kind, await self._championships.last_of_each_season(kind))
            found = self._finder.find(kind, words, racing, former)
        match found:
            case Found(racer):
                return racer
            case Several(racers):
                raise cards.several(racers, season)
            case nothing:
                raise cards.nobody(kind, nothing.near, season)

    async def _votes(self, involved: Sequence[Involvement]) -> dict[str, Tally]:
        """Everyone's votes on who was to blame, by the incident's id; one read however many they are."""
        voted = self._polls.voted(each.incident_id for each in involved)
        return {
            incident_id: tallies[Question.BLAME] async for incident_id, tallies in voted if Question.BLAME in tallies
        }


def _beginnings(racer: Racer) -> list[str]:
    """What somebody's name may begin with as it is typed."""
    names = [name.casefold() for name in (racer.name, *racer.also)]
    return [*names, *(word for name in names for word in name.split())]
