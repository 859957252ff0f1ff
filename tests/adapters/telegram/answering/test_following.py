"""What people have open for themselves alone follows the votes, and takes nobody else's turn."""

import pytest

from bot.adapters.telegram.answering.following import LEFT_TO_OTHERS
from bot.adapters.telegram.api.rate_limit import GROUP_BURST, GROUP_GAP
from bot.chat.cards import Card
from bot.chat.platform import PostGoneError
from bot.chat.replies import Reply
from bot.domain.places import Post
from tests.adapters.telegram.bot_api import AL, BotApi, Failure, Json, pressed, typed
from tests.adapters.telegram.bot_api_ephemeral import Knows
from tests.adapters.telegram.desk import PIT_WALL, RETRY_AFTER_3, STORY, Desk
from tests.support.clock import HeldClock

HERE, ME = -1001, 7
POLL = Reply(Card("0 votes"), poll="imola-2021")


@pytest.fixture
def new(api: BotApi) -> BotApi:
    """A server that knows ephemeral messages."""
    api.ephemeral.knows = Knows.ALL
    return api


def opened(number: int) -> Post:
    return Post(PIT_WALL, str(number), "7")


def voted(votes: int) -> Reply:
    return Reply(Card(f"{votes} votes"), poll="imola-2021")


def by(number: int) -> Json:
    """Somebody opens the poll for themselves."""
    return pressed("blame", query=f"q{number}")


async def test_a_poll_that_somebody_opened_is_known_from_then_on(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("blame", POLL)):
        await new.deliver(by(1))
    ((post, reply),) = desk.posted
    assert (post, reply.poll) == (opened(1), "imola-2021")


async def test_it_follows_without_a_press(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("blame", POLL)) as adapter:
        await new.deliver(by(1))
        await adapter.edit(opened(1), voted(1))
        await new.called("editEphemeralMessageText")
    assert new.ephemeral.seen == {(HERE, ME, 1): "1 votes"}


async def test_many_leave_the_group_its_turns_and_each_has_the_last_state_in_the_end(new: BotApi, desk: Desk) -> None:
    clock, people = HeldClock(), 4
    at_once = GROUP_BURST - LEFT_TO_OTHERS - people
    async with desk.open(desk.command("blame", POLL), desk.command("crash", STORY), clock=clock) as adapter:
        await new.deliver(*(by(number) for number in range(people)))
        await new.called("sendMessage", people)
        for votes in range(1, 4):
            for number in range(1, people + 1):
                await adapter.edit(opened(number), voted(votes))
            await new.called("editEphemeralMessageText", min(people * votes, at_once))
        await new.deliver(typed("/crash imola"))
        assert "Imola" in (await new.called("sendMessage", people + 1))[-1]["text"], "at once"
        await clock.go_on_while(lambda: list(new.ephemeral.seen.values()) != ["3 votes"] * people)
    assert clock.seconds == (people + 1) * GROUP_GAP


async def test_what_it_was_turned_to_stands(new: BotApi, desk: Desk) -> None:
    clock, people = HeldClock(), GROUP_BURST - LEFT_TO_OTHERS
    async with desk.open(desk.command("blame", POLL), desk.command("crash", STORY), clock=clock) as adapter:
        await new.deliver(*(by(number) for number in range(people)))
        await new.called("sendMessage", people)
        for number in (1, 2):
            await adapter.edit(opened(number), voted(1))
        await new.deliver(pressed("crash", query="next", message_id=0, ephemeral_message_id=1, receiver_user=AL))
        await new.called("editEphemeralMessageText")
        await clock.go_on_while(lambda: len(new.given("editEphemeralMessageText")) < 2)
    seen = new.ephemeral.seen
    assert (seen[HERE, ME, 1], seen[HERE, ME, 2]) == ("<b>Imola &lt;2021&gt;</b>\n<i>Lap 31</i>", "1 votes")


async def test_what_is_gone_is_said_the_next_time(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("blame", POLL)) as adapter:
        await new.deliver(by(1))
        for number in (99, 1):
            await adapter.edit(opened(number), voted(1))
        await new.called("editEphemeralMessageText", 2)
        with pytest.raises(PostGoneError):
            await adapter.edit(opened(99), voted(2))


async def test_where_telegram_asks_to_wait_it_comes_later(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("blame", POLL)) as adapter:
        await new.deliver(by(1))
        new.fail("editEphemeralMessageText", RETRY_AFTER_3)
        await adapter.edit(opened(1), voted(1))
        await new.called("editEphemeralMessageText", 2)
    assert list(new.ephemeral.seen.values()) == ["1 votes"]


async def test_where_telegram_fails_the_next_vote_brings_it(new: BotApi, desk: Desk) -> None:
    async with desk.open(desk.command("blame", POLL)) as adapter:
        await new.deliver(by(1))
        new.fail("editEphemeralMessageText", Failure(500))
        for votes in (1, 2):
            await adapter.edit(opened(1), voted(votes))
            await new.called("editEphemeralMessageText", votes)
    assert list(new.ephemeral.seen.values()) == ["2 votes"]
