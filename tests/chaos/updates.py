"""A night in which Telegram brings updates twice and thrice, late, and in any order, to replicas that are killed."""

import asyncio
import socket
from collections import Counter
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from aiohttp import ClientError, ClientSession, ClientTimeout

from benchmarks.race_weekend import chats
from tests.adapters.telegram.bot_api import BotApi, Json, typed
from tests.chaos.fleet import Crowd, Fleet, Member
from tests.chaos.nights import Night
from tests.chaos.server_troubles import racing_server

REPLICAS = 2
KILLS = 4
FEWEST, MOST = 20, 60
"""Votes between two kills."""

COPIES = (1, 1, 2, 3)
"""How often an update is brought, at random."""

LATEST = 1.5
"""Seconds by which one may be late."""

OLD_ONES = 1 / 10
"""How many updates come with an old one, of any time before, that is brought once more."""

QUESTIONS = 1 / 10
"""How many presses come with a question in private, whose answer is a message."""

FIRST = 500_000
"""Numbers of who asks begin above this."""

ANSWER_IN_TIME = ClientTimeout(total=5)


class Mail:
    """Telegram's way of bringing updates to a webhook, at its worst: each until somebody has taken it."""

    def __init__(self, api: BotApi, session: ClientSession, ports: list[int], random: Random) -> None:
        self._api, self._session, self._ports, self._random = api, session, ports, random
        self._ids = count(1)
        self._brought: list[Json] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self.asked = 0

    async def push(self, *updates: Json) -> None:
        """Bring updates, and some that came before."""
        for update in updates:
            self._bring(update)
            if self._random.random() < QUESTIONS:
                self.asked += 1
                fan = {"id": FIRST + self.asked, "is_bot": False, "first_name": "Cy", "language_code": "en"}
                self._bring(typed("/help", {"id": fan["id"], "type": "private", "first_name": "Cy"}, fan))

    def _bring(self, update: Json) -> None:
        numbered = {"update_id": next(self._ids), **update}
        copies = [numbered] * self._random.choice(COPIES)
        if self._brought and self._random.random() < OLD_ONES:
            copies.append(self._random.choice(self._brought))
        self._brought.append(numbered)
        for each in copies:
            task = asyncio.create_task(self._until_taken(each, self._random.uniform(0, LATEST)))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _until_taken(self, update: Json, late: float) -> None:
        is_taken = False
        while not is_taken:
            await asyncio.sleep(late)
            is_taken = await self._is_taken(update)

    async def _is_taken(self, update: Json) -> bool:
        if self._api.hook is None:  # nobody has said yet where updates are to be brought
            return False
        secret = {"x-telegram-bot-api-secret-token": self._api.hook["secret_token"]}
        url = f"http://127.0.0.1:{self._random.choice(self._ports)}/telegram"
        try:
            async with self._session.post(url, json=update, headers=secret, timeout=ANSWER_IN_TIME) as answer:
                return answer.status == 200
        except (ClientError, TimeoutError):
            return False

    async def brought(self) -> None:
        """Wait until all is taken."""
        while self._under_way:
            await asyncio.wait({*self._under_way})

    def stop(self) -> None:
        """Bring nothing more."""
        for task in self._under_way:
            task.cancel()

    def answers(self) -> Counter[int]:
        """How many messages each who asked was sent."""
        chats_of = (int(call["chat_id"]) for call in self._api.given("sendMessage"))
        return Counter(chat for chat in chats_of if chat > FIRST)


def repeated(random: Random, _hard: float) -> Night:
    """Updates come again, late and in any order, while replicas are killed: each acts once."""
    with TemporaryDirectory() as folder, racing_server() as (_server, url):
        return asyncio.run(_repeated(Path(folder), url, random))


async def _repeated(folder: Path, url: str, random: Random) -> Night:
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(BotApi())
        session = await stack.enter_async_context(ClientSession())
        fleet = Fleet(folder, url, api, TELEGRAM_WEBHOOK_URL="https://f1.example.org/telegram")
        stack.push_async_callback(fleet.end)
        ports = [_free_port() for _ in range(REPLICAS)]
        replicas = [await _replica(fleet, port) for port in ports]
        mail = Mail(api, session, ports, random)
        stack.callback(mail.stop)
        crowd = Crowd(api, chats(6, 0), random, mail.push)
        voting = asyncio.create_task(crowd.vote())
        stack.callback(voting.cancel)
        for _ in range(KILLS):
            await crowd.more(random.randint(FEWEST, MOST))
            one = random.randrange(REPLICAS)
            await replicas[one].kill()
            await asyncio.sleep(random.random())
            replicas[one] = await _replica(fleet, ports[one])
        await crowd.more(MOST)
        voting.cancel()
        await mail.brought()
        codes = {await replica.stop() for replica in replicas}
        crowd.listen()
        night = await crowd.count(url)
        answers = mail.answers()
        mistakes = ["an answer came twice"] * (answers.total() > len(answers))
        mistakes += ["a process that was asked to stop did not end well"] * (codes != {0})
        return night.also(mistakes, fleet.lines)


async def _replica(fleet: Fleet, port: int) -> Member:
    return await fleet.start("telegram", TELEGRAM_WEBHOOK_PORT=str(port))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


ON_THE_WAY = {"updates repeated and reordered amid kills": repeated}
