"""What people can ask: one module a feature, and the whole table of commands, top to bottom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from random import SystemRandom
from typing import Protocol

from bot.cards.public_pages import NO_PAGES, PublicPages
from bot.chat.commands import Command
from bot.domain.names import Circuit
from bot.domain.season import Witness
from bot.events import Events
from bot.pacing.clock import Clock
from bot.pictures.painter import Painter
from bot.search import completing
from bot.search.catalogue import Incidents
from bot.search.circuit_finder import CircuitFinder
from bot.search.quotation_finder import Quotations
from bot.search.race_finder import RaceFinder
from bot.search.racer_finder import RacerFinder
from bot.search.zone_finder import ZoneFinder
from handlers.chats.privacy import Privacy
from handlers.chats.reminders import ChosenReminders
from handlers.chats.settings import ChatOptions
from handlers.chats.subscribe import Subscribing
from handlers.help import Welcome
from handlers.incidents.blame import Blame
from handlers.incidents.browse import Browse
from handlers.incidents.chart import Charts
from handlers.incidents.choosing import LastTold
from handlers.incidents.crash import Crash
from handlers.incidents.fan_season import FanSeasons
from handlers.incidents.polls import ChatPolls
from handlers.incidents.quote import Quotes
from handlers.incidents.verdict import Verdicts
from handlers.season.calendar import Calendar
from handlers.season.choosing import Races, Want
from handlers.season.racers import Racers
from handlers.season.recap import Recaps
from handlers.season.results import Results
from handlers.season.standings import Championships
from storage.ballot_box import BallotBox
from storage.incidents.reading import read_drivers, read_teams
from storage.poll_closings import PollClosings
from storage.posts import Posts
from storage.private_chats import PrivateChats
from storage.race_stories import RaceStories
from storage.repositories import Repositories
from storage.served_quotations import ServedQuotations, key_of
from storage.shipped_races import NOTHING_SHIPS, ShippedRaces


class Feature(Protocol):
    """Something that people can ask about."""

    def commands(self) -> tuple[Command, ...]:
        """The rows of the table that it answers."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What features are made of."""

    incidents: Incidents
    circuits: Mapping[str, Circuit]
    stored: Repositories
    ballot_box: BallotBox
    stories: RaceStories
    painter: Painter
    events: Events
    clock: Clock
    want: Want | None = None
    """Has what is not stored of a season fetched; where there is no feed, nothing can be asked about seasons."""

    followed: Witness = Witness.ARCHIVE
    """Whose seasons are followed: the archive's, or f1db's where there is no archive."""

    shipped: ShippedRaces = NOTHING_SHIPS
    """The races that can be told before any was fetched."""

    pages: PublicPages = NO_PAGES


def commands(parts: Parts) -> tuple[Command, ...]:
    """Every command, in the order of help and menus."""
    incidents, circuits, stored, clock = parts.incidents, parts.circuits, parts.stored, parts.clock
    quotations = Quotations(incidents, read_drivers())
    served = ServedQuotations(stored.database, stored.chats, stored.handled, SystemRandom())
    zones = cache(partial(ZoneFinder, circuits.values()))
    posts = Posts(stored.database, stored.chats, clock)
    closings = PollClosings(stored.database, stored.chats, parts.ballot_box, stored.announcements, clock)
    racers = RacerFinder(incidents, read_drivers(), read_teams())
    last, ballot_box, table = LastTold(), parts.ballot_box, list[Command]()
    features: tuple[Feature, ...] = (
        Crash(incidents, stored.polls, stored.chats, stored.hidden, served, stored.voters, last),
        Blame(incidents, stored.polls, ballot_box, stored.voters, stored.chats, stored.hidden, last, parts.events),
        Quotes(incidents, quotations, served, stored.voters, stored.chats, parts.painter),
        Verdicts(incidents, stored.polls, stored.voters, stored.chats, stored.hidden, last),
        Charts(incidents, stored.polls, stored.chats, stored.hidden, parts.painter, last),
        Browse(incidents, stored.chats),
        FanSeasons(incidents, stored.polls, stored.chats, parts.painter, clock),
        *_about_seasons(parts),
        Racers(incidents, racers, stored.seasons, stored.championships, stored.polls, stored.chats, clock, parts.want),
        Subscribing(stored.subscriptions),
        ChosenReminders(stored.subscriptions),
        ChatOptions(stored.chat_settings, stored.subscriptions, zones, parts.events, clock),
        ChatPolls(incidents, stored.chats, stored.polls, posts, closings, parts.events),
        Welcome(incidents, lambda: table),
        Privacy(
            *(stored.voters, parts.ballot_box, stored.subscriptions, stored.chat_settings),
            *(served, PrivateChats(stored.database), partial(_dealt, quotations, incidents)),
        ),
    )
    table += (parts.pages.asked(command) for feature in features for command in feature.commands())
    return tuple(table)


def _dealt(quotations: Quotations, incidents: Incidents, key: int) -> str | None:
    """What is called by a key that was dealt: a quotation, or an incident; None where it is there no more."""
    saying = quotations.of_key(key)
    if saying is not None:
        return f"{saying.quotation.speaker} on {saying.incident.id}"
    return next((incident.id for incident in incidents.told if key_of(incident.id) == key), None)


def _about_seasons(parts: Parts) -> Iterable[Feature]:
    """What can be asked about seasons, where there is a feed."""
    if parts.want is None:
        return ()
    seasons, clock, circuits = parts.stored.seasons, parts.clock, CircuitFinder(parts.circuits)
    finder = RaceFinder(seasons, circuits, clock, parts.shipped.races)
    races = Races(seasons, finder, parts.want, clock, parts.shipped, parts.followed)
    chats, by_circuit = parts.stored.chats, completing.races(parts.circuits.values())
    return (
        Calendar(seasons, races, circuits, parts.stored.chat_settings, parts.stored.subscriptions, chats, clock),
        Championships(seasons, races, chats, parts.painter, clock),
        Results(races, chats, parts.painter, clock, by_circuit),
        Recaps(races, parts.stories, chats, parts.painter, by_circuit),
    )
