"""What two do to one chat at the same moment: two tasks of one process, on PostgreSQL two processes as well."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import Select, func, select

from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.places import Chat, ChatKind, Platform, Post
from storage import tables
from storage.announcements import Announcements
from storage.chat_moves import ChatMoves
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database, Result, Transaction
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.menus import Menus
from storage.polls import Polls
from storage.posts import Gone, Posts, Shows
from storage.seasons import Seasons
from storage.subscriptions import Subscriptions
from tests.storage.booth import GRANDSTAND, PIT_WALL, showing
from tests.support.season import CALENDAR, DRIVERS, FETCHED
from tests.support.sorting_office import SortingOffice, at_once

ROUNDS = 20
BIGGER = Chat(Platform.TELEGRAM, "-100777")
ALONE = [Chat(Platform.TELEGRAM, str(number), ChatKind.PRIVATE) for number in range(1, ROUNDS + 1)]
"""A private chat for each round."""


class Process:
    """What one process has of a database."""

    def __init__(self, database: Database, chats: Chats) -> None:
        self.chats = chats
        self.settings = SettingsStore(database, chats, HandledUpdates(database))
        self.subscriptions = Subscriptions(database, chats, HandledUpdates(database))
        self.posts = Posts(database, chats)
        self.menus = Menus(database)
        self.moves = ChatMoves(database, chats)
        self.seasons = Seasons(database)


@pytest.fixture
def mine(database: Database, chats: Chats) -> Process:
    return Process(database, chats)


@pytest.fixture
async def theirs(url: str, database: Database, mine: Process) -> AsyncIterator[Process]:
    """Another process on the same database; on SQLite, which has one, the same."""
    if database.dialect == "sqlite":
        yield mine
        return
    other = open_database(url)
    yield Process(other, await Chats.open(other, HandledUpdates(other)))
    await other.close()


async def counted(database: Database, rows: Select[int]) -> int:
    return await database.read(lambda connection: connection.scalar(rows)) or 0


async def known(database: Database, chat: Chat) -> bool:
    mine = tables.chat.c.external == chat.id
    return await counted(database, select(func.count()).select_from(tables.chat).where(mine)) == 1


async def is_remembered(database: Database, process: Process, *chats: Chat) -> bool:
    """Whether a process has in memory what one that starts now reads."""
    fresh = await Chats.open(database, HandledUpdates(database))
    return all(process.chats.preferences(chat) == fresh.preferences(chat) for chat in chats)


async def test_two_settings_are_both_kept(mine: Process, theirs: Process) -> None:
    for minute in range(ROUNDS):
        await asyncio.gather(
            mine.settings.change(PIT_WALL, language="de" if minute % 2 else "es"),
            theirs.settings.change(PIT_WALL, quiet_from=minute, quiet_until=minute + 60),
        )
        kept = await mine.settings.of(PIT_WALL)
        assert kept == ChatSettings(language="de" if minute % 2 else "es", quiet_from=minute, quiet_until=minute + 60)


async def test_settings_that_go_together_stay_together(mine: Process, theirs: Process) -> None:
    for _ in range(ROUNDS):
        answers = await asyncio.gather(
            mine.settings.change(PIT_WALL, spoilers=Spoilers.HELD, hold_minutes=120, hold_until=None),
            theirs.settings.change(PIT_WALL, spoilers=Spoilers.HELD, hold_minutes=None, hold_until=540),
        )
        assert await mine.settings.of(PIT_WALL) in answers


async def test_each_answer_has_what_was_changed_before_it(mine: Process, theirs: Process) -> None:
    for minute in range(ROUNDS):
        answers = await asyncio.gather(
            mine.settings.change(PIT_WALL, hold_minutes=minute + 1), theirs.settings.change(PIT_WALL, hold_until=minute)
        )
        assert await mine.settings.of(PIT_WALL) in answers


async def test_one_topic_is_turned_on_while_another_is_turned_off(mine: Process, theirs: Process) -> None:
    for _ in range(ROUNDS):
        await mine.subscriptions.begin(PIT_WALL, ["sprints"])
        await asyncio.gather(
            mine.subscriptions.begin(PIT_WALL, ["recaps"]), theirs.subscriptions.end(PIT_WALL, ["sprints"])
        )
        assert await mine.subscriptions.of(PIT_WALL) == {"recaps": None}
        await mine.subscriptions.end(PIT_WALL)


async def test_who_ends_a_topic_that_is_mentioned_at_that_moment_ends_it(mine: Process, theirs: Process) -> None:
    for _ in range(ROUNDS):
        await mine.subscriptions.begin(PIT_WALL, ["recaps", "calendar"])
        mentioned, ended = await asyncio.gather(
            mine.subscriptions.ping(PIT_WALL, ["recaps"], "42"), theirs.subscriptions.end(PIT_WALL, ["recaps"])
        )
        assert ended.topics == {"recaps": "42" if mentioned else None}
        assert await mine.subscriptions.of(PIT_WALL) == {"calendar": None}


async def test_two_who_warn_at_once_take_turns(mine: Process, theirs: Process) -> None:
    for _ in range(ROUNDS):
        await mine.subscriptions.begin(PIT_WALL, ["recaps", "calendar"])
        await asyncio.gather(mine.subscriptions.warn(PIT_WALL), theirs.subscriptions.warn(PIT_WALL))
        assert not await mine.subscriptions.unwarned(PIT_WALL)


async def test_blindness_and_what_is_closed_in_time_are_both_kept(mine: Process, theirs: Process) -> None:
    for number in range(ROUNDS):
        await asyncio.gather(
            mine.settings.change(PIT_WALL, blind=bool(number % 2)),
            theirs.settings.change(PIT_WALL, closing_hours=number + 1, delay_seconds=number),
        )
        kept = await mine.settings.of(PIT_WALL)
        assert kept == ChatSettings(blind=bool(number % 2), closing_hours=number + 1, delay_seconds=number)


class TestAPrivateChat:
    async def test_that_is_forgotten_keeps_no_settings_that_came_at_that_moment(
        self, database: Database, mine: Process, theirs: Process
    ) -> None:
        for chat in ALONE:
            await mine.subscriptions.begin(chat, ["recaps"])
            ended, changed = await asyncio.gather(
                mine.subscriptions.end(chat, ["recaps"]), theirs.settings.change(chat, zone="Europe/London")
            )
            assert changed == ChatSettings("Europe/London")
            kept = await mine.settings.of(chat)
            assert kept == (ChatSettings() if ended.settings_gone else changed)
            assert await known(database, chat) is not ended.settings_gone
        forgotten = select(func.count()).select_from(tables.chat_settings).join(tables.chat)
        assert await counted(database, forgotten.where(tables.chat.c.external.startswith("forgotten"))) == 0

    async def test_that_wants_something_else_at_that_moment_is_known(
        self, database: Database, mine: Process, theirs: Process
    ) -> None:
        for chat in ALONE:
            await mine.subscriptions.begin(chat, ["recaps"])
            await asyncio.gather(
                mine.subscriptions.end(chat, ["recaps"]), theirs.subscriptions.begin(chat, ["sprints"])
            )
            assert await mine.subscriptions.of(chat) == {"sprints": None}
            assert await known(database, chat)

    async def test_whose_last_two_topics_are_ended_at_once_is_forgotten_once(
        self, database: Database, mine: Process, theirs: Process
    ) -> None:
        for chat in ALONE:
            await mine.subscriptions.begin(chat, ["recaps", "sprints"])
            await mine.settings.change(chat, zone="Europe/London")
            ended = await asyncio.gather(
                mine.subscriptions.end(chat, ["recaps"]), theirs.subscriptions.end(chat, ["sprints"])
            )
            assert [one.topics for one in ended] == [{"recaps": None}, {"sprints": None}]
            assert sorted(one.settings_gone for one in ended) == [False, True]
            assert not await known(database, chat)

    async def test_is_ended_by_one_of_two(self, mine: Process, theirs: Process) -> None:
        for chat in ALONE:
            await mine.subscriptions.begin(chat, ["recaps"])
            ended = await asyncio.gather(mine.subscriptions.end(chat), theirs.subscriptions.end(chat))
            assert sorted(len(one.topics) for one in ended) == [0, 1]


class TestMemory:
    """What is in memory is what was committed last."""

    async def test_of_languages(self, database: Database, mine: Process) -> None:
        for _ in range(ROUNDS):
            await asyncio.gather(*(mine.settings.change(PIT_WALL, language=code) for code in ("de", "es", None, "it")))
            assert await is_remembered(database, mine, PIT_WALL)

    async def test_of_polls(self, database: Database, mine: Process) -> None:
        for _ in range(ROUNDS):
            await asyncio.gather(*(mine.chats.set_polls(PIT_WALL, on=on) for on in (True, False, True, False)))
            assert await is_remembered(database, mine, PIT_WALL)

    async def test_of_blindness(self, database: Database, mine: Process) -> None:
        for _ in range(ROUNDS):
            await asyncio.gather(*(mine.settings.change(PIT_WALL, blind=blind) for blind in (True, False) * 2))
            assert await is_remembered(database, mine, PIT_WALL)

    async def test_of_a_private_chat_that_is_forgotten(self, database: Database, mine: Process) -> None:
        for chat in ALONE:
            await mine.subscriptions.begin(chat, ["recaps"])
            await asyncio.gather(
                mine.settings.change(chat, language="de"),
                mine.subscriptions.end_all(chat),
                mine.settings.change(chat, language="es"),
            )
            assert await is_remembered(database, mine, chat)

    async def test_of_a_group_that_grows(self, database: Database, mine: Process) -> None:
        for number in range(ROUNDS):
            small, big = (Chat(Platform.TELEGRAM, f"-{kind}{number}") for kind in (1, 100))
            await mine.chats.ids([small])
            await asyncio.gather(
                mine.settings.change(small, language="de"),
                mine.moves.move(small, big),
                mine.chats.set_polls(small, on=False),
                mine.settings.change(big, language="es"),
                mine.chats.ids([small, big]),
            )
            assert await is_remembered(database, mine, small, big)
            fresh = await Chats.open(database, HandledUpdates(database))
            assert await mine.chats.ids([small, big]) == await fresh.ids([small, big])

    async def test_of_a_change_that_nobody_waits_for_any_more(self, database: Database, mine: Process) -> None:
        for turns in range(1, ROUNDS + 1):
            change = asyncio.create_task(mine.settings.change(PIT_WALL, language="de" if turns % 2 else "es"))
            for _ in range(turns):
                await asyncio.sleep(0)
            change.cancel()
            await mine.settings.change(GRANDSTAND, hold_until=turns)
            assert await is_remembered(database, mine, PIT_WALL)

    async def test_of_a_change_whose_answer_comes_late(
        self, database: Database, mine: Process, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write, committed = database.write, asyncio.Event()

        async def write_once(transaction: Transaction[Result]) -> Result:
            result = await write(transaction)
            if not committed.is_set():
                committed.set()
                await asyncio.wait([second], timeout=0.1)  # which ends before that, unless it waits for this one
            return result

        async def change_again() -> None:
            await committed.wait()
            await mine.settings.change(PIT_WALL, language="es")

        second = asyncio.create_task(change_again())
        monkeypatch.setattr(database, "write", write_once)
        await mine.settings.change(PIT_WALL, language="de")
        await second
        assert await is_remembered(database, mine, PIT_WALL)

    async def test_of_what_another_process_changed_once_this_one_changes_something(
        self, database: Database, mine: Process, theirs: Process
    ) -> None:
        await theirs.settings.change(PIT_WALL, language="de")
        await theirs.chats.set_polls(PIT_WALL, on=False)
        await mine.settings.change(PIT_WALL, zone="Europe/Rome")
        assert await is_remembered(database, mine, PIT_WALL)
        assert mine.chats.polls_off(PIT_WALL)


async def test_a_language_that_is_chosen_at_the_moment_of_a_subscription_stays(mine: Process, theirs: Process) -> None:
    for number in range(ROUNDS):
        chat = Chat(Platform.TELEGRAM, f"-2{number}")
        await asyncio.gather(
            theirs.subscriptions.begin(chat, ["recaps"], language="de"), mine.settings.change(chat, language="es")
        )
        assert (await mine.settings.of(chat)).language == "es"
        assert list(await mine.subscriptions.of(chat)) == ["recaps"]


async def test_two_who_move_a_group_move_it_once(mine: Process, theirs: Process) -> None:
    await mine.subscriptions.begin(PIT_WALL, ["recaps"])
    await mine.settings.change(PIT_WALL, language="de")
    await asyncio.gather(mine.moves.move(PIT_WALL, BIGGER), theirs.moves.move(PIT_WALL, BIGGER))
    assert await mine.subscriptions.of(BIGGER) == {"recaps": None}
    assert await mine.settings.of(BIGGER) == ChatSettings(language="de")
    assert mine.chats.goes_on_as(PIT_WALL) == theirs.chats.goes_on_as(PIT_WALL) == BIGGER


async def test_two_who_move_a_group_to_where_it_is_known_move_it_once(mine: Process, theirs: Process) -> None:
    await mine.subscriptions.begin(PIT_WALL, ["recaps"])
    await mine.settings.change(PIT_WALL, language="de")
    await mine.chats.set_polls(PIT_WALL, on=False)
    await theirs.subscriptions.begin(BIGGER, ["sprints"])
    await asyncio.gather(mine.moves.move(PIT_WALL, BIGGER), theirs.moves.move(PIT_WALL, BIGGER))
    assert await mine.subscriptions.of(BIGGER) == {"recaps": None, "sprints": None}
    assert (mine.settings.language(BIGGER), mine.chats.polls_off(BIGGER)) == ("de", True)


async def test_a_group_that_is_met_again_while_it_moves_is_merged(mine: Process, theirs: Process) -> None:
    for number in range(ROUNDS):
        small, big = (Chat(Platform.TELEGRAM, f"-{kind}{number}") for kind in (1, 100))
        await mine.subscriptions.begin(small, ["recaps"])
        await asyncio.gather(mine.moves.move(small, big), theirs.subscriptions.begin(big, ["sprints"]))
        assert await mine.subscriptions.of(big) == {"recaps": None, "sprints": None}


async def test_a_message_shows_one_of_two_polls(mine: Process, theirs: Process, polls: Polls) -> None:
    imola, monza, *_others = polls
    for number in range(ROUNDS):
        post = Post(PIT_WALL, str(number))
        await asyncio.gather(mine.posts.note(Shows(post, imola)), theirs.posts.note(Shows(post, monza)))
        shown = [each for poll in (imola, monza) for each in await showing(mine.posts, poll)]
        assert shown.count(post) == 1
        await asyncio.gather(mine.posts.note(Gone(post)), theirs.posts.note(Gone(post)))


async def test_of_two_menus_at_once_none_counts_as_published(mine: Process, theirs: Process) -> None:
    assert await mine.menus.changed("telegram:1", "abc")
    assert await theirs.menus.changed("telegram:1", "def")
    await theirs.menus.published("telegram:1", "def")
    await mine.menus.published("telegram:1", "abc")  # which the platform may have taken first
    assert await mine.menus.changed("telegram:1", "def")


async def test_the_same_menu_twice_at_once_is_published(mine: Process, theirs: Process) -> None:
    for process in (mine, theirs):
        assert await process.menus.changed("telegram:1", "abc")
    await asyncio.gather(*(process.menus.published("telegram:1", "abc") for process in (mine, theirs)))
    assert not await mine.menus.changed("telegram:1", "abc")


async def test_a_table_that_two_correct_at_once_is_corrected_once(mine: Process, theirs: Process) -> None:
    await mine.seasons.store_schedule(DRIVERS.season, CALENDAR, FETCHED)
    before, (first, *others) = DRIVERS, DRIVERS.entries
    await mine.seasons.store_standings(before, FETCHED)
    for points in range(ROUNDS):
        corrected = replace(DRIVERS, entries=(replace(first, points=float(points)), *others))
        told = await asyncio.gather(
            mine.seasons.store_standings(corrected, FETCHED), theirs.seasons.store_standings(corrected, FETCHED)
        )
        assert [each for each in told if each is not None] == [before]
        before = corrected


async def test_of_two_first_tables_at_once_the_later_one_corrects_the_other(mine: Process, theirs: Process) -> None:
    await mine.seasons.store_schedule(DRIVERS.season, CALENDAR, FETCHED)
    first, *others = DRIVERS.entries
    corrected = replace(DRIVERS, entries=(replace(first, points=0.0), *others))
    for round_number in range(1, ROUNDS + 1):
        one, other = (replace(table, round=round_number) for table in (DRIVERS, corrected))
        told = await asyncio.gather(
            mine.seasons.store_standings(one, FETCHED), theirs.seasons.store_standings(other, FETCHED)
        )
        stored = await mine.seasons.standings(one.season, one.kind, round_number)
        assert {*told} == {None, one if stored == other else other}


async def test_a_chat_that_turns_a_topic_off_is_told_nothing_that_is_announced_at_that_moment(
    database: Database, mine: Process, theirs: Process, office: SortingOffice
) -> None:
    announcements = Announcements(database)
    for _ in range(ROUNDS):
        await mine.subscriptions.begin(PIT_WALL, ["recaps"])
        recap = await office.announce()
        await asyncio.gather(announcements.spread(recap, at_once), theirs.subscriptions.end(PIT_WALL, ["recaps"]))
        assert await office.due() == []
