import asyncio
import json
import os
import socket
import stat
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app.control_socket import UNKNOWN, NotHeardError, Report, is_heard, listening, tell

DONE = Report(ok=True, lines=("imola 2021", "Grand Prix de España"))


async def announce(race: str, *, dry_run: bool = False) -> Report:
    """Say what was said."""
    assert dry_run
    return Report(ok=True, lines=(race, "Grand Prix de España"))


async def broken(**_: object) -> Report:
    raise RuntimeError("the disk is full")


async def stuck(**_: object) -> Report:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.fixture
def control(tmp_path: Path) -> Path:
    return tmp_path / "control"


async def test_an_order_is_carried_out_and_answered(control: Path) -> None:
    async with listening(control, {"announce": announce}):
        assert await tell(control, "announce", race="imola 2021", dry_run=True) == DONE


async def test_where_there_is_no_folder_for_it_one_is_made_that_is_nobody_elses(tmp_path: Path) -> None:
    control = tmp_path / "data" / "bot" / "control"
    async with listening(control, {"announce": announce}):
        assert await tell(control, "announce", race="imola 2021", dry_run=True) == DONE
    assert stat.S_IMODE(control.parent.stat().st_mode) == 0o700


async def test_words_of_an_order_stay_what_they_are(control: Path) -> None:
    async with listening(control, {"announce": announce}):
        report = await tell(control, "announce", race="são paulo\n--dry-run", dry_run=True)
    assert report
    assert report.lines[0] == "são paulo\n--dry-run"


async def test_an_answer_may_be_as_long_as_it_has_to(control: Path) -> None:
    async with listening(control, {"announce": announce}):
        report = await tell(control, "announce", race="x" * 60_000, dry_run=True)
        assert report
        assert len(report.lines[0]) == 60_000


async def test_where_no_bot_is_running_there_is_no_answer(control: Path) -> None:
    assert await tell(control, "announce") is None
    async with listening(control, {}):
        assert await is_heard(control)
    assert await tell(control, "announce") is None
    assert not await is_heard(control)
    assert not os.access(control, os.F_OK)


async def test_only_the_owner_can_give_orders(control: Path) -> None:
    async with listening(control, {}):
        assert stat.S_IMODE(os.lstat(control).st_mode) == 0o600


async def test_a_socket_that_a_killed_bot_left_is_replaced(control: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(control))
    async with listening(control, {"announce": announce}):
        assert await tell(control, "announce", race="imola 2021", dry_run=True) == DONE


async def test_a_second_bot_leaves_the_first_ones_socket_alone(control: Path) -> None:
    with capture_logs() as logs:
        async with listening(control, {"announce": announce}):
            async with listening(control, {}):
                pass
            assert await tell(control, "announce", race="imola 2021", dry_run=True) == DONE
    assert [line["event"] for line in logs] == ["control_socket.unavailable"]


@pytest.fixture
def note(control: Path) -> Path:
    """A file where the socket should be."""
    control.write_text("a note")
    return control


async def test_a_file_of_that_name_is_left_alone(note: Path) -> None:
    with capture_logs() as logs:
        async with listening(note, {}):
            pass
    assert stat.S_ISREG(os.lstat(note).st_mode)
    assert [line["event"] for line in logs] == ["control_socket.unavailable"]


@pytest.mark.parametrize("order", ["dance", "announce"])
async def test_an_order_of_another_version_is_refused(control: Path, order: str) -> None:
    async with listening(control, {"announce": announce}):
        assert await tell(control, order, encore=3) == Report(ok=False, lines=(UNKNOWN,))


async def test_an_order_that_fails_is_logged_and_said_to_have_failed(control: Path) -> None:
    with capture_logs() as logs:
        async with listening(control, {"announce": broken}):
            report = await tell(control, "announce")
    assert report == Report(ok=False, lines=("That went wrong; the bot's log says why.",))
    assert [line["event"] for line in logs] == ["control_socket.order_failed"]


async def test_an_answer_that_takes_long_is_not_waited_for_for_ever(control: Path) -> None:
    async with listening(control, {"announce": stuck}):
        with pytest.raises(NotHeardError, match="still at it"):
            await tell(control, "announce", patience=0)


async def test_a_bot_that_stops_amid_an_order_says_nothing_more(control: Path) -> None:
    begun = asyncio.Event()

    async def long(**_: object) -> Report:
        begun.set()
        return await stuck()

    async with listening(control, {"announce": long}):
        telling = asyncio.create_task(tell(control, "announce"))
        await begun.wait()
    with pytest.raises(NotHeardError, match="stopped before it answered"):
        await telling


async def test_who_calls_and_says_nothing_does_not_keep_a_bot_from_stopping(control: Path) -> None:
    async with listening(control, {"announce": announce}):
        reader, writer = await asyncio.open_unix_connection(control)
        assert await tell(control, "announce", race="imola 2021", dry_run=True) == DONE
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize(
    "said", [b"", b"announce", b"\xff\xfe\n", b"[]\n", b"7\n", b'{"order": [], "with": {}}\n', b"x" * 100_000 + b"\n"]
)
async def test_whatever_is_said_the_bot_goes_on_listening(control: Path, said: bytes) -> None:
    async with listening(control, {"announce": announce}):
        reader, writer = await asyncio.open_unix_connection(control)
        writer.write(said)
        writer.write_eof()
        answer = await reader.read()
        writer.close()
        assert not answer or json.loads(answer) == {"ok": False, "lines": [UNKNOWN], "mistyped": False}
        assert await tell(control, "announce", race="imola 2021", dry_run=True) == DONE


async def test_a_folder_that_can_hold_no_socket_stops_nobody(tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with listening(tmp_path / ("x" * 200) / "control", {}):
            pass
    assert [line["event"] for line in logs] == ["control_socket.unavailable"]
