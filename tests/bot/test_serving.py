"""A server within our own event loop: it says where it listens, leaves signals alone, and ends when it is left."""

import asyncio
import resource
import signal
import socket
from contextlib import suppress

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.serving import LARGEST_HEAD, MOST_CONNECTIONS, OTHER_FILES, CannotListenError, _room, serving


async def greet(_: Request) -> PlainTextResponse:
    return PlainTextResponse("Lights out")


APP = Starlette(routes=[Route("/", greet)])


async def test_it_answers_where_it_says_it_listens() -> None:
    async with serving(APP, "127.0.0.1", 0) as port, httpx.AsyncClient() as caller:
        answer = await caller.get(f"http://127.0.0.1:{port}/")
    assert answer.text == "Lights out"
    assert "server" not in answer.headers


async def test_nobody_is_heard_any_more_once_it_is_left() -> None:
    async with serving(APP, "127.0.0.1", 0) as port:
        pass
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_signals_stay_the_bots() -> None:
    before = signal.getsignal(signal.SIGTERM)
    async with serving(APP, "127.0.0.1", 0):
        assert signal.getsignal(signal.SIGTERM) is before


async def test_a_port_that_somebody_has_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListenError, match=rf"port {port}: .+\. Choose another"):
            async with serving(APP, "127.0.0.1", port):
                pass


async def test_a_host_that_is_none_is_a_sentence() -> None:
    with pytest.raises(CannotListenError):
        async with serving(APP, "no.such.host.invalid", 0):
            pass


async def hung_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


@pytest.mark.parametrize("half", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"])
async def test_who_asks_by_halves_is_hung_up_on(monkeypatch: pytest.MonkeyPatch, half: bytes) -> None:
    async def read(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{len(await request.body())}")

    monkeypatch.setattr("bot.serving.UNFINISHED", 0.05)
    app = Starlette(routes=[Route("/", read)])
    async with serving(app, "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(half)
        async with asyncio.timeout(10):
            assert b"200 OK" not in await reader.read()
        await hung_up(writer)


async def test_a_second_request_by_halves_is_hung_up_on_after_the_first_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.serving.UNFINISHED", 0.05)
    async with serving(APP, "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT")
        async with asyncio.timeout(10):
            assert (await reader.read()).endswith(b"Lights out")
        await hung_up(writer)


async def test_a_head_that_is_too_large_is_refused() -> None:
    async with serving(APP, "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nX: " + b"y" * LARGEST_HEAD)
        async with asyncio.timeout(10):
            assert (await reader.readline()).startswith(b"HTTP/1.1 400")
        await hung_up(writer)


async def test_a_proxys_word_on_who_asks_is_taken_where_it_is_to_be() -> None:
    async def who(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.client.host if request.client else "")

    app = Starlette(routes=[Route("/", who)])
    for proxies, seen in (("127.0.0.1", "192.0.2.7"), ("192.0.2.1", "127.0.0.1"), ("", "127.0.0.1")):
        async with serving(app, "127.0.0.1", 0, proxies=proxies) as port, httpx.AsyncClient() as caller:
            answer = await caller.get(f"http://127.0.0.1:{port}/", headers={"x-forwarded-for": "192.0.2.7"})
        assert answer.text == seen


async def test_only_so_many_may_be_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.serving.MOST_CONNECTIONS", 2)
    async with serving(APP, "127.0.0.1", 0) as port:
        lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(5):
            with suppress(ConnectionError):  # a reset, or an end: either way it is not served
                assert await reader.read() == b""
        for line in (writer, *(each for _reader, each in lines)):
            await hung_up(line)


def test_as_many_files_are_allowed_as_may_be() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 600), hard))
        room = _room()
        now = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        assert room == min(MOST_CONNECTIONS, now - OTHER_FILES)
        assert now >= min(hard, MOST_CONNECTIONS) or hard == resource.RLIM_INFINITY
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_who_leaves_what_they_are_sent_unread_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.serving.UNREAD", 300)
    left = asyncio.Event()

    async def endless(_scope: Scope, receive: Receive, send: Send) -> None:
        async def leaving() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            left.set()

        task = asyncio.create_task(leaving())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not left.is_set():
            await send({"type": "http.response.body", "body": bytes(100_000), "more_body": True})
            await asyncio.sleep(0)
        await task

    async with serving(endless, "127.0.0.1", 0) as port:
        _unread, outgoing = await asyncio.open_connection("127.0.0.1", port, limit=1)
        outgoing.write(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n")
        async with asyncio.timeout(20):
            await left.wait()
        outgoing.transport.abort()
