"""What pages are made from: readers of what is stored, and what the running bot knows of itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.chat.platform import Way
from bot.domain.incidents import Incident
from bot.events import Events
from bot.pacing.clock import Clock
from bot.pacing.remembered import Remembered
from bot.pictures.painter import Painter
from bot.search.catalogue import Incidents
from bot.web.addresses import Addresses
from storage.database.base import Reader
from storage.polls import Polls

STORIES = 300
"""Upper bound of stories that are kept as HTML, some 15 KB each."""


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

    stories: Remembered[tuple[str, str], tuple[Incident, str]] = field(default_factory=lambda: Remembered(STORIES))
    """What of incidents' pages no vote changes, by their id and the language, with the incident that it was made of."""
