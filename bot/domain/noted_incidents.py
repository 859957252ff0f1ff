"""An incident that race control noted and nobody has told yet: what is known of it, and as it is kept."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.domain.cases import Case
from bot.domain.fields import Name, ZonedMoment
from bot.domain.incidents import Incident, Ruling, Suspect
from bot.forms.rules import items

MOST_ASKED_ABOUT = 6
"""Of more cars than this nobody asks which of them was to blame."""

RACE_CONTROL = "race control"
"""The source of rulings that race control's messages say."""

DOCUMENT = "document"
"""The source of rulings that only a document of the FIA's says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedSuspect(Suspect):
    """One of the drivers that race control named."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedRuling(Ruling):
    """A ruling with its moment and its source; `replaced` are those that stood before it, the latest first."""

    made_at: ZonedMoment
    source: str
    message: int | None = None
    """The number of race control's message that says it."""

    replaced: tuple["NotedRuling", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
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
    suspects: Annotated[tuple[NotedSuspect, ...], items(2)]
    ruling: NotedRuling | None = None
    retracted: bool = False
    """Whether race control has corrected itself, so that there is no such incident between these drivers."""

    @property
    def ruled_at(self) -> int | None:
        """When its first ruling was known, in seconds since 1970."""
        if self.ruling is None:
            return None
        return int(min(each.made_at for each in (self.ruling, *self.ruling.replaced)).timestamp())

    def known_at(self, moment: dt.datetime) -> "NotedIncident":
        """What was known of it at a moment, for who watches later than race control speaks: its stages and rulings.

        What it was noted with is always known, and names that were corrected are the right ones.
        """
        stages = tuple(each for each in self.case.stages if each.at <= moment) or self.case.stages[:1]
        if len(stages) == len(self.case.stages) and (self.ruling is None or self.ruling.made_at <= moment):
            return self
        last = max(stage.index for stage in stages)
        penalties = tuple(each for each in self.case.penalties if each.index <= last)
        case = replace(self.case, stages=stages, penalties=penalties, over=False)
        rulings = () if self.ruling is None else (self.ruling, *self.ruling.replaced)
        made = [ruling for ruling in rulings if ruling.made_at <= moment]
        ruling = replace(made[0], replaced=tuple(made[1:])) if made else None
        return replace(self, case=case, ruling=ruling)

    @property
    def zone(self) -> ZoneInfo:
        """The zone that clocks at the track show."""
        return ZoneInfo(self.timezone)


def as_seen(incident: Incident, now: dt.datetime, delay_seconds: int) -> Incident:
    """An incident as a chat has seen it whose pictures are so many seconds late."""
    if not delay_seconds or not isinstance(incident, NotedIncident):
        return incident
    return incident.known_at(now - dt.timedelta(seconds=delay_seconds))


def is_running(incident: Incident) -> bool:
    """Whether it was noted in a session whose verdicts are not all given yet."""
    return isinstance(incident, NotedIncident) and not incident.case.over


def tells_result(incident: Incident) -> bool:
    """Whether it may give away how a session goes or went: while it runs, whom it is about; later, what was ruled."""
    return is_running(incident) or (isinstance(incident, NotedIncident) and incident.ruling is not None)


def retracted(incident: NotedIncident) -> NotedIncident:
    """An incident that turned out to be none between these drivers; nobody is asked about it any more."""
    return replace(incident, retracted=True, poll=False)
