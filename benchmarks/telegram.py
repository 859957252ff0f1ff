"""Votes and questions all the way from Telegram and back, against the bot that a tutorial would have us write.

Both run in this process, keep their votes in a file, and talk to the same Bot API in another process, which holds
nothing back. Votes come all at once, and their rate is compared. Questions come in waves, and what an answer costs in
CPU is compared: our adapter sends no more messages than Telegram lets through, so their rate would say little.
"""

import asyncio
import datetime as dt
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time
from typing import NamedTuple

from telegram import InlineKeyboardMarkup

from benchmarks.figure import Figure
from benchmarks.loopback import Rush, loopback
from benchmarks.naive_bot import Story, naive_bot
from bot.adapters.telegram import Addresses, TelegramAdapter
from bot.adapters.telegram.render import render
from bot.app.compose import open_core
from bot.app.lifecycle import spare_the_collector
from bot.app.settings import Settings
from bot.cards.incident import story_reply
from bot.cards.poll import poll_reply
from bot.domain.incidents import Incident
from bot.domain.polls import Poll
from bot.search.catalogue import Incidents
from storage.incidents.reading import SHIPPED, read_circuits, read_drivers, read_incident
from tests.adapters.telegram.bot_api import TOKEN, Json, pressed, typed

INCIDENTS = 1_000
SEASONS = range(1976, 2027)
VOTES, VOTES_NAIVE = 2_000, 400
QUESTIONS = 150
A_WAVE = 30
"""Questions at once, as many as Telegram lets a bot answer in a second."""

ROUNDS = 5

Bot = Callable[[str, Path], AbstractAsyncContextManager[object]]
"""A bot at work, given the Bot API's address and an empty folder."""


class Measured(NamedTuple):
    """How a rush went: answers a second, CPU seconds an answer, edits an answer."""

    rate: float
    cpu: float
    edits: float


def figures() -> list[Figure]:
    """Throughput and edits in a storm of votes, and what an answer to /crash costs, as ratios within this run."""
    catalogue = list(_catalogue(Random(2021)))
    ours = partial(_the_bot, Incidents(catalogue, read_circuits(), read_drivers()))
    naive = partial(naive_bot, {incident.id: _story(incident) for incident in catalogue})
    questions = _questions(catalogue)
    vote, vote_naive = _in_turn((ours, _storm(catalogue[0], VOTES)), (naive, _storm(catalogue[0], VOTES_NAIVE)))
    answer, answer_naive = _in_turn((ours, questions), (naive, questions))
    faster = [ours.rate / theirs.rate for ours, theirs in zip(vote, vote_naive, strict=True)]
    cheaper = [theirs.cpu / ours.cpu for ours, theirs in zip(answer, answer_naive, strict=True)]
    return [
        Figure.compared("votes a second end to end on Telegram", [each.rate for each in vote], "votes/s"),
        Figure.compared("the same, a naive bot", [each.rate for each in vote_naive], "votes/s"),
        Figure.at_least("votes a second against a naive bot", faster, "×", 8),
        Figure.at_most("edits in a storm of votes", [100 * each.edits for each in vote], "% of the votes", 1),
        Figure.compared("CPU of /crash end to end on Telegram", [1000 * each.cpu for each in answer], "ms"),
        Figure.compared("the same, a naive bot", [1000 * each.cpu for each in answer_naive], "ms"),
        Figure.at_least("CPU of /crash, a naive bot against ours", cheaper, "×", 6),
    ]


def _in_turn(*contenders: tuple[Bot, Rush]) -> list[tuple[Measured, ...]]:
    """Each contender's measures, in rounds, so that a slow moment meets each of them."""
    rounds = [[asyncio.run(_measured(bot, rush)) for bot, rush in contenders] for _ in range(ROUNDS)]
    return [*zip(*rounds, strict=True)]


async def _measured(bot: Bot, rush: Rush) -> Measured:
    """How a bot masters a rush."""
    number = rush.updates
    with TemporaryDirectory() as folder, loopback(rush) as server:
        gc.freeze()
        async with bot(server.url, Path(folder)):
            await server.begun()
            started = process_time()
            seconds = await server.answered()
            cpu = process_time() - started
            edits = await server.edited()
    return Measured(number / seconds, cpu / number, edits / number)


@asynccontextmanager
async def _the_bot(incidents: Incidents, api_url: str, folder: Path) -> AsyncIterator[None]:
    """Ours, on a database file, with the limits and the garbage collector that it has everywhere."""
    thresholds = gc.get_threshold()
    address = f"sqlite:///{folder / 'racing-incident.db'}"
    async with open_core(Settings(data_dir=folder, database_url=address, jolpica_url=None), incidents) as core:
        adapter = TelegramAdapter(
            *(TOKEN, core.dispatcher, core.posted, core.menus, core.groups, core.answers),
            addresses=Addresses(api_url),
        )
        core.join(adapter)
        running = asyncio.create_task(adapter.run())
        spare_the_collector()
        try:
            yield
        finally:
            gc.set_threshold(*thresholds)
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def _catalogue(random: Random) -> Iterator[Incident]:
    """A thousand times Imola, told of other places and years."""
    imola = read_incident(SHIPPED / "imola-2021.toml")
    circuits = read_circuits()
    for slug, season in random.sample(list(product(circuits, SEASONS)), INCIDENTS):
        place = f"{circuits[slug].name} {season}"
        yield replace(
            imola,
            id=f"{slug}-{season}",
            title=f"Bottas and Russell, {place}",
            short_title=place,
            race=f"{circuits[slug].name} Grand Prix",
            circuit=slug,
            date=dt.date(season, 4, 18),
        )


def _story(incident: Incident) -> Story:
    """What the naive bot tells, put into HTML ahead."""
    text, keyboard = render(story_reply(incident, None))
    assert keyboard
    return Story(incident.id, incident.title, text, InlineKeyboardMarkup.de_json(keyboard, None))


def _storm(incident: Incident, votes: int) -> Rush:
    """So many people press a button of the same message in a group."""
    poll = Poll.of(incident)
    text, keyboard = render(poll_reply(incident, poll, None, poll.tally({})))
    assert keyboard
    presses = [
        pressed(
            f"vote {incident.id} {poll.choices[number % len(poll.choices)].key}",
            sender=_person(number),
            query=str(number),
            text=text,
            reply_markup=keyboard,
        )
        for number in range(votes)
    ]
    return Rush([presses], "answerCallbackQuery", shown=f"{votes:,}")


def _questions(catalogue: Sequence[Incident]) -> Rush:
    """So many people ask about an incident each, in waves."""
    questions = [_question(number, incident) for number, incident in enumerate(catalogue[:QUESTIONS])]
    return Rush([questions[first : first + A_WAVE] for first in range(0, QUESTIONS, A_WAVE)], "sendMessage")


def _question(number: int, incident: Incident) -> Json:
    """Somebody asks in private, two letters swapped: `/crash imloa 2021`."""
    place, season = incident.short_title.lower().rsplit(" ", 1)
    swap = len(place) // 2
    text = f"/crash {place[:swap]}{place[swap + 1]}{place[swap]}{place[swap + 2 :]} {season}"
    chat = {"id": number + 1, "type": "private", "first_name": "Al"}
    return typed(text, chat, _person(number), entities=[{"type": "bot_command", "offset": 0, "length": 6}])


def _person(number: int) -> Json:
    return {"id": number + 1, "is_bot": False, "first_name": "Al", "language_code": "en"}
