"""What the storage benchmarks share: a database file with polls in it, and votes to cast."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import NamedTuple

from bot.domain.incidents import Incident
from bot.domain.places import Chat, Platform
from bot.domain.polls import Poll, Question
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.incidents.reading import SHIPPED, read_incident
from storage.polls import Polls

CHATS = 200


class Vote(NamedTuple):
    """A vote to cast, in the order of the table's first columns."""

    poll_id: int
    voter: int
    choice_id: int
    chat_id: int


class Polling(NamedTuple):
    """An open database and what is in it."""

    database: Database
    polls: Polls
    chats: Chats


def incidents(number: int) -> list[Incident]:
    """So many incidents, all of them Imola."""
    imola = read_incident(SHIPPED / "imola-2021.toml")
    return [replace(imola, id=f"imola-2021-{copy}") for copy in range(number)]


def chat(number: int) -> Chat:
    """The chat whose id in a benchmark's database is `number`."""
    return Chat(Platform.TELEGRAM, str(number))


def new_votes(polls: Iterable[Poll], number: int, random: Random) -> Sequence[Vote]:
    """Votes on blame of as many people, spread over polls, choices and chats."""
    asked = [poll for poll in polls if poll.question is Question.BLAME]
    choices = [(poll.id, choice.id) for poll in asked for choice in poll.choices]
    return [
        Vote(poll_id, random.getrandbits(63), choice_id, random.randint(1, CHATS))
        for poll_id, choice_id in random.choices(choices, k=number)
    ]


@asynccontextmanager
async def polling(address: str, polled: Sequence[Incident]) -> AsyncIterator[Polling]:
    """A database at an address, with the polls of some incidents, and the chats from 1 to 200."""
    database = open_database(address)
    try:
        await database.upgrade()
        polls = await Polls.open(database, polled)
        chats = await Chats.open(database, HandledUpdates(database))
        await chats.ids(map(chat, range(1, CHATS + 1)))
        yield Polling(database, polls, chats)
    finally:
        await database.close()
