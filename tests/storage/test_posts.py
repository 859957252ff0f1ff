import pytest

from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.domain.polls import Poll
from storage.chats import Chats
from storage.database.base import Database
from storage.polls import Polls
from storage.posts import Posts
from tests.storage.booth import GRANDSTAND, PADDOCK, PIT_WALL

ELSEWHERE = Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)
ALONE = Chat(Platform.DISCORD, "99", ChatKind.PRIVATE)


@pytest.fixture
def posts(database: Database, chats: Chats) -> Posts:
    return Posts(database, chats)


@pytest.fixture
def imola(polls: Polls) -> Poll:
    return next(poll for poll in polls if poll.incident_id == "imola-2021")


@pytest.fixture
def monza(polls: Polls) -> Poll:
    return next(poll for poll in polls if poll.incident_id == "monza-2021")


async def showing(posts: Posts, poll: Poll) -> list[Post]:
    return [post for _, post in await posts.showing(poll)]


async def test_posts_come_back_as_they_were_newest_first(posts: Posts, imola: Poll, monza: Poll) -> None:
    shown = [Post(chat, "1") for chat in (PIT_WALL, PADDOCK, ELSEWHERE, ALONE)]
    for post in shown:
        await posts.remember(imola, post)
    await posts.remember(monza, Post(GRANDSTAND, "1"))
    assert await showing(posts, imola) == shown[::-1]
    assert await showing(posts, monza) == [Post(GRANDSTAND, "1")]
    assert await posts.polls_shown() == {imola.id, monza.id}


async def test_pages_follow_each_other_without_gaps(posts: Posts, imola: Poll) -> None:
    shown = [Post(PIT_WALL, str(number)) for number in range(7)]
    for post in shown:
        await posts.remember(imola, post)
    seen, last = [], None
    while page := await posts.showing(imola, before=last, limit=3):
        assert len(page) <= 3
        seen += [post for _, post in page]
        last = page[-1][0]
    assert seen == shown[::-1]


async def test_a_message_shows_one_poll_at_a_time(posts: Posts, imola: Poll, monza: Poll) -> None:
    await posts.remember(imola, Post(PIT_WALL, "1"))
    await posts.remember(imola, Post(PIT_WALL, "1"))
    assert await showing(posts, imola) == [Post(PIT_WALL, "1")]
    await posts.remember(monza, Post(PIT_WALL, "1"))
    assert await showing(posts, imola) == []
    assert await showing(posts, monza) == [Post(PIT_WALL, "1")]


async def test_a_forgotten_message_is_shown_no_more(posts: Posts, imola: Poll) -> None:
    await posts.remember(imola, Post(PIT_WALL, "1"))
    await posts.remember(imola, Post(GRANDSTAND, "1"))
    await posts.forget(Post(PIT_WALL, "1"))
    await posts.forget(Post(PADDOCK, "1"))
    assert await showing(posts, imola) == [Post(GRANDSTAND, "1")]


async def test_a_chat_that_is_gone_takes_its_messages_along(posts: Posts, imola: Poll) -> None:
    for post in (Post(PIT_WALL, "1"), Post(PIT_WALL, "2"), Post(GRANDSTAND, "1")):
        await posts.remember(imola, post)
    await posts.forget_chat(PIT_WALL)
    assert await showing(posts, imola) == [Post(GRANDSTAND, "1")]
