"""What the doctor says of race control's sources, each on the loopback."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.app.race_control import sources
from bot.app.settings import Settings
from bot.cli.doctor.findings import Finding, Mark
from bot.cli.doctor.race_control import OFF, TAKES_OVER, look_at_race_control
from bot.forms.secret import Secret
from tests.support.clock import FakeClock
from tests.support.live_timing_server import LiveTimingServer
from tests.support.openf1_server import PASSWORD, USERNAME, OpenF1Server

PATIENCE = 20.0
"""Seconds that none of these answers takes, on the busiest of machines."""


@pytest.fixture
async def live_timing() -> AsyncIterator[LiveTimingServer]:
    async with LiveTimingServer() as server:
        yield server


@pytest.fixture
async def openf1() -> AsyncIterator[OpenF1Server]:
    async with OpenF1Server() as server:
        server.session()
        yield server


@pytest.fixture
def settings(settings: Settings, live_timing: LiveTimingServer, openf1: OpenF1Server) -> Settings:
    """Live timing, without an account with OpenF1."""
    listens = replace(settings, race_control="live-timing")
    return replace(listens, live_timing_url=live_timing.url, openf1_url=openf1.url)


def with_account(settings: Settings, password: str = PASSWORD) -> Settings:
    return replace(settings, openf1_username=USERNAME, openf1_password=Secret(password))


async def looked_at(settings: Settings, patience: float = PATIENCE) -> list[Finding]:
    """What the doctor finds."""
    return [*await look_at_race_control(sources(settings, FakeClock()), patience)]


async def test_each_source_that_answers_is_well(settings: Settings) -> None:
    findings = await looked_at(with_account(settings))
    assert [finding.what for finding in findings] == [
        "Race control: live timing answers.",
        "Race control: OpenF1 answers.",
    ]
    assert {finding.mark for finding in findings} == {Mark.OK}


async def test_where_it_is_off_nobody_is_asked(settings: Settings, live_timing: LiveTimingServer) -> None:
    (found,) = await looked_at(replace(settings, race_control="off"))
    assert (found.mark, found.what) == (Mark.OK, OFF)
    assert live_timing.negotiations == 0


async def test_live_timing_that_refuses_us_is_a_problem_that_openf1_may_help_with(
    settings: Settings, live_timing: LiveTimingServer
) -> None:
    live_timing.refusal = 403
    (found,) = await looked_at(settings)
    assert (found.mark, found.what) == (Mark.PROBLEM, "Race control: live timing refuses us: status 403.")
    assert TAKES_OVER in found.remedy
    refused, reserve = await looked_at(with_account(settings))
    assert refused.mark is Mark.PROBLEM
    assert TAKES_OVER not in refused.remedy
    assert reserve.mark is Mark.OK


async def test_a_protocol_that_has_changed_is_told(settings: Settings, live_timing: LiveTimingServer) -> None:
    live_timing.negotiation = b'{"url": "wss://elsewhere"}'
    (found,) = await looked_at(settings)
    assert found.what.endswith("the protocol has changed.")
    assert "newer version" in found.remedy


@pytest.mark.parametrize("status", [500, 503])
async def test_live_timing_that_is_away_is_tried_again(
    settings: Settings, live_timing: LiveTimingServer, status: int
) -> None:
    live_timing.refusal = status
    (found,) = await looked_at(settings)
    assert (found.mark, found.what) == (Mark.WARNING, f"Race control: live timing is not reached: status {status}.")
    assert "LIVE_TIMING_URL" in found.remedy


async def test_a_source_that_says_nothing_is_not_waited_for(settings: Settings, live_timing: LiveTimingServer) -> None:
    live_timing.silent = True
    (found,) = await looked_at(settings, patience=0.05)
    assert (found.mark, found.what) == (Mark.WARNING, "Race control: live timing is not reached: no answer in time.")


async def test_openf1_without_an_account_waits_for_the_end_of_a_session(
    settings: Settings, openf1: OpenF1Server
) -> None:
    alone = replace(settings, race_control="openf1")
    assert [found.mark for found in await looked_at(alone)] == [Mark.OK]
    openf1.in_progress = True
    (found,) = await looked_at(alone)
    assert (found.mark, found.what) == (
        Mark.WARNING,
        "Race control: OpenF1 answers nobody without an account during a session.",
    )
    assert "OPENF1_USERNAME" in found.remedy


async def test_an_account_that_openf1_does_not_know_is_told_without_it(settings: Settings) -> None:
    _live_timing, found = await looked_at(with_account(settings, password="box-box-box"))
    assert (found.mark, found.what) == (
        Mark.PROBLEM,
        "Race control: OpenF1 refuses us: the account is not accepted.",
    )
    assert not {USERNAME, "box-box-box"} & {*found.what.split(), *found.remedy.split()}


async def test_nobody_there_is_a_line_each(settings: Settings) -> None:
    nowhere = "http://127.0.0.1:1"
    alone = replace(settings, live_timing_url=nowhere, openf1_url=nowhere)
    findings = await asyncio.wait_for(looked_at(with_account(alone)), PATIENCE)
    assert [finding.mark for finding in findings] == [Mark.WARNING] * 2
