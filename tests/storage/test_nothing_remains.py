"""Somebody who used everything is forgotten: neither a table nor a file has a trace of them, nor does one come back."""

import datetime as dt
import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Select, make_url, select

from bot.app.settings import Settings
from bot.chat.buttons import parse_data
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.announcements import Announcement, Kind
from bot.domain.deliveries import Delivery, Outcome, PollShown, State
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.search.catalogue import Incidents
from storage import tables
from storage.database.base import Database
from storage.database.open import open_database
from storage.database.upgrades import configured
from storage.private_chats import OF_ONE_CHAT, stand_in
from storage.tables import metadata
from storage.unseen_chats import UnseenChats
from tests.handlers.chats.test_privacy import data
from tests.support.bare_settings import settings_in
from tests.support.conversation import PIT_WALL, Conversation, alone, conversation

CY = User(Platform.TELEGRAM, "7340198265")
DI = User(Platform.TELEGRAM, "7340198266")
INLINE = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
INLINE_MESSAGE = urlsafe_b64encode(b"\2\0\0\0" + int(CY.id).to_bytes(8, "little") + b"\7" * 12).decode()
"""As Telegram makes them: whose message it is stands in its id."""

SUNDAY = dt.datetime(2026, 7, 5, 16, tzinfo=dt.UTC)
IN_GROUPS = {"chat_poll", "forum_post", "subscriber"}
"""Tables in which a private chat never has a row of its own."""

IN_PRIVATE = (
    *("quote", "quote hamilton", "crash random", "vote imola-2021 all-russell", "rate imola-2021 correct"),
    *("subscribe recaps", "reminders qualifying 1h on", "settings zone london", "settings language de"),
    *("settings quiet 22-8", "settings spoilers veil", "settings polls blind", "blame monza"),
)


async def found(database: Database, rows: Select[Any]) -> Sequence[tuple[Any, ...]]:
    """The rows that there are."""
    return await database.read(lambda connection: [tuple(row) for row in connection.execute(rows)])


class Admin:
    """Whoever asks is an admin, and nothing is lacking."""

    async def is_admin(self) -> bool:
        return True

    async def lacking(self) -> tuple[str, ...]:
        return ()


class Life:
    """The bot with people in it; each thing they do has an update of its own."""

    def __init__(self, bot: Conversation) -> None:
        self.bot = bot
        self.stored = bot.core.stored
        self.asked: list[Request] = []
        self._updates = count(1)

    async def ask(self, line: str, user: User, chat: Chat, pressed: str = "") -> Reply:
        command, argument = parse_data(line)
        post = Post(chat, pressed) if pressed else None
        request = Request(command, argument, user, chat, None, post, Admin(), update=str(next(self._updates)))
        self.asked.append(request)
        return await self.bot.deliver(request)

    async def use_everything(self, user: User) -> None:
        """All that leaves a trace."""
        for line in IN_PRIVATE:
            await self.ask(line, user, alone(user))
        await self.ask("vote monza-2021 all-hamilton", user, PIT_WALL)
        await self.ask("subscribe recaps", user, PIT_WALL)
        blame = await self.ask("vote baku-2018 racing-incident", user, INLINE, pressed=INLINE_MESSAGE)
        self.bot.core.posted(Post(INLINE, INLINE_MESSAGE), blame)
        mine = [each for number in (1, 2, 3) for each in await self._told(number) if each.chat == alone(user)]
        await self.settle(Outcome(mine[0], State.SENT, SUNDAY, f"in {user.id}", shows=PollShown("imola-2021")))
        await self.settle(Outcome(mine[1], State.DEAD, SUNDAY, problem=f"Forbidden: {user.id} has blocked the bot"))
        await UnseenChats(self.stored.database).tried(mine[2].chat_id, SUNDAY)

    async def _told(self, number: int) -> Sequence[Delivery]:
        recap = Announcement(f"recap {number} {len(self.asked)}", "recaps", Kind.RECAP, {}, SUNDAY)
        made = await self.stored.announcements.announce(recap)
        assert made is not None
        while await self.stored.announcements.spread(made, lambda _settings: SUNDAY):
            pass
        return await self.stored.outbox.due(Platform.TELEGRAM, SUNDAY, 100)

    async def settle(self, outcome: Outcome) -> None:
        await self.stored.outbox.settle(outcome)

    def pseudonym(self, user: User) -> int:
        return self.stored.voters.pseudonym(user)

    async def rows(self) -> Mapping[str, Sequence[tuple[Any, ...]]]:
        """Every row of every table."""
        return {table.name: await found(self.stored.database, select(table)) for table in metadata.sorted_tables}

    async def traces(self, user: User) -> set[str]:
        """The tables in which somebody's number stands, or their pseudonym."""
        known = (user.id, str(self.pseudonym(user)), INLINE_MESSAGE)
        return {name for name, rows in (await self.rows()).items() if any(each in repr(rows) for each in known)}

    async def of_their_chats(self, user: User) -> set[str]:
        """The tables in which their private chat has rows, or what stands in for it."""
        chats = [each.id for each in (alone(user), stand_in(user.platform, self.pseudonym(user)))]
        theirs = select(tables.chat.c.id).where(tables.chat.c.external.in_(chats))
        return {
            table.name
            for table in OF_ONE_CHAT
            if await found(self.stored.database, select(table).where(table.c.chat_id.in_(theirs)))
        }


@asynccontextmanager
async def living(settings: Settings, incidents: Incidents) -> AsyncIterator[Life]:
    async with conversation(settings, incidents) as bot:
        yield Life(bot)


@pytest.fixture
def lived_in(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a bot on that database."""
    monkeypatch.chdir(tmp_path)  # where there is no .env
    address = make_url(url)
    plain = address.set(drivername=address.get_backend_name()).render_as_string(hide_password=False)
    return settings_in(tmp_path, database_url=plain)


def in_files(folder: Path, user: User, pseudonym: int) -> set[str]:
    """The files of a database in which somebody's number stands, or their pseudonym, however it is written."""
    known = (
        user.id.encode(),
        INLINE_MESSAGE.encode(),
        str(pseudonym).encode(),
        pseudonym.to_bytes(8, "big", signed=True),
    )
    files = {file: file.read_bytes() for file in folder.glob("racing-incident.db*")}
    return {file.name for file, content in files.items() if any(each in content for each in known)}


async def test_no_table_has_a_trace_of_who_was_forgotten(lived_in: Settings, incidents: Incidents) -> None:
    async with living(lived_in, incidents) as life:
        await life.use_everything(CY)
        await life.use_everything(DI)
        assert await life.of_their_chats(CY) == {table.name for table in OF_ONE_CHAT} - IN_GROUPS
        assert await life.traces(CY) >= {"chat", "vote", "delivery", "post"}
        before = await life.rows()
        await life.ask("forgetme yes", CY, alone(CY))
        assert await life.traces(CY) == set()
        assert await life.of_their_chats(CY) == set()
        assert await life.of_their_chats(DI) == {table.name for table in OF_ONE_CHAT} - IN_GROUPS
        after = await life.rows()
    assert len(before["vote"]) - len(after["vote"]) == 4
    assert before.keys() == after.keys()


async def test_what_is_delivered_again_brings_nothing_of_them_back(lived_in: Settings, incidents: Incidents) -> None:
    async with living(lived_in, incidents) as life:
        await life.use_everything(CY)
        await life.ask("forgetme yes", CY, alone(CY))
        asked = life.asked
    async with living(lived_in, incidents) as life:
        for request in asked:
            await life.bot.deliver(request)
        assert await life.traces(CY) == set()


async def test_a_poll_that_arrives_after_its_chat_was_forgotten_leaves_nothing(
    lived_in: Settings, incidents: Incidents
) -> None:
    async with living(lived_in, incidents) as life:
        await life.ask("subscribe recaps", CY, alone(CY))
        (on_its_way,) = await life._told(1)
        await life.ask("forgetme yes", CY, alone(CY))
        await life.settle(Outcome(on_its_way, State.SENT, SUNDAY, f"in {CY.id}", shows=PollShown("imola-2021")))
        assert await life.traces(CY) == set()
        assert (await life.rows())["post"] == []


async def test_my_data_has_something_of_every_table_that_knows_me(lived_in: Settings, incidents: Incidents) -> None:
    async with living(lived_in, incidents) as life:
        await life.use_everything(CY)
        told = {
            "vote": "votes",
            "served_quotation": "dealt_to_you_in_private",
            "subscriber": "turned_topics_on_in",
            "chat": "chat",
            "subscription": "topics",
            "chat_settings": "settings",
            "delivery": "told",
            "post": "polls_shown",
            "unseen_chat": "not_reached_since",
        }
        kept = data(await life.ask("mydata", CY, alone(CY)))
        assert kept.keys() == {*told.values()}
        assert all(kept.values())
        assert await life.traces(CY) | await life.of_their_chats(CY) <= told.keys()
        assert {(vote["incident"], vote["question"]) for vote in kept["votes"]} >= {("imola-2021", "rating")}
        assert any(" on " in each for each in kept["dealt_to_you_in_private"])


async def test_no_file_has_a_trace_of_who_was_forgotten(
    settings: Settings, incidents: Incidents, data_dir: Path
) -> None:
    async with living(settings, incidents) as life:
        pseudonym = life.pseudonym(CY)
        await life.use_everything(CY)
        await life.use_everything(DI)
        assert in_files(data_dir, CY, pseudonym) == {"racing-incident.db-wal"}
        await life.stored.database.scrub()
        assert in_files(data_dir, CY, pseudonym) == {"racing-incident.db"}
        await life.ask("vote imola-2021 all-bottas", CY, alone(CY))
        await life.ask("forgetme yes", CY, alone(CY))
        assert in_files(data_dir, CY, pseudonym) == set()
        assert in_files(data_dir, DI, life.pseudonym(DI)) == {"racing-incident.db"}
    assert in_files(data_dir, CY, pseudonym) == set()


async def test_turning_the_last_topic_off_leaves_no_number_in_a_file(
    settings: Settings, incidents: Incidents, data_dir: Path
) -> None:
    async with living(settings, incidents) as life:
        await life.ask("subscribe recaps", CY, alone(CY))
        assert in_files(data_dir, CY, life.pseudonym(CY)) != set()
        await life.ask("unsubscribe", CY, alone(CY))
        assert in_files(data_dir, CY, life.pseudonym(CY)) == set()


async def test_what_earlier_versions_left_behind_goes_with_the_first_start(sqlite_url: str, data_dir: Path) -> None:
    database, pseudonym = open_database(sqlite_url), -7340198265000001
    await database.migrate(lambda connection: command.downgrade(configured(connection), "0018"))
    await database.close()
    left = (
        ("telegram", "inline", "elsewhere"),
        ("telegram", f"private {pseudonym}", "private"),
        ("telegram", CY.id, "private"),
    )
    with closing(sqlite3.connect(data_dir / "racing-incident.db")) as file:
        file.executemany("INSERT INTO chat (platform, external, kind) VALUES (?, ?, ?)", left)
        file.execute("INSERT INTO poll (incident) VALUES ('imola-2021')")
        file.execute("INSERT INTO post (poll_id, chat_id, message) VALUES (1, 1, ?)", [INLINE_MESSAGE])
        file.execute("INSERT INTO served_quotation VALUES (2, 7, 1)")
        file.commit()
        file.execute("PRAGMA secure_delete = OFF")
        file.execute("UPDATE chat SET external = 'forgotten 3' WHERE id = 3")
        file.commit()
    assert in_files(data_dir, CY, pseudonym) != set()
    database = open_database(sqlite_url)
    await database.upgrade()
    assert in_files(data_dir, CY, pseudonym) == set()
    chats = select(tables.chat.c.external).order_by(tables.chat.c.id)
    assert await found(database, chats) == [("inline",), ("forgotten 2",), ("forgotten 3",)]
    assert [await found(database, select(table)) for table in (tables.post, tables.served_quotation)] == [[], []]
    await database.close()
