"""The counting of facts, on an invented field: it knows the house's way of writing, and finds what is told wrong."""

from dataclasses import replace
from typing import Any

from benchmarks.facts import told
from benchmarks.mutations import Bench, Recording
from bot.domain.season import Classification
from bot.domain.sessions import SessionKind
from bot.feeds.jolpica.client import Jolpica
from tests.support.clock import FakeClock
from tests.support.jolpica_field import field_lines, qualifying_lines
from tests.support.jolpica_samples import race
from tests.support.jolpica_server import JolpicaServer


def recorded(kind: SessionKind, key: str, rows: list[dict[str, Any]]) -> Recording:
    """An answer on a result in which one team's name says that it is a team."""
    rows[0]["Constructor"]["name"] = "Aaa F1 Team"
    return Recording("invented", kind, 2021, 2, race(), key, rows)


async def said_of(recording: Recording) -> Classification:
    """What the feed makes of it."""
    async with JolpicaServer() as server, Jolpica(server.url, FakeClock()) as jolpica:
        outcome = await Bench(server, jolpica).outcome(recording, recording.document(recording.rows))
    assert isinstance(outcome.said, Classification)
    return outcome.said


async def test_of_an_answer_that_is_told_right_no_fact_is_false() -> None:
    for recording in (
        recorded(SessionKind.RACE, "Results", field_lines()),
        recorded(SessionKind.QUALIFYING, "QualifyingResults", qualifying_lines()),
    ):
        facts = told(recording, await said_of(recording))
        assert (facts.left_out, facts.false) == (0, [])
        assert facts.right > 3 * len(recording.rows)


async def test_a_fact_that_is_told_wrong_is_found() -> None:
    recording = recorded(SessionKind.RACE, "Results", field_lines())
    said = await said_of(recording)
    first, *others = said.finishes
    wrong = replace(said, finishes=(replace(first, points=24.0), *others))
    assert told(recording, wrong).false == ["1. Anders, Aaa: 24 points"]
