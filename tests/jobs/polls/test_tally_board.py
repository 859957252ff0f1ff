import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.chat.buttons import Button
from bot.chat.cards import Card
from bot.chat.platform import (
    Adapter,
    ChatGoneError,
    ChatMovedError,
    ChatUnseenError,
    NotAllowedError,
    PostGoneError,
    SlowDownError,
    UnreachableError,
)
from bot.chat.readers import Readers
from bot.chat.replies import Reply
from bot.chat.requests import Request
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.domain.polls import Poll, Question, Tally
from bot.events import MOST_WAITING, CaseChanged, Events, PollMoved, PollViewChanged, RulingMade
from bot.jobs.polls.moving_poll import PAGE
from bot.jobs.polls.rounds import AT_ONCE, BACKOFF, LONGEST_PAUSE, PAUSE, Alone
from bot.jobs.polls.tally_board import ON_ITS_WAY, TallyBoard
from bot.search.catalogue import Incidents
from storage.ballot_box import Ballot, BallotBox
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.polls import Polls
from storage.posts import Posts
from storage.voters import Voters
from tests.storage.booth import showing
from tests.support.clock import HeldClock
from tests.support.platform_double import PlatformDouble

PIT_WALL = Chat(Platform.TELEGRAM, "-1001")
GRANDSTAND = Chat(Platform.TELEGRAM, "-1002")
PADDOCK = Chat(Platform.DISCORD, "555")
ALONE = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)


def render(poll: Poll, _chat: Chat, here: Tally | None, everyone: Mapping[Question, Tally], ruling: str = "") -> Reply:
    """`here 2, everywhere 3`, or without the first where there is no here; of a rating with the votes on blame."""
    text = f"everywhere {everyone[poll.question].votes}{ruling}"
    if poll.question is Question.RATING:
        text += f", blame {everyone[Question.BLAME].votes}"
    card = Card(f"here {here.votes}, {text}" if here else text)
    buttons = tuple((Button(each.key, "vote", f"{poll.incident_id} {each.key}"),) for each in poll.choices)
    return Reply(card, buttons, poll=poll.incident_id, question=poll.question)


class Stadium:
    """A board on a real database, with a clock and two screens, the second of which is to be connected."""

    def __init__(self, database: Database, polls: Polls, chats: Chats) -> None:
        self.polls = polls
        self.clock = HeldClock()
        self.posts = Posts(database, chats, self.clock)
        self.box = BallotBox(database, chats, HandledUpdates(database))
        self.events = Events()
        self.telegram = PlatformDouble(Platform.TELEGRAM, self.clock)
        self.discord = PlatformDouble(Platform.DISCORD, self.clock)
        self.screens: dict[Platform, Adapter] = {Platform.TELEGRAM: self.telegram}
        steady = replace(BACKOFF, jitter=0)
        self.voters = Voters(database, b"a secret")
        self.readers = Readers()
        alone = Alone(self.readers.of, self.voters.choices)
        self.board = TallyBoard(polls, self.posts, self.screens, self._render, alone, self.events, self.clock, steady)
        self.ruling = ""
        poll = polls.get("imola-2021")
        assert poll is not None
        self.poll = poll

    def _render(self, poll: Poll, chat: Chat, here: Tally | None, everyone: Mapping[Question, Tally]) -> Reply:
        return render(poll, chat, here, everyone, self.ruling)

    def rule(self, ruling: str) -> None:
        """Let the stewards decide something."""
        self.ruling = f", {ruling}"
        self.events.publish(RulingMade(self.poll.incident_id))

    def post(self, chat: Chat, message: str) -> Post:
        """Send a message that shows the poll, with no votes yet."""
        post = Post(chat, message)
        shown = Reply(
            Card("everywhere 0" if chat.kind is ChatKind.PRIVATE else "here 0, everywhere 0"), poll="imola-2021"
        )
        self.board.posted(post, shown)
        return post

    def pushed(self, chat: Chat, message: str) -> Post:
        """Deliver a message that shows the poll as it was before anything happened; it is not stored yet."""
        post = Post(chat, message)
        self.board.delivered(post, Reply(Card("here 0, everywhere 0"), poll="imola-2021"))
        return post

    async def vote(
        self, voter: int, chat: Chat = PIT_WALL, pressed: Post | None = None, choice: int | None = 0
    ) -> None:
        wanted = None if choice is None else self.poll.choices[choice]
        await self.box.cast(Ballot(self.poll, wanted, voter, chat))
        self.events.publish(PollMoved(self.poll.incident_id, pressed))

    async def settle(self) -> None:
        """Let time pass until the board has nothing more to do."""
        while self.board._moving or self.board._moves._waiting:
            await asyncio.sleep(0)
            self.clock.move_on()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let time pass until something is so."""
        while not condition():
            await asyncio.sleep(0)
            self.clock.move_on()

    async def stored(self, count: int) -> None:
        """Wait until so many messages are known to show the poll."""
        while len(await showing(self.posts, self.poll)) != count:
            pass


@asynccontextmanager
async def stadium(folder: Path, incidents: Incidents) -> AsyncIterator[Stadium]:
    database = open_database(f"sqlite:///{folder / 'racing-incident.db'}")
    await database.upgrade()
    async with running(database, incidents) as built:
        yield built


@asynccontextmanager
async def running(database: Database, incidents: Incidents) -> AsyncIterator[Stadium]:
    """A board at work on a database, which is closed in the end."""
    chats = await Chats.open(database, HandledUpdates(database))
    built = Stadium(database, await Polls.open(database, incidents), chats)
    async with asyncio.TaskGroup() as group:
        group.create_task(built.box.run())
        board = group.create_task(built.board.run())
        await asyncio.sleep(0)  # it has asked for what is stored before anything is posted
        yield built
        board.cancel()
        await built.box.close()
    await database.close()


@pytest.fixture
async def world(data_dir: Path, incidents: Incidents) -> AsyncIterator[Stadium]:
    async with stadium(data_dir, incidents) as built:
        yield built


async def test_a_vote_moves_every_message_that_shows_the_poll(world: Stadium) -> None:
    world.screens[Platform.DISCORD] = world.discord
    here, there, elsewhere = world.post(PIT_WALL, "1"), world.post(GRANDSTAND, "1"), world.post(PADDOCK, "1")
    await world.stored(3)
    await world.vote(7, pressed=here)
    await world.settle()
    assert world.telegram.showing(here) == "here 1, everywhere 1"
    assert world.telegram.showing(there) == "here 0, everywhere 1"
    assert world.discord.showing(elsewhere) == "here 0, everywhere 1"


async def test_a_message_is_edited_once_in_three_seconds_and_ends_on_the_last_state(world: Stadium) -> None:
    post = world.post(PIT_WALL, "1")
    await world.vote(1, pressed=post)
    await world.telegram.edited(1)
    for voter in range(2, 12):
        await world.vote(voter, pressed=post)
    await world.settle()
    assert world.telegram.edits == [
        (0, post, "here 1, everywhere 1"),
        (PAUSE, post, "here 11, everywhere 11"),
    ]


@pytest.mark.parametrize("waits", [1, 2, 5])
async def test_whenever_votes_come_the_last_one_is_shown(world: Stadium, waits: int) -> None:
    post = world.post(PIT_WALL, "1")
    for voter in range(20):
        await world.vote(voter, pressed=post)
        for _ in range(waits * voter % 7):
            await asyncio.sleep(0)
            world.clock.move_on()
    await world.settle()
    assert world.telegram.showing(post) == "here 20, everywhere 20"
    moments = [at for at, _, _ in world.telegram.edits]
    assert all(later - earlier >= PAUSE for earlier, later in pairwise(moments))


async def test_a_storm_of_votes_is_a_handful_of_edits(world: Stadium) -> None:
    post = world.post(PIT_WALL, "1")
    await asyncio.gather(*(world.vote(voter, pressed=post) for voter in range(1_000)))
    await world.settle()
    assert world.telegram.showing(post) == "here 1000, everywhere 1000"
    assert len(world.telegram.edits) <= 10


async def test_the_message_that_was_pressed_goes_first(world: Stadium) -> None:
    pressed, *others = [world.post(chat, "1") for chat in (PIT_WALL, GRANDSTAND, Chat(Platform.TELEGRAM, "-1003"))]
    await world.stored(3)
    await world.vote(7, pressed=pressed)
    await world.settle()
    assert [post for _, post, _ in world.telegram.edits] == [pressed, *reversed(others)], "then the newest"


async def test_more_messages_than_fit_into_a_round_take_several(world: Stadium) -> None:
    posts = [world.post(Chat(Platform.TELEGRAM, str(-number)), "1") for number in range(1, PAGE + 21)]
    await world.stored(len(posts))
    await world.vote(7, GRANDSTAND)
    await world.settle()
    assert all(world.telegram.showing(post) == "here 0, everywhere 1" for post in posts)
    assert {at for at, _, _ in world.telegram.edits} == {0, PAUSE}


async def test_a_ruling_waits_for_no_pause(world: Stadium) -> None:
    posts = [world.post(chat, "1") for chat in (PIT_WALL, GRANDSTAND)]
    await world.stored(2)
    await world.vote(7, pressed=posts[0])
    await world.telegram.edited(2)
    world.rule("5 s for Bottas")
    await world.telegram.edited(4)
    assert [world.telegram.showing(post) for post in posts] == [
        "here 1, everywhere 1, 5 s for Bottas",
        "here 0, everywhere 1, 5 s for Bottas",
    ]
    assert world.clock.seconds == 0
    await world.vote(8, pressed=posts[0])
    await world.settle()
    assert [at for at, post, _ in world.telegram.edits if post == posts[0]] == [0, 0, PAUSE], "votes wait as ever"


async def test_a_ruling_is_on_every_page_of_messages_at_once(world: Stadium) -> None:
    posts = [world.post(Chat(Platform.TELEGRAM, str(-number)), "1") for number in range(1, PAGE + 21)]
    await world.stored(len(posts))
    await world.vote(7, GRANDSTAND)
    await world.telegram.edited(PAGE)
    world.rule("5 s for Bottas")
    ruled = "here 0, everywhere 1, 5 s for Bottas"
    await world.telegram.until(lambda: all(world.telegram.showing(post) == ruled for post in posts))
    assert world.clock.seconds == 0


async def test_edits_that_wait_their_turn_make_way_for_a_ruling(world: Stadium) -> None:
    posts = [world.post(Chat(Platform.TELEGRAM, str(-number)), "1") for number in range(1, 21)]
    await world.stored(len(posts))
    world.telegram.gate.clear()
    await world.vote(7, GRANDSTAND)
    await world.telegram.edited(AT_ONCE)
    world.rule("5 s for Bottas")
    while world.board._moves._waiting:  # noqa: ASYNC110 - the board is to hear of it
        await asyncio.sleep(0)
    world.telegram.gate.set()
    await world.settle()
    assert all(world.telegram.showing(post) == "here 0, everywhere 1, 5 s for Bottas" for post in posts)
    assert len(world.telegram.edits) == AT_ONCE + len(posts)


async def test_a_ruling_bothers_no_platform_that_cannot_be_reached(world: Stadium) -> None:
    post = world.post(PIT_WALL, "1")
    world.telegram.troubles[post] = [UnreachableError()] * 2
    await world.vote(7, pressed=post)
    await world.telegram.edited(1)
    world.clock.move_on()
    await world.telegram.edited(2)
    world.rule("5 s for Bottas")
    await world.settle()
    assert world.telegram.tried == [0, PAUSE, 3 * PAUSE]
    assert world.telegram.showing(post) == "here 1, everywhere 1, 5 s for Bottas"


@pytest.mark.parametrize("chat", [PIT_WALL, ALONE])
async def test_a_pushed_poll_that_was_written_before_the_ruling_is_brought_up_to_date(
    world: Stadium, chat: Chat
) -> None:
    world.rule("5 s for Bottas")
    await world.settle()
    late = world.pushed(chat, "1")
    await world.settle()
    assert str(world.telegram.showing(late)).endswith("everywhere 0, 5 s for Bottas")


async def test_a_ruling_is_on_messages_that_have_just_arrived_and_are_not_stored_yet(world: Stadium) -> None:
    posts = [world.pushed(chat, "1") for chat in (PIT_WALL, ALONE)]
    world.rule("5 s for Bottas")
    await world.telegram.edited(2)
    assert all(str(world.telegram.showing(post)).endswith("everywhere 0, 5 s for Bottas") for post in posts)


async def test_one_that_was_pushed_later_was_written_later(world: Stadium) -> None:
    world.events.publish(CaseChanged(world.poll.incident_id))
    await world.settle()
    world.clock.pass_by(ON_ITS_WAY)
    world.pushed(PIT_WALL, "1")
    assert not world.board._moving


async def test_where_polls_are_shown_otherwise_by_now_every_message_of_that_chat_follows(world: Stadium) -> None:
    post, alone = world.post(PIT_WALL, "1"), world.post(ALONE, "1")
    await world.stored(1)
    for number, voter_chat in enumerate((PIT_WALL, ALONE)):
        await world.box.cast(Ballot(world.poll, world.poll.choices[0], number, voter_chat))
    for chat, times in ((GRANDSTAND, 0), (PIT_WALL, 2)):
        world.events.publish(PollViewChanged(chat))
        await world.telegram.edited(times)
        await world.settle()
    assert world.telegram.showing(post) == "here 1, everywhere 2"
    assert world.telegram.showing(alone) == "everywhere 2", "as it shows the same poll"


async def test_a_message_that_was_on_its_way_when_its_chat_wished_otherwise_follows(world: Stadium) -> None:
    await world.box.cast(Ballot(world.poll, world.poll.choices[0], 1, GRANDSTAND))
    await world.settle()
    world.events.publish(PollViewChanged(PIT_WALL))
    await world.settle()
    post = world.pushed(PIT_WALL, "1")
    await world.telegram.edited(1)
    assert world.telegram.showing(post) == "here 0, everywhere 1"
    world.clock.pass_by(ON_ITS_WAY)
    await world.settle()
    world.pushed(PIT_WALL, "2")
    assert not world.board._moving


async def test_a_private_chats_messages_are_shown_otherwise_too(world: Stadium) -> None:
    post = world.post(ALONE, "1")
    await world.box.cast(Ballot(world.poll, world.poll.choices[0], 7, ALONE))
    world.events.publish(PollViewChanged(ALONE))
    await world.telegram.edited(1)
    await world.settle()
    assert world.telegram.showing(post) == "everywhere 1"


async def test_where_too_much_moved_at_once_every_poll_is_looked_at(world: Stadium) -> None:
    post = world.post(PIT_WALL, "1")
    await world.stored(1)
    await world.box.cast(Ballot(world.poll, world.poll.choices[0], 7, PIT_WALL))
    world.events.publish(PollMoved(world.poll.incident_id))
    for number in range(MOST_WAITING):
        world.events.publish(PollMoved(f"nowhere-{number}"))
    await world.telegram.edited(1)
    await world.settle()
    assert world.telegram.showing(post) == "here 1, everywhere 1"


async def test_what_shows_the_state_already_is_not_edited(world: Stadium) -> None:
    post = world.post(PIT_WALL, "1")
    await world.stored(1)
    await world.vote(7)
    await world.vote(7, choice=None)  # which takes it back
    await world.settle()
    assert world.telegram.showing(post) in (None, "here 0, everywhere 0")
    tried = len(world.telegram.tried)
    world.events.publish(PollMoved(world.poll.incident_id))
    await world.settle()
    assert len(world.telegram.tried) == tried


@pytest.mark.parametrize("trouble", [PostGoneError(), NotAllowedError("The topic is closed.")])
async def test_a_message_that_is_gone_or_closed_to_us_is_forgotten(world: Stadium, trouble: Exception) -> None:
    gone, there = world.post(PIT_WALL, "1"), world.post(PIT_WALL, "2")
    await world.stored(2)
    world.telegram.troubles[gone] = [trouble]
    await world.vote(7)
    await world.settle()
    assert await showing(world.posts, world.poll) == [there]
    await world.vote(8)
    await world.settle()
    assert world.telegram.showing(gone) is None
    assert world.telegram.showing(there) == "here 2, everywhere 2"


@pytest.mark.parametrize("trouble", [ChatGoneError(), ChatMovedError(GRANDSTAND)])
async def test_with_a_chat_that_is_gone_all_its_messages_are_forgotten(world: Stadium, trouble: Exception) -> None:
    gone = [world.post(PIT_WALL, message) for message in ("1", "2", "3")]
    there = world.post(GRANDSTAND, "1")
    await world.stored(4)
    world.telegram.troubles[gone[0]] = [trouble]
    await world.vote(7, GRANDSTAND)
    await world.settle()
    assert await showing(world.posts, world.poll) == [there]


async def test_a_platform_that_asks_for_patience_gets_it(world: Stadium) -> None:
    post = world.post(PIT_WALL, "1")
    world.telegram.troubles[post] = [SlowDownError(30)]
    await world.vote(7, pressed=post)
    await world.settle()
    assert world.telegram.tried == [0, 30]
    assert world.telegram.showing(post) == "here 1, everywhere 1"


async def test_a_platform_out_of_reach_is_tried_again_after_ever_longer_pauses(world: Stadium) -> None:
    posts = [world.post(PIT_WALL, message) for message in ("1", "2", "3")]
    await world.stored(3)
    for post in posts:
        world.telegram.troubles[post] = [UnreachableError()] * 3
    await world.vote(7)
    await world.settle()
    assert sorted(set(world.telegram.tried)) == [0, 3, 9, 21], "pauses of 3, 6 and 12 s, however many messages failed"
    assert all(world.telegram.showing(post) == "here 1, everywhere 1" for post in posts)


async def test_no_pause_is_longer_than_five_minutes_however_long_a_platform_is_away(world: Stadium) -> None:
    post = world.post(PIT_WALL, "1")
    world.telegram.troubles[post] = [UnreachableError()] * 12
    await world.vote(7, pressed=post)
    await world.settle()
    tried = world.telegram.tried
    assert max(later - earlier for earlier, later in pairwise(tried)) == LONGEST_PAUSE
    assert world.telegram.showing(post) == "here 1, everywhere 1"


async def test_one_platforms_trouble_does_not_slow_another(world: Stadium) -> None:
    world.screens[Platform.DISCORD] = world.discord
    here, there = world.post(PIT_WALL, "1"), world.post(PADDOCK, "1")
    await world.stored(2)
    world.discord.troubles[there] = [UnreachableError()] * 5
    await world.vote(1, pressed=here)
    while len(world.discord.tried) < 5:
        await asyncio.sleep(0)
        world.clock.move_on()
    await world.vote(2, pressed=here)
    await world.telegram.edited(2)
    assert world.telegram.showing(here) == "here 2, everywhere 2"
    await world.settle()
    assert world.discord.showing(there) == "here 0, everywhere 2"


async def test_an_edit_that_fails_oddly_leaves_the_others_alone(world: Stadium) -> None:
    odd, there = world.post(PIT_WALL, "1"), world.post(GRANDSTAND, "1")
    await world.stored(2)
    world.telegram.troubles[odd] = [ZeroDivisionError()]
    await world.vote(7)
    await world.settle()
    assert world.telegram.showing(there) == "here 0, everywhere 1"


async def test_a_message_that_was_turned_to_another_view_is_left_alone(world: Stadium) -> None:
    turned, there = world.post(PIT_WALL, "1"), world.post(PIT_WALL, "2")
    world.board.posted(turned, Reply(Card("Bottas and Russell, Imola 2021"), replace=True))
    await world.vote(7)
    await world.settle()
    assert world.telegram.showing(turned) is None
    assert world.telegram.showing(there) == "here 1, everywhere 1"


async def test_a_message_that_is_turned_while_its_edit_waits_is_left_alone_too(world: Stadium) -> None:
    posts = [world.post(PIT_WALL, str(number)) for number in range(12)]
    await world.stored(12)
    world.telegram.gate.clear()
    await world.vote(7)
    await world.telegram.edited(1)
    waiting = posts[0]  # the oldest is the last in turn
    world.board.posted(waiting, Reply(Card("Bottas and Russell, Imola 2021"), replace=True))
    world.telegram.gate.set()
    await world.settle()
    assert world.telegram.showing(waiting) is None
    assert world.telegram.showing(posts[1]) == "here 1, everywhere 1"


async def test_what_somebody_opened_for_themselves_follows_and_for_whom_it_is_is_stored_nowhere(world: Stadium) -> None:
    there, opened = world.post(PIT_WALL, "1"), Post(PIT_WALL, "1", only_for="7")
    world.board.posted(opened, Reply(Card("here 0, everywhere 0"), poll="imola-2021"))
    await world.stored(1)
    await world.vote(7, pressed=opened)
    await world.settle()
    assert [world.telegram.showing(post) for post in (there, opened)] == ["here 1, everywhere 1"] * 2
    world.board.posted(opened, Reply(Card("Bottas and Russell, Imola 2021"), replace=True))
    world.telegram.troubles[opened] = [PostGoneError()]
    await world.vote(8)
    await world.settle()
    assert await showing(world.posts, world.poll) == [there], "a message of the same number is another one"


async def test_what_somebody_opened_for_themselves_marks_their_choice_and_nobody_elses(world: Stadium) -> None:
    mine, theirs = (Post(PIT_WALL, number, only_for=number) for number in ("7", "8"))
    there = world.post(PIT_WALL, "1")
    for post in (mine, theirs):
        world.board.posted(post, Reply(Card("here 0, everywhere 0"), poll="imola-2021"))
    for choice in (0, 1, 1, None):
        await world.vote(world.voters.pseudonym(User(Platform.TELEGRAM, "7")), pressed=mine, choice=choice)
        await world.settle()
        marked = "" if choice is None else f"vote imola-2021 {world.poll.choices[choice].key}"
        assert world.telegram.messages[mine].marked == marked
        assert world.telegram.messages[theirs].marked == world.telegram.messages[there].marked == ""


@pytest.mark.parametrize("platform", [Platform.TELEGRAM, Platform.DISCORD])
async def test_in_private_everybody_s_own_choice_is_marked_also_once_their_chat_has_another_number(
    world: Stadium, platform: Platform
) -> None:
    world.screens[platform] = screen = world.telegram if platform is Platform.TELEGRAM else world.discord
    al, bo = User(platform, "7"), User(platform, "8")
    numbers = {al: "7", bo: "8"} if platform is Platform.TELEGRAM else {al: "70", bo: "80"}
    chats = {person: Chat(platform, number, ChatKind.PRIVATE) for person, number in numbers.items()}
    mine, theirs = world.pushed(chats[al], "1"), world.post(chats[bo], "2")
    group = world.post(Chat(platform, "-1001"), "3")
    for choice in (0, 1, 1, None):
        world.readers.hear(Request("vote", "imola-2021", al, chats[al], pressed=mine))
        await world.vote(world.voters.pseudonym(al), chats[al], mine, choice)
        await world.settle()
        marked = "" if choice is None else f"vote imola-2021 {world.poll.choices[choice].key}"
        assert screen.messages[mine].marked == marked
        assert screen.messages[theirs].marked == screen.messages[group].marked == ""


async def test_after_a_restart_the_first_press_marks_it_and_no_later_vote_of_others_takes_the_mark_away(
    world: Stadium,
) -> None:
    world.screens[Platform.DISCORD] = world.discord
    al, alone = User(Platform.DISCORD, "7"), Chat(Platform.DISCORD, "70", ChatKind.PRIVATE)
    of_before = Post(alone, "1")
    for voter in (world.voters.pseudonym(al), 8, 9):
        if voter not in {8, 9}:
            world.readers.hear(Request("vote", "imola-2021", al, alone, pressed=of_before))
        await world.vote(voter, alone, of_before if voter not in {8, 9} else None)
        await world.settle()
        assert world.discord.messages[of_before].marked == f"vote imola-2021 {world.poll.choices[0].key}"
    assert world.discord.showing(of_before) == "everywhere 3"


async def test_a_message_turned_back_to_the_poll_follows_again(world: Stadium) -> None:
    post = world.post(PIT_WALL, "1")
    world.board.posted(post, Reply(Card("Bottas and Russell, Imola 2021"), replace=True))
    world.post(PIT_WALL, "1")
    await world.vote(7)
    await world.settle()
    assert world.telegram.showing(post) == "here 1, everywhere 1"


async def test_a_late_press_leaves_what_the_message_was_turned_to(world: Stadium) -> None:
    turned, there = world.post(PIT_WALL, "1"), world.post(GRANDSTAND, "1")
    await world.stored(2)
    world.board.posted(turned, Reply(Card("Bottas and Russell, Imola 2021"), replace=True))
    await world.vote(7, pressed=turned)
    await world.settle()
    assert world.telegram.showing(turned) is None
    assert world.telegram.showing(there) == "here 0, everywhere 1"


async def test_a_message_that_shows_the_rating_follows_the_votes_on_blame_as_well(world: Stadium) -> None:
    blame, verdict = world.post(PIT_WALL, "1"), Post(PIT_WALL, "2")
    world.board.posted(verdict, Reply(Card("The verdict"), poll="imola-2021", question=Question.RATING))
    await world.stored(1)
    await world.vote(7)
    await world.settle()
    assert world.telegram.showing(verdict) == "here 0, everywhere 0, blame 1"
    rating = world.polls.get("imola-2021", Question.RATING)
    assert rating is not None
    await world.box.cast(Ballot(rating, rating.choices[2], 7, PIT_WALL))
    world.events.publish(PollMoved("imola-2021", verdict, Question.RATING))
    await world.settle()
    assert world.telegram.showing(verdict) == "here 1, everywhere 1, blame 1"
    assert world.telegram.showing(blame) == "here 1, everywhere 1", "of the votes on blame"


@pytest.mark.parametrize("chat", [ALONE, Chat(Platform.TELEGRAM, "inline", ChatKind.ELSEWHERE)])
async def test_a_message_whose_number_is_a_persons_follows_without_being_stored(world: Stadium, chat: Chat) -> None:
    post, other = world.post(chat, "1"), world.post(PIT_WALL, "1")
    await world.stored(1)
    await world.vote(7, pressed=other)
    await world.settle()
    assert world.telegram.showing(post) == "everywhere 1"
    assert await showing(world.posts, world.poll) == [other]


async def test_after_a_restart_messages_catch_up_with_what_they_missed(data_dir: Path, incidents: Incidents) -> None:
    async with stadium(data_dir, incidents) as before:
        post = before.post(PIT_WALL, "1")
        await before.stored(1)
        await before.box.cast(Ballot(before.poll, before.poll.choices[0], 7, PIT_WALL))
        assert before.telegram.edits == []
    async with stadium(data_dir, incidents) as after:
        await after.telegram.edited(1)
        await after.settle()
        assert after.telegram.showing(post) == "here 1, everywhere 1"


async def test_a_board_that_cannot_read_what_is_shown_when_it_begins_follows_what_is_shown_later(
    data_dir: Path, incidents: Incidents
) -> None:
    database = open_database(f"sqlite:///{data_dir / 'racing-incident.db'}")
    await database.upgrade()
    await database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE post RENAME TO away"))
    with capture_logs() as logs:
        async with running(database, incidents) as world:
            await world.until(lambda: any(line["event"] == "tally_board.posts_not_read" for line in logs))
            await database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE away RENAME TO post"))
            post = world.post(PIT_WALL, "1")
            await world.stored(1)
            await world.vote(7)
            await world.telegram.edited(1)
            await world.settle()
            assert world.telegram.showing(post) == "here 1, everywhere 1"


async def test_a_chat_that_cannot_be_seen_for_a_while_is_left_alone_and_follows_afterwards(world: Stadium) -> None:
    posts = [world.post(PIT_WALL, message) for message in ("1", "2")]
    await world.stored(2)
    for post in posts:
        world.telegram.troubles[post] = [ChatUnseenError("50001")]
    await world.vote(7)
    await world.settle()
    assert world.telegram.showing(posts[0]) is None
    world.telegram.troubles.clear()
    await world.until(lambda: all(world.telegram.showing(post) == "here 1, everywhere 1" for post in posts))


async def test_the_messages_of_a_chat_that_nobody_has_seen_for_a_day_are_forgotten(world: Stadium) -> None:
    gone = world.post(PIT_WALL, "1")
    await world.stored(1)
    world.telegram.troubles[gone] = [ChatUnseenError("50001")] * 100
    await world.vote(7)
    while await showing(world.posts, world.poll):
        await asyncio.sleep(0)
        world.clock.move_on()
    assert world.clock.monotonic() >= 86_400
    assert 6 <= len(world.telegram.tried) <= 30


async def test_what_cannot_be_edited_is_told_once_however_many_messages_it_is(world: Stadium) -> None:
    posts = [world.post(Chat(Platform.TELEGRAM, f"-{number}"), "1") for number in range(1, 6)]
    await world.stored(len(posts))
    for voter in (7, 8):
        for post in posts:
            world.telegram.troubles[post].append(KeyError("a mistake"))
        with capture_logs() as logs:
            await world.vote(voter, pressed=posts[0])
            await world.settle()
        assert [line["event"] for line in logs] == (["tally_board.edit_failed"] if voter == 7 else [])
    await world.vote(9, pressed=posts[0])
    await world.settle()
    assert {world.telegram.showing(post) for post in posts} == {"here 0, everywhere 3"}


async def test_a_poll_that_cannot_be_drawn_is_told_once_until_it_can(world: Stadium) -> None:
    post = world.post(PIT_WALL, "1")
    await world.stored(1)
    draw, tried = world._render, list[Poll]()

    def broken(poll: Poll, _chat: Chat, _here: Tally | None, _everyone: Mapping[Question, Tally]) -> Reply:
        tried.append(poll)
        raise KeyError("a mistake")

    for outage in (1, 2):
        world.board._rounds._render = broken
        with capture_logs() as logs:
            await world.vote(7, pressed=post, choice=outage)
            await world.until(lambda: len(tried) >= 3)
        assert [line["event"] for line in logs] == ["tally_board.round_failed"]
        tried.clear()
        world.board._rounds._render = draw
        await world.settle()
        assert world.telegram.showing(post) == "here 1, everywhere 1"
