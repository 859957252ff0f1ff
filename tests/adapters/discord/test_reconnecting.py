"""What an operator reads of a gateway that is away: when that began, and when it ended, however often it was tried."""

import logging

import pytest
from structlog.testing import capture_logs

from bot.adapters.discord.reconnecting import ONE, SEVERAL, Reconnecting
from bot.unreached import LATE


def fail(logger: str, line: str, *said: object) -> None:
    """Let the library say that a connection failed, with its trace, as it does."""
    logging.getLogger(logger).error(line, *said, exc_info=TimeoutError())


def test_an_outage_is_a_line_as_it_begins_and_one_as_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    reconnecting = Reconnecting()
    with capture_logs() as logs, reconnecting.told():
        for seconds in (1.2, 3.4, 7.8):
            fail(ONE, "Attempting a reconnect in %.2fs", seconds)
        reconnecting.back()
        reconnecting.back()
        fail(ONE, "Attempting a reconnect in %.2fs", 1.2)
    assert [(line["event"], line.get("reason")) for line in logs] == [
        ("discord.gateway_lost", LATE),
        ("discord.gateway_resumed", None),
        ("discord.gateway_lost", LATE),
    ]
    assert caplog.messages == []


def test_each_of_several_connections_has_its_own(caplog: pytest.LogCaptureFixture) -> None:
    reconnecting = Reconnecting()
    with capture_logs() as logs, reconnecting.told():
        for shard in (0, 3, 0, 3):
            fail(SEVERAL, "Attempting a reconnect for shard ID %s in %.2fs", shard, 1.2)
            fail(SEVERAL, "Failed to connect for shard_id: %s. Retrying...", shard)
        reconnecting.back(3)
        reconnecting.back()
    told = [(line["event"], line["shard"]) for line in logs]
    assert told == [("discord.gateway_lost", 0), ("discord.gateway_lost", 3), ("discord.gateway_resumed", 3)]
    assert caplog.messages == []


def test_what_else_the_library_says_stays(caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as logs, Reconnecting().told():
        logging.getLogger(ONE).warning("Shard ID %s has stopped responding to the gateway.", 0)
    logging.getLogger(ONE).error("Attempting a reconnect in %.2fs", 1.2)
    assert logs == []
    assert caplog.messages == ["Shard ID 0 has stopped responding to the gateway.", "Attempting a reconnect in 1.20s"]


def test_what_whoever_runs_it_has_told_of_ends_here() -> None:
    reconnecting = Reconnecting()
    with capture_logs() as logs:
        reconnecting.back()
        reconnecting.failed()
        reconnecting.back()
    assert [line["event"] for line in logs] == ["discord.gateway_resumed"], "`platform.lost` was said before"
