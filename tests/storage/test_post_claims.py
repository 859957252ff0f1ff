"""Of several processes one at a time has a message in hand; what it had when it died is another's soon after."""

import asyncio

import pytest

from bot.domain.places import Chat, Platform, Post
from bot.domain.polls import Poll
from storage.chats import Chats
from storage.database.base import Database
from storage.polls import Polls
from storage.post_claims import CLAIM, Claimed
from storage.posts import RESTS, Edited, Gone, Posts, Shows
from tests.storage.booth import GRANDSTAND, PIT_WALL
from tests.support.clock import FakeClock
from tests.support.power_cut import PowerCut, PowerCutError

HERE, THERE = Post(PIT_WALL, "1"), Post(GRANDSTAND, "1")
NOBODY: frozenset[Post] = frozenset()


class Processes:
    """Two processes on one database, whose clocks agree; on SQLite the second one is the first, started again."""

    def __init__(self, database: Database, chats: Chats) -> None:
        self.clock = FakeClock()
        self.first, self.second = (Posts(database, chats, self.clock) for _ in range(2))


@pytest.fixture
def processes(database: Database, chats: Chats) -> Processes:
    return Processes(database, chats)


@pytest.fixture
def imola(polls: Polls) -> Poll:
    return next(poll for poll in polls if poll.incident_id == "imola-2021")


@pytest.fixture
def monza(polls: Polls) -> Poll:
    return next(poll for poll in polls if poll.incident_id == "monza-2021")


async def shown(posts: Posts, poll: Poll) -> dict[Post, int | None]:
    return {each.post: each.shown for each in await posts.showing(poll, PIT_WALL.platform)}


async def test_what_shows_something_else_is_claimed_again_and_again(processes: Processes, imola: Poll) -> None:
    ours = processes.first
    await ours.note(Shows(HERE, imola, 1), Shows(THERE, imola, 2))
    for _twice in range(2):
        assert await ours.claims.claim(imola, {HERE: 2, THERE: 2}) == Claimed(frozenset({HERE}), NOBODY, NOBODY)
        assert await shown(ours, imola) == {HERE: None, THERE: 2}
    for _twice in range(2):
        await ours.note(Edited(HERE, imola, 2))
        assert await shown(ours, imola) == {HERE: 2, THERE: 2}
    assert await ours.claims.claim(imola, {HERE: 2, THERE: 2}) == Claimed(NOBODY, NOBODY, NOBODY)


async def test_what_shows_no_such_poll_is_nobodys(processes: Processes, imola: Poll, monza: Poll) -> None:
    nowhere = Post(Chat(Platform.TELEGRAM, "-404"), "1")
    await processes.first.note(Shows(HERE, monza, 1), Shows(THERE, imola, 1))
    await processes.second.note(Gone(THERE))
    wanted = {HERE: 2, THERE: 2, nowhere: 2}
    assert await processes.first.claims.claim(imola, wanted) == Claimed(NOBODY, NOBODY, frozenset(wanted))
    assert await shown(processes.first, monza) == {HERE: 1}


async def test_a_power_cut_leaves_a_message_as_it_was(database: Database, chats: Chats, imola: Poll) -> None:
    posts = Posts(database, chats)
    await posts.note(Shows(HERE, imola, 1))
    with pytest.raises(PowerCutError):
        await Posts(PowerCut(1).threaten(database), chats).claims.claim(imola, {HERE: 2})
    assert await shown(posts, imola) == {HERE: 1}


@pytest.mark.postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
class TestOnAServer:
    """Where several processes edit."""

    async def test_two_at_once_share_the_messages(self, processes: Processes, imola: Poll) -> None:
        first, second = processes.first, processes.second
        posts = [Post(Chat(Platform.TELEGRAM, str(-number)), "1") for number in range(1, 41)]
        await first.note(*(Shows(post, imola, 1) for post in posts))
        here, there = await asyncio.gather(
            first.claims.claim(imola, dict.fromkeys(posts[:30], 2)),
            second.claims.claim(imola, dict.fromkeys(posts[:9:-1], 2)),
        )
        assert here.ours | there.ours == frozenset(posts)
        assert here.ours & there.ours == NOBODY
        assert here.others | there.others == frozenset(posts[10:30])

    async def test_whoever_lost_a_message_does_not_say_what_it_shows(self, processes: Processes, imola: Poll) -> None:
        first, second = processes.first, processes.second
        await first.note(Shows(HERE, imola, 1))
        await first.claims.claim(imola, {HERE: 2})
        assert (await second.claims.claim(imola, {HERE: 3})).others == {HERE}
        processes.clock.pass_by(CLAIM)
        assert (await second.claims.claim(imola, {HERE: 3})).ours == {HERE}
        await first.note(Edited(HERE, imola, 2))
        assert await shown(first, imola) == {HERE: None}
        await second.note(Edited(HERE, imola, 3))
        assert await shown(first, imola) == {HERE: 3}

    async def test_what_is_replaced_amid_an_edit_shows_nobody_knows_what(
        self, processes: Processes, imola: Poll
    ) -> None:
        first, second = processes.first, processes.second
        await first.note(Shows(HERE, imola, 1))
        await first.claims.claim(imola, {HERE: 2})
        await second.note(Shows(HERE, imola, 5))
        await first.note(Edited(HERE, imola, 2))
        assert await shown(first, imola) == {HERE: None}

    async def test_a_press_takes_no_message_out_of_hand(self, processes: Processes, imola: Poll) -> None:
        first, second = processes.first, processes.second
        await first.note(Shows(HERE, imola, 1))
        await first.claims.claim(imola, {HERE: 2})
        await second.note(Shows(HERE, imola))
        assert (await second.claims.claim(imola, {HERE: 3})).others == {HERE}
        await first.note(Edited(HERE, imola, 2))
        assert await shown(first, imola) == {HERE: 2}

    async def test_what_was_just_edited_keeps_the_rhythm_of_who_did(self, processes: Processes, imola: Poll) -> None:
        first, second = processes.first, processes.second
        await first.note(Shows(HERE, imola, 1))
        await first.claims.claim(imola, {HERE: 2})
        await first.note(Edited(HERE, imola, 2))
        processes.clock.pass_by(RESTS - 1)
        assert (await second.claims.claim(imola, {HERE: 3})).others == {HERE}
        assert (await second.claims.claim(imola, {HERE: 2})).others == NOBODY, "nothing is to be done"
        processes.clock.pass_by(1)
        assert (await second.claims.claim(imola, {HERE: 3})).ours == {HERE}

    async def test_what_could_not_be_edited_is_anybodys_at_once(self, processes: Processes, imola: Poll) -> None:
        first, second = processes.first, processes.second
        await first.note(Shows(HERE, imola, 1))
        await first.claims.claim(imola, {HERE: 2})
        await first.note(Edited(HERE, imola, None))
        assert (await second.claims.claim(imola, {HERE: 2})).ours == {HERE}
