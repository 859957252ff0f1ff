"""Announcing a race because an operator says so: it is found, fetched if need be, and told to all who subscribed."""

from collections.abc import Mapping
from contextlib import suppress

from bot.app.control_socket import Report
from bot.cards.incident_text import listed
from bot.cards.recap import headline, recap_card
from bot.chat.commands import UserError
from bot.chat.messages import Reply, Request
from bot.chat.plain_text import amount, plainly
from bot.domain.incidents import Circuit
from bot.domain.places import Chat, ChatKind, Platform, User
from bot.domain.season import Championship, Classification, Race, SessionKind
from bot.feeds import FeedError
from bot.jobs.news.newsroom import Newsroom
from bot.jobs.news.results import ResultsNews, recap_key
from bot.jobs.season.intake import SeasonIntake
from bot.pacing.clock import Clock
from handlers.season.choosing import LATEST, Races, season_and_words
from storage.announcements import Announcements
from storage.race_stories import RaceStories
from storage.seasons import Seasons

TERMINAL = Chat(Platform.CONSOLE, "operator", ChatKind.PRIVATE)
OPERATOR = User(Platform.CONSOLE, "operator", admin=True)
NAMED = 20
"""Groups that are named to the operator; the others are counted."""

LATER = "Chats in their quiet hours, and those that hold results back, are told later."


class CannotAnnounceError(Exception):
    """There is nothing to announce; what it is made of are the lines that say why."""


class Announcing:
    """Announces races on an operator's word."""

    def __init__(
        self,
        seasons: Seasons,
        circuits: Mapping[str, Circuit],
        intake: SeasonIntake,
        results: ResultsNews,
        newsroom: Newsroom,
        announcements: Announcements,
        stories: RaceStories,
        clock: Clock,
    ) -> None:
        self._seasons = seasons
        # What is missing is fetched here, while the operator waits: there may be no bot to do it later.
        self._races = Races(seasons, circuits, lambda _season, _round: False, clock.now)
        self._intake = intake
        self._results = results
        self._newsroom = newsroom
        self._announcements = announcements
        self._stories = stories
        self._clock = clock

    async def announce(self, asked: str, *, dry_run: bool) -> Report:
        """Announce a race, or its sprint, however old it is; or say what would be told, and to whom."""
        try:
            classification = await self._classification(asked)
            return await (self._rehearse(classification) if dry_run else self._announce(classification))
        except UserError as error:
            return Report(ok=False, lines=(error.reply.card.title,))
        except CannotAnnounceError as error:
            return Report(ok=False, lines=error.args)
        except FeedError as error:
            return Report(ok=False, lines=(f"The results archive gives no answer: {error}. Try again later.",))

    async def _classification(self, asked: str) -> Classification:
        """The result that is asked for, fetched first where it is not stored."""
        season, named = season_and_words(asked)
        if any(word.startswith("quali") for word in named):
            raise CannotAnnounceError("Qualifying is not announced; races and sprints are.")
        kind = SessionKind.SPRINT if "sprint" in named else SessionKind.RACE
        words = [word for word in named if word != "sprint" and word not in LATEST]
        if not words:
            raise CannotAnnounceError("Which race? Say it like this: imola 2021")
        request = Request("announce", asked, OPERATOR, TERMINAL)
        race = await self._race(" ".join([*words, str(season or "")]), season, request, kind)
        session = race.session(kind)
        if session and self._races.begun(session) and await self._seasons.classification(race.key, kind) is None:
            await self._intake.classification(race, kind)
        return await self._races.classification(race, kind, request)

    async def _race(self, words: str, season: int | None, request: Request, kind: SessionKind) -> Race:
        this_year = self._clock.now().year
        self._races.check(season or this_year)
        for year in (season,) if season else (this_year, this_year - 1):
            if not await self._seasons.schedule(year):
                await self._intake.calendar(year)
        race = await self._races.find(words, request, kind)
        if isinstance(race, Reply):
            labels = (button.label for standing in race.buttons for button in standing)
            raise CannotAnnounceError("Which one? Say more:", *labels)
        return race

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
        race = classification.race
        if classification.kind is not SessionKind.RACE:
            return
        with suppress(FeedError):
            for number in range(max(race.round - 1, 1), race.round + 1):
                for kind in Championship:
                    if await self._seasons.standings(race.season, kind, number) is None:
                        await self._intake.standings(race.season, kind, number)

    async def _audience(self, classification: Classification, beginning: str) -> tuple[str, ...]:
        draft = self._results.draft(classification)
        chats = await self._announcements.audience(draft)
        if not chats:
            return (f"{beginning} nobody: no chat has subscribed.",)
        told = [f"{amount(number, 'chat', 'chats')} on {name.capitalize()}" for name, number in sorted(chats.items())]
        groups = await self._announcements.groups(draft, NAMED)
        named = f"Groups among them: {', '.join(f'{group.platform} {group.id}' for group in groups)}"
        more = " and more" if len(groups) == NAMED else ""
        return (f"{beginning} {listed(told)}. {LATER}", *([f"{named}{more}."] if groups else []))
