"""A reminder of a race, some time before it."""

from zoneinfo import ZoneInfo

from bot.cards.season_text import phrase
from bot.cards.time_text import when, whose_clock
from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.replies import Reply
from bot.domain.chat_settings import ChatSettings
from bot.domain.season import Race
from bot.domain.topics import DAY_BEFORE, HOUR_BEFORE
from bot.i18n import _, marked

TITLES = {DAY_BEFORE.key: marked("{race}: a day to go"), HOUR_BEFORE.key: marked("{race}: an hour to go")}
"""By the topic that chats follow to be reminded so long before a race."""


def reminder_reply(race: Race, topic: str, settings: ChatSettings, track: ZoneInfo | None) -> Reply:
    """When a race starts, by the chat's clock, or the track's where that is not known."""
    card = Card(
        _(TITLES[topic]).format(race=race.name),
        paragraphs=(_("Lights out on {time}.").format(time=when(race.race, settings.zone, track)),),
        footer=phrase((race.circuit, race.locality, whose_clock(race.race, settings.zone, track))),
    )
    return Reply(card, ((Button(_("The weekend"), "next"), Button(_("Standings"), "standings")),))
