"""How a race went, put together from all that is stored, and drawn."""

import datetime as dt

from bot.cards.recap import MOST_INCIDENTS, recap_buttons, recap_card
from bot.cards.season_text import updated
from bot.chat.messages import Attachment, Reply
from bot.domain.incidents import Incident
from bot.domain.race_story import StandingsMove, Story
from bot.domain.season import Championship, Classification, Race, SessionKind
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from storage.polls import Polls
from storage.seasons import Seasons

WEEKEND = (dt.timedelta(days=-3), dt.timedelta(days=1))
"""An incident of a race is dated on its weekend; the day at the track may be another than in UTC."""


class RaceStories:
    """Tells results: a card with a picture."""

    def __init__(self, seasons: Seasons, incidents: Incidents, polls: Polls, painter: Painter) -> None:
        self._seasons = seasons
        self._incidents = incidents
        self._polls = polls
        self._painter = painter

    async def reply(self, story: Story, *, veiled: bool = False) -> Reply:
        """A story as it is shown; veiled for those who do not want to see a result before they tap it."""
        from bot.pictures.recap import recap_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

        drivers = story.drivers
        standings = (drivers.after, drivers.before) if drivers else (None, None)
        picture = await self._painter.paint(recap_picture, story.classification, *standings)
        return Reply(
            recap_card(story, updated(await self._seasons.updated(story.classification)), veiled=veiled),
            recap_buttons(story),
            veiled=veiled,
            attachment=Attachment("recap.png", picture.png, picture.alt),
        )

    async def of(self, classification: Classification) -> Story:
        """All that is known of a result."""
        if classification.kind is SessionKind.SPRINT:  # points and incidents are told with the race
            return Story(classification)
        told = self._of_the_weekend(classification.race)
        polls = {incident.id: poll for incident in told if (poll := self._polls.get(incident.id))}
        tallies = await self._polls.tallies(polls.values())
        return Story(
            classification,
            await self._championship(classification.race, Championship.DRIVERS),
            await self._championship(classification.race, Championship.TEAMS),
            tuple((incident, tallies[polls[incident.id].id] if incident.id in polls else None) for incident in told),
        )

    async def _championship(self, race: Race, kind: Championship) -> StandingsMove | None:
        after = await self._seasons.standings(race.season, kind, race.round)
        if after is None:
            return None
        before = await self._seasons.standings(race.season, kind, race.round - 1) if race.round > 1 else None
        return StandingsMove(after, before)

    def _of_the_weekend(self, race: Race) -> list[Incident]:
        """The incidents of a race's weekend, newest first."""
        first, last = (race.race.day + days for days in WEEKEND)
        return [incident for incident in self._incidents if first <= incident.date <= last][:MOST_INCIDENTS]
