"""Strangers on Telegram: whatever may stand in an update, taken by the adapter from an answer to getUpdates."""

import asyncio
import itertools
from contextlib import suppress
from random import Random
from typing import Any

from bot.adapters.telegram import Addresses, TelegramAdapter
from bot.app.settings import Settings
from bot.app.shared_core import Core
from bot.pacing.pace import OwnPace
from bot.pacing.window import Allowance
from tests.adapters.telegram import bot_api
from tests.adapters.telegram.bot_api import GROUP, PRIVATE, TOKEN, BotApi, answering
from tests.chaos.strangers.oddities import changed, garbled, odd, without
from tests.chaos.strangers.visits import VOTE, WISHES, Visits, a_core, compared, counted, rows
from tests.support.clock import FakeClock

AT_ONCE = 100
"""Updates in an answer."""

READS = (
    bot_api.typed("/crash imola", via_bot=None, sender_chat=GROUP, message_thread_id=9, is_topic_message=True),
    bot_api.typed("/help", PRIVATE),
    bot_api.typed("/next"),
    bot_api.typed("imola", PRIVATE),
    bot_api.anonymous("/standings"),
    bot_api.called("imola"),
    bot_api.pressed("crash imola-2021"),
    bot_api.pressed("~browse 2021 2"),
    bot_api.pressed_inline("timeline imola-2021"),
    bot_api.inline_query("imola"),
    bot_api.chosen("crash", "imola"),
)
"""Updates by which nothing is wished for."""

NEEDED = (
    ("callback_query", "from"),
    ("callback_query", "from", "id"),
    ("callback_query", "id"),
    ("callback_query", "data"),
)


def draw(random: Random, number: int) -> Any:
    """What the next stranger sends: never what may change anything but by its being taken for something else."""
    person = {"id": random.randrange(10, 2**40), "is_bot": False, "first_name": "Al"}
    kind, query = random.random(), f"{number}"
    if kind < 0.05:
        return odd(random)
    if kind < 0.45:
        return changed(random, random.choice(READS))
    if kind < 0.6:
        vote = bot_api.pressed(VOTE, random.choice((GROUP, PRIVATE)), person, query)
        return without(random, vote, *NEEDED)
    wish = garbled(random, random.choice(WISHES))
    if kind < 0.7:
        return bot_api.typed(f"/{wish}", GROUP, person)
    if kind < 0.8:
        return bot_api.pressed_inline(wish, query=query)
    return bot_api.pressed(wish, GROUP, person, query)


async def visit(settings: Settings, strangers: int, seed: int) -> Visits:
    """Have so many strangers come, and a friend after each hundred."""
    random = Random(seed)
    await _come(settings, Visits(), [])
    before = await rows(settings)
    visits = Visits(strangers=strangers)
    everybody = [draw(random, number) for number in range(strangers)]
    async with counted(visits):
        await _come(settings, visits, everybody)
    visits.rows = compared(before, await rows(settings))
    return visits


async def _come(settings: Settings, visits: Visits, strangers: list[Any]) -> None:
    ids = itertools.count(1_000)
    async with BotApi() as api, a_core(settings) as core:
        adapter = _adapter(core, api)
        running = asyncio.create_task(adapter.run())
        for batch in [strangers[first : first + AT_ONCE] for first in range(0, len(strangers), AT_ONCE)] or [[]]:
            polls, friend = len(api.polls), f"friend {visits.friends}"
            visits.friends += 1
            updates = [{"update_id": next(ids), **each} if isinstance(each, dict) else each for each in batch]
            api.fail("getUpdates", answering(*updates, {"update_id": next(ids), **bot_api.pressed(VOTE, query=friend)}))
            await api.deliver(bot_api.pressed("help", query=f"{friend} after"))
            await api.polled(polls + 2)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        told = api.given("answerCallbackQuery")
        visits.friends_answered = sum(
            each["callback_query_id"].startswith("friend") and "after" not in each["callback_query_id"] for each in told
        )
        visits.answered = len(api.answers) - 2 * visits.friends


def _adapter(core: Core, api: BotApi) -> TelegramAdapter:
    """The adapter at a pace at which nobody waits."""
    clock = FakeClock()
    return TelegramAdapter(
        TOKEN,
        core.dispatcher,
        core.posted,
        core.menus,
        core.groups,
        core.answers,
        addresses=Addresses(api.url),
        clock=clock,
        pace=OwnPace(clock, Allowance(10_000, seconds=1)),
    )
