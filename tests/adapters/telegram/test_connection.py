"""The line to Telegram: how it is opened and hung up, and that updates are answered side by side."""

import asyncio
import gc
import logging
import traceback

import pytest
import structlog.testing

from bot.adapters.telegram import Addresses
from bot.chat.commands import Command
from bot.chat.platform import Reachable, TokenRefusedError, UnreachableError
from bot.chat.replies import Reply, notice
from bot.chat.requests import Request
from bot.domain.places import Post
from tests.adapters.telegram.bot_api import (
    AL,
    CUT,
    TOKEN,
    BotApi,
    Failure,
    pressed,
    typed,
)
from tests.adapters.telegram.desk import PIT_WALL, STORY, Desk, complaints
from tests.support.clock import HeldClock


async def test_a_first_connection_that_fails_is_the_supervisors_to_retry(api: BotApi, desk: Desk) -> None:
    api.fail("getMe", Failure(502, "Bad Gateway"))
    adapter = desk.adapter()
    with pytest.raises(UnreachableError):
        await adapter.run()
    running = asyncio.create_task(adapter.run())
    await api.polled()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_presses_reach_the_handler_in_their_order_and_side_by_side(api: BotApi, desk: Desk) -> None:
    presses = [pressed(f"vote {number}", query=str(number)) for number in range(120)]
    order: list[str] = []
    all_are_in = asyncio.Event()

    async def vote(request: Request) -> Reply:
        order.append(request.argument)
        if len(order) == len(presses):
            all_are_in.set()
        await all_are_in.wait()
        return notice("Counted.")

    async with desk.open(Command("vote", "Vote", vote)):
        await api.push(*presses)
        await api.called("answerCallbackQuery", len(presses))
    assert order == [str(number) for number in range(120)]


async def test_a_wrong_token_is_said_plainly_and_kept_secret(desk: Desk) -> None:
    wrong = TOKEN[::-1]
    with pytest.raises(TokenRefusedError, match="check TELEGRAM_BOT_TOKEN") as caught:
        await desk.adapter(token=wrong).run()
    assert wrong not in "".join(traceback.format_exception(caught.value))


async def test_a_stop_while_connecting_leaves_nothing_open(api: BotApi, desk: Desk) -> None:
    running = asyncio.create_task(desk.adapter().run())
    await api.called("getMe")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    gc.collect()


async def test_an_empty_token_is_a_wrong_token(desk: Desk) -> None:
    with pytest.raises(TokenRefusedError):
        await desk.adapter(token="").run()


async def test_a_stop_lets_answers_in_flight_end(api: BotApi, desk: Desk) -> None:
    started, let_go = asyncio.Event(), asyncio.Event()

    async def crash(_request: Request) -> Reply:
        started.set()
        await let_go.wait()
        return STORY

    running = asyncio.create_task(desk.adapter(Command("crash", "Crash", crash)).run())
    await api.push(typed("/crash imola"))
    await started.wait()
    running.cancel()
    let_go.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(desk.posted) == 1


async def test_a_stop_waits_for_nobody_forever(api: BotApi, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.telegram.connection.GRACE", 0)
    started = asyncio.Event()

    async def crash(_request: Request) -> Reply:
        started.set()
        await asyncio.Event().wait()
        return STORY

    with structlog.testing.capture_logs() as logs:
        async with desk.open(Command("crash", "Crash", crash)):
            await api.push(typed("/crash imola"))
            await started.wait()
    assert complaints(logs) == ["telegram.answers_abandoned"]


async def test_a_stop_confirms_what_was_taken(api: BotApi, desk: Desk) -> None:
    clock = HeldClock()
    async with desk.open(desk.command("crash"), clock=clock):
        api.fail("getUpdates", CUT, CUT)
        await api.push(typed("/crash imola"))
        await clock.wake()  # after the first failure; the second holds the confirmation back
        await api.polled(3)
        assert len(api.pending) == 1
    assert (api.pending, len(desk.asked)) == ([], 1)


async def test_a_handler_that_fails_stops_nobody(api: BotApi, desk: Desk) -> None:
    def forget(_post: Post, _reply: Reply) -> None:
        raise RuntimeError("no room")

    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash"), desk.command("vote", notice("Counted.")), posted=forget):
            await api.deliver(typed("/crash imola"))
            await api.deliver(pressed("vote imola-2021 all-russell"))
    assert complaints(logs) == ["telegram.update_failed"]
    assert "RuntimeError: no room" in logs[-1]["exception"]
    assert TOKEN not in str(logs)
    assert len(api.given("answerCallbackQuery")) == 1


async def test_no_log_shows_the_token_or_what_people_write(
    api: BotApi, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    api.fail("getUpdates", Failure(502, "Bad Gateway"))
    api.fail("sendMessage", Failure(400, "Bad Request: something new"))
    with structlog.testing.capture_logs() as logs:
        async with desk.open(desk.command("crash")):
            await api.deliver(typed("/crash the-secret-place", sender=AL | {"first_name": "A-secret-name"}))
    told = caplog.text + str(logs)
    assert "Something new" in told
    assert not any(secret in told for secret in (TOKEN, "the-secret-place", "A-secret-name"))


async def test_not_even_a_broken_server_makes_the_token_known(desk: Desk) -> None:
    async def babble(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 nonsense\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(UnreachableError) as caught:
            await desk.adapter(addresses=Addresses(f"http://{host}:{port}")).run()
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


async def test_once_it_is_connected_there_are_addresses_that_lead_to_it(desk: Desk) -> None:
    assert desk.adapter().way() is None
    async with desk.open() as adapter:
        way = adapter.way()
        assert isinstance(adapter, Reachable)
    assert way is not None
    assert way.invitation == "https://t.me/RacingIncidentBot?startgroup"
    assert way.to("imola-2021") == "https://t.me/RacingIncidentBot?start=imola-2021"
    assert adapter.way() is None


async def test_a_process_that_only_sends_asks_for_no_updates_and_leaves_the_menu_alone(api: BotApi, desk: Desk) -> None:
    adapter = desk.adapter(desk.command("crash"), addresses=Addresses(api.url, takes_updates=False))
    running = asyncio.create_task(adapter.run())
    while adapter.way() is None:
        await desk.clock.sleep(0)
    await adapter.send(PIT_WALL, STORY)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert {call.method for call in api.calls} == {"getMe", "sendMessage"}
