"""A race's cases: what race control noted in it, what was ruled on that, and what differs from what was told of it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from bot.domain.cases import Penalty
from bot.domain.incidents import Incident
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_rulings import standing_penalties
from bot.domain.polls import Tally
from bot.domain.season import Race
from bot.domain.sessions import SessionKind

WEEKEND = (dt.timedelta(days=-3), dt.timedelta(days=1))
"""An incident of a race is dated on its weekend, from so long before the race; its day may be another than in UTC."""


class Dated(Protocol):
    """Incidents by their days."""

    def between(self, first: dt.date, last: dt.date) -> Sequence[Incident]:
        """Those of these days, the first to be told of first."""


def of_the_weekend(race: Race, incidents: Dated) -> Sequence[Incident]:
    """The incidents of a race's weekend, whatever session they were in."""
    first, last = (race.race.day + days for days in WEEKEND)
    return incidents.between(first, last)


def noted_in(kind: SessionKind, weekend: Iterable[Incident]) -> list[NotedIncident]:
    """The cases between drivers that race control noted in a session of a weekend, in the order of its messages."""
    noted = (
        each for each in weekend if isinstance(each, NotedIncident) and each.case.about_blame and not each.retracted
    )
    return sorted((each for each in noted if each.session == kind.value), key=lambda each: each.case.opened)


def told_rulings(cases: Iterable[NotedIncident]) -> dict[str, str]:
    """What stands ruled on each case, by its id, as it is told in a recap; empty where nothing is."""
    return {each.id: each.ruling.decision if each.ruling else "" for each in cases}


def ruled_otherwise(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The cases on which something else stands ruled than was told.

    A case that was not told, or is known no more, is none of them: nothing said of it was wrong.
    """
    return [case for case, decision in before.items() if now.get(case, decision) != decision]


def most_argued_first(cases: Iterable[tuple[Incident, Tally | None]]) -> tuple[tuple[Incident, Tally | None], ...]:
    """Cases with the fans' votes, those with the most votes first; of as many, they stay in their order."""
    return tuple(sorted(cases, key=lambda case: -(case[1].votes if case[1] else 0)))


def penalties(incidents: Iterable[Incident]) -> list[tuple[NotedIncident, Penalty]]:
    """The penalties that stand in race control's cases; of others, nothing is known here."""
    noted = (each for each in incidents if isinstance(each, NotedIncident))
    return [(incident, penalty) for incident in noted for penalty in standing_penalties(incident)]
