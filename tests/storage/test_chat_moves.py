"""A group that becomes a supergroup: with all that is kept of it, once, whoever says so and whatever else happens."""

import asyncio
from itertools import permutations

import pytest
from sqlalchemy import select

from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.places import Chat, Platform, Post
from storage import tables
from storage.ballot_box import BallotBox
from storage.chat_moves import ChatMoves, Groups
from storage.chat_rows import key
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.polls import Polls
from storage.posts import Posts, Shows
from storage.subscriptions import Subscriptions
from tests.storage.booth import PIT_WALL, Booth, recounted_by_chat, showing, tallied_by_chat, voter

ROUNDS = 8
FIRST, *REST, LAST = permutations(range(3))
ENDS = FIRST, LAST
BIGGER = Chat(Platform.TELEGRAM, "-100777")
IMOLA = "imola-2021"


class Town:
    """One process: its chats, what they want, their votes and messages, and the groups that grow."""

    def __init__(self, database: Database, chats: Chats, polls: Polls, booth: Booth, box: BallotBox) -> None:
        self.database, self.chats, self.polls, self.booth, self.box = database, chats, polls, booth, box
        handled = HandledUpdates(database)
        self.settings = SettingsStore(database, chats, handled)
        self.subscriptions = Subscriptions(database, chats, handled)
        self.posts = Posts(database, chats)
        self.groups = Groups(chats, ChatMoves(database, chats), box)
        imola = polls.get(IMOLA)
        assert imola is not None
        self.imola = imola

    async def votes_in(self, chat: Chat) -> int:
        return (await self.polls.tallies_in(self.imola, [chat]))[chat].votes

    async def votes_by_chat(self) -> list[str]:
        """Where each vote was cast, as the votes themselves have it."""
        where = select(tables.chat.c.external).join(tables.vote).order_by(tables.vote.c.voter)
        return list(await self.database.read(lambda connection: connection.scalars(where).all()))

    async def furnish(self, chat: Chat = PIT_WALL) -> None:
        """Have a group want, vote, ask and show all that there is."""
        await self.subscriptions.begin(chat, ["recaps", "hour-before"])
        await self.settings.change(chat, language="de", quiet_from=60, quiet_until=120, closing_hours=24)
        await self.chats.set_polls(chat, on=False)
        await self.booth.press(f"{IMOLA} mostly-russell", voter(1), chat)
        await self.booth.press(f"{IMOLA} all-russell", voter(2), chat)
        await self.posts.note(Shows(Post(chat, "5"), self.imola))

    async def is_furnished(self, chat: Chat) -> None:
        """Raise AssertionError unless a group has all of that."""
        assert set(await self.subscriptions.of(chat)) >= {"recaps", "hour-before"}
        settings = await self.settings.of(chat)
        assert (settings.language, settings.quiet_from, settings.quiet_until) == ("de", 60, 120)
        assert self.chats.language(chat) == "de"
        assert self.chats.polls_off(chat)
        assert await self.votes_in(chat) >= 2
        assert self.imola.id in await self.posts.shown_in(chat)


@pytest.fixture
def town(database: Database, chats: Chats, polls: Polls, booth: Booth, ballot_box: BallotBox) -> Town:
    return Town(database, chats, polls, booth, ballot_box)


async def test_all_that_there_is_comes_along(town: Town) -> None:
    await town.furnish()
    for _said_by_both in range(2):
        await town.groups.move(PIT_WALL, BIGGER)
        await town.is_furnished(BIGGER)
    assert await town.votes_in(BIGGER) == 2


async def test_all_of_it_comes_along_to_a_supergroup_where_somebody_was_faster(town: Town) -> None:
    await town.furnish()
    await town.booth.press(f"{IMOLA} all-bottas", voter(3), BIGGER)
    await town.settings.change(BIGGER, zone="Europe/Rome")
    await town.posts.note(Shows(Post(BIGGER, "5"), town.imola))
    for _said_by_both in range(2):
        await town.groups.move(PIT_WALL, BIGGER)
        await town.is_furnished(BIGGER)
    assert await town.votes_in(BIGGER) == 3
    assert (await town.settings.of(BIGGER)).zone == "Europe/Rome"
    assert await showing(town.posts, town.imola) == [Post(BIGGER, "5")]
    assert await tallied_by_chat(town.database) == await recounted_by_chat(town.database)


async def test_what_was_chosen_in_the_supergroup_counts_and_the_rest_comes_along(town: Town) -> None:
    await town.settings.change(PIT_WALL, spoilers=Spoilers.HELD, hold_minutes=90, quiet_from=60, quiet_until=120)
    await town.settings.change(PIT_WALL, zone="Europe/Berlin", delay_seconds=40, blind=True)
    await town.settings.change(BIGGER, quiet_from=0, quiet_until=30, language="es")
    await town.groups.move(PIT_WALL, BIGGER)
    assert await town.settings.of(BIGGER) == ChatSettings(
        zone="Europe/Berlin",
        language="es",
        spoilers=Spoilers.HELD,
        hold_minutes=90,
        quiet_from=0,
        quiet_until=30,
        delay_seconds=40,
        blind=True,
    )


async def test_what_comes_late_from_the_old_group_is_the_supergroups(town: Town) -> None:
    await town.furnish()
    await town.groups.move(PIT_WALL, BIGGER)
    await town.booth.press(f"{IMOLA} all-bottas", voter(3), PIT_WALL)
    await town.settings.change(PIT_WALL, zone="Europe/Rome")
    await town.chats.set_polls(PIT_WALL, on=True)
    await town.subscriptions.begin(PIT_WALL, ["sprints"])
    assert await town.votes_by_chat() == [BIGGER.id] * 3
    assert (await town.settings.of(BIGGER)).zone == "Europe/Rome"
    assert not town.chats.polls_off(BIGGER)
    assert set(await town.subscriptions.of(BIGGER)) == {"recaps", "hour-before", "sprints"}
    fresh = await Chats.open(town.database, HandledUpdates(town.database))
    for chats in (town.chats, fresh):
        assert chats.goes_on_as(PIT_WALL) == BIGGER
        assert chats.goes_on_as(BIGGER) == BIGGER
        assert (chats.language(BIGGER), chats.polls_off(BIGGER)) == ("de", False)
    assert (await fresh.ids([PIT_WALL]))[key(PIT_WALL)] == (await fresh.ids([BIGGER]))[key(BIGGER)]


@pytest.mark.parametrize(
    "order", [*ENDS, *(pytest.param(order, marks=pytest.mark.exhaustive) for order in REST)], ids=str
)
async def test_a_vote_and_a_setting_at_the_same_moment_come_along(town: Town, order: tuple[int, ...]) -> None:
    for number in range(ROUNDS):
        small, big = (Chat(Platform.TELEGRAM, f"-{kind}{number}") for kind in (1, 100))
        await town.furnish(small)
        at_once = (
            lambda small=small, big=big: town.groups.move(small, big),
            lambda small=small: town.booth.press(f"{IMOLA} all-bottas", voter(3), small),
            lambda small=small: town.settings.change(small, zone="Europe/Rome"),
        )
        await asyncio.gather(*(at_once[each]() for each in order))
        await town.is_furnished(big)
        assert await town.votes_in(big) == 3
        assert (await town.settings.of(big)).zone == "Europe/Rome"
    assert await tallied_by_chat(town.database) == await recounted_by_chat(town.database)


async def test_the_supergroup_is_met_while_the_group_moves(town: Town) -> None:
    for number in range(ROUNDS):
        small, big = (Chat(Platform.TELEGRAM, f"-{kind}{number}") for kind in (1, 100))
        await town.furnish(small)
        await asyncio.gather(
            town.booth.press(f"{IMOLA} all-bottas", voter(3), big),
            town.groups.move(small, big),
            town.settings.change(big, zone="Europe/Rome"),
            town.groups.move(small, big),
        )
        await town.groups.move(small, big)
        await town.is_furnished(big)
        assert await town.votes_in(big) == 3
        assert (await town.settings.of(big)).zone == "Europe/Rome"


async def test_votes_that_another_process_counted_under_the_old_id_come_along_with_the_next_word_of_it(
    town: Town,
) -> None:
    await town.furnish()
    await town.settings.change(BIGGER, zone="Europe/Rome")
    stale = (await town.chats.ids([PIT_WALL]))[key(PIT_WALL)]
    await town.groups.move(PIT_WALL, BIGGER)
    town.chats._ids[key(PIT_WALL)] = stale
    await town.booth.press(f"{IMOLA} all-bottas", voter(3), PIT_WALL)
    await town.groups.move(PIT_WALL, BIGGER)
    assert await town.votes_by_chat() == [BIGGER.id] * 3


async def test_a_group_of_which_nothing_is_kept_leaves_nothing(town: Town) -> None:
    await town.groups.move(PIT_WALL, BIGGER)
    known = select(tables.chat.c.external)
    assert await town.database.read(lambda connection: connection.scalars(known).all()) == []


async def test_no_group_becomes_itself(town: Town) -> None:
    await town.furnish()
    await town.groups.move(PIT_WALL, PIT_WALL)
    await town.is_furnished(PIT_WALL)
