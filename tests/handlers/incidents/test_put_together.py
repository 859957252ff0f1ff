"""Noted incidents, of which there are thousands, are put together only where somebody looks at them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.app.settings import Settings
from bot.domain.noted_incidents import NotedIncident
from bot.domain.noted_records import NotedRecord, document_of
from bot.domain.race_control import Session
from bot.search.catalogue import Incidents
from bot.search.found import Nothing
from handlers.incidents.choosing import one
from storage.incidents.reading import read_circuits, read_drivers
from tests.support.cases import ANT, MONZA, MONZA_SPRINT, NOR, PIA, VER, draft, noted
from tests.support.conversation import conversation

SPA = Session("9996", "Belgian Grand Prix", "Race", dt.date(2024, 7, 28), "Belgium", "Spa-Francorchamps", "Spa")


@dataclass(frozen=True)
class Watched(NotedRecord):
    """What is kept of a noted incident, with the ids of all that were put together."""

    put_together: list[str] = field(default_factory=list, compare=False)

    @property
    def incident(self) -> NotedIncident:
        """It, put together."""
        self.put_together.append(self.id)
        return NotedRecord(self.id, self.packed).incident


@pytest.fixture
def put_together() -> list[str]:
    """The ids of the noted incidents that were put together, each as often as it was."""
    return []


@pytest.fixture
def noted_ones(incidents: Incidents, put_together: list[str]) -> Incidents:
    """What is told, and what was noted on three days of two seasons, seven times each."""
    held = Incidents(incidents.told, read_circuits(), read_drivers())
    for session in (SPA, MONZA_SPRINT, MONZA):
        for turn in range(1, 8):
            incident = draft(noted(VER, NOR, opened=turn, place=f"TURN {turn}"), session)
            record = NotedRecord.of(incident.id, document_of(incident))
            held.take_up([Watched(record.id, record.packed, put_together=put_together)])
    return held


@pytest.mark.parametrize(
    ("command", "typed", "expected"),
    [
        ("incidents", "", ["2025", "2024", "2022", "2021"]),
        ("incidents", "202", ["2025", "2024", "2022", "2021"]),
        ("incidents", "s", ["singapore", "spa", "suzuka"]),
        ("incidents", "Mon", ["monza"]),
        ("stewards", "2025", ["2025", "2025 here"]),
        ("blamed", "2024", ["2024", "2024 here"]),
    ],
)
async def test_seasons_and_circuits_are_completed_without_one(
    settings: Settings,
    noted_ones: Incidents,
    put_together: list[str],
    command: str,
    typed: str,
    expected: Sequence[str],
) -> None:
    async with conversation(settings, noted_ones) as bot:
        suggested = [each.argument for each in bot.core.dispatcher.suggest(command, typed)]
    assert suggested[: len(expected)] == expected
    assert put_together == []


def test_for_the_latest_those_of_its_day_are(noted_ones: Incidents, put_together: list[str]) -> None:
    assert one(noted_ones, "latest", "crash", veiled=False).id == "monza-2025-ver-nor-t1"
    assert sorted(put_together) == [f"monza-2025-ver-nor-t{turn}" for turn in range(1, 8)]


def test_of_a_place_in_another_season_only_those_that_are_offered_are(
    noted_ones: Incidents, put_together: list[str]
) -> None:
    nothing = noted_ones.look_up("monza 2010")
    assert isinstance(nothing, Nothing)
    assert (nothing.place, nothing.season, nothing.there) == ("Monza", 2010, 1 + 7 + 7)
    assert len(nothing.near) == 8
    assert len(put_together) == 7, "the told one comes first"


def test_the_latest_of_a_day_is_the_best_known(noted_ones: Incidents) -> None:
    told = replace(noted_ones.told[0], id="monza-2025", date=MONZA.date)
    better_known = replace(told, id="monza-2025-start", fame=told.fame + 1)
    incidents = Incidents((told, better_known, *noted_ones.told), read_circuits(), read_drivers())
    assert one(incidents, "latest", "crash", veiled=False) == better_known
    later = draft(noted(ANT, PIA), replace(MONZA, date=MONZA.date + dt.timedelta(days=1)))
    incidents.take_up([NotedRecord.of(later.id, document_of(later))])
    assert one(incidents, "latest", "crash", veiled=False).id == later.id


def test_where_there_is_no_incident_there_is_no_latest() -> None:
    assert Incidents(()).latest is None
