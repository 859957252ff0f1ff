"""A server within our own event loop: it says where it listens, leaves signals alone, and ends when it is left."""

import asyncio
import signal
import socket

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.serving import CannotListenError, serving


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
