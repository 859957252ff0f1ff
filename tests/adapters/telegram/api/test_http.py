import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram import InputFile
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

# The library makes these for every call, and offers no other way to.
from telegram.request._requestparameter import RequestParameter

from bot.adapters.telegram.api.http import AiohttpRequest, TooManyRequestsError, UnreadableAnswerError

MOVED = {"migrate_to_chat_id": -1002}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def http() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest(4) as request:
        yield request


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    """The address of a method on a server that answers like this."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    yield f"http://{host}:{port}/bot42:token/sendMessage"
    await runner.cleanup()


def data(**parameters: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])


async def test_parameters_arrive_as_json_in_any_script(http: AiohttpRequest) -> None:
    async def echo(request: web.Request) -> web.Response:
        assert request.method == "POST"
        assert request.headers["User-Agent"] == BaseRequest.USER_AGENT
        return web.json_response(await request.json())

    async with server(echo) as url:
        status, body = await http.do_request(url, "POST", data(chat_id=7, text="Räikkönen 🏁", reply_markup={"a": [1]}))
    assert (status, json.loads(body)) == (200, {"chat_id": 7, "text": "Räikkönen 🏁", "reply_markup": {"a": [1]}})


async def test_a_file_arrives_whole_with_its_name_and_its_kind(http: AiohttpRequest) -> None:
    content = bytes(range(256)) * 1024

    async def keep(request: web.Request) -> web.Response:
        form = await request.post()
        file = form["document"]
        assert isinstance(file, web.FileField)
        assert (file.filename, file.content_type, file.file.read()) == ("votes.json", "application/json", content)
        assert form["chat_id"] == "7"
        assert json.loads(str(form["reply_markup"])) == {"a": 1}
        return web.Response(text="kept")

    async with server(keep) as url:
        sent = data(chat_id=7, document=InputFile(content, "votes.json"), reply_markup={"a": 1})
        assert await http.do_request(url, "POST", sent) == (200, b"kept")


@pytest.mark.parametrize("status", [302, 400, 429, 502])
async def test_a_status_is_the_librarys_to_understand(http: AiohttpRequest, status: int) -> None:
    async def fail(_request: web.Request) -> web.Response:
        return web.Response(status=status, text="no", headers={"Location": "https://example.org"})

    async with server(fail) as url:
        assert await http.do_request(url, "POST", data()) == (status, b"no")


async def test_connections_are_kept_and_shared(http: AiohttpRequest) -> None:
    peers = set()

    async def remember(request: web.Request) -> web.Response:
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        return web.Response()

    async with server(remember) as url:
        for _ in range(3):
            await http.do_request(url, "POST", data())
    assert len(peers) == 1


async def test_no_more_connections_than_allowed(http: AiohttpRequest) -> None:
    there, most = 0, 0
    let_go = asyncio.Event()

    async def count(_request: web.Request) -> web.Response:
        nonlocal there, most
        there += 1
        most = max(most, there)
        if there == 4:
            let_go.set()
        await let_go.wait()
        there -= 1
        return web.Response()

    async with server(count) as url:
        await asyncio.gather(*(http.do_request(url, "POST", data()) for _ in range(12)))
    assert most == 4


async def test_an_answer_that_does_not_come_is_not_waited_for(
    http: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram.api.http.TIMEOUT", 0.02)

    async def never(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with server(never) as url:
        with pytest.raises(TimedOut):
            await http.do_request(url, "POST", data())
        with pytest.raises(TimedOut):
            await http.do_request(url, "POST", data(), read_timeout=0.01)


async def test_a_server_that_is_not_there_or_hangs_up_is_a_networks_error(http: AiohttpRequest) -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with server(hang_up) as url:
        with pytest.raises(NetworkError):
            await http.do_request(url, "POST", data())
    with pytest.raises(NetworkError):
        await http.do_request(url, "POST", data())


async def test_it_can_be_closed_twice_and_opened_again() -> None:
    async def greet(_request: web.Request) -> web.Response:
        return web.Response()

    http = AiohttpRequest(1)
    async with server(greet) as url:
        for _ in range(2):
            await http.initialize()
            await http.initialize()
            assert await http.do_request(url, "POST", data()) == (200, b"")
            await http.shutdown()
            await http.shutdown()
            with pytest.raises(NetworkError, match="not connected"):
                await http.do_request(url, "POST", data())


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("3", 3), ("0.5", 0.5), ("86400", 86_400), ("1" + "0" * 30, 86_400), ("1e400", 86_400)],
)
@pytest.mark.parametrize("status", [429, 420, 503])
async def test_a_wait_that_is_asked_for_is_read_from_the_answer_itself(
    http: AiohttpRequest, status: int, asked: str, seconds: float
) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(text=f'{{"ok": false, "parameters": {{"retry_after": {asked}}}}}', status=status)

    async with server(refuse) as url:
        with pytest.raises(TooManyRequestsError) as caught:
            await http.do_request(url, "POST", data())
    assert caught.value.seconds == seconds


@pytest.mark.parametrize(
    "body",
    ["", "<html>", "[]", "7", '{"parameters": 3}']
    + [f'{{"parameters": {{"retry_after": {asked}}}}}' for asked in ("null", "true", "0", "-3", '"3"', "[3]", "NaN")],
)
async def test_a_wait_that_makes_no_sense_is_none(http: AiohttpRequest, body: str) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(text=body, status=429)

    async with server(refuse) as url:
        assert await http.do_request(url, "POST", data()) == (429, body.encode())


@pytest.mark.parametrize(
    ("payload", "fields"),
    [
        (b'{"ok": true, "result": [1]}', ([1], None, {})),
        (b'{"ok": true}', (None, None, {})),
        (b'{"description": 5, "parameters": 7}', (None, None, {})),
        (b'{"description": "no", "parameters": {"migrate_to_chat_id": -1002}}', (None, "no", MOVED)),
        (b'{"description": "no", "parameters": {"migrate_to_chat_id": "-1002", "retry_after": []}}', (None, "no", {})),
        (b'{"parameters": {"migrate_to_chat_id": true}}', (None, None, {})),
        ('{"result": "Räikkönen"}'.encode("latin-1"), ("R\ufffdikk\ufffdnen", None, {})),
    ],
)
def test_of_an_answer_only_what_has_its_type_is_passed_on(payload: bytes, fields: tuple[object, ...]) -> None:
    answer = AiohttpRequest.parse_json_payload(payload)
    assert (answer["result"], answer["description"], answer["parameters"]) == fields


@pytest.mark.parametrize(
    ("payload", "update"),
    [
        (b"", None),
        (b"<html>", None),
        (b"null", None),
        (b"[" * 100_000, None),
        (b'{"result": [{"update_id": 7, "message": oops}, {"update_id": 8}]}', 7),
        (b'{"result": [{"update_id":' + b"9" * 5_000 + b"}]}", None),
    ],
)
def test_of_what_is_no_answer_the_first_updates_id_is_told(payload: bytes, update: int | None) -> None:
    with pytest.raises(UnreadableAnswerError) as caught:
        AiohttpRequest.parse_json_payload(payload)
    assert caught.value.update_id == update
