"""systemd's side of a socket: what it is told by the parts, and by the whole program."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app.ending import FAREWELL, LAST_MESSAGES
from bot.app.monitoring.systemd import Systemd, running_under_systemd, told_every
from tests.support.clock import HeldClock
from tests.support.command_line import ROOT, CommandLine

UNIT = (ROOT / "deploy" / "racing-incident.service").read_text(encoding="utf-8")


class Hearing:
    """A socket at which somebody listens as systemd does."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(address)

    async def heard(self) -> str:
        """What is said next, once something is."""
        return (await asyncio.get_running_loop().sock_recv(self._socket, 4096)).decode()

    def all(self) -> list[str]:
        """What was said and not heard yet."""
        said = []
        while True:
            try:
                said.append(self._socket.recv(4096).decode())
            except BlockingIOError:
                return said

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "notify")


@pytest.fixture
def systemd(address: str) -> Iterator[Hearing]:
    hearing = Hearing(address)
    yield hearing
    hearing.close()


async def test_it_is_told_that_the_bot_starts_lives_and_ends(systemd: Hearing, address: str) -> None:
    clock = HeldClock()
    async with running_under_systemd({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "60000000"}, clock):
        assert await systemd.heard() == "READY=1"
        assert await systemd.heard() == "WATCHDOG=1"
        await clock.wake_in_time()
        assert await systemd.heard() == "WATCHDOG=1"
        assert (clock.seconds, systemd.all()) == (30, [])
    assert systemd.all() == ["STOPPING=1"]


async def test_where_nobody_waits_for_signs_of_life_there_are_none(systemd: Hearing, address: str) -> None:
    async with running_under_systemd({"NOTIFY_SOCKET": address}, HeldClock()):
        await asyncio.sleep(0)
    assert systemd.all() == ["READY=1", "STOPPING=1"]


async def test_at_a_shell_nobody_is_told_anything() -> None:
    with capture_logs() as logs:
        async with running_under_systemd({}, HeldClock()):
            pass
    assert logs == []


@pytest.mark.skipif(sys.platform != "linux", reason="sockets without a file are Linux's")
def test_a_socket_may_have_no_file() -> None:
    name = f"racing-incident/{os.getpid()}/notify"
    hearing = Hearing(f"\0{name}")
    Systemd({"NOTIFY_SOCKET": f"@{name}"}).tell("READY=1")
    assert hearing.all() == ["READY=1"]
    hearing.close()


def test_that_nobody_hears_is_one_line_an_outage(address: str) -> None:
    systemd = Systemd({"NOTIFY_SOCKET": address})
    with capture_logs() as logs:
        systemd.tell("READY=1")
        systemd.tell("WATCHDOG=1")
        hearing = Hearing(address)
        systemd.tell("WATCHDOG=1")
        hearing.close()
        systemd.tell("WATCHDOG=1")
    assert [line["event"] for line in logs] == ["systemd.not_told"] * 2


def test_whoever_does_not_read_holds_up_nothing(systemd: Hearing, address: str) -> None:
    ours = Systemd({"NOTIFY_SOCKET": address})
    with capture_logs() as logs:
        for _ in range(10_000):
            ours.tell("WATCHDOG=1")
    assert [line["event"] for line in logs] == ["systemd.not_told"]
    assert set(systemd.all()) == {"WATCHDOG=1"}


@pytest.mark.parametrize("named", ["x" * 200, "with\0zero", "vsock:2:1234"])
def test_a_name_that_is_no_socket_keeps_no_bot_from_running(named: str) -> None:
    with capture_logs() as logs:
        Systemd({"NOTIFY_SOCKET": named}).tell("READY=1")
    assert [line["event"] for line in logs] == ["systemd.not_told"]


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({"WATCHDOG_USEC": "60000000"}, 30),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 30),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "-5"}, None),
        ({}, None),
    ],
)
def test_signs_of_life_are_twice_as_many_as_are_waited_for(environment: dict[str, str], seconds: float | None) -> None:
    assert told_every(environment) == seconds


@pytest.mark.parametrize("arguments", [(), ("run", "--only", "web")])
async def test_the_program_says_how_it_does(
    systemd: Hearing, address: str, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    process = await CommandLine(tmp_path).start(
        *arguments,
        WEB_URL="https://incidents.example.org",
        WEB_PORT="0",
        NOTIFY_SOCKET=address,
        WATCHDOG_USEC="20000",
    )
    assert process.stdin is not None
    process.stdin.close()
    assert await systemd.heard() == "READY=1"
    assert [await systemd.heard() for _ in range(3)] == ["WATCHDOG=1"] * 3
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert process.returncode == 0
    assert systemd.all()[-1] == "STOPPING=1"


def of_the_unit(name: str) -> str:
    """What the unit sets."""
    (value,) = re.findall(rf"^{name}=(.+)$", UNIT, re.MULTILINE)
    return str(value)


def test_the_unit_waits_for_what_the_bot_says() -> None:
    assert of_the_unit("Type") == "notify"
    assert told_every({"WATCHDOG_USEC": f"{of_the_unit('WatchdogSec')}000000"}) is not None
    assert "AF_UNIX" in of_the_unit("RestrictAddressFamilies").split()


def test_the_unit_lets_the_bot_end_in_order() -> None:
    assert float(of_the_unit("TimeoutStopSec")) > LAST_MESSAGES + FAREWELL
