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
from bot.web.pieces import Piece
from storage.database.base import Reader
from storage.polls import Polls

LASTING = 300
"""Upper bound of incidents' pages whose pieces are kept, some 20 KB each."""


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

    lasting: Remembered[tuple[str, Addresses, str], tuple[Incident, Sequence[Piece]]] = field(
        default_factory=lambda: Remembered(LASTING)
    )
    """What of incidents' pages no vote changes, with the incident that it was made of.

    By the incident's id, the addresses that the page leads to, and the language.
    """
