"""What pages are made from: readers of what is stored, and what the running bot knows of itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat.platform import Way
from bot.events import Events
from bot.pacing.clock import Clock
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from bot.web.addresses import Addresses
from storage.database.base import Reader
from storage.polls import Polls


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that pages read; none of it is changed by a visit."""

    incidents: Incidents
    polls: Polls
    reader: Reader
    painter: Painter
    events: Events
    clock: Clock
    addresses: Addresses
    ways: Callable[[], Sequence[Way]]
    """The ways to the bots that run beside the pages, as far as they are connected."""
