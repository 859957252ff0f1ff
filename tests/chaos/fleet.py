"""The program in processes of its own on one PostgreSQL server, of this version or the one before, and who presses.

Telegram is in this process, behind a real socket; each process's log is counted, line by line.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from random import Random
from time import monotonic
from typing import NamedTuple

from bot.domain.places import Chat, Platform, User
from bot.search.catalogue import Incidents
from storage.database.open import open_database
from storage.polls import Polls
from storage.voter_secret import load_secret
from storage.voters import Voters
from tests.adapters.telegram.bot_api import TOKEN, BotApi, Json, pressed
from tests.chaos.nights import Night
from tests.storage.booth import recounted, recounted_by_chat, tallied, tallied_by_chat
from tests.support.command_line import ROOT, CommandLine, Running

SECRET = "8f3a1c5e9b7d2046af13c8e05d7b924610fe3ca85b97d2e4"
PATIENCE = 60.0
"""Seconds after which what does not come is given up."""

CHOICES = {"all-russell": "All Russell", "all-bottas": "All Bottas", "mostly-russell": "Mostly Russell"}
"""What people press, and what they are told once it is counted."""

AT_ONCE = 3
MOST_UNANSWERED = 60
"""Presses that wait for their answers, at most."""

PATIENT_FOR = 5.0
"""Seconds for which somebody waits for an answer."""

BETWEEN = 0.1
"""Seconds between the presses of some and of the next."""

AGAIN = 1 / 3
"""How many presses are by somebody who has pressed before."""

FIRST = 100_000
"""Numbers of fans begin above this."""


class Member:
    """One process of a fleet."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.lines = 0
        self.started = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def stop(self) -> int | None:
        """Ask it to stop; its exit code once it has."""
        self.running.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            await self._reading
            return await self.running.wait()

    async def kill(self) -> None:
        """Kill it."""
        self.running.kill()
        await self._reading
        await self.running.wait()

    async def _read(self) -> None:
        assert self.running.stderr is not None
        while line := await self.running.stderr.readline():
            self.lines += 1
            if b'"bot.started"' in line:
                self.started.set()
        self.started.set()  # or it will never be


class Fleet:
    """Starts processes, each in a folder of its own."""

    def __init__(self, folder: Path, url: str, api: BotApi, **more: str) -> None:
        self._folder = folder
        self._environment = {
            **dict.fromkeys(("JOLPICA_URL", "F1DB_URL", "RACE_CONTROL"), "off"),
            "DATABASE_URL": url,
            "VOTER_SECRET": SECRET,
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "INFO",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": api.url,
            **more,
        }
        self.members: list[Member] = []

    async def start(self, roles: str, program: Path = ROOT, **more: str) -> Member:
        """Start a process with some roles, of this version or of the one in a folder; back once it has started."""
        folder = self._folder / f"{len(self.members)}"
        folder.mkdir()
        told = {**self._environment, **more}
        member = Member(await CommandLine(folder, program=program).start("run", "--only", roles, **told))
        self.members.append(member)
        async with asyncio.timeout(PATIENCE):
            await member.started.wait()
        assert member.running.returncode is None, f"a process with {roles} ended as it started"
        return member

    async def end(self) -> None:
        """Kill all that still run."""
        for member in self.members:
            if member.running.returncode is None:
                await member.kill()

    @property
    def lines(self) -> int:
        """Lines in the logs of all processes."""
        return sum(member.lines for member in self.members)


class Press(NamedTuple):
    """Somebody's press of a button, by its number; a later one has a higher number."""

    number: int
    fan: int
    choice: str
    at: float

    @property
    def query(self) -> str:
        """Its id on Telegram."""
        return f"v{self.number}"


class Crowd:
    """People in groups who press buttons, some of them again and again; who is told so has voted."""

    def __init__(
        self, api: BotApi, groups: Sequence[Chat], random: Random, push: Callable[..., Awaitable[None]] | None = None
    ) -> None:
        """`push` is how a press reaches the bot, where that does not ask for updates."""
        self._api = api
        self._push = push or api.push
        self._groups = [group_of(chat) for chat in groups]
        self._random = random
        self._presses: dict[str, Press] = {}
        self._content: list[int] = []
        """Fans who know that their last press counts."""

        self._read = 0
        self._moments: list[float] = []
        self._acknowledged: set[str] = set()

    def press(self) -> Json:
        """Somebody presses: often somebody new, else somebody whose press before is known to count."""
        number = len(self._presses) + 1
        again = self._content and self._random.random() < AGAIN
        fan = self._content.pop(self._random.randrange(len(self._content))) if again else FIRST + number
        press = Press(number, fan, self._random.choice([*CHOICES]), monotonic())
        self._presses[press.query] = press
        group = self._groups[fan % len(self._groups)]
        sender = {"id": fan, "is_bot": False, "first_name": "Bo", "language_code": "en"}
        return pressed(f"vote imola-2021 {press.choice}", group, sender, press.query)

    async def vote(self) -> None:
        """Press and press, until cancelled."""
        while True:
            if self._waiting() < MOST_UNANSWERED:
                await self._push(*(self.press() for _ in range(AT_ONCE)))
            await asyncio.sleep(BETWEEN)
            self.listen()

    def listen(self) -> None:
        """Hear what was answered meanwhile."""
        for call in self._api.calls[self._read :]:
            press = self._presses.get(call.data.get("callback_query_id", ""))
            if press is not None and CHOICES[press.choice] in call.data.get("text", ""):
                self._moments.append(monotonic())
                if press.query not in self._acknowledged:
                    self._acknowledged.add(press.query)
                    self._content.append(press.fan)
        self._read = len(self._api.calls)

    def _waiting(self) -> int:
        """How many wait for an answer to their press; who has waited for long has gone to watch the race."""
        since = monotonic() - PATIENT_FOR
        recent = takewhile(lambda press: press.at > since, reversed(self._presses.values()))
        return sum(press.query not in self._acknowledged for press in recent)

    async def more(self, votes: int) -> None:
        """Wait until so many more are acknowledged; that nobody takes any is a failure."""
        until, patient = len(self._acknowledged) + votes, monotonic() + PATIENCE
        while len(self._acknowledged) < until:
            assert monotonic() < patient, f"no vote was taken for {PATIENCE:.0f} seconds: it does not recover"
            await asyncio.sleep(BETWEEN)

    async def count(self, url: str) -> Night:
        """What came of the votes."""
        database = open_database(url)
        mistakes = ["a poll's tally is off"] * (await tallied(database) != await recounted(database))
        mistakes += ["a chat's tally is off"] * (await tallied_by_chat(database) != await recounted_by_chat(database))
        poll = (await Polls.read(database, Incidents.load().told)).get("imola-2021")
        assert poll is not None
        fans = {User(Platform.TELEGRAM, str(press.fan)): press.fan for press in self._presses.values()}
        held = await Voters(database, load_secret(SECRET, Path())).choices(poll, fans)
        await database.close()
        kept = {fans[person]: choice.key for person, choice in held.items()}
        lost, wrong = self._missing(kept)
        mistakes += [f"{wrong} votes are what nobody pressed last"] * bool(wrong)
        gaps = [later - sooner for sooner, later in zip(self._moments, self._moments[1:], strict=False)]
        votes = len(self._acknowledged)
        return Night(votes=votes, lost=lost, mistakes=tuple(mistakes), outage=max(gaps, default=0.0))

    def _missing(self, kept: Mapping[int, str]) -> tuple[int, int]:
        """Of how many fans no vote is kept who were told so, and of how many one that they did not press last."""
        lost = wrong = 0
        last: dict[int, set[str | None]] = {}
        for press in self._presses.values():  # in their order
            if press.query in self._acknowledged:
                last[press.fan] = {press.choice}
            else:  # it may count or not
                last.setdefault(press.fan, {None}).add(press.choice)
        for fan, choices in last.items():
            lost += fan not in kept and None not in choices
            wrong += fan in kept and kept[fan] not in choices
        return lost, wrong


def group_of(chat: Chat) -> Json:
    """A group, as Telegram tells of it."""
    return {"id": int(chat.id), "type": "supergroup", "title": "Pit wall"}
