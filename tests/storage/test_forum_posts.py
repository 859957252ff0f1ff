"""A race's post in a forum: made once, whoever is told of the race first, and whatever happens to them meanwhile."""

import asyncio
import datetime as dt

import pytest

from bot.domain.places import Chat, Platform
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.forum_posts import A_MINUTE, ForumPost, ForumPosts
from storage.handled_updates import HandledUpdates
from tests.support.power_cut import PowerCut, PowerCutError

FORUM, ANOTHER = Chat(Platform.DISCORD, "forum:20"), Chat(Platform.DISCORD, "forum:21")
IMOLA, MONZA = "2021-emilia-romagna-grand-prix", "2021-italian-grand-prix"
RECAP, POLL = "1-1", "2-1"
NOW = dt.datetime(2021, 4, 18, 15, tzinfo=dt.UTC)


@pytest.fixture
def posts(database: Database, chats: Chats) -> ForumPosts:
    return ForumPosts(database, chats)


def unclaimed(post: ForumPost) -> ForumPost:
    """How it stands with a post, whoever's claim it is."""
    return post._replace(claim=0)


async def test_who_is_first_makes_the_post_and_others_find_it(posts: ForumPosts) -> None:
    assert unclaimed(await posts.begin(FORUM, IMOLA, RECAP, NOW)) == ForumPost(None, RECAP, mine=True)
    assert unclaimed(await posts.begin(FORUM, IMOLA, POLL, NOW)) == ForumPost(None, RECAP), "somebody makes it"
    await posts.made(FORUM, IMOLA, "700", RECAP)
    assert unclaimed(await posts.begin(FORUM, IMOLA, POLL, NOW)) == ForumPost("700", RECAP)


async def test_each_race_in_each_forum_has_its_own(posts: ForumPosts) -> None:
    for forum, race, thread in ((FORUM, IMOLA, "700"), (FORUM, MONZA, "701"), (ANOTHER, IMOLA, "702")):
        assert (await posts.begin(forum, race, RECAP, NOW)).mine
        await posts.made(forum, race, thread, RECAP)
    assert await posts.forum_of(Platform.DISCORD, "701") == FORUM
    assert await posts.forum_of(Platform.DISCORD, "702") == ANOTHER


async def test_no_other_thread_is_in_a_forum_of_ours(posts: ForumPosts) -> None:
    await posts.begin(FORUM, IMOLA, RECAP, NOW)
    await posts.made(FORUM, IMOLA, "700", RECAP)
    assert await posts.forum_of(Platform.DISCORD, "800") is None
    assert await posts.forum_of(Platform.TELEGRAM, "700") is None


async def test_a_post_that_somebody_deleted_is_made_anew_once(posts: ForumPosts) -> None:
    await posts.begin(FORUM, IMOLA, RECAP, NOW)
    await posts.made(FORUM, IMOLA, "700", RECAP)
    assert unclaimed(await posts.begin(FORUM, IMOLA, POLL, NOW, lost="700")) == ForumPost(None, POLL, mine=True)
    assert unclaimed(await posts.begin(FORUM, IMOLA, RECAP, NOW, lost="700")) == ForumPost(None, POLL)
    await posts.made(FORUM, IMOLA, "701", POLL)
    assert unclaimed(await posts.begin(FORUM, IMOLA, RECAP, NOW, lost="700")) == ForumPost("701", POLL)


async def test_two_that_begin_at_the_same_moment_make_one_post(url: str, database: Database, posts: ForumPosts) -> None:
    """Two tasks of one process, on PostgreSQL two processes."""
    other = database if database.dialect == "sqlite" else open_database(url)
    theirs = ForumPosts(other, await Chats.open(other, HandledUpdates(other)))
    for number in range(20):
        race = f"{2000 + number}-grand-prix"
        begun = await asyncio.gather(posts.begin(FORUM, race, RECAP, NOW), theirs.begin(FORUM, race, POLL, NOW))
        assert sorted(post.mine for post in begun) == [False, True]
        (maker,) = [starter for starter, post in zip((RECAP, POLL), begun, strict=True) if post.mine]
        assert {post.starter for post in begun} == {maker}
    if other is not database:
        await other.close()


async def test_two_that_have_lost_it_at_the_same_moment_make_one_anew(posts: ForumPosts) -> None:
    await posts.begin(FORUM, IMOLA, RECAP, NOW)
    await posts.made(FORUM, IMOLA, "700", RECAP)
    begun = await asyncio.gather(*(posts.begin(FORUM, IMOLA, once, NOW, lost="700") for once in (RECAP, POLL)))
    assert sorted(post.mine for post in begun) == [False, True]


async def test_a_post_that_was_noted_stays_whoever_else_made_one(posts: ForumPosts) -> None:
    await posts.begin(FORUM, IMOLA, RECAP, NOW)
    await posts.made(FORUM, IMOLA, "700", RECAP)
    assert await posts.made(FORUM, IMOLA, "701", POLL) == ForumPost("700", RECAP)
    await posts.start_with(FORUM, IMOLA, POLL, int(NOW.timestamp()))
    assert unclaimed(await posts.begin(FORUM, IMOLA, POLL, NOW)) == ForumPost("700", RECAP)


async def test_after_a_death_in_between_the_same_message_goes_on_at_once_and_others_after_a_minute(
    posts: ForumPosts,
) -> None:
    await posts.begin(FORUM, IMOLA, RECAP, NOW)
    assert unclaimed(await posts.begin(FORUM, IMOLA, RECAP, NOW)) == ForumPost(None, RECAP, mine=True, begun=True)
    nearly = NOW + A_MINUTE - dt.timedelta(seconds=1)
    assert unclaimed(await posts.begin(FORUM, IMOLA, POLL, nearly)) == ForumPost(None, RECAP)
    late = NOW + A_MINUTE + dt.timedelta(seconds=1)  # each claim counts for a second later than the one before
    taken = await posts.begin(FORUM, IMOLA, POLL, late)
    assert unclaimed(taken) == ForumPost(None, RECAP, mine=True, begun=True)
    assert unclaimed(await posts.begin(FORUM, IMOLA, "3-1", late)) == ForumPost(None, RECAP), (
        "which counts from then on"
    )
    await posts.start_with(FORUM, IMOLA, POLL, taken.claim)
    assert unclaimed(await posts.begin(FORUM, IMOLA, POLL, late)) == ForumPost(None, POLL, mine=True, begun=True)


async def test_what_could_not_be_made_is_left_to_whoever_is_next(posts: ForumPosts) -> None:
    begun = await posts.begin(FORUM, IMOLA, RECAP, NOW)
    await posts.let_go(FORUM, IMOLA, begun.claim)
    assert unclaimed(await posts.begin(FORUM, IMOLA, POLL, NOW)) == ForumPost(None, RECAP, mine=True, begun=True)


async def test_who_hung_and_comes_late_changes_nothing_of_what_others_do(posts: ForumPosts) -> None:
    hung = await posts.begin(FORUM, IMOLA, RECAP, NOW)
    again = await posts.begin(FORUM, IMOLA, RECAP, NOW)
    assert again.claim != hung.claim, "even within the same second"
    late = NOW + 2 * A_MINUTE
    taken = await posts.begin(FORUM, IMOLA, POLL, late)
    await posts.start_with(FORUM, IMOLA, POLL, taken.claim)
    for claim in (hung.claim, again.claim):
        await posts.start_with(FORUM, IMOLA, RECAP, claim)
        await posts.let_go(FORUM, IMOLA, claim)
    assert unclaimed(await posts.begin(FORUM, IMOLA, "3-1", late)) == ForumPost(None, POLL)
    assert await posts.made(FORUM, IMOLA, "701", POLL) == ForumPost("701", POLL)
    assert await posts.made(FORUM, IMOLA, "700", RECAP) == ForumPost("701", POLL)


async def test_whoever_is_noted_first_has_its_own_beginning(posts: ForumPosts) -> None:
    await posts.begin(FORUM, IMOLA, RECAP, NOW)
    taken = await posts.begin(FORUM, IMOLA, POLL, NOW + A_MINUTE)
    await posts.start_with(FORUM, IMOLA, POLL, taken.claim)
    assert await posts.made(FORUM, IMOLA, "700", RECAP) == ForumPost("700", RECAP)
    assert await posts.made(FORUM, IMOLA, "701", POLL) == ForumPost("700", RECAP)
    assert await posts.begin(FORUM, IMOLA, POLL, NOW) == ForumPost("700", RECAP)


async def test_two_that_have_made_one_at_the_same_moment_agree_which_it_is(
    url: str, database: Database, posts: ForumPosts
) -> None:
    """Two tasks of one process, on PostgreSQL two processes."""
    other = database if database.dialect == "sqlite" else open_database(url)
    theirs = ForumPosts(other, await Chats.open(other, HandledUpdates(other)))
    for number in range(20):
        race = f"{2000 + number}-grand-prix"
        await posts.begin(FORUM, race, RECAP, NOW)
        made = await asyncio.gather(
            posts.made(FORUM, race, f"7{number}", RECAP), theirs.made(FORUM, race, f"8{number}", POLL)
        )
        assert made[0] == made[1]
        assert made[0] in {ForumPost(f"7{number}", RECAP), ForumPost(f"8{number}", POLL)}
    if other is not database:
        await other.close()


@pytest.mark.parametrize("at_commit", [1, 2])
async def test_a_power_cut_leaves_what_was_committed_before(
    database: Database, chats: Chats, posts: ForumPosts, at_commit: int
) -> None:
    doomed = ForumPosts(PowerCut(at_commit).threaten(database), chats)
    with pytest.raises(PowerCutError):
        await _make(doomed)
    begun = at_commit > 1
    assert unclaimed(await posts.begin(FORUM, IMOLA, RECAP, NOW)) == ForumPost(None, RECAP, mine=True, begun=begun)
    await posts.made(FORUM, IMOLA, "700", RECAP)
    assert unclaimed(await posts.begin(FORUM, IMOLA, RECAP, NOW)) == ForumPost("700", RECAP)


async def _make(posts: ForumPosts) -> None:
    await posts.begin(FORUM, IMOLA, RECAP, NOW)
    await posts.made(FORUM, IMOLA, "700", RECAP)
