import asyncio

import pytest

from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.domain.polls import Poll
from storage.chats import Chats
from storage.database.base import Database
from storage.handled_updates import HandledUpdates
from storage.polls import Polls
from storage.posts import KEPT, Edited, Gone, Posts, Shows
from tests.storage.booth import GRANDSTAND, PADDOCK, PIT_WALL, showing
from tests.support.clock import FakeClock
from tests.support.power_cut import PowerCut, PowerCutError

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


async def test_posts_come_back_as_they_were_newest_first(posts: Posts, imola: Poll, monza: Poll) -> None:
    shown = [Post(chat, "1") for chat in (PIT_WALL, PADDOCK, ALONE)]
    for post in shown:
        await posts.note(Shows(post, imola))
    await posts.note(Shows(Post(GRANDSTAND, "1"), monza))
    assert await showing(posts, imola) == shown[::-1]
    assert await showing(posts, monza) == [Post(GRANDSTAND, "1")]
    assert await posts.polls_shown() == {imola.id, monza.id}


async def test_an_inline_messages_id_is_not_kept_as_it_tells_whose_it_is(posts: Posts, imola: Poll) -> None:
    await posts.note(Shows(Post(ELSEWHERE, "AgAAAIXbhLUBAAAABwcHBwcHBwc"), imola))
    assert await showing(posts, imola) == []


async def test_pages_follow_each_other_without_gaps(posts: Posts, imola: Poll) -> None:
    shown = [Post(PIT_WALL, str(number)) for number in range(7)]
    for post in shown:
        await posts.note(Shows(post, imola))
    seen, last = [], None
    while page := await posts.showing(imola, PIT_WALL.platform, before=last, limit=3):
        assert len(page) <= 3
        seen += [each.post for each in page]
        last = page[-1].number
    assert seen == shown[::-1]


async def test_a_message_shows_one_poll_at_a_time(posts: Posts, imola: Poll, monza: Poll) -> None:
    await posts.note(Shows(Post(PIT_WALL, "1"), imola))
    await posts.note(Shows(Post(PIT_WALL, "1"), imola))
    assert await showing(posts, imola) == [Post(PIT_WALL, "1")]
    await posts.note(Shows(Post(PIT_WALL, "1"), monza))
    assert await showing(posts, imola) == []
    assert await showing(posts, monza) == [Post(PIT_WALL, "1")]


async def test_a_forgotten_message_is_shown_no_more(posts: Posts, imola: Poll) -> None:
    await posts.note(Shows(Post(PIT_WALL, "1"), imola))
    await posts.note(Shows(Post(GRANDSTAND, "1"), imola))
    await posts.note(Gone(Post(PIT_WALL, "1")))
    await posts.note(Gone(Post(PADDOCK, "1")))
    assert await showing(posts, imola) == [Post(GRANDSTAND, "1")]


async def test_a_chat_that_is_gone_takes_its_messages_along(posts: Posts, imola: Poll) -> None:
    for post in (Post(PIT_WALL, "1"), Post(PIT_WALL, "2"), Post(GRANDSTAND, "1")):
        await posts.note(Shows(post, imola))
    await posts.forget_chat(PIT_WALL)
    assert await showing(posts, imola) == [Post(GRANDSTAND, "1")]


async def states(posts: Posts, poll: Poll) -> dict[Post, int | None]:
    return {each.post: each.shown for each in await posts.showing(poll, PIT_WALL.platform)}


async def test_what_a_message_shows_is_known_and_in_doubt_while_it_is_edited(
    posts: Posts, imola: Poll, monza: Poll
) -> None:
    here, there = Post(PIT_WALL, "1"), Post(GRANDSTAND, "1")
    for _twice in range(2):
        await posts.note(Shows(here, imola, 7), Shows(there, imola, -(2**63)))
        assert await states(posts, imola) == {here: 7, there: -(2**63)}
    for _twice in range(2):
        await posts.claims.claim(imola, {here: 8})
        await posts.note(Edited(here, monza, 9))
        assert await states(posts, imola) == {here: None, there: -(2**63)}
    await posts.note(Edited(here, imola, 8), Gone(there), Edited(there, imola, 9))
    assert await states(posts, imola) == {here: 8}


async def test_a_press_changes_nothing_of_what_a_message_shows(posts: Posts, imola: Poll, monza: Poll) -> None:
    here = Post(PIT_WALL, "1")
    await posts.note(Shows(here, imola, 7))
    await posts.note(Shows(here, imola))
    assert await states(posts, imola) == {here: 7}
    await posts.note(Shows(here, monza))
    assert await states(posts, monza) == {here: None}


async def test_of_several_notes_on_a_message_the_last_one_counts(posts: Posts, imola: Poll, monza: Poll) -> None:
    here, there = Post(PIT_WALL, "1"), Post(GRANDSTAND, "1")
    await posts.note(Shows(here, imola, 1), Gone(here), Shows(here, monza, 2), Edited(here, monza, 3), Gone(there))
    assert await states(posts, imola) == {}
    assert await states(posts, monza) == {here: 3}


async def test_a_power_cut_leaves_all_notes_or_none(database: Database, chats: Chats, imola: Poll) -> None:
    here, there = Post(PIT_WALL, "1"), Post(GRANDSTAND, "1")
    posts = Posts(database, chats)
    await posts.note(Shows(here, imola, 1))
    with pytest.raises(PowerCutError):
        await Posts(PowerCut(1).threaten(database), chats).note(Edited(here, imola, 2), Shows(there, imola, 1))
    assert await states(posts, imola) == {here: 1}


async def test_two_processes_note_the_same_messages_at_once(database: Database, chats: Chats, imola: Poll) -> None:
    shown = [Shows(Post(Chat(Platform.TELEGRAM, str(-number)), "1"), imola, 1) for number in range(1, 41)]
    theirs = Posts(database, await Chats.open(database, HandledUpdates(database)))
    await asyncio.gather(Posts(database, chats).note(*shown), theirs.note(*shown[::-1]))
    assert len(await states(theirs, imola)) == len(shown)


async def test_messages_of_which_no_button_was_pressed_for_long_are_forgotten(
    database: Database, chats: Chats, imola: Poll
) -> None:
    clock = FakeClock()
    posts, old, in_use = Posts(database, chats, clock), Post(PIT_WALL, "1"), Post(GRANDSTAND, "1")
    await posts.note(Shows(old, imola), Shows(in_use, imola))
    clock.pass_by(KEPT)
    await posts.note(Shows(in_use, imola), Edited(old, imola, 7))
    clock.pass_by(1)
    assert [await posts.forget_some() for _twice in range(2)] == [False, False]
    assert await showing(posts, imola) == [in_use]
