"""/stewards and /blamed: a season in the fans' opinion, a chat's or everyone's."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from bot.cards import blamed, stewards
from bot.cards.fan_season import HERE, PICTURE, FanSeason, no_votes
from bot.cards.missing import no_day_of
from bot.chat.buttons import Button
from bot.chat.commands import Command, Suggestion, UserError
from bot.chat.replies import Attachment, Reply
from bot.chat.requests import Request
from bot.domain.places import ChatKind
from bot.i18n import _, marked
from bot.pacing.clock import Clock
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from bot.search.days import no_such_day
from bot.search.days_of_year import in_seasons
from bot.search.race_finder import season_and_words
from bot.search.years_ago import with_years
from storage.chats import Chats
from storage.opinions import read_opinions
from storage.polls import Polls

HIDDEN = marked("Polls are blind in this chat, so how a season's votes stand is not shown here.")

CALLED = {"stewards": marked("Fans and stewards"), "blamed": marked("The blame championship")}
"""What each of the commands shows, on a button."""

EVERYWHERE = "everywhere"
SAID = {
    **dict.fromkeys(("hier", "aqui"), HERE),
    **dict.fromkeys(("uberall", "todo", "todas", "partes"), EVERYWHERE),
    **dict.fromkeys(("bild", "imagen"), PICTURE),
}
"""Words for what may follow a season in the other languages, folded."""

Draw = Callable[[FanSeason], Awaitable[Reply]]


class FanSeasons:
    """Tell how the fans' votes of a season stand to the rulings, and whom they blame."""

    def __init__(self, incidents: Incidents, polls: Polls, chats: Chats, painter: Painter, clock: Clock) -> None:
        self._incidents = incidents
        self._polls = polls
        self._chats = chats
        self._painter = painter
        self._clock = clock

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that this feature answers."""
        rows = (
            ("stewards", marked("How often fans and stewards agreed"), stewards.stewards_reply, self._draw_stewards),
            ("blamed", marked("The blame championship"), blamed.blamed_reply, self._draw_blamed),
        )
        return tuple(
            Command(
                name,
                summary,
                partial(self.show, write, draw),
                argument=marked("season, here"),
                option="season",
                suggest=self._seasons,
            )
            for name, summary, write, draw in rows
        )

    def _seasons(self, typed: str) -> Sequence[Suggestion]:
        """The seasons with incidents, the latest first, for everyone and for the chat alone."""
        named = [f"{season}{only}" for season in self._incidents.seasons for only in ("", f" {HERE}")]
        return [Suggestion(each, each) for each in named if each.startswith(typed.casefold())]

    async def show(self, write: Callable[[FanSeason], Reply], draw: Draw, request: Request) -> Reply:
        """A season in everyone's opinion, or with `here` in the chat's; `picture` draws it.

        Raises UserError, also where the chat's polls are blind.
        """
        if self._chats.preferences(request.chat).blind:
            raise UserError(_(HIDDEN), Button(_("All incidents"), "incidents"))
        today = self._clock.now().date()
        if none := no_such_day(request.argument):
            raise no_day_of(none.year, none.typed, request.command, "")
        season, typed = season_and_words(with_years(in_seasons(request.argument, today), today.year))
        words = {SAID.get(word, word) for word in typed} - {EVERYWHERE}
        if not {HERE, PICTURE} >= words:
            said = _("Say a season, and “here” for this chat alone: /{command} 2021 here.")
            raise UserError(said.format(command=request.command), Button(_(CALLED[request.command]), request.command))
        view = await self._view(season, request, here=HERE in words)
        if PICTURE not in words:
            return write(view)
        if not view.votes:
            raise UserError(no_votes(view), Button(_("All incidents"), "incidents", f"{view.season}"))
        return await draw(view)

    async def _view(self, season: int | None, request: Request, *, here: bool) -> FanSeason:
        """A season's tallies, in one read; the latest one's where none is named.

        Raises UserError where it has none.
        """
        polled = [incident for incident in self._incidents.told if self._polls.get(incident.id)]
        seasons = sorted(self._incidents.noted_seasons.union(incident.season for incident in polled))
        year = season or max((each for each in seasons if each <= self._clock.now().year), default=0)
        if year not in seasons:
            raise _none_of(year, seasons, request.command)
        in_group = request.chat.kind is ChatKind.GROUP
        asked = [*(incident.id for incident in polled if incident.season == year), *self._incidents.noted_in(year)]
        return FanSeason(
            year,
            here and in_group,
            in_group,
            await read_opinions(self._polls, self._incidents.get, asked, request.chat if here and in_group else None),
            max((each for each in seasons if each < year), default=None),
            min((each for each in seasons if each > year), default=None),
            alone=here and not in_group,
        )

    async def _draw_stewards(self, view: FanSeason) -> Reply:
        from bot.pictures.stewards import stewards_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

        picture = await self._painter.paint(stewards_picture, *stewards.drawn(view))
        return stewards.stewards_drawn(view, Attachment("stewards.png", picture.png, picture.alt))

    async def _draw_blamed(self, view: FanSeason) -> Reply:
        from bot.pictures.blamed import blamed_picture  # noqa: PLC0415 - Pillow is loaded for the first picture

        picture = await self._painter.paint(blamed_picture, *blamed.drawn(view))
        return blamed.blamed_drawn(view, Attachment("blamed.png", picture.png, picture.alt))


def _none_of(season: int, seasons: list[int], command: str) -> UserError:
    """That no incident of a season is told here, with the nearest ones that have some."""
    near = sorted(sorted(seasons, key=lambda each: (abs(each - season), -each))[:3])
    said = _("No incident of {season} has a poll here.").format(season=season)
    return UserError(said, *(Button(f"{each}", command, f"{each}") for each in near))
