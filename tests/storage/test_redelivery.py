"""What a platform delivers again, at once or after a restart, must leave what is kept as it was."""

from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Row, create_engine, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.app.settings import Settings
from bot.chat.buttons import parse_data
from bot.chat.instants import as_written
from bot.chat.requests import Request
from bot.domain.places import Chat, Platform, Post, User
from bot.search.catalogue import Incidents
from tests.support.bare_settings import settings_in
from tests.support.conversation import (
    GRANDSTAND,
    PADDOCK,
    PIT_WALL,
    Conversation,
    Granted,
    alone,
    buttons,
    conversation,
    fields,
)
from tests.support.power_cut import all_rows

AL = User(Platform.TELEGRAM, "1")
BO = User(Platform.DISCORD, "1")
"""Admins, both."""

RUSSELL, BOTTAS, NOBODY = (f"vote imola-2021 {key}" for key in ("all-russell", "all-bottas", "racing-incident"))
WITHDRAW = "vote imola-2021 withdraw"

BESIDE_THE_MATTER = {"handled_update", "post", "chat_poll"}
"""The ids themselves, and which messages show a poll, and since when, which is put down a moment later.

That a poll was closed is seen by the announcement of its result.
"""

Kept = Mapping[str, Sequence[Row[Any]]]
"""All rows of all tables."""


def update(number: int, data: str, user: User = AL, chat: Chat = PIT_WALL, *, typed: bool = False) -> Request:
    """A button that is pressed, or a line that is typed."""
    command, argument = parse_data(data)
    pressed = None if typed else Post(chat, "1")
    return Request(command, argument, user, chat, pressed=pressed, rights=Granted(user), update=str(number))


@dataclass(frozen=True, slots=True)
class House:
    """The bot, as often as it is started, on one database."""

    settings: Settings
    incidents: Incidents
    engine: Engine | AsyncEngine

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Conversation]:
        """Start the bot."""
        async with conversation(self.settings, self.incidents) as bot:
            yield bot

    async def kept(self) -> Kept:
        """What is in the database."""
        if isinstance(self.engine, Engine):
            with self.engine.connect() as connection:
                stored = all_rows(connection)
        else:
            async with self.engine.connect() as server:
                stored = await server.run_sync(all_rows)
        return {table.name: rows for table, rows in stored.items() if table.name not in BESIDE_THE_MATTER}


@pytest.fixture
async def house(
    url: str, tmp_path: Path, incidents: Incidents, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    monkeypatch.chdir(tmp_path)  # where there is no .env
    address = make_url(url)
    plain = address.set(drivername=address.get_backend_name()).render_as_string(hide_password=False)
    settings = settings_in(tmp_path, database_url=plain)
    if address.get_backend_name() == "sqlite":
        file = create_engine(address)
        yield House(settings, incidents, file)
        file.dispose()
    else:
        server = create_async_engine(address.set(drivername="postgresql+asyncpg"))
        yield House(settings, incidents, server)
        await server.dispose()


async def everything(bot: Conversation, *, behind: bool) -> AsyncIterator[Sequence[Request]]:
    """Every command, and every button `behind` it: typed in private, pressed in groups on two platforms."""
    numbers = count(1)
    typed = ("settings zone london", "settings quiet 22-8", RUSSELL, WITHDRAW, "forgetme yes", "crash imola")
    doors = deque([*bot.core.dispatcher.commands, *typed])
    seen = set(doors)
    while doors:
        data = doors.popleft()
        updates = (
            update(next(numbers), data, AL, alone(AL), typed=True),
            update(next(numbers), data, AL, PIT_WALL),
            update(next(numbers), data, BO, PADDOCK),
        )
        new = {button.data for each in updates for button in buttons(await bot.deliver(each))} - seen
        yield updates
        if behind:
            seen |= new
            doors += sorted(new)


@pytest.mark.parametrize("behind", [False, pytest.param(True, marks=pytest.mark.exhaustive)])
async def test_whatever_is_asked_may_come_twice_and_once_more_after_a_restart(house: House, *, behind: bool) -> None:
    requests: list[Request] = []
    filled: set[str] = set()
    async with house.open() as bot:
        async for updates in everything(bot, behind=behind):
            once = await house.kept()
            filled |= {name for name, rows in once.items() if rows}
            for each in updates:
                await bot.deliver(each)
            assert await house.kept() == once, updates[0].command
            requests += updates
    in_the_end = await house.kept()
    assert {request.command for request in requests} >= bot.core.dispatcher.commands.keys()
    assert filled >= {"vote", "poll_tally", "served_quotation", "chat_settings"}, "by the time that it came twice"
    async with house.open() as bot:
        for each in requests:
            await bot.deliver(each)
        assert await house.kept() == in_the_end


UNDONE = (
    (RUSSELL, BOTTAS),
    (RUSSELL, WITHDRAW),
    (RUSSELL, WITHDRAW, NOBODY),
    (RUSSELL, WITHDRAW, RUSSELL, WITHDRAW),
    (RUSSELL, "forgetme votes"),
    ("forgetme votes", RUSSELL),
    (RUSSELL, "forgetme votes", BOTTAS),
    ("rate imola-2021 correct", "rate imola-2021 far-too-harsh"),
    ("rate imola-2021 correct", "rate imola-2021 withdraw"),
    ("rate imola-2021 correct", "forgetme votes", "rate imola-2021 far-too-harsh"),
    ("quote", "quote", "quote"),
    ("quote imola-2021", "quote imola-2021", "quote russell"),
    ("forgetme yes", "subscribe recaps", RUSSELL),
    ("settings quiet 22-8", "settings quiet off"),
    ("settings delay 40", "settings delay off"),
    ("settings polls blind", "settings polls open"),
    ("settings closing 24h", "settings closing off"),
    ("polls close imola-2021", "polls open imola-2021"),
    ("polls close imola-2021", "polls open imola-2021", "polls close imola-2021"),
    (RUSSELL, "polls close imola-2021", BOTTAS, "polls open imola-2021", NOBODY),
    ("settings language de", "settings zone london", "settings language es"),
    ("subscribe recaps", "unsubscribe recaps", "subscribe sprints"),
    ("subscribe recaps", "unsubscribe", "subscribe calendar"),
)
"""Presses of somebody, of which an older one that comes again would undo what came after it, were it done again."""


@pytest.mark.parametrize(
    "url",
    ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.exhaustive])],
    indirect=True,
)
async def test_an_older_update_that_comes_again_undoes_nothing(house: House) -> None:
    numbers = count(1)
    people = [User(Platform.TELEGRAM, str(number)) for number in range(len(UNDONE))]
    everybodys = [
        [update(next(numbers), data, person, alone(person)) for data in pressed]
        for person, pressed in zip(people, UNDONE, strict=True)
    ]
    async with house.open() as bot:
        for updates in everybodys:
            for each in updates:
                await bot.deliver(each)
            kept = await house.kept()
            for each in updates:
                await bot.deliver(each)
                assert await house.kept() == kept, each
    in_the_end = await house.kept()
    async with house.open() as bot:
        for each in chain(*everybodys):
            await bot.deliver(each)
            assert await house.kept() == in_the_end, each


async def test_what_comes_again_is_answered_from_what_stands(house: House) -> None:
    first, second, withdrawn = (update(number, data) for number, data in enumerate((RUSSELL, BOTTAS, WITHDRAW)))
    async with house.open() as bot:
        await bot.deliver(first)
        await bot.deliver(second)
    async with house.open() as bot:
        answer = await bot.deliver(first)
        assert answer.card.title == "All Bottas"
        assert as_written(answer.card.paragraphs[0]).startswith("Already counted.")
        await bot.deliver(withdrawn)
        assert (await bot.deliver(first)).card.title == "You have no vote here to take back."
        assert (await bot.deliver(withdrawn)).card.title == "You have no vote here to take back."


async def test_a_switch_that_comes_again_is_answered_from_what_stands(house: House) -> None:
    on, off, nothing, last = (
        update(number, data)
        for number, data in enumerate(("subscribe recaps", "unsubscribe recaps", "unsubscribe", "subscribe recaps"))
    )
    async with house.open() as bot:
        await bot.deliver(on)
        await bot.deliver(off)
        again = await bot.deliver(on)
        assert (fields(again)["Race recaps"][:4], again.card.paragraphs) == ("Off.", ())
        await bot.deliver(nothing)
        await bot.deliver(last)
        again = await bot.deliver(off)
        assert (fields(again)["Race recaps"][:4], again.card.paragraphs) == ("On. ", ())
    async with house.open() as bot:
        assert await bot.deliver(nothing) == again


async def test_a_quotation_that_is_asked_for_once_is_dealt_once(house: House) -> None:
    async with house.open() as bot:
        served = await bot.deliver(update(1, "quote imola-2021", chat=GRANDSTAND))
    async with house.open() as bot:
        assert await bot.deliver(update(1, "quote imola-2021", chat=GRANDSTAND)) == served
        assert await bot.deliver(update(2, "quote imola-2021", chat=GRANDSTAND)) != served


async def test_what_is_offered_inline_changes_nothing_however_often(house: House) -> None:
    async with house.open() as bot:
        await bot.deliver(update(1, RUSSELL))
        kept, asked = await house.kept(), update(2, "", typed=True)
        offers = [await bot.core.dispatcher.offer("imola", asked) for _ in range(2)]
        assert offers[0] == offers[1]
        assert offers[0]
        assert await house.kept() == kept
