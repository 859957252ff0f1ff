"""Announcing a race because an operator says so: it is found, fetched if need be, and told to all who subscribed."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from bot.app.control_socket import Report
from bot.cards.incident_text import listed
from bot.cards.missing import NOT_NOW, called_off, no_result, no_such_race, no_such_season
from bot.cards.recap import headline, recap_card
from bot.cards.season_text import race_label
from bot.chat.commands import UserError
from bot.chat.plain_text import amount, plainly
from bot.domain.names import Circuit
from bot.domain.season import Championship, Classification, Race, Witness
from bot.domain.sessions import SessionKind
from bot.feeds import FeedError
from bot.jobs.news.newsroom import Newsroom
from bot.jobs.news.results import ResultsNews, recap_key
from bot.jobs.season.intake import SeasonIntake
from bot.pacing.clock import Clock
from bot.search.circuit_finder import CircuitFinder
from bot.search.found import CalledOff, Found, Nothing, Several
from bot.search.race_finder import RaceFinder, race_words
from storage.announcements import Announcements
from storage.race_stories import RaceStories
from storage.seasons import Seasons

NAMED = 20
"""Groups that are named to the operator; the others are counted."""

PATIENCE = 20.0
"""Seconds that the archive has for what an operator waits for, who is told then why there is no answer; each time."""

LATER = "Chats in their quiet hours, and those that hold results back, are told later."


class CannotAnnounceError(Exception):
    """There is nothing to announce; its arguments are the lines that tell the operator why."""


class Announcing:
    """Announces races on an operator's word; where there is no archive to fetch them from, those that are stored."""

    def __init__(
        self,
        seasons: Seasons,
        circuits: Mapping[str, Circuit],
        intake: SeasonIntake | None,
        results: ResultsNews,
        newsroom: Newsroom,
        announcements: Announcements,
        stories: RaceStories,
        clock: Clock,
    ) -> None:
        self._followed = Witness.F1DB if intake is None else Witness.ARCHIVE
        self._seasons = seasons
        self._finder = RaceFinder(seasons, CircuitFinder(circuits), clock)
        self._intake = intake
        self._results = results
        self._newsroom = newsroom
        self._announcements = announcements
        self._stories = stories
        self._clock = clock

    async def announce(self, asked: str, *, dry_run: bool) -> Report:
        """Announce a race, or its sprint, however old it is; or say what would be told, and to whom."""
        try:
            classification = await self._in_time(asked)
            return await (self._rehearse(classification) if dry_run else self._announce(classification))
        except UserError as error:
            return Report(ok=False, lines=(error.reply.card.title,))
        except CannotAnnounceError as error:
            return Report(ok=False, lines=error.args)
        except FeedError as error:
            return Report(ok=False, lines=(f"The results archive: {error}. Try again later.",))

    async def _in_time(self, asked: str) -> Classification:
        """The result that is asked for. Raises FeedError also where nobody should wait any longer for an answer."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._classification(asked)
        except TimeoutError:
            trouble = self._intake.trouble if self._intake else ""
            raise FeedError(trouble or f"no answer within {PATIENCE:.0f} seconds") from None

    async def _classification(self, asked: str) -> Classification:
        """The result that is asked for, fetched first where it is not stored: there may be no bot to do it later."""
        season, named = race_words(asked)
        if any(word.startswith("quali") for word in named):
            raise CannotAnnounceError("Qualifying is not announced; races and sprints are.")
        kind = SessionKind.SPRINT if "sprint" in named else SessionKind.RACE
        words = [word for word in named if word != "sprint"]
        if not words:
            raise CannotAnnounceError("Which race? Say it like this: imola 2021")
        race = await self._race(season, words, kind)
        session, now = race.session(kind), self._clock.now()
        begun = session is not None and session.begun(now)
        if self._intake and begun and await self._seasons.classification(race.key, kind) is None:
            await self._intake.classification(race, kind)
        classification = await self._seasons.classification(race.key, kind)
        if classification is None:
            raise no_result(race, kind, now, self._followed) or CannotAnnounceError(NOT_NOW[self._followed])
        return replace(classification, race=race)  # a result does not tell of the weekend's other sessions

    async def _race(self, season: int | None, words: Sequence[str], kind: SessionKind) -> Race:
        now = self._clock.now()
        if reason := no_such_season(season or now.year, now):
            raise reason
        for year in (season,) if season else (now.year, now.year - 1):
            if self._intake and not await self._seasons.schedule(year):
                await self._intake.calendar(year)
        match await self._finder.find(season, words, kind):
            case Found(race):
                return race
            case Several(races):
                raise CannotAnnounceError("Which one? Say more:", *map(race_label, races))
            case CalledOff(race):
                raise called_off(race)
            case Nothing():
                raise no_such_race(season, words, now)
        raise CannotAnnounceError(NOT_NOW[self._followed])

    async def _rehearse(self, classification: Classification) -> Report:
        await self._check_new(classification)
        await self._complete(classification)
        card = recap_card(await self._stories.of(classification))
        audience = await self._audience(classification, "Would be told to")
        return Report(ok=True, lines=(*plainly(card), "", *audience, "Nothing was sent."))

    async def _announce(self, classification: Classification) -> Report:
        await self._check_new(classification)
        await self._complete(classification)
        audience = await self._audience(classification, "On its way to")
        if await self._results.announce(classification) is None:  # by itself, in this very moment
            await self._check_new(classification)
        await self._newsroom.spread()
        return Report(ok=True, lines=(headline(classification), *audience))

    async def _check_new(self, classification: Classification) -> None:
        before = await self._announcements.called(recap_key(classification.race.key, classification.kind))
        if before is not None:
            told = f"{headline(classification)}: that was announced on {before.made_at:%d %B %Y, %H:%M} UTC already."
            raise CannotAnnounceError(told)

    async def _complete(self, classification: Classification) -> None:
        """Fetch the championships that a race's recap tells of; without them it is told as well."""
        if self._intake is not None and classification.kind is SessionKind.RACE:
            with suppress(FeedError, TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._championships(self._intake, classification.race)

    async def _championships(self, intake: SeasonIntake, race: Race) -> None:
        calendar = await self._seasons.schedule(race.season)
        for each in [each for each in calendar if each.round in {race.round - 1, race.round}]:
            for kind in Championship:
                if await self._seasons.standings(race.season, kind, each.round) is None:
                    await intake.standings_after(each, kind)

    async def _audience(self, classification: Classification, beginning: str) -> tuple[str, ...]:
        draft = await self._results.draft(classification)
        chats = await self._announcements.audience(draft)
        if not chats:
            return (f"{beginning} nobody: no chat has subscribed.",)
        told = [f"{amount(number, 'chat', 'chats')} on {name.capitalize()}" for name, number in sorted(chats.items())]
        groups = await self._announcements.groups(draft, NAMED)
        named = f"Groups among them: {', '.join(f'{group.platform} {group.id}' for group in groups)}"
        more = " and more" if len(groups) == NAMED else ""
        return (f"{beginning} {listed(told)}. {LATER}", *([f"{named}{more}."] if groups else []))
