"""An incident that race control noted and nobody has told yet: what is known of it, and as it is kept."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from bot.domain.cases import Case
from bot.domain.fields import Name
from bot.domain.incidents import Incident, Ruling, Suspect

MOST_ASKED_ABOUT = 6
"""Of more cars than this nobody asks which of them was to blame."""

RACE_CONTROL = "race control"
"""The source of rulings that race control's messages say."""


class NotedSuspect(Suspect):
    """One of the drivers that race control named."""

    code: str


class NotedRuling(Ruling):
    """A ruling with its moment and its source; `replaced` are those that stood before it, the latest first."""

    made_at: AwareDatetime
    source: str
    message: int | None = None
    """The number of race control's message that says it."""

    replaced: tuple["NotedRuling", ...] = ()


class NotedIncident(Incident):
    """What race control said of an incident, and what was ruled on it; nobody's words.

    It is kept as JSON: a field that is added to it, or to what it is made of, needs a default.
    """

    session_key: str
    venue: Name
    """What the circuit is called."""

    timezone: str = "Etc/UTC"
    """What the clocks at the track show."""

    case: Case
    suspects: Annotated[tuple[NotedSuspect, ...], Field(min_length=2)]
    ruling: NotedRuling | None = None

    @property
    def ruled_at(self) -> int | None:
        """When its first ruling was known, in seconds since 1970."""
        if self.ruling is None:
            return None
        return int(min(each.made_at for each in (self.ruling, *self.ruling.replaced)).timestamp())

    @property
    def zone(self) -> ZoneInfo:
        """The zone that clocks at the track show."""
        return ZoneInfo(self.timezone)
