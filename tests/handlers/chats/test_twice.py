"""What an admin presses is set, not toggled: the second press leaves what the first did, and what it says is true."""

import asyncio
import sqlite3
from collections import deque
from contextlib import closing
from dataclasses import replace

import pytest

from bot.app.settings import Settings
from bot.chat.replies import Reply
from bot.domain.places import Platform, User
from bot.search.catalogue import Incidents
from handlers.chats.subscribe import NOTHING_ON
from storage.database.base import Result, Transaction
from storage.database.sqlite import SQLite
from tests.support.conversation import PADDOCK, Conversation, buttons, conversation, fields

WISHES = ("chat", "chat_settings", "subscription")
COMMANDS = ("settings", "subscribe", "unsubscribe", "polls")
MARSHAL = User(Platform.DISCORD, "1")


def stored(settings: Settings) -> list[list[tuple[object, ...]]]:
    """What the database has of all chats' wishes."""
    with closing(sqlite3.connect(settings.data_dir / "racing-incident.db")) as database:
        return [database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in WISHES]  # noqa: S608


def said(reply: Reply) -> tuple[str, dict[str, str]]:
    """What a reply says, but what time it is."""
    return reply.card.title, {name: value for name, value in fields(reply).items() if name != "Time zone"}


async def doors(settings: Settings, incidents: Incidents) -> list[str]:
    """The data of every button that leads to a setting, and what may be typed beside them."""
    found = [*COMMANDS, "subscribe all", "settings role recaps <@&123456>", "settings zone usa", "settings zone londn"]
    async with conversation(settings, incidents) as bot:
        waiting = deque(found)
        while waiting:
            for button in buttons(await bot.send(waiting.popleft(), MARSHAL, PADDOCK)):
                if button.command in COMMANDS and button.data not in found:
                    found.append(button.data)
                    waiting.append(button.data)
    return found


async def test_every_button_leads_twice_to_the_same_and_again_after_a_restart(
    settings: Settings, incidents: Incidents, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, transactions = SQLite.write, list[object]()

    async def write_noted(self: SQLite, transaction: Transaction[Result]) -> Result:
        transactions.append(transaction)
        return await write(self, transaction)

    every = await doors(settings, incidents)
    assert len(every) > 40
    answers = []
    async with conversation(settings, incidents) as bot:
        for number, data in enumerate(every):
            chat = replace(PADDOCK, id=f"{number}")
            await bot.send("subscribe recaps calendar", MARSHAL, chat)
            await bot.send("settings role recaps <@&123456>", MARSHAL, chat)
            with monkeypatch.context() as patched:
                patched.setattr(SQLite, "write", write_noted)
                first = await bot.send(data, MARSHAL, chat)
            assert len(transactions) <= 1, data
            transactions.clear()
            once = stored(settings)
            second = await bot.send(data, MARSHAL, chat)
            assert stored(settings) == once, data
            assert said(second) == ((NOTHING_ON, {}) if data == "unsubscribe" else said(first)), data
            answers.append(said(second))
    left = stored(settings)
    async with conversation(settings, incidents) as bot:
        for number, data in enumerate(every):
            assert said(await bot.send(data, MARSHAL, replace(PADDOCK, id=f"{number}"))) == answers[number], data
            assert stored(settings) == left, data


async def test_two_admins_who_press_at_once_both_get_what_they_pressed(bot: Conversation) -> None:
    for _ in range(20):
        await bot.send("subscribe sprints", MARSHAL, PADDOCK)
        await asyncio.gather(
            bot.send("subscribe recaps", MARSHAL, PADDOCK), bot.send("unsubscribe sprints", MARSHAL, PADDOCK)
        )
        facts = fields(await bot.ask("/subscribe", MARSHAL, PADDOCK))
        assert [name for name, value in facts.items() if value.startswith("On.")] == ["Race recaps"]
        await bot.send("unsubscribe", MARSHAL, PADDOCK)


async def test_a_topic_that_is_off_already_is_said_to_be_off(bot: Conversation) -> None:
    for _ in range(2):
        reply = await bot.send("unsubscribe recaps", MARSHAL, PADDOCK)
        assert reply.card.paragraphs == ("Turned off: race recaps.",)
        assert fields(reply)["Race recaps"].startswith("Off.")
