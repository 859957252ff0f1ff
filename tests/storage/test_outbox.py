import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select
from structlog.testing import capture_logs

from bot.domain.announcements import Announcement, Kind
from bot.domain.chat_settings import ChatSettings, Spoilers
from bot.domain.deliveries import Delivery, Outcome, State, Undelivered
from bot.domain.places import Chat, ChatKind, Platform
from storage.audiences import audience_of
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.database.faults import ClosedError
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.outbox import Outbox, _pending
from storage.taken_deliveries import LEASE
from tests.storage.booth import GRANDSTAND, PADDOCK, PIT_WALL
from tests.support.sorting_office import RACE_DAY, SortingOffice, crowd, emptied, group, later

ALONE = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)


def chats_of(deliveries: Sequence[Delivery]) -> list[Chat]:
    return [delivery.chat for delivery in deliveries]


async def test_what_is_handed_out_says_all_that_it_takes_to_send_it(
    office: SortingOffice, database: Database, chats: Chats
) -> None:
    veiled = ChatSettings("Europe/London", "de", Spoilers.VEILED)
    settings = SettingsStore(database, chats, HandledUpdates(database))
    await settings.change(PADDOCK, zone="Europe/London", language="de", spoilers=Spoilers.VEILED)
    await office.subscribe(PADDOCK, ALONE)
    await office.subscriptions.ping(PADDOCK, ["recaps"], "42")
    recap = await office.tell()
    ids = await chats.ids([PADDOCK, ALONE])
    paddock, alone = ids["discord", PADDOCK.id], ids["telegram", ALONE.id]
    assert await office.due(Platform.DISCORD) == [Delivery(recap.id, paddock, PADDOCK, veiled, role="42")]
    assert await office.due() == [Delivery(recap.id, alone, ALONE, ChatSettings())]
    assert (await office.due(Platform.DISCORD, later(LEASE)))[0].key == (recap.id, paddock)


async def test_a_correction_is_handed_out_with_the_message_that_it_corrects(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL)
    recap = await office.tell()
    (told,) = await office.due()
    await office.outbox.settle(Outcome(told, State.SENT, RACE_DAY, "1234"))
    await office.tell(follows=recap)
    assert [delivery.follows for delivery in await office.due()] == ["1234"]
    assert await office.message_of(*told.key) == "1234"
    assert await office.message_of(404, 1) is None


async def test_nothing_is_handed_out_before_it_is_due_and_what_is_due_first_comes_first(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL, GRANDSTAND, group(3))
    due = {PIT_WALL: 20, GRANDSTAND: 10, group(3): 30}
    await office.tell()
    for delivery in await office.due():
        put_off = Outcome(delivery, State.PENDING, RACE_DAY, due_at=later(LEASE + due[delivery.chat]))
        await office.outbox.settle(put_off)
    assert await office.due() == []
    assert await office.next_due(Platform.TELEGRAM) == later(LEASE + 10)
    assert await office.next_due(Platform.DISCORD) is None
    assert chats_of(await office.due(now=later(LEASE + 20))) == [GRANDSTAND, PIT_WALL]


async def test_no_more_is_handed_out_than_is_asked_for_and_nothing_that_was_taken(
    office: SortingOffice, database: Database
) -> None:
    await crowd(database, 10)
    await office.tell()
    taken: list[Delivery] = []
    while some := await office.outbox.due(Platform.TELEGRAM, RACE_DAY, 4, {delivery.key for delivery in taken}):
        assert len(some) <= 4
        taken += some
    assert chats_of(taken) == [group(number) for number in range(1, 11)]


async def test_what_is_settled_while_others_are_looked_for_is_not_handed_out_again(
    office: SortingOffice, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(database, 3)
    await office.tell()
    taken = {delivery.key: delivery for delivery in await office.outbox.due(Platform.TELEGRAM, RACE_DAY, 2)}
    for name in ("read", "write"):
        run = getattr(database, name)

        async def and_then_settle(transaction: object, run: object = run) -> object:
            assert callable(run)
            rows = await run(transaction)
            taken.clear()
            return rows

        monkeypatch.setattr(database, name, and_then_settle)
    assert chats_of(await office.outbox.due(Platform.TELEGRAM, RACE_DAY, 5, taken)) == [group(3)]


async def test_what_was_sent_is_not_sent_again(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL)
    await office.tell()
    assert await office.deliver() == [PIT_WALL]
    assert await office.due(now=later(10 * LEASE)) == []


async def test_an_outcome_changes_only_its_own_delivery(office: SortingOffice, database: Database) -> None:
    await crowd(database, 5)
    first, second = await office.tell(), await office.tell()
    for delivery in await office.due():
        if delivery.key in {(first.id, 2), (second.id, 4)}:
            await office.outbox.settle(Outcome(delivery, State.SENT, RACE_DAY, f"{delivery.key}"))
    left = {delivery.key for delivery in await office.due(now=later(LEASE))}
    everything = {(recap.id, number) for recap in (first, second) for number in range(1, 6)}
    assert left == everything - {(first.id, 2), (second.id, 4)}
    assert await office.message_of(first.id, 2) == f"({first.id}, 2)"
    assert await office.message_of(first.id, 4) is None


async def test_failures_are_counted_and_a_wait_is_none(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL)
    await office.tell()
    (delivery,) = await office.due()
    failed = Outcome(delivery, State.PENDING, RACE_DAY, problem="503", due_at=later(60), attempts=1)
    await office.outbox.settle(failed)
    (delivery,) = await office.due(now=later(60))
    assert delivery.attempts == 1
    await office.outbox.settle(Outcome(delivery, State.PENDING, later(60), problem="flooded", due_at=later(90)))
    assert [delivery.attempts for delivery in await office.due(now=later(90))] == [1]


async def test_what_was_given_up_is_listed_the_latest_first_and_tried_again(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL, GRANDSTAND, group(3))
    recap = await office.tell()
    times = {PIT_WALL: later(10), GRANDSTAND: later(20)}
    for delivery in await office.due():
        if at := times.get(delivery.chat):
            await office.outbox.settle(Outcome(delivery, State.DEAD, at, problem="400 \0\ud800", attempts=5))
    dead = [Undelivered(recap.key, chat, 5, "400 ?", times[chat]) for chat in (GRANDSTAND, PIT_WALL)]
    assert await office.outbox.undelivered() == dead
    assert await office.outbox.undelivered(1) == dead[:1]
    assert await office.outbox.retry(later(30)) == 2
    assert await office.outbox.undelivered() == []
    again = await office.due(now=later(30))
    assert {(delivery.chat, delivery.attempts) for delivery in again if delivery.chat in times} == {
        (PIT_WALL, 0),
        (GRANDSTAND, 0),
    }


async def test_what_is_no_longer_wanted_is_not_tried_again(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL, GRANDSTAND)
    recap = await office.tell()
    await office.deliver()
    await office.tell(follows=recap)
    await office.tell()
    for delivery in await office.due():
        await office.outbox.settle(Outcome(delivery, State.DEAD, RACE_DAY, problem="gone"))
    await office.subscriptions.end_all(PIT_WALL)
    await office.subscribe(PIT_WALL, topic="calendar")
    assert await office.outbox.retry(later(10)) == 2
    assert {delivery.chat for delivery in await office.due(now=later(10))} == {GRANDSTAND}


async def test_what_follows_is_tried_again_where_what_it_follows_is_wanted(office: SortingOffice) -> None:
    await office.subscribe(PIT_WALL, GRANDSTAND, topic="day-before")
    reminder = await office.tell("day-before")
    await office.deliver()
    await office.tell("calendar", follows=reminder)
    for delivery in await office.due():
        await office.outbox.settle(Outcome(delivery, State.DEAD, RACE_DAY, problem="503"))
    await office.subscriptions.end(PIT_WALL, ["day-before"])
    assert await office.outbox.retry(later(10)) == 1
    assert chats_of(await office.due(now=later(10))) == [GRANDSTAND]


async def test_the_first_outcome_of_a_delivery_stands(office: SortingOffice, database: Database) -> None:
    await office.subscribe(PIT_WALL)
    await office.tell()
    (delivery,) = await office.due()
    await office.outbox.settle(Outcome(delivery, State.SENT, RACE_DAY, "1"))
    async with emptied(Outbox(database)) as late:
        await late.settle(Outcome(delivery, State.PENDING, RACE_DAY, problem="timed out", attempts=1))
        await late.settle(Outcome(delivery, State.DEAD, RACE_DAY, problem="timed out", attempts=5))
    assert await office.due(now=later(LEASE)) == []
    assert await office.outbox.undelivered() == []
    assert await office.message_of(*delivery.key) == "1"


async def test_one_outcome_that_cannot_be_put_down_does_not_fail_its_neighbours(
    office: SortingOffice, database: Database
) -> None:
    await crowd(database, 5)
    await office.tell()
    outcomes = [Outcome(delivery, State.SENT, RACE_DAY, "1") for delivery in await office.due()]
    broken = outcomes[2]._replace(message=object())  # type: ignore[arg-type]
    with capture_logs() as logs:
        settling = [office.outbox.settle(outcome) for outcome in (*outcomes[:2], broken, *outcomes[3:])]
        done = await asyncio.gather(*settling, return_exceptions=True)
    assert [isinstance(result, TypeError) for result in done] == [False, False, True, False, False]
    assert [line["items"] for line in logs] == [1]
    assert chats_of(await office.due(now=later(LEASE))) == [group(3)]


async def test_closed_it_has_put_down_all_it_took(office: SortingOffice, database: Database) -> None:
    await crowd(database, 50)
    await office.tell()
    outbox = Outbox(database)
    settling = [outbox.settle(Outcome(delivery, State.SENT, RACE_DAY, "1")) for delivery in await office.due()]
    async with emptied(outbox):
        pass
    assert all(done.done() for done in settling)
    assert await office.due(now=later(LEASE)) == []
    with pytest.raises(ClosedError):
        outbox.settle(Outcome(Delivery(1, 1, PIT_WALL, ChatSettings()), State.SENT, RACE_DAY))


MESSAGES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=MESSAGES, problem=st.text(max_size=30), attempts=st.integers(0, 1_000))
async def test_whatever_a_platform_says_is_put_down(
    office: SortingOffice, message: str, problem: str, attempts: int
) -> None:
    await office.subscribe(PIT_WALL)
    await office.subscriptions.end_all(PIT_WALL)
    await office.subscribe(PIT_WALL)
    recap = await office.tell()
    (delivery,) = await office.due()
    await office.outbox.settle(Outcome(delivery, State.DEAD, RACE_DAY, message, problem, None, attempts))
    assert await office.message_of(recap.id, delivery.chat_id) == message
    assert recap.key in {dead.announcement for dead in await office.outbox.undelivered()}


@pytest.mark.postgresql
class TestSeveralWhoDeliver:
    """On PostgreSQL several processes share an outbox: a delivery that one has taken is not seen by another."""

    @pytest.fixture
    def url(self, postgresql_url: str) -> str:
        return postgresql_url

    async def test_two_at_once_take_different_deliveries(
        self, url: str, office: SortingOffice, database: Database
    ) -> None:
        await crowd(database, 64)
        await office.tell()
        other = open_database(url)
        outboxes = (office.outbox, Outbox(other))
        taken = await asyncio.gather(
            *(outbox.due(Platform.TELEGRAM, RACE_DAY, 16) for outbox in outboxes for _ in range(2))
        )
        await other.close()
        keys = [delivery.key for some in taken for delivery in some]
        assert len(set(keys)) == len(keys) == 64

    async def test_what_another_holds_locked_is_passed_over(
        self, url: str, office: SortingOffice, database: Database
    ) -> None:
        await crowd(database, 3)
        await office.tell()
        other = await asyncpg.connect(url)
        async with other.transaction():
            await other.execute("SELECT * FROM delivery WHERE chat_id = 1 FOR UPDATE")
            assert chats_of(await office.due()) == [group(2), group(3)]
        await other.close()
        assert chats_of(await office.due()) == [group(1)]

    async def test_what_was_taken_by_one_who_is_gone_is_taken_over_when_the_lease_runs_out(
        self, url: str, office: SortingOffice
    ) -> None:
        await office.subscribe(PIT_WALL)
        await office.tell()
        other = open_database(url)
        assert chats_of(await Outbox(other).due(Platform.TELEGRAM, RACE_DAY, 5)) == [PIT_WALL]
        await other.close()
        assert await office.due(now=later(LEASE - 1)) == []
        assert await office.next_due(Platform.TELEGRAM) == later(LEASE)
        assert chats_of(await office.due(now=later(LEASE))) == [PIT_WALL]

    async def test_whoever_says_that_it_has_them_keeps_them(self, url: str, office: SortingOffice) -> None:
        await office.subscribe(PIT_WALL, GRANDSTAND)
        await office.tell()
        here, there = await office.due()
        await office.outbox.settle(Outcome(there, State.SENT, RACE_DAY, "1"))
        for _twice in range(2):
            held = await office.outbox.hold([here.key, there.key], later(LEASE - 1))
            assert held == {here.key}
        async with another(url) as other:
            assert await other.due(Platform.TELEGRAM, later(2 * LEASE - 2), 5) == []
            assert await other.hold([here.key], later(1)) == frozenset()

    async def test_whoever_lost_it_puts_nothing_off_and_what_it_sent_is_sent(
        self, url: str, office: SortingOffice
    ) -> None:
        await office.subscribe(PIT_WALL)
        recap = await office.tell()
        (delivery,) = await office.due()
        async with another(url) as other:
            assert chats_of(await other.due(Platform.TELEGRAM, later(LEASE), 5)) == [PIT_WALL]
            assert await office.outbox.hold([delivery.key], later(LEASE)) == frozenset()
            await office.outbox.let_go([delivery.key], RACE_DAY)
            await office.outbox.settle(Outcome(delivery, State.PENDING, RACE_DAY, due_at=RACE_DAY))
            assert await office.next_due(Platform.TELEGRAM) == later(2 * LEASE), "it is the other's"
            await office.outbox.settle(Outcome(delivery, State.SENT, RACE_DAY, "1"))
            assert await other.hold([delivery.key], later(LEASE)) == frozenset(), "the other need not send it"
        assert await office.message_of(recap.id, delivery.chat_id) == "1"

    async def test_what_was_not_begun_is_left_to_others_at_once(self, url: str, office: SortingOffice) -> None:
        await office.subscribe(PIT_WALL, GRANDSTAND)
        await office.tell()
        here, _there = await office.due()
        for _twice in range(2):
            await office.outbox.let_go([here.key], RACE_DAY)
        async with another(url) as other:
            assert chats_of(await other.due(Platform.TELEGRAM, RACE_DAY, 5)) == [here.chat]


@asynccontextmanager
async def another(url: str) -> AsyncIterator[Outbox]:
    """Another process's outbox on the same database, being emptied."""
    database = open_database(url)
    async with emptied(Outbox(database)) as outbox:
        yield outbox
    await database.close()


class TestTheWayToIt:
    """What SQLite reads: an index from its beginning, so that a long queue costs what a short one does."""

    @pytest.fixture
    def url(self, sqlite_url: str) -> str:
        return sqlite_url

    async def plan(self, database: Database, query: Select[tuple[object]]) -> list[str]:
        """The steps of a query, as SQLite explains them."""
        return await database.read(
            lambda connection: [
                step
                for *_, step in connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {query.compile(connection, compile_kwargs={'literal_binds': True})}"
                )
            ]
        )

    async def test_what_is_due_is_at_the_beginning_of_an_index(self, database: Database) -> None:
        steps = await self.plan(database, _pending().params(platform="telegram", now=0, most=32))
        assert steps[0] == "SEARCH delivery USING INDEX ix_delivery_pending (platform=? AND due_at<?)"
        assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step]

    @pytest.mark.parametrize(
        ("follows", "first"),
        [
            (None, "SEARCH subscription USING PRIMARY KEY (topic=? AND chat_id>?)"),
            (1, "SEARCH delivery USING PRIMARY KEY (announcement_id=? AND chat_id>?)"),
        ],
    )
    async def test_an_audience_is_walked_from_where_it_was_left(
        self, database: Database, follows: int | None, first: str
    ) -> None:
        chats, chat_id = audience_of(Announcement("key", "recaps", Kind.RECAP, {}, RACE_DAY, follows=follows))
        steps = await self.plan(database, chats.where(chat_id > 5).order_by(chat_id).limit(500))
        assert steps[0] == first
        assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step]
