"""What operators can have done: announce a race's recap, look at what could not be delivered, try that again."""

import datetime as dt
from collections.abc import Callable

from bot.control import Report
from bot.dispatch import UserError
from bot.feeds import FeedError
from bot.jobs.newsroom import Newsroom
from bot.jobs.results_news import ResultsNews, recap_key
from bot.jobs.season_intake import SeasonIntake
from bot.messages import Chat, ChatKind, Platform, Reply, Request, User
from bot.season import Race, SessionKind, Sheet
from handlers.races import Races, season_and_words
from handlers.recap_card import headline
from storage.announcements import Announcements
from storage.outbox import Outbox, Undelivered
from storage.seasons import Seasons

TERMINAL = Chat(Platform.CONSOLE, "operator", ChatKind.PRIVATE)
OPERATOR = User(Platform.CONSOLE, "operator", admin=True)
DRY_RUN = "--dry-run"
RETRY = "--retry"
SHOWN = 50


class Operators:
    """Carries out what is asked for at the control socket, or by the command line where no bot is running."""

    def __init__(
        self,
        seasons: Seasons,
        races: Races,
        intake: SeasonIntake,
        results: ResultsNews,
        newsroom: Newsroom,
        announcements: Announcements,
        outbox: Outbox,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._seasons = seasons
        self._races = races
        self._intake = intake
        self._results = results
        self._newsroom = newsroom
        self._announcements = announcements
        self._outbox = outbox
        self._now = now

    async def announce(self, rest: str) -> Report:
        """Announce a race, or its sprint, however old it is; `--dry-run` first says what would be told to whom."""
        words = [word for word in rest.split() if word != DRY_RUN]
        kind = SessionKind.SPRINT if "sprint" in words else SessionKind.RACE
        try:
            race = await self._race(" ".join(word for word in words if word != "sprint"))
            sheet = None if isinstance(race, Report) else await self._sheet(race, kind)
        except UserError as error:
            return Report(ok=False, lines=(error.reply.card.title,))
        except FeedError as error:
            return Report(ok=False, lines=(f"The results archive gives no answer: {error}. Try again later.",))
        if isinstance(race, Report):
            return race
        if sheet is None:
            return Report(ok=False, lines=("There is no result of that yet.",))
        return await self._announced(sheet, dry=DRY_RUN in rest.split())

    async def _race(self, words: str) -> Race | Report:
        season, _ = season_and_words(words)
        if season is not None and not await self._seasons.schedule(season):
            await self._intake.calendar(season)
        race = await self._races.find(words, Request("announce", words, OPERATOR, TERMINAL))
        if isinstance(race, Reply):
            labels = (button.label for row in race.buttons for button in row)
            return Report(ok=False, lines=("Which one? Say more:", *labels))
        return race

    async def _sheet(self, race: Race, kind: SessionKind) -> Sheet | None:
        return await self._seasons.sheet(race.key, kind) or await self._intake.sheet(race, kind)

    async def _announced(self, sheet: Sheet, *, dry: bool) -> Report:
        before = await self._announcements.called(recap_key(sheet.race.key, sheet.kind))
        if before is not None:
            return Report(ok=False, lines=(f"That was announced on {before.made_at:%d %B %Y, %H:%M} UTC already.",))
        draft = self._results.draft(sheet)
        audience = await self._announcements.audience(draft)
        told = ", ".join(f"{count:,} on {platform.capitalize()}" for platform, count in sorted(audience.items()))
        chats = told or "nobody: no chat has subscribed"
        if dry:
            return Report(ok=True, lines=(headline(sheet), f"Would be told to {chats}. Nothing was sent."))
        await self._results.announce(sheet)
        await self._newsroom.spread()
        return Report(ok=True, lines=(headline(sheet), f"On its way to {chats}."))

    async def deliveries(self, rest: str) -> Report:
        """What was given up, and why; `--retry` tries all of it again."""
        if RETRY in rest.split():
            again = await self._outbox.retry(self._now())
            return Report(ok=True, lines=(f"{again:,} deliveries are tried again." if again else "There are none.",))
        undelivered = await self._outbox.undelivered(SHOWN)
        if not undelivered:
            return Report(ok=True, lines=("Everything was delivered, or is on its way.",))
        advice = (
            f"{len(undelivered)} given up, the latest first. `racing-incident deliveries --retry` tries them again."
        )
        return Report(ok=True, lines=(*map(_line, undelivered), advice))


def _line(one: Undelivered) -> str:
    return f"{one.at:%Y-%m-%d %H:%M}  {one.chat.platform} {one.chat.id}  {one.announcement}: {one.problem}"
