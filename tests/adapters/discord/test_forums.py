"""A forum has a post for each race, and all that is told of the race is in it: over real sockets, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.adapters.discord.addresses import channel_chat, forum_chat
from bot.adapters.discord.errors import ChannelDeletedError
from bot.adapters.discord.forums import NO_FORUM
from bot.chat.cards import Card
from bot.chat.dispatcher import OUT_OF_ORDER
from bot.chat.platform import ChatUnseenError, NotAllowedError, UnreachableError
from bot.chat.replies import Attachment, Occasion, Reply
from bot.domain.places import Chat, Platform, Post
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.forum_posts import A_MINUTE, ForumPosts
from storage.handled_updates import HandledUpdates
from tests.adapters.discord.api import AL, PRESS, PRESSED, Discord
from tests.adapters.discord.forum import FORUM, GUILD, MODERATED, REQUIRES_TAG, TAG, post
from tests.adapters.discord.layouts import heading
from tests.adapters.discord.loopback_bot import STORY, LoopbackBot, running
from tests.support.clock import FakeClock, HeldClock
from tests.support.forum_posts import NoForumPosts
from tests.support.power_cut import PowerCut, PowerCutError

RACES = forum_chat(int(FORUM))
IMOLA = Occasion("2021-emilia-romagna-grand-prix", "Emilia Romagna GP 2021")
MONZA = Occasion("2021-italian-grand-prix", "Italian GP 2021")
RECAP = Reply(Card("Verstappen wins"), occasion=IMOLA, attachment=Attachment("podium.png", b"\x89PNG", "Verstappen"))
POLL = replace(STORY, occasion=IMOLA)


@pytest.fixture
async def world() -> AsyncIterator[Discord]:
    async with Discord(None) as world:
        yield world


async def bot_on(database: Database, world: Discord, clock: FakeClock | None = None) -> LoopbackBot:
    """A bot as it is after a start: it remembers nothing but what is stored."""
    forums = ForumPosts(database, await Chats.open(database, HandledUpdates(database)))
    return LoopbackBot(world, forums=forums, clock=clock)


@pytest.fixture
async def bot(database: Database, world: Discord) -> AsyncIterator[LoopbackBot]:
    bot = await bot_on(database, world)
    async with running(bot):
        await world.listened_to()
        yield bot


def said_in(world: Discord, thread: str) -> list[str]:
    """What the messages of a post say on top, the first one first."""
    return [heading(components) for (channel, _message), components in world.shown.items() if channel == thread]


async def test_a_race_has_one_post_and_all_that_is_told_of_it_is_in_there(world: Discord, bot: LoopbackBot) -> None:
    first = await bot.adapter.send(RACES, RECAP, once="1-1")
    second = await bot.adapter.send(RACES, POLL, once="2-1")
    await bot.adapter.send(RACES, replace(POLL, occasion=MONZA), once="3-1")

    assert world.forum.titles == ["Emilia Romagna GP 2021", "Italian GP 2021"]
    assert said_in(world, "700") == ["Verstappen wins", "Imola 2021"]
    assert said_in(world, "701") == ["Imola 2021"]
    assert first == Post(RACES, "700/700")
    assert second == Post(RACES, "700/601")


async def test_a_message_in_a_post_is_changed_there(world: Discord, bot: LoopbackBot) -> None:
    first, second = [await bot.adapter.send(RACES, each, once=str(each.card.title)) for each in (RECAP, POLL)]
    for each in (first, second):
        await bot.adapter.edit(each, replace(POLL, card=Card("Hamilton wins")))
    assert said_in(world, "700") == ["Hamilton wins"] * 2


async def test_what_is_about_no_race_has_a_post_of_its_own(world: Discord, bot: LoopbackBot) -> None:
    await bot.adapter.send(RACES, STORY, once="1-1")
    assert world.forum.titles == ["Imola 2021"]


async def test_a_long_title_is_cut_to_what_discord_takes(world: Discord, bot: LoopbackBot) -> None:
    await bot.adapter.send(RACES, replace(POLL, occasion=Occasion("long", "x" * 101)), once="1-1")
    assert world.forum.titles == ["x" * 100]


async def test_a_role_is_notified_in_the_first_message_and_in_later_ones(world: Discord, bot: LoopbackBot) -> None:
    await bot.adapter.send(RACES, POLL, once="1-1", ping="55")
    assert world.forum.begun[0]["message"]["allowed_mentions"] == {"parse": [], "roles": [55]}
    later = await bot.adapter.send(RACES, POLL, once="2-1", ping="55")
    await bot.adapter.edit(later, POLL)
    assert world.shown["700", "601"][0]["content"] == "<@&55>"


async def test_an_archived_post_is_opened_again(world: Discord, bot: LoopbackBot) -> None:
    await bot.adapter.send(RACES, RECAP, once="1-1")
    world.forum.archive("700")
    await bot.adapter.send(RACES, POLL, once="2-1")
    assert said_in(world, "700") == ["Verstappen wins", "Imola 2021"]
    assert not world.forum.is_archived("700")


async def test_a_post_that_a_moderator_locked_stays_so(world: Discord, bot: LoopbackBot) -> None:
    await bot.adapter.send(RACES, RECAP, once="1-1")
    world.forum.archive("700", locked=True)
    with pytest.raises(NotAllowedError, match="locked"):
        await bot.adapter.send(RACES, POLL, once="2-1")


async def test_a_post_that_somebody_deleted_is_begun_anew(world: Discord, bot: LoopbackBot) -> None:
    await bot.adapter.send(RACES, RECAP, once="1-1")
    world.forum.delete("700")
    assert await bot.adapter.send(RACES, POLL, once="2-1") == Post(RACES, "701/701")
    await bot.adapter.send(RACES, RECAP, once="3-1")
    assert said_in(world, "701") == ["Imola 2021", "Verstappen wins"]


@pytest.mark.parametrize(("tags", "set_"), [(None, [TAG]), ([], [])])
async def test_where_a_forum_asks_for_a_tag_it_gets_one_that_everybody_may_set(
    world: Discord, bot: LoopbackBot, tags: list[Any] | None, set_: list[str]
) -> None:
    world.forum.flags = REQUIRES_TAG if tags is None else 0
    await bot.adapter.send(RACES, RECAP, once="1-1")
    assert world.forum.posts["700"]["applied_tags"] == set_


async def test_a_forum_whose_tags_are_the_moderators_is_told_so(world: Discord, bot: LoopbackBot) -> None:
    world.forum.flags = REQUIRES_TAG
    world.forum.tags = [tag for tag in world.forum.tags if tag["id"] == MODERATED]
    with pytest.raises(NotAllowedError, match="requires a tag"):
        await bot.adapter.send(RACES, RECAP, once="1-1")


@pytest.mark.parametrize(("refusal", "error"), [((403, 50013), NotAllowedError), ((403, 50001), ChatUnseenError)])
async def test_where_no_post_may_be_begun_the_next_one_tries_at_once(
    world: Discord, bot: LoopbackBot, refusal: tuple[int, int], error: type[Exception]
) -> None:
    world.forum.refuses = refusal
    for once in ("1-1", "2-1"):
        with pytest.raises(error):
            await bot.adapter.send(RACES, RECAP, once=once)
    world.forum.refuses = None
    assert await bot.adapter.send(RACES, RECAP, once="3-1") == Post(RACES, "700/700")
    assert bot.clock.slept == []


async def test_a_forum_that_is_none_any_more_is_told_so(bot: LoopbackBot) -> None:
    with pytest.raises(NotAllowedError, match=NO_FORUM):
        await bot.adapter.send(forum_chat(9), RECAP, once="1-1")


async def test_a_channel_that_is_deleted_is_out_of_sight_as_ever(world: Discord, bot: LoopbackBot) -> None:
    world.forum.deleted.add("50")
    with pytest.raises(ChannelDeletedError):
        await bot.adapter.send(channel_chat(50), POLL)


async def test_what_comes_twice_is_there_once(world: Discord, bot: LoopbackBot) -> None:
    posts = [await bot.adapter.send(RACES, each, once=each.card.title) for each in (RECAP, POLL) for _ in range(2)]
    assert said_in(world, "700") == ["Verstappen wins", "Imola 2021"]
    assert posts[0] == posts[1]
    assert posts[2] == posts[3]


async def test_two_deliveries_at_once_make_one_post(world: Discord, bot: LoopbackBot) -> None:
    replies = [replace(POLL, card=Card(f"News {number}")) for number in range(5)]
    await asyncio.gather(*(bot.adapter.send(RACES, each, once=each.card.title) for each in replies))
    assert world.forum.titles == ["Emilia Romagna GP 2021"]
    assert sorted(said_in(world, "700")) == [f"News {number}" for number in range(5)]


async def test_two_deliverers_make_one_post(url: str, database: Database, world: Discord, bot: LoopbackBot) -> None:
    """Two processes, which share no memory; on SQLite they share the connection."""
    other = database if database.dialect == "sqlite" else open_database(url)
    theirs = await bot_on(other, world, HeldClock())
    assert isinstance(theirs.clock, HeldClock)
    world.forum.gate.clear()
    async with running(theirs):
        await world.listened_to_by(2)
        mine = asyncio.create_task(bot.adapter.send(RACES, RECAP, once="1-1"))
        await world.forum.asked.wait()
        waiting = asyncio.create_task(theirs.adapter.send(RACES, POLL, once="2-1"))
        await theirs.clock.wake()
        await theirs.clock.asleep()
        world.forum.gate.set()
        assert await mine == Post(RACES, "700/700")
        await theirs.clock.wake()
        assert await waiting == Post(RACES, "700/601")
    assert len(world.forum.begun) == 1
    assert said_in(world, "700") == ["Verstappen wins", "Imola 2021"]
    if other is not database:
        await other.close()


@pytest.mark.parametrize("may_delete", [True, False], ids=["by a moderator", "without the right"])
async def test_who_hung_while_making_a_post_takes_it_away_and_speaks_in_the_one_that_is_there(
    url: str, database: Database, world: Discord, bot: LoopbackBot, may_delete: bool
) -> None:
    """The other process waits for a minute and makes it then; the first one's is made later still."""
    other = database if database.dialect == "sqlite" else open_database(url)
    theirs = await bot_on(other, world)
    theirs.clock.seconds = bot.clock.seconds + A_MINUTE.total_seconds() + 1
    world.forum.refuses_deleting = None if may_delete else (403, 50013)
    hung = world.forum.gate = asyncio.Event()
    async with running(theirs):
        await world.listened_to_by(2)
        mine = asyncio.create_task(bot.adapter.send(RACES, RECAP, once="1-1"))
        await world.forum.asked.wait()
        world.forum.gate = asyncio.Event()
        world.forum.gate.set()
        assert await theirs.adapter.send(RACES, POLL, once="2-1") == Post(RACES, "700/700")
        hung.set()
        said = await mine
        assert await bot.adapter.send(RACES, RECAP, once="1-1") == said, "and twice it says it once"
    assert said_in(world, "700") == ["Imola 2021", "Verstappen wins"]
    assert [*world.forum.posts] == (["700"] if may_delete else ["700", "701"])
    assert world.forum.emptied == (set() if may_delete else {"701"})
    if other is not database:
        await other.close()


async def test_two_that_both_hung_agree_which_post_it_is(
    url: str, database: Database, world: Discord, bot: LoopbackBot
) -> None:
    other = database if database.dialect == "sqlite" else open_database(url)
    theirs = await bot_on(other, world)
    theirs.clock.seconds = bot.clock.seconds + A_MINUTE.total_seconds() + 1
    world.forum.gate.clear()
    async with running(theirs):
        await world.listened_to_by(2)
        mine = asyncio.create_task(bot.adapter.send(RACES, RECAP, once="1-1"))
        await world.forum.asked.wait()
        world.forum.asked.clear()
        late = asyncio.create_task(theirs.adapter.send(RACES, POLL, once="2-1"))
        await world.forum.asked.wait()
        world.forum.gate.set()
        threads = {post.message.split("/")[0] for post in await asyncio.gather(mine, late)}
    (thread,) = threads
    assert [*world.forum.posts] == [thread]
    assert sorted(said_in(world, thread)) == ["Imola 2021", "Verstappen wins"]
    if other is not database:
        await other.close()


async def test_a_post_whose_making_was_answered_by_nothing_is_found_again(world: Discord, bot: LoopbackBot) -> None:
    world.forum.drops = 1
    with pytest.raises(UnreachableError):
        await bot.adapter.send(RACES, RECAP, once="1-1")
    assert await bot.adapter.send(RACES, POLL, once="2-1") == Post(RACES, "700/601")
    assert await bot.adapter.send(RACES, RECAP, once="1-1") == Post(RACES, "700/700")
    assert world.forum.titles == ["Emilia Romagna GP 2021"]
    assert said_in(world, "700") == ["Verstappen wins", "Imola 2021"]


@pytest.mark.parametrize("at_commit", [1, 2])
async def test_who_dies_between_two_commits_leaves_one_post_in_the_end(
    database: Database, world: Discord, bot: LoopbackBot, at_commit: int
) -> None:
    doomed = await bot_on(PowerCut(at_commit).threaten(database), world)
    async with running(doomed):
        await world.listened_to_by(2)
        with pytest.raises(PowerCutError):
            await doomed.adapter.send(RACES, RECAP, once="1-1")
    assert len(world.forum.titles) == at_commit - 1
    assert await bot.adapter.send(RACES, RECAP, once="1-1") == Post(RACES, "700/700")
    await bot.adapter.send(RACES, POLL, once="2-1")
    assert said_in(world, "700") == ["Verstappen wins", "Imola 2021"]


async def test_a_press_in_a_post_is_made_in_the_forum_after_a_restart_too(
    database: Database, world: Discord, bot: LoopbackBot
) -> None:
    await bot.adapter.send(RACES, POLL, once="1-1")
    answer = await pressed(world, bot, "700", "501")
    restarted = await bot_on(database, world)
    async with running(restarted):
        await world.listened_to_by(2)
        assert await pressed(world, restarted, "700", "502") == answer
    (mine,), (theirs,) = bot.asked, restarted.asked
    assert mine.chat == theirs.chat == RACES
    assert mine.pressed == theirs.pressed == Post(RACES, "700/700")


async def test_a_press_in_another_thread_is_made_in_that_thread(world: Discord, bot: LoopbackBot) -> None:
    await bot.adapter.send(RACES, POLL, once="1-1")
    await pressed(world, bot, "800", "501")
    assert [request.chat for request in bot.asked] == [Chat(Platform.DISCORD, "800")]
    assert [request.pressed for request in bot.asked] == [Post(Chat(Platform.DISCORD, "800"), "800")]


class Away(NoForumPosts):
    """The store of posts, whose database is away."""

    async def forum_of(self, _platform: Platform, _thread: str) -> Chat | None:
        raise OperationalError("SELECT", {}, OSError("the server is away"))


async def test_where_it_is_not_known_what_a_thread_is_who_presses_there_is_told(world: Discord) -> None:
    bot = LoopbackBot(world, forums=Away())
    with capture_logs() as logs:
        async with running(bot):
            await world.listened_to()
            for interaction in ("501", "502"):
                answer = await pressed(world, bot, "800", interaction, is_asked=False)
                assert OUT_OF_ORDER.partition(".")[0] in str(answer)
    assert bot.asked == []
    assert [line["event"] for line in logs if "forum" in line["event"]] == ["discord.forum_not_read"]


async def pressed(world: Discord, bot: LoopbackBot, thread: str, interaction: str, *, is_asked: bool = True) -> Any:
    """The answer to a press below the first message of a thread."""
    member = {"user": AL, "roles": [], "flags": 0, "joined_at": "2021-04-18T13:00:00+00:00", "permissions": "0"}
    press: dict[str, Any] = {
        **{key: value for key, value in PRESS.items() if key != "user"},
        "id": interaction,
        "guild_id": GUILD,
        "context": 0,
        "channel_id": thread,
        "channel": world.forum.posts.get(thread) or post(thread, "somebody's"),
        "member": member,
        "message": {**PRESSED[7], "id": thread, "channel_id": thread},
    }
    await world.tell("INTERACTION_CREATE", press)
    answer = await world.response(interaction)
    assert bool(bot.asked) is is_asked
    return answer
