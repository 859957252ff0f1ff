import asyncio
import datetime as dt
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from structlog.testing import capture_logs

from bot.chat.cards import Card
from bot.chat.platform import (
    ChatGoneError,
    ChatMovedError,
    ChatUnseenError,
    NotAllowedError,
    PostGoneError,
    SlowDownError,
    UnreachableError,
)
from bot.chat.replies import Bulletin, Reply
from bot.domain.deliveries import Outcome, State
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from bot.jobs.delivery.worker import AFTER_TROUBLE, MOST_IN_FLIGHT, MOST_UNCOMMITTED, DeliveryWorker
from bot.pacing.spacing import Spacing
from storage.chat_settings import SettingsStore
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from tests.support.clock import HeldClock
from tests.support.platform_double import Sent
from tests.support.post_office import STRATEGY, SUNDAY, PostOffice, group, post_office, running

HOUR = dt.timedelta(hours=1)


@pytest.fixture
async def office(data_dir: Path) -> AsyncIterator[PostOffice]:
    async with post_office(data_dir) as office:
        yield office


@pytest.fixture
async def office_anywhere(url: str) -> AsyncIterator[PostOffice]:
    """On a file, and on a server, where signs of life are given meanwhile."""
    async with running(open_database(url)) as office:
        yield office


async def test_what_is_announced_arrives_once_in_every_chat_that_asked(office: PostOffice) -> None:
    await office.subscribe_new(*(group(number) for number in range(100)))
    await office.announce()
    assert {state for _, state in await office.settled()} == {State.SENT}
    assert sorted(office.platform.chats) == sorted(group(number).id for number in range(100))
    assert office.written == 1


async def test_each_message_can_be_told_from_all_others_and_pings_who_wants_it(office: PostOffice) -> None:
    await office.subscribe(group(1))
    await office.subscriptions.ping(group(1), ["recaps"], "42")
    await office.announce()
    await office.settled()
    assert office.platform.sent == [Sent("-1001", "news 1", "1-1", "42")]


async def test_what_is_not_due_yet_waits(office: PostOffice) -> None:
    await office.subscribe(group(1))
    office.clock.pass_by(HOUR)
    await office.announce()
    office.clock.pass_by(-HOUR)
    assert await office.settled() == [("-1001", State.PENDING)]
    office.clock.pass_by(HOUR)
    assert await office.settled() == [("-1001", State.SENT)]


async def test_what_is_not_to_be_told_any_more_is_dropped(office: PostOffice) -> None:
    await office.subscribe(group(1))
    office.bulletins[1] = None
    await office.announce()
    assert await office.settled() == [("-1001", State.DROPPED)]
    assert office.platform.sent == []


async def test_a_chat_that_is_gone_is_told_nothing_more(office: PostOffice) -> None:
    await office.subscribe(group(1), group(2))
    office.platform.troubles["-1001"] = [ChatGoneError("kicked")]
    await office.announce()
    assert await office.settled() == [("-1001", State.DROPPED), ("-1002", State.SENT)]
    assert await office.subscriptions.of(group(1)) == {}


async def test_a_chat_that_moved_is_followed(office: PostOffice) -> None:
    await office.subscribe(group(1))
    new = Chat(Platform.TELEGRAM, "-100999")
    office.platform.troubles["-1001"] = [ChatMovedError(new)]
    await office.announce()
    await office.until(lambda: office.platform.chats == ["-100999"])
    assert await office.settled() == [("-100999", State.SENT)]
    assert list(await office.subscriptions.of(new)) == ["recaps"]


async def test_a_chat_that_moved_to_one_that_is_known_is_told_there_once(office: PostOffice) -> None:
    new = Chat(Platform.TELEGRAM, "-100999")
    await office.subscribe(group(1), new)
    office.platform.troubles["-1001"] = [ChatMovedError(new)]
    await office.announce()
    assert await office.settled() == [("-1001", State.DROPPED), ("-100999", State.SENT)]
    assert office.platform.chats == ["-100999"]


async def test_a_platform_that_asks_us_to_wait_is_left_alone_and_costs_no_attempt(office: PostOffice) -> None:
    await office.subscribe(group(1))
    office.platform.troubles["-1001"] = [SlowDownError(30)] * STRATEGY.most_failures
    await office.announce()
    for _ in range(STRATEGY.most_failures):
        assert await office.settled() == [("-1001", State.PENDING)]
        office.clock.pass_by(dt.timedelta(seconds=30))


async def test_a_failure_is_tried_again_at_growing_gaps_and_given_up_in_the_end(office: PostOffice) -> None:
    await office.subscribe(group(1))
    await office.subscribe(group(2), topic="sprints")
    office.platform.troubles["-1001"] = [UnreachableError("500")] * STRATEGY.most_failures
    await office.announce()
    gaps = [STRATEGY.failure.after(failures) for failures in range(1, STRATEGY.most_failures)]
    for number, gap in enumerate(gaps):
        await office.announce(f"sprint {number}", topic="sprints")  # others get through meanwhile
        assert (await office.settled())[0] == ("-1001", State.PENDING)
        tried = len(office.platform.troubles["-1001"])
        office.clock.pass_by(dt.timedelta(seconds=gap - 1))
        await office.settled()
        assert len(office.platform.troubles["-1001"]) == tried
        office.clock.pass_by(dt.timedelta(seconds=1))
    with capture_logs() as logs:
        assert (await office.settled())[0] == ("-1001", State.DEAD)
    assert [line["event"] for line in logs] == ["delivery.given_up"]
    (given_up,) = await office.outbox.undelivered()
    assert (given_up.announcement, given_up.chat, given_up.attempts) == ("a recap", group(1), STRATEGY.most_failures)


async def test_what_was_given_up_can_be_tried_again(office: PostOffice) -> None:
    await office.subscribe(group(1))
    office.platform.troubles["-1001"] = [NotAllowedError("no")] * (len(STRATEGY.not_allowed) + 1)
    await office.announce()
    for pause in STRATEGY.not_allowed:
        await office.settled()
        office.clock.pass_by(dt.timedelta(seconds=pause))
    assert await office.settled() == [("-1001", State.DEAD)]
    assert await office.outbox.retry(office.clock.now()) == 1
    assert await office.settled() == [("-1001", State.SENT)]


async def test_what_cannot_be_sent_by_a_mistake_of_ours_is_told_once_however_many_chats_it_is(
    office: PostOffice,
) -> None:
    await office.subscribe_new(*(group(number) for number in range(5)))
    for number in range(5):
        office.platform.troubles[group(number).id] = [KeyError("a mistake")]
    with capture_logs() as logs:
        await office.announce()
        await office.settled()
    assert [line["event"] for line in logs].count("delivery.attempt_failed") == 1
    office.clock.pass_by(HOUR)
    assert {state for _, state in await office.settled()} == {State.SENT}


async def test_while_a_whole_platform_fails_no_chat_is_given_up(office: PostOffice) -> None:
    await office.subscribe_new(*(group(number) for number in range(2 * STRATEGY.outage_after)))
    office.platform.failing = UnreachableError("down")
    await office.announce()
    for _ in range(3 * STRATEGY.most_failures):
        await office.settled()
        office.clock.pass_by(HOUR)
    office.platform.failing = None
    assert {state for _, state in await office.settled()} == {State.SENT}


async def test_what_fails_in_one_moment_does_not_lead_to_a_long_rest(office: PostOffice) -> None:
    await office.subscribe_new(*(group(number) for number in range(MOST_IN_FLIGHT)))
    office.platform.gate.clear()
    await office.announce()
    await office.until_busy(MOST_IN_FLIGHT)
    office.platform.failing = UnreachableError("down")
    office.platform.gate.set()
    assert {state for _, state in await office.settled()} == {State.PENDING}
    office.platform.failing = None
    office.clock.pass_by(dt.timedelta(seconds=STRATEGY.failure.first))
    assert {state for _, state in await office.settled()} == {State.SENT}
    assert office.clock.now() == SUNDAY + dt.timedelta(seconds=STRATEGY.failure.first)


async def test_where_we_lack_a_right_an_admin_is_told_once(office: PostOffice) -> None:
    await office.subscribe(group(1))
    office.platform.troubles["-1001"] = [NotAllowedError("Missing: Send Messages")] * 10
    for key in ("one race", "another race"):
        await office.announce(key)
        for pause in STRATEGY.not_allowed:
            assert (await office.settled())[-1] == ("-1001", State.PENDING)
            office.clock.pass_by(dt.timedelta(seconds=pause))
        assert (await office.settled())[-1] == ("-1001", State.DEAD)
    assert office.platform.told_admin == [("-1001", "Missing: Send Messages")]


@pytest.mark.parametrize("trouble", [UnreachableError("503"), SlowDownError(30), RuntimeError("a mistake of ours")])
async def test_an_admin_who_could_not_be_told_is_told_with_the_next_delivery(
    office: PostOffice, trouble: Exception
) -> None:
    await office.subscribe(group(1))
    office.platform.troubles["-1001"] = [NotAllowedError("Missing: Send Messages")] * 10
    office.platform.admin_troubles = [trouble]
    for key in ("one race", "another race"):
        await office.announce(key)
        for pause in (*STRATEGY.not_allowed, STRATEGY.failure.longest):
            await office.settled()
            office.clock.pass_by(dt.timedelta(seconds=pause))
        await office.settled()
    assert office.platform.told_admin == [("-1001", "Missing: Send Messages")]


async def test_of_many_deliveries_that_are_given_up_at_once_an_admin_is_told_once(office: PostOffice) -> None:
    await office.subscribe(group(1))
    office.platform.troubles["-1001"] = [NotAllowedError("Missing: Send Messages")] * 40
    for number in range(8):
        await office.announce(f"race {number}")
    for pause in STRATEGY.not_allowed:
        await office.settled()
        office.clock.pass_by(dt.timedelta(seconds=pause))
    assert {state for _, state in await office.settled()} == {State.DEAD}
    assert len(office.platform.told_admin) == 1


async def test_an_admin_is_told_in_the_language_of_the_chat(office: PostOffice) -> None:
    await office.subscribe(group(1))
    await SettingsStore(office.database, office.chats, HandledUpdates(office.database)).change(group(1), language="de")
    problem = "The bot lacks the right to send messages."
    office.platform.troubles["-1001"] = [NotAllowedError(problem)] * 10
    await office.announce()
    for pause in STRATEGY.not_allowed:
        await office.settled()
        office.clock.pass_by(dt.timedelta(seconds=pause))
    await office.settled()
    assert office.platform.told_admin == [("-1001", "Dem Bot fehlt das Recht, Nachrichten zu senden.")]


async def test_a_right_that_was_given_in_time_is_used(office: PostOffice) -> None:
    await office.subscribe(group(1))
    office.platform.troubles["-1001"] = [NotAllowedError("no")]
    await office.announce()
    await office.settled()
    office.clock.pass_by(dt.timedelta(seconds=STRATEGY.not_allowed[0]))
    assert await office.settled() == [("-1001", State.SENT)]
    assert office.platform.told_admin == []


async def test_a_correction_changes_what_was_said_and_says_what_is_new(office: PostOffice) -> None:
    await office.subscribe(group(1), group(2))
    office.platform.troubles[Post(group(2), "m2")] = [PostGoneError("deleted")]
    recap = await office.announce()
    await office.settled()
    office.bulletins[2] = Bulletin(Reply(Card("corrected")), Reply(Card("recap, as it is now")))
    await office.announce("correction", follows=recap.id)
    await office.settled()
    assert [(edit.post, edit.said) for edit in office.platform.edits] == [(Post(group(1), "m1"), "recap, as it is now")]
    assert [sent.said for sent in office.platform.sent] == ["news 1", "news 1", "corrected", "corrected"]


async def test_an_amendment_changes_what_was_said_and_says_nothing_new(office: PostOffice) -> None:
    await office.subscribe(group(1), group(2))
    office.platform.troubles[Post(group(2), "m2")] = [PostGoneError("deleted")]
    recap = await office.announce()
    await office.settled()
    office.bulletins[2] = Bulletin(Reply(Card("recap, with the championships")), amends=True)
    await office.announce("amendment", follows=recap.id)
    await office.settled()
    edits = [(edit.post, edit.said) for edit in office.platform.edits]
    assert edits == [(Post(group(1), "m1"), "recap, with the championships")]
    assert [sent.said for sent in office.platform.sent] == ["news 1", "news 1"]


async def test_no_more_than_so_many_are_on_their_way_at_once(office: PostOffice) -> None:
    await office.subscribe_new(*(group(number) for number in range(3 * MOST_IN_FLIGHT)))
    office.platform.gate.clear()
    await office.announce()
    await office.until_busy(MOST_IN_FLIGHT)
    assert office.platform.under_way == MOST_IN_FLIGHT
    office.platform.gate.set()
    assert {state for _, state in await office.settled()} == {State.SENT}
    assert len(office.platform.sent) == 3 * MOST_IN_FLIGHT


async def test_nor_are_more_sent_than_so_many_before_it_is_put_down_that_they_arrived(office: PostOffice) -> None:
    await office.subscribe_new(*(group(number) for number in range(3 * MOST_IN_FLIGHT)))
    office.platform.gate.clear()
    await office.announce()
    await office.until_busy(MOST_IN_FLIGHT)
    disk = threading.Event()
    slow = asyncio.create_task(office.database.write(lambda _connection: disk.wait(10)))
    office.platform.gate.set()
    for _ in range(100):
        await asyncio.sleep(0)
    sent = len(office.platform.sent)
    disk.set()
    await slow
    assert sent == MOST_UNCOMMITTED
    assert {state for _, state in await office.settled()} == {State.SENT}
    assert len(office.platform.sent) == 3 * MOST_IN_FLIGHT


async def test_what_cannot_be_put_down_is_not_sent_again_and_nothing_else_is_sent_meanwhile(office: PostOffice) -> None:
    await office.subscribe(group(1))

    def guard(connection: Connection) -> None:
        connection.exec_driver_sql(
            "CREATE TRIGGER broken BEFORE UPDATE ON delivery BEGIN SELECT raise(ABORT, 'disk trouble'); END"
        )

    await office.database.write(guard)
    with capture_logs() as logs:
        await office.announce()
        await office.until(lambda: office.clock.slept.count(AFTER_TROUBLE) > 2)
    assert [line["event"] for line in logs].count("delivery.take_failed") == 1, "once, however long it lasts"
    await office.subscribe(group(2))
    await office.announce("another")
    assert len(office.platform.sent) == 1
    await office.database.write(lambda connection: connection.exec_driver_sql("DROP TRIGGER broken"))
    assert await office.settled() == [("-1001", State.SENT), ("-1001", State.SENT), ("-1002", State.SENT)]
    assert len(office.platform.sent) == 3


async def test_what_cannot_be_put_down_while_something_else_is_once_more_is_not_lost(
    office_anywhere: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_anywhere
    settle, asked = office.outbox.settle, list[tuple[Outcome, asyncio.Future[None]]]()

    def asked_for(outcome: Outcome) -> asyncio.Future[None]:
        asked.append((outcome, asyncio.get_running_loop().create_future()))
        return asked[-1][1]

    async def times(number: int) -> None:
        while len(asked) < number:
            await asyncio.wait({asyncio.ensure_future(office.clock.wake())}, timeout=0.01)

    monkeypatch.setattr(office.outbox, "settle", asked_for)
    await office.subscribe(group(1), group(2))
    await office.announce()
    await times(2)
    (_one, first), (_other, second) = asked
    first.set_exception(OSError("the database is away"))
    await times(3)
    second.set_exception(OSError("the database is away"))
    await asyncio.sleep(0)
    monkeypatch.undo()
    outcome, again = asked[2]
    await settle(outcome)
    again.set_result(None)
    while await office.settled() != [("-1001", State.SENT), ("-1002", State.SENT)]:  # what is in hand is not due
        await office.clock.wake()
    assert len(office.platform.sent) == 2


async def test_what_is_on_its_way_when_the_bot_stops_is_put_down(data_dir: Path) -> None:
    async with post_office(data_dir) as office:
        await office.subscribe(group(1))
        office.platform.gate.clear()
        await office.announce()
        await office.until_busy(1)
        asyncio.get_running_loop().call_soon(office.platform.gate.set)
    async with post_office(data_dir) as office:
        assert await office.settled() == [("-1001", State.SENT)]
        assert office.platform.sent == []


async def test_what_waits_for_its_chats_turn_when_the_bot_stops_is_left_to_the_next(url: str) -> None:
    database = open_database(url)
    await database.upgrade()
    async with running(database) as office:
        await office.subscribe(group(1))
        await office.announce("a recap")
        await office.announce("another")
        turns = HeldClock()
        worker = asyncio.create_task(DeliveryWorker(office.platform, office.tools, Spacing(turns, chat_gap=1)).run())
        await office.platform.until(lambda: bool(office.platform.sent))
        await turns.asleep()
        worker.cancel()
        await asyncio.wait({worker})
        turns.move_on()
        for _ in range(50):
            await asyncio.sleep(0)
        assert len(office.platform.sent) == 1
        while await office.settled() != [("-1001", State.SENT), ("-1001", State.SENT)]:
            await office.clock.wake()
        assert len(office.platform.sent) == 2


async def test_a_private_chat_that_blocked_us_leaves_nothing_behind(office: PostOffice) -> None:
    alone = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
    await office.subscribe(alone)
    office.platform.troubles["7"] = [ChatGoneError("blocked")]
    await office.announce()
    assert await office.settled() == []
    assert await office.subscriptions.of(alone) == {}


AL = User(Platform.TELEGRAM, "7")
TEN_MINUTES = dt.timedelta(minutes=10)


async def test_a_chat_that_cannot_be_seen_for_ten_minutes_is_not_gone(office: PostOffice) -> None:
    await office.subscribe(group(1))
    office.platform.troubles["-1001"] = [ChatUnseenError("message thread not found")]
    await office.announce()
    assert await office.settled() == [("-1001", State.PENDING)]
    office.clock.pass_by(TEN_MINUTES)
    assert await office.settled() == [("-1001", State.SENT)]
    assert list(await office.subscriptions.of(group(1))) == ["recaps"]
    assert office.platform.told_admin == []


async def test_of_a_chat_that_stays_out_of_sight_its_subscriber_is_told_and_after_a_day_it_ends(
    office: PostOffice,
) -> None:
    await office.subscriptions.begin(group(1), ["recaps"], subscriber=AL)
    office.platform.troubles["-1001"] = [ChatUnseenError("chat not found")] * 100
    begun = office.clock.now()
    await office.announce("one race")
    await office.announce("another race")
    told_after = None
    with capture_logs() as logs:
        while await office.subscriptions.of(group(1)):
            assert {state for _, state in await office.settled()} <= {State.PENDING, State.DROPPED}
            if office.platform.told_admin and told_after is None:
                told_after = office.clock.now() - begun
            office.clock.pass_by(TEN_MINUTES)
        assert {state for _, state in await office.settled()} == {State.DROPPED}
    assert told_after is not None
    assert HOUR <= told_after <= 3 * HOUR
    assert dt.timedelta(days=1) <= office.clock.now() - begun <= dt.timedelta(days=1, hours=5)
    assert len(office.platform.told_admin) == 1
    assert office.platform.told_first == [AL]
    assert [line["event"] for line in logs] == ["delivery.chat_ended"]


async def test_nothing_ends_before_an_admin_could_be_told(office: PostOffice) -> None:
    await office.subscribe(group(1))
    office.platform.troubles["-1001"] = [ChatUnseenError("chat not found")] * 100
    office.platform.admin_troubles = [SlowDownError(30)] * 12
    await office.announce()
    while office.platform.admin_troubles:
        assert await office.settled() == [("-1001", State.PENDING)]
        office.clock.pass_by(HOUR)
    office.clock.pass_by(HOUR * 4)
    await office.settled()
    assert len(office.platform.told_admin) == 1


async def test_who_subscribes_again_in_a_chat_that_was_out_of_sight_begins_anew(office: PostOffice) -> None:
    await office.subscribe(group(1))
    office.platform.troubles["-1001"] = [ChatUnseenError("chat not found")] * 100
    await office.announce()
    for _ in range(23):
        await office.settled()
        office.clock.pass_by(HOUR)
    await office.subscribe(group(1))
    office.clock.pass_by(HOUR * 4)
    await office.settled()
    assert list(await office.subscriptions.of(group(1))) == ["recaps"]


async def test_two_short_spells_a_week_apart_are_no_long_one(office: PostOffice) -> None:
    await office.subscribe(group(1))
    for number in range(2):
        office.platform.troubles["-1001"] = [ChatUnseenError("chat not found")] * 2
        await office.announce(f"race {number}")
        assert (await office.settled())[-1] == ("-1001", State.PENDING)
        office.bulletins[number + 1] = None  # over before the chat is back
        office.clock.pass_by(HOUR)
        await office.settled()
        office.clock.pass_by(dt.timedelta(days=7))
    assert list(await office.subscriptions.of(group(1))) == ["recaps"]
