"""What chats show of a race that was told to them: five incidents, each with its poll, and five rulings."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import monotonic

from bot.domain.live_telling import MOST_BY_THEMSELVES
from bot.domain.places import Chat
from tests.adapters.discord.api import Discord
from tests.adapters.telegram.bot_api import BotApi
from tests.chaos.nights import Night

PATIENCE = 180.0
"""Seconds after which what has not arrived is given up: longer than the bot leaves a platform alone that was away."""

LOOKED_EVERY = 0.1

LATEST = 1.0
"""Seconds after the last message in which another may come that is one too many."""

IS_POLL = "Who was to blame? "
"""What a poll's title begins with; a button below a ruling ends after it."""

PRESSED_ON = 5
"""The message on Telegram below which people press, which is none of those that are told."""


async def told(chats: Sequence[Chat], telegram: BotApi, discord: Discord | None = None) -> None:
    """Wait until all of a race is told everywhere; what is missing after `PATIENCE` seconds is to be counted."""
    until = monotonic() + PATIENCE
    while min(screens(chats, telegram, discord).values()) < MOST_BY_THEMSELVES:
        await asyncio.sleep(LOOKED_EVERY)
        if monotonic() > until:
            break
    await asyncio.sleep(LATEST)


def screens(chats: Sequence[Chat], telegram: BotApi, discord: Discord | None) -> dict[tuple[str, bool], int]:
    """How many polls each chat shows, and how many rulings."""
    shown = Counter((chat, IS_POLL in text) for chat, text in _shown(telegram, discord))
    return {(chat.id, is_poll): shown[chat.id, is_poll] for chat in chats for is_poll in (True, False)}


def with_recaps(votes: Night, chats: Sequence[Chat], telegram: BotApi, discord: Discord | None = None) -> Night:
    """A night with what came of what was told in it."""
    had = screens(chats, telegram, discord).values()
    return replace(
        votes,
        recaps=len(had) * MOST_BY_THEMSELVES,
        recaps_lost=sum(max(0, MOST_BY_THEMSELVES - each) for each in had),
        twice=sum(max(0, each - MOST_BY_THEMSELVES) for each in had),
    )


def _shown(telegram: BotApi, discord: Discord | None) -> Iterator[tuple[str, str]]:
    """Each message by its chat, and its text."""
    for (group, message), text in telegram.shown.items():
        if message != PRESSED_ON:
            yield str(group), text
    if discord is not None:
        for (channel, _message), components in discord.shown.items():
            yield channel, json.dumps(components)
