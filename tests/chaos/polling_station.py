"""Where processes vote during a bad night, seen from outside: who was acknowledged when, and the recount afterwards."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from random import Random
from threading import Condition, Thread
from time import monotonic

from sqlalchemy import Connection, select

from storage import tables
from storage.ballot_box import BallotBox
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import database_file, open_database
from storage.database.read_only import SQLiteVisitor
from storage.handled_updates import HandledUpdates
from storage.polls import Polls
from tests.chaos.nights import Night
from tests.chaos.voting import Errand, vote_until_killed
from tests.storage.booth import recounted, recounted_by_chat, tallied, tallied_by_chat
from tests.storage.kill import ballot
from tests.support.forked import forkserver
from tests.support.incidents import catalogue

A_PROCESS = 10**6
"""Numbers of votes that a process has for itself."""

PATIENCE = 120.0
"""Seconds after which votes that nobody acknowledges are given up."""


class Voting:
    """A process that votes, and a thread that notes what it was acknowledged."""

    def __init__(self, errand: Errand, station: "PollingStation") -> None:
        context = forkserver()
        receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(target=vote_until_killed, args=(errand, sender.send), daemon=True)
        self._process.start()
        sender.close()
        self._station = station
        self._noting = Thread(target=self._note, args=(receiver,))
        self._noting.start()

    @property
    def number(self) -> int:
        """The process's number, by which it can be treated badly."""
        assert self._process.pid is not None
        return self._process.pid

    def kill(self) -> None:
        """Kill it, and note what it was acknowledged last."""
        self._process.kill()
        self._noting.join()
        self._process.join()
        self._process.close()

    def _note(self, receiver: Pipe) -> None:
        with receiver, suppress(EOFError):
            while True:
                self._station.note(receiver.recv())


class PollingStation:
    """Any number of such processes on one database, one after the other or at once."""

    def __init__(self, url: str, folder: Path, *, jumps: bool = False) -> None:
        self._url = url
        self._log = folder / "log"
        self._jumps = jumps
        self._voting: list[Voting] = []
        self._opened = 0
        self._acknowledged: list[int] = []
        self._moments: list[float] = []
        self._voted: set[int] = set()
        """Which processes have begun."""

        self._more = Condition()

    def open(self) -> Voting:
        """Start a process, and come back once it votes."""
        self._opened += 1
        voting = Voting(Errand(self._url, self._opened * A_PROCESS, self._log, self._jumps), self)
        self._voting.append(voting)
        with self._more:
            votes = self._more.wait_for(lambda: self._opened in self._voted, PATIENCE)
        assert votes, "a process does not begin to vote"
        return voting

    def kill(self, voting: Voting) -> None:
        """Kill one."""
        self._voting.remove(voting)
        voting.kill()

    def note(self, number: int) -> None:
        """Note an acknowledged vote."""
        with self._more:
            self._acknowledged.append(number)
            self._moments.append(monotonic())
            self._voted.add(number // A_PROCESS)
            self._more.notify_all()

    def votes(self, more: int) -> None:
        """Wait until so many more votes are acknowledged; that nobody takes any is a failure."""
        with self._more:
            until = len(self._acknowledged) + more
            taken = self._more.wait_for(lambda: len(self._acknowledged) >= until, PATIENCE)
        assert taken, f"no vote was taken for {PATIENCE:.0f} seconds: it does not recover"

    def close(self) -> None:
        """Kill all that still run."""
        for voting in [*self._voting]:
            self.kill(voting)

    def count(self, random: Random) -> Night:
        """What came of it."""
        gaps = [later - sooner for sooner, later in zip(self._moments, self._moments[1:], strict=False)]
        lost, mistakes = asyncio.run(_recount(self._url, self._acknowledged, random))
        lines = self._log.read_text().count("\n") if self._log.exists() else 0
        return Night(
            votes=len(self._acknowledged),
            lost=lost,
            mistakes=mistakes,
            outage=max(gaps, default=0.0),
            lines=lines,
        )


async def _recount(url: str, acknowledged: Sequence[int], random: Random) -> tuple[int, tuple[str, ...]]:
    """How many acknowledged votes are missing, and what else is wrong, also once all came again, in any order."""
    database = open_database(url)
    polls = await Polls.open(database, catalogue())
    mistakes = [*await _mistakes(database)]
    kept = await database.read(_all_votes)
    cast = [ballot(polls, number) for number in acknowledged]
    lost = sum((each.poll.id, each.choice and each.choice.id, each.voter) not in kept for each in cast)
    handled = HandledUpdates(database)
    box = BallotBox(database, await Chats.open(database, handled), handled)
    counting = asyncio.create_task(box.run())
    again = random.sample(cast, len(cast))
    receipts = await asyncio.gather(*map(box.cast, again), *map(box.cast, again[::3]))
    await box.close()
    await counting
    mistakes += ["a vote was counted twice"] * any(receipt.changed for receipt in receipts)
    mistakes += await _mistakes(database)
    await database.close()
    return lost, (*mistakes, *await _flaws(url))


async def _mistakes(database: Database) -> list[str]:
    by_poll = await tallied(database) == await recounted(database)
    by_chat = await tallied_by_chat(database) == await recounted_by_chat(database)
    return ["a poll's tally is off"] * (not by_poll) + ["a chat's tally is off"] * (not by_chat)


async def _flaws(url: str) -> Sequence[str]:
    """What is wrong with a file."""
    file = database_file(url)
    if file is None:
        return ()
    visitor = SQLiteVisitor(file)
    flaws = await visitor.flaws(PATIENCE)
    await visitor.close()
    return flaws or ()


def _all_votes(connection: Connection) -> set[tuple[int, int, int]]:
    vote = tables.vote
    return {tuple(row) for row in connection.execute(select(vote.c.poll_id, vote.c.choice_id, vote.c.voter))}
