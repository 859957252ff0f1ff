"""Pages as somebody at a shell starts them."""

import asyncio
import json
import signal
from pathlib import Path

import httpx
import pytest

from tests.support.command_line import CommandLine, Running

URL = "https://incidents.example.org"


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


async def port(process: Running, event: str = "web.serving") -> int:
    """Where it serves pages, or does something else at a port, as its log says."""
    assert process.stderr is not None
    while line := await process.stderr.readline():
        if line.startswith(b"{") and (said := json.loads(line))["event"] == event:
            assert said.get("address", URL) == URL
            return int(said["port"])
    raise AssertionError("it ended without serving any page")


@pytest.mark.parametrize("arguments", [(), ("run", "--only", "web")])
async def test_with_an_address_and_nobody_to_type_pages_are_served_alone(
    shell: CommandLine, arguments: tuple[str, ...]
) -> None:
    process = await shell.start(*arguments, WEB_URL=URL, WEB_PORT="0", LOG_LEVEL="INFO")
    assert process.stdin is not None
    process.stdin.close()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{await port(process)}") as http:
        assert "Bottas and Russell" in (await http.get("/imola-2021")).text
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_pages_alone_are_watched_as_a_bot_is(shell: CommandLine) -> None:
    process = await shell.start("run", "--only", "web", WEB_URL=URL, WEB_PORT="0", HEALTH_PORT="0", LOG_LEVEL="INFO")
    health = await port(process, "monitoring.started")
    await port(process)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{health}") as http:
        assert (await http.get("/healthz")).text == "alive as web\n"
        assert 'racing_incident_role{role="web"} 1.0' in (await http.get("/metrics")).text
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_a_script_is_answered_and_ends_as_ever(shell: CommandLine) -> None:
    done = await shell("chat", typed="/crash imola\n", WEB_URL=f"{URL}/", WEB_PORT="0")
    assert (done.code, done.err) == (0, f"Pages: {URL}\n")
    assert "Bottas and Russell" in done.out


async def test_pages_without_an_address_are_a_sentence(shell: CommandLine) -> None:
    done = await shell("run", "--only", "web")
    assert done.code == 2
    assert "WEB_URL is not set: the address that people know the pages by" in done.err
    assert done.out == ""


async def test_a_port_that_somebody_has_is_a_sentence(shell: CommandLine) -> None:
    async with await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0) as taken:
        port = taken.sockets[0].getsockname()[1]
        for arguments in (("run", "--only", "web"), ("chat",)):
            done = await shell(*arguments, WEB_URL=URL, WEB_PORT=f"{port}", LOG_LEVEL="ERROR")
            assert done.code == 1, "as trying again may help"
            assert done.err.startswith(f"Nobody can be heard at 127.0.0.1, port {port}")
            assert "Traceback" not in done.err


@pytest.mark.parametrize("url", ["incidents.example.org", "https://example.org/a/path", "ftp://example.org"])
async def test_an_address_that_is_none_is_refused(shell: CommandLine, url: str) -> None:
    done = await shell("run", WEB_URL=url)
    assert done.code == 2
    assert done.err == "WEB_URL: should be an address that begins with http:// or https://, without a path after it.\n"
