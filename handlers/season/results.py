"""/results: how a race ended, place by place."""

from bot.cards.grid import grid_reply
from bot.cards.race_buttons import data_of
from bot.cards.results import classification_reply, drawn_reply, grid_to_flag, occasion, ways_known
from bot.cards.season_text import updated
from bot.chat.buttons import BUTTON_DATA_BYTES, Button
from bot.chat.commands import Command, UserError
from bot.chat.replies import Attachment, Reply
from bot.chat.requests import Request
from bot.domain.season import Classification
from bot.domain.sessions import SessionKind
from bot.i18n import _, marked
from bot.pacing.clock import Clock
from bot.pictures.painter import Painter
from bot.search.argument_words import AS_PICTURE, GRID, QUALIFYING, SPRINT
from bot.search.completing import Suggest
from bot.search.words import as_data
from handlers.season.choosing import Races
from storage.chats import Chats


class Results:
    """Tell how races, sprints and qualifying ended."""

    def __init__(self, races: Races, chats: Chats, painter: Painter, clock: Clock, suggest: Suggest) -> None:
        self._suggest = suggest
        self._races = races
        self._chats = chats
        self._painter = painter
        self._clock = clock

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        summary = marked("How a race ended, place by place")
        argument = marked("race and season")
        return (Command("results", summary, self.show, argument=argument, option="race", suggest=self._suggest),)

    async def show(self, request: Request) -> Reply:
        """A classification with grid, gaps and retirements; the sprint's or qualifying's where that is asked for.

        `grid` asks where they started; `picture` at the argument's end draws the ways from the grid to the flag.
        """
        asked = AS_PICTURE.sub("", request.argument)
        if GRID.search(asked):
            return await self._grid(GRID.sub(" ", asked), request)
        sprint, qualifying = SPRINT.search(asked), QUALIFYING.search(asked)
        if sprint and qualifying:
            raise _which(QUALIFYING.sub(" ", SPRINT.sub(" ", asked)))
        kind = SessionKind.SPRINT if sprint else SessionKind.QUALIFYING if qualifying else SessionKind.RACE
        race = await self._races.one(QUALIFYING.sub(" ", SPRINT.sub(" ", asked)), request, kind)
        classification = await self._races.classification(race, kind, request)
        veiled = self._chats.veiled(request.chat, request.user)
        if AS_PICTURE.search(request.argument):
            return await self._drawn(classification, veiled=veiled)
        footer = updated(*await self._races.source(classification))
        return classification_reply(classification, footer, race.begun(self._clock.now()), veiled=veiled)

    async def _grid(self, asked: str, request: Request) -> Reply:
        """Where they started; before the race has, how they qualified."""
        sprint = SPRINT.search(asked)
        known_by = SessionKind.SPRINT if sprint else SessionKind.QUALIFYING
        race = await self._races.one(SPRINT.sub(" ", asked), request, known_by)
        now = self._clock.now()
        is_over = race.race.begun(now) and not race.race.under_way(now)
        kind = SessionKind.RACE if is_over and not sprint else known_by
        classification = await self._races.classification(race, kind, request)
        veiled = self._chats.veiled(request.chat, request.user)
        return grid_reply(classification, updated(*await self._races.source(classification)), veiled=veiled)

    async def _drawn(self, classification: Classification, *, veiled: bool) -> Reply:
        """Everybody's way from the grid to the flag. Raises UserError where too little is known of it."""
        from bot.pictures.slopes import slopes_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

        if not ways_known(classification):
            said = _("Where they started is not known, so there is nothing to draw.")
            raise UserError(said, Button(_("The race"), "results", data_of(classification.race)))
        heading = grid_to_flag(classification)
        picture = await self._painter.paint(slopes_picture, classification, heading, occasion(classification))
        return drawn_reply(classification, Attachment("grid-to-flag.png", picture.png, picture.alt), veiled=veiled)


def _which(race: str) -> UserError:
    """That sprint qualifying is not known, with the two that may have been meant, of the race that was asked for."""
    named = as_data(" ".join(race.split()), room=BUTTON_DATA_BYTES - len("results  qualifying"))
    return UserError(
        _("The results of sprint qualifying are not known here. Say sprint, or qualifying."),
        Button(_("Sprint"), "results", f"{named} {SessionKind.SPRINT}".lstrip()),
        Button(_("Qualifying"), "results", f"{named} {SessionKind.QUALIFYING}".lstrip()),
    )
