"""A Telegram and a Discord that fail now and then as the real ones do, and that know what has arrived."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from random import Random

from aiohttp import web

from bot.domain.places import Chat, ChatKind, Platform
from tests.adapters.discord.api import Discord
from tests.adapters.discord.wire import answer, payload
from tests.adapters.telegram.bot_api import CUT, BotApi, Failure, Json

PEOPLE, GROUPS, FORUMS, TOPICS, CHANNELS = 1_000, 900, 200, 3, 2_500
MOVED = 50
"""Groups that are supergroups by now."""

FORUM, CHANNEL = -1_002_000_000_000, 10_000
"""The first forum's id, and the first channel's."""

QUICKEST, SLOWEST = 0.1, 0.4
"""Seconds from a message's arrival to the answer."""

UNWELL, OVERLOADED = Failure(502, "Bad Gateway"), Failure(503, "Service Unavailable")
TOO_MANY = Failure(429, "Too Many Requests: retry after 1", {"retry_after": 1, "global": False})
LOST = Failure(0, "The message is stored, and then the connection is cut.")

ON_TELEGRAM = ((UNWELL, 75), (CUT, 75), (TOO_MANY, 10))
ON_DISCORD = ((UNWELL, 50), (OVERLOADED, 50), (CUT, 50), (LOST, 50), (TOO_MANY, 25))
"""How many messages fail in what way, the first time; some fail in several, one after the other."""

Failures = Sequence[tuple[Failure, int]]
Fates = dict[str, deque[Failure]]


def telegram_chats() -> Iterator[Chat]:
    """People, groups, and topics of forums."""
    yield from (Chat(Platform.TELEGRAM, str(number), ChatKind.PRIVATE) for number in range(1, PEOPLE + 1))
    yield from (Chat(Platform.TELEGRAM, str(-number)) for number in range(1, GROUPS + 1))
    for forum in range(FORUMS):
        yield from (Chat(Platform.TELEGRAM, f"{FORUM - forum}:{topic}") for topic in range(2, 2 + TOPICS))


def discord_chats() -> Iterator[Chat]:
    """Channels."""
    yield from (Chat(Platform.DISCORD, str(CHANNEL + number)) for number in range(CHANNELS))


class Traffic:
    """The messages that are to be sent, whatever becomes of them: how many so far, and under way at the moment."""

    def __init__(self) -> None:
        self.under_way: Counter[Platform] = Counter()
        self._seen = 0
        self._awaited = 0
        self._reached = asyncio.Event()

    @contextmanager
    def request(self, platform: Platform) -> Iterator[None]:
        """A request to send a message, from its arrival to the answer."""
        self._seen += 1
        if self._seen == self._awaited:
            self._reached.set()
        self.under_way[platform] += 1
        try:
            yield
        finally:
            self.under_way[platform] -= 1

    async def more(self, number: int) -> None:
        """Wait for so many more."""
        self._awaited = self._seen + number
        self._reached.clear()
        await self._reached.wait()


class FickleTelegram(BotApi):
    """Counts a message as soon as it is there, before it answers; drops connections only before that."""

    def __init__(self, traffic: Traffic, random: Random, fates: Fates) -> None:
        super().__init__()
        self.messages: Counter[str] = Counter()
        self.unanswered = 0
        self._traffic = traffic
        self._random = random
        self._fates = fates
        self._moved = {
            str(-number): -1_001_000_000_000 - number for number in random.sample(range(1, GROUPS + 1), MOVED)
        }
        self._former = {str(new): old for old, new in self._moved.items()}

    def former(self, chat: str) -> str:
        """The id by which a chat was known first."""
        return self._former.get(chat, chat)

    async def _fate(self, method: str, data: Json) -> Failure | None:
        if method != "sendMessage":
            return None
        where = _where(data)
        if where in self._moved:
            said = "Bad Request: group chat was upgraded to a supergroup chat"
            return Failure(400, said, {"migrate_to_chat_id": self._moved[where]})
        return _next(self._fates, self.former(where))

    async def _answer(self, method: str, data: Json) -> web.Response:
        if method == "sendMessage":
            with self._traffic.request(Platform.TELEGRAM):
                self.messages[self.former(_where(data))] += 1
                self.unanswered += 1  # for good, where whoever sent it dies meanwhile
                await asyncio.sleep(self._random.uniform(QUICKEST, SLOWEST))
                self.unanswered -= 1
        return await super()._answer(method, data)


class FickleDiscord(Discord):
    """Keeps a message as soon as it is there, under its nonce, and may then hang up instead of answering."""

    def __init__(self, traffic: Traffic, random: Random, fates: Fates) -> None:
        super().__init__(interaction=None)
        self._traffic = traffic
        self._random = random
        self._fates = fates

    @property
    def arrived(self) -> Counter[str]:
        """How many messages there are in each channel."""
        return Counter(message["channel_id"] for message in self.messages.values())

    async def _message(self, request: web.Request) -> web.Response:
        with self._traffic.request(Platform.DISCORD):
            channel = request.match_info["id"]
            failure = _next(self._fates, channel)
            given = await payload(request)
            stored = self._store(channel, given) if failure in (None, LOST) else {}
            await asyncio.sleep(self._random.uniform(QUICKEST, SLOWEST))
        if failure is None:
            return answer(stored)
        if not failure.status and request.transport is not None:
            request.transport.abort()
        body = {"code": 0, "message": failure.description, **failure.parameters}
        return answer(body, status=failure.status or 500, Via="1.1 google")


def _where(data: Json) -> str:
    """The chat, or the topic, that a call is about."""
    topic = data.get("message_thread_id")
    return f"{data['chat_id']}:{topic}" if topic else str(data["chat_id"])


def fates_of(chats: Iterable[Chat], failures: Failures, random: Random) -> Fates:
    """What becomes of the first messages to some chats."""
    fates: Fates = {}
    known = [chat.id for chat in chats]
    for failure, times in failures:
        for chat in random.sample(known, times):
            fates.setdefault(chat, deque()).append(failure)
    return fates


def _next(fates: Fates, chat: str) -> Failure | None:
    return fates[chat].popleft() if fates.get(chat) else None
