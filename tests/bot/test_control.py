import asyncio
import stat
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.control import Report, listening, tell


async def echo(rest: str) -> Report:
    """Say what was said."""
    return Report(ok=True, lines=(rest, "Grand Prix de España"))


async def broken(_rest: str) -> Report:
    raise RuntimeError("the disk is full")


async def test_an_order_is_carried_out_and_answered(tmp_path: Path) -> None:
    async with listening(tmp_path / "control", {"announce": echo}):
        assert await tell(tmp_path / "control", "announce", "imola 2021 --dry-run") == Report(
            ok=True, lines=("imola 2021 --dry-run", "Grand Prix de España")
        )


async def test_where_no_bot_is_running_there_is_no_answer(tmp_path: Path) -> None:
    assert await tell(tmp_path / "control", "announce", "imola") is None
    async with listening(tmp_path / "control", {}):
        pass
    assert await tell(tmp_path / "control", "announce", "imola") is None


async def test_only_the_owner_can_give_orders(tmp_path: Path) -> None:
    async with listening(tmp_path / "control", {}):
        assert stat.S_IMODE((tmp_path / "control").stat().st_mode) == 0o600


async def test_a_socket_that_a_killed_bot_left_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "control").touch()
    async with listening(tmp_path / "control", {"announce": echo}):
        report = await tell(tmp_path / "control", "announce", "imola")
    assert report
    assert report.ok


async def test_an_unknown_order_is_refused(tmp_path: Path) -> None:
    async with listening(tmp_path / "control", {}):
        report = await tell(tmp_path / "control", "dance", "")
    assert report
    assert not report.ok


async def test_an_order_that_fails_is_logged_and_said_to_have_failed(tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with listening(tmp_path / "control", {"announce": broken}):
            report = await tell(tmp_path / "control", "announce", "imola")
    assert report == Report(ok=False, lines=("That went wrong; the bot's log says why.",))
    assert [line["event"] for line in logs] == ["order failed"]


@pytest.mark.parametrize("said", [b"", b"announce", b"\xff\xfe\n", b"x" * 100_000 + b"\n"])
async def test_whatever_is_said_the_bot_goes_on_listening(tmp_path: Path, said: bytes) -> None:
    async with listening(tmp_path / "control", {"announce": echo}):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "control")
        writer.write(said)
        writer.write_eof()
        await reader.read()
        writer.close()
        assert await tell(tmp_path / "control", "announce", "imola")


async def test_a_folder_that_can_hold_no_socket_stops_nobody(tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with listening(tmp_path / ("x" * 200) / "control", {}):
            pass
    assert [line["event"] for line in logs] == ["operators are not heard"]
