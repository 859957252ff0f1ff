"""/settings zone: by whose clock a chat is told things."""

from collections.abc import Callable, Sequence

from bot.cards import settings as cards
from bot.cards.cleared import cleared
from bot.cards.clock_text import city
from bot.cards.incident_text import listed, rows
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.commands import UserError
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.i18n import _, marked
from bot.pacing.clock import Clock
from bot.search.setting_words import is_none
from bot.search.zone_finder import ZoneFinder
from bot.search.zone_names import is_abbreviation
from storage.chat_settings import SettingsStore

OFFERED = 8
"""Zones that are offered at most where several are meant, or near."""

NO_ZONE = marked("No zone by that name. Name a big city nearby, a country, or an offset such as UTC+2.")


class ZoneSetting:
    """Set a chat's clock; `zones` gives those to choose from once somebody chooses."""

    def __init__(self, settings: SettingsStore, zones: Callable[[], ZoneFinder], clock: Clock) -> None:
        self._settings = settings
        self._zones = zones
        self._clock = clock

    async def zone(self, request: Request, value: str) -> Reply:
        """Set the clock; where several are meant, or none is, say which there are."""
        if not value:
            return cards.zone_view(request.chat, await self._settings.of(request.chat), self._clock.now())
        found = self._zones().find(value, self._clock.now().year)
        if is_none(value):
            places = found or self._zones().beginning(value)
            return self._choose_zone(places, value, or_none=True) if places else await self._clear(request)
        if len(found) != 1:
            return self._choose_zone(found or self._zones().beginning(value), value)
        settings = await self._settings.change(request.chat, request.update, zone=found[0])
        return cards.zone_view(request.chat, settings, self._clock.now(), abbreviated=is_abbreviation(value))

    async def _clear(self, request: Request) -> Reply:
        replaced = await self._settings.replace(request.chat, request.update, zone=None)
        return cleared(cards.zone_view(request.chat, replaced.now, self._clock.now()), replaced)

    def _choose_zone(self, found: Sequence[str], value: str, *, or_none: bool = False) -> Reply:
        """Several zones as buttons, the nearest ones where none was found. Raises UserError where none is near.

        What is a word for none in one language and a place in another, such as `aus` or `no`, is either of them.
        """
        offered = tuple(found or self._zones().nearest(value))[:OFFERED]
        if not offered:
            raise UserError(_(NO_ZONE), Button(_("Time zone"), "settings", "zone"))
        said = _("Which one do you mean?")
        if not found:
            near = listed([city(zone) for zone in offered])
            said = _("No zone by that name. Close by: {cities}.").format(cities=near)
        more = (_("There are more; a city's name finds each of them."),) if len(found) > OFFERED else ()
        none = [cards.no_zone()] if or_none else []
        return Reply(Card(said, paragraphs=more), rows([*none, *cards.zone_buttons(offered)], 2))
