"""Votes that Telegram brings to a webhook, 500 a second: how long it waits until it hears that one is taken.

The bot is the program itself in a process of its own, on a database file; so is the Bot API that it answers to. What is
measured is from the moment when an update is to be sent to the moment when its 200 has arrived.
"""

import asyncio
import json
import os
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.figure import Figure
from benchmarks.loopback import PATIENCE
from bot.adapters.telegram.render import render
from bot.cards.poll import poll_reply
from bot.domain.polls import Poll
from storage.incidents.reading import SHIPPED, read_incident
from tests.adapters.telegram.bot_api import TOKEN, BotApi, Json, pressed

A_SECOND = 500
ROUNDS, LASTING = 5, 5.0
"""How often updates come, and for so many seconds each time."""

CONNECTIONS = 40
"""Upper bound of updates that are brought at a time; Telegram's own, where a bot does not choose another."""

URL = "https://f1.example.org/telegram"
EVERYTHING_OFF = dict.fromkeys(("JOLPICA_URL", "F1DB_URL", "RACE_CONTROL"), "off")


def figures() -> list[Figure]:
    """The slowest hundredth of updates until they are taken, and the middle one."""
    waits = asyncio.run(_measured())
    slowest, middle = ([quantiles(each, n=100)[part] * 1e3 for each in waits] for part in (98, 49))
    return [
        Figure.at_most("the slowest hundredth of votes by webhook, until it is taken", slowest, "ms", 5),
        Figure.compared("the middle one", middle, "ms"),
    ]


async def _measured() -> list[list[float]]:
    """The seconds that each update waited, in rounds."""
    numbers = count(1)
    with _bot_api() as (url, hooked):
        async with _bot(url, (port := _free_port())):
            secret = await asyncio.to_thread(hooked)
            await _rush(port, secret, numbers)  # until everything has been used once
            return [await _rush(port, secret, numbers) for _ in range(ROUNDS)]


async def _rush(port: int, secret: str, numbers: Iterator[int]) -> list[float]:
    """Bring updates in an even stream, each over whichever connection is free; the seconds that each waited."""
    waits: list[float] = []
    due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def bring() -> None:
        incoming, outgoing = await asyncio.open_connection("127.0.0.1", port)
        with suppress(asyncio.CancelledError):
            while True:
                moment, update = await due.get()
                outgoing.write(update)
                head = await incoming.readuntil(b"\r\n\r\n")
                assert b" 200 " in head.partition(b"\r\n")[0], head
                waits.append(perf_counter() - moment)
                due.task_done()
        outgoing.close()

    bringing = [asyncio.create_task(bring()) for _ in range(CONNECTIONS)]
    updates = [_update(number, secret) for number in (next(numbers) for _ in range(int(A_SECOND * LASTING)))]
    began = perf_counter()
    for number, update in enumerate(updates):
        moment = began + number / A_SECOND
        await asyncio.sleep(max(0.0, moment - perf_counter()))
        due.put_nowait((moment, update))
    await due.join()
    for task in bringing:
        task.cancel()
    await asyncio.gather(*bringing)
    return waits


def _update(number: int, secret: str) -> bytes:
    """Somebody's press of a choice in a group, as the request that brings it."""
    person = {"id": number, "is_bot": False, "first_name": "Al", "language_code": "en"}
    choice = _POLL.choices[number % len(_POLL.choices)].key
    press = pressed(f"vote imola-2021 {choice}", sender=person, query=str(number), **_SHOWN)
    body = json.dumps({"update_id": number, **press}).encode()
    head = (
        f"POST /telegram HTTP/1.1\r\nhost: f1.example.org\r\ncontent-type: application/json\r\n"
        f"x-telegram-bot-api-secret-token: {secret}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _shown() -> Json:
    """The message below which people press."""
    text, keyboard = render(poll_reply(_IMOLA, _POLL, None, _POLL.tally({})))
    return {"text": text, "reply_markup": keyboard}


_IMOLA = read_incident(SHIPPED / "imola-2021.toml")
_POLL = Poll.of(_IMOLA)
_SHOWN = _shown()


@asynccontextmanager
async def _bot(api: str, port: int) -> AsyncIterator[None]:
    """The program, with a webhook at a port."""
    with TemporaryDirectory() as folder:
        told = {"DATA_DIR": folder, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api}
        hook = {"TELEGRAM_WEBHOOK_URL": URL, "TELEGRAM_WEBHOOK_PORT": str(port)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            env=os.environ | EVERYTHING_OFF | told | hook,
            stdout=DEVNULL,
            stderr=DEVNULL,
        )
        try:
            yield
        finally:
            process.terminate()
            await process.wait()


def _free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def _bot_api() -> Iterator[tuple[str, "_Hooked"]]:
    """A Bot API in a process of its own: its address, and the secret with which the bot wants to be called."""
    context = get_context("forkserver")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv(), _Hooked(ours)
    finally:
        process.terminate()
        process.join()


class _Hooked:
    """Waits until the bot says where it wants to be called."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def __call__(self) -> str:
        """The secret. Raises TimeoutError where the bot says nothing."""
        if not self._pipe.poll(PATIENCE):
            raise TimeoutError("the bot sets no webhook")
        secret: str = self._pipe.recv()
        return secret


def _run(pipe: Connection) -> None:
    asyncio.run(_answer(pipe))


async def _answer(pipe: Connection) -> None:
    async with BotApi() as api:
        pipe.send(api.url)
        [call] = await api.called("setWebhook")
        pipe.send(call["secret_token"])
        while True:  # what was answered is let go, as it would be anywhere
            await asyncio.sleep(1)
            api.calls.clear()
