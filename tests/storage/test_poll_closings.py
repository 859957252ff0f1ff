"""A poll that is closed in a chat, by hand or by the clock: its result is told there once, and nothing changes it."""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection, delete, select

from bot.domain.announcements import FOR_ONE_CHAT, Announcement, Kind
from bot.domain.deliveries import Outcome, State
from bot.domain.places import Chat, ChatKind, Platform, Post
from bot.domain.polls import Poll, Question
from storage import tables
from storage.announcements import Announcements
from storage.ballot_box import BallotBox
from storage.chat_moves import ChatMoves
from storage.chat_settings import SettingsStore
from storage.chats import Chats
from storage.database.base import Database
from storage.database.open import open_database
from storage.handled_updates import HandledUpdates
from storage.noted_incidents import NotedIncidents
from storage.outbox import Outbox
from storage.poll_closings import PollClosings
from storage.polls import Polls
from storage.posts import Posts, Shows
from storage.taken_deliveries import LEASE
from storage.voters import Voters
from tests.storage.booth import GRANDSTAND, PADDOCK, PIT_WALL, Booth, voter
from tests.support.cases import VER, draft, noted, penalised
from tests.support.clock import FakeClock
from tests.support.power_cut import PowerCut, PowerCutError
from tests.support.sorting_office import emptied

ROUNDS = 10
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
BIGGER = Chat(Platform.TELEGRAM, "-100777")
EVERYWHERE = (Platform.TELEGRAM, Platform.DISCORD)


class House:
    """What one process has of a database, with a ballot box that is being emptied, at a time that the test sets."""

    def __init__(self, database: Database, chats: Chats, polls: Polls, box: BallotBox, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        self.chats = chats
        self.polls = polls
        self.settings = SettingsStore(database, chats, HandledUpdates(database))
        self.moves = ChatMoves(database, chats)
        self.posts = Posts(database, chats, clock)
        self.announcements = Announcements(database)
        self.closings = PollClosings(database, chats, box, self.announcements, clock)
        self.booth = Booth(box, polls, Voters(database, b"a secret"))
        self.imola, self.monza = (
            next(poll for poll in polls if poll.incident_id == name) for name in ("imola-2021", "monza-2021")
        )

    async def show(self, poll: Poll, chat: Chat = PIT_WALL, message: str = "1") -> None:
        """Let a message in a chat show a poll."""
        await self.posts.note(Shows(Post(chat, message), poll))

    async def close_what_is_due(self) -> int:
        """Close by the clock; how many polls that were."""
        by_incident = {poll.incident_id: poll for poll in (self.imola, self.monza)}
        due = await self.closings.due(EVERYWHERE)
        return sum([await self.closings.close_in_time(chat, by_incident[incident]) for chat, incident in due])

    async def results(self) -> list[Announcement]:
        """The results that were announced, in their order."""
        numbers = select(tables.announcement.c.id).order_by(tables.announcement.c.id)
        ids = await self.database.read(lambda connection: connection.scalars(numbers).all())
        found = [await self.announcements.get(number) for number in ids]
        return [each for each in found if each is not None]

    async def due_at(self) -> list[dt.datetime]:
        """When the results are due in their chats."""
        moments = select(tables.delivery.c.due_at).order_by(tables.delivery.c.announcement_id)
        seconds = await self.database.read(lambda connection: connection.scalars(moments).all())
        return [dt.datetime.fromtimestamp(moment, dt.UTC) for moment in seconds]

    async def remembers(self) -> bool:
        """Whether what is in memory is what one that starts now reads."""
        fresh = await Chats.open(self.database, HandledUpdates(self.database))
        return all(
            self.chats.preferences(chat) == fresh.preferences(chat) for chat in (PIT_WALL, GRANDSTAND, PADDOCK, BIGGER)
        )


@asynccontextmanager
async def opened(database: Database, polls: Polls, clock: FakeClock) -> AsyncIterator[House]:
    """A process on a database."""
    chats = await Chats.open(database, HandledUpdates(database))
    box = BallotBox(database, chats, HandledUpdates(database), clock)
    writing = asyncio.create_task(box.run())
    try:
        yield House(database, chats, polls, box, clock)
    finally:
        await box.close()
        await writing


@pytest.fixture
async def house(database: Database, polls: Polls, clock: FakeClock) -> AsyncIterator[House]:
    async with opened(database, polls, clock) as house:
        yield house


@pytest.fixture
async def theirs(url: str, house: House, polls: Polls, clock: FakeClock) -> AsyncIterator[House]:
    """Another process on the same database; on SQLite, which has one, the same."""
    if house.database.dialect == "sqlite":
        yield house
        return
    database = open_database(url)
    async with opened(database, polls, clock) as other:
        yield other
    await database.close()


class TestByHand:
    async def test_a_poll_is_closed_in_one_chat_and_its_result_is_told_there(self, house: House) -> None:
        await house.booth.press("imola-2021 all-russell", voter(1))
        await house.booth.press("imola-2021 all-bottas", voter(2), GRANDSTAND)
        assert await house.closings.close(PIT_WALL, house.imola)
        assert house.chats.closed(PIT_WALL, house.imola.id)
        assert not house.chats.closed(PIT_WALL, house.monza.id)
        assert not house.chats.closed(GRANDSTAND, house.imola.id)
        (result,) = await house.results()
        assert (result.kind, result.topic) == (Kind.POLL_RESULT, FOR_ONE_CHAT)
        russell, bottas = house.imola.choice("all-russell"), house.imola.choice("all-bottas")
        assert russell
        assert bottas
        assert result.subject["here"] == [[russell.id, 0, 1]]
        assert sorted(result.subject["everyone"]) == sorted([[russell.id, 0, 1], [bottas.id, 0, 1]])
        assert await house.due_at() == [house.clock.now()]
        assert await house.remembers()

    async def test_it_reaches_a_chat_that_subscribes_to_nothing_and_is_tried_again(self, house: House) -> None:
        await house.closings.close(PIT_WALL, house.imola)
        async with emptied(Outbox(house.database)) as outbox:
            (delivery,) = await outbox.due(Platform.TELEGRAM, house.clock.now(), 10)
            assert delivery.chat == PIT_WALL
            await outbox.settle(Outcome(delivery, State.DEAD, house.clock.now(), problem="away"))
            house.clock.pass_by(HOUR)
            assert await outbox.retry(house.clock.now()) == 1
            house.clock.pass_by(3 * DAY)
            assert await outbox.retry(house.clock.now()) == 0

    async def test_votes_that_are_queued_before_are_in_the_result_and_what_comes_later_is_nowhere(
        self, house: House
    ) -> None:
        before = [house.booth.press("imola-2021 all-russell", voter(number)) for number in range(20)]
        closing = asyncio.create_task(house.closings.close(PIT_WALL, house.imola))
        await asyncio.sleep(0)
        after = [house.booth.press("imola-2021 all-bottas", voter(number)) for number in range(15, 35)]
        elsewhere = house.booth.press("imola-2021 all-bottas", voter(99), GRANDSTAND)
        another = house.booth.press("monza-2021 all-hamilton", voter(1))
        assert all([(await receipt).changed for receipt in before])
        assert await closing
        late = [await receipt for receipt in after]
        assert all(receipt.closed and not receipt.changed for receipt in late)
        assert (await elsewhere).changed
        assert (await another).changed
        (result,) = await house.results()
        assert [votes for _choice, _after, votes in result.subject["here"]] == [20]

    async def test_a_process_that_has_not_heard_of_it_counts_nothing_either(self, house: House, theirs: House) -> None:
        await house.booth.press("imola-2021 all-russell", voter(1))
        await theirs.booth.press("imola-2021 all-russell", voter(2), GRANDSTAND)
        assert await house.closings.close(PIT_WALL, house.imola)
        late = [
            theirs.booth.press("imola-2021 all-bottas", voter(1), update="1"),
            theirs.booth.press("imola-2021 all-bottas", voter(2), update="2"),
            theirs.booth.press("imola-2021 all-bottas", voter(3), update="3"),
            theirs.booth.press("imola-2021 withdraw", voter(1), update="4"),
        ]
        elsewhere = theirs.booth.press("imola-2021 all-bottas", voter(4), GRANDSTAND)
        another = theirs.booth.press("monza-2021 all-hamilton", voter(1))
        assert all([(await receipt).closed and not (await receipt).changed for receipt in late])
        assert (await elsewhere).changed
        assert (await another).changed
        assert (await elsewhere).tally.votes == 3
        (result,) = await house.results()
        assert [votes for _choice, _after, votes in result.subject["here"]] == [1]

    async def test_what_two_processes_count_meanwhile_is_in_the_result_or_nowhere(
        self, house: House, theirs: House
    ) -> None:
        for number in range(1, ROUNDS + 1):
            votes = [theirs.booth.press("imola-2021 all-bottas", voter(100 * number + each)) for each in range(20)]
            await house.closings.close(PIT_WALL, house.imola)
            receipts = [await vote for vote in votes]
            result = (await house.results())[-1]
            told = sum(votes for _choice, _after, votes in result.subject["here"])
            tally = await house.polls.tally_here(house.imola, PIT_WALL)
            assert told == tally.votes, "nothing was counted after it"
            assert all(receipt.changed is not receipt.closed for receipt in receipts)
            await house.closings.open(PIT_WALL, house.imola)
            await theirs.chats.read_again([PIT_WALL])

    async def test_presses_after_it_change_nothing_and_take_nothing_back(self, house: House) -> None:
        await house.booth.press("imola-2021 all-russell", voter(1))
        await house.closings.close(PIT_WALL, house.imola)
        for paper in ("imola-2021 all-bottas", "imola-2021 withdraw"):
            assert (await house.booth.press(paper, voter(1))).closed
        assert (await house.booth.press("imola-2021 all-russell", voter(2), GRANDSTAND)).tally.votes == 2

    async def test_the_same_again_and_an_older_update_change_nothing(self, house: House) -> None:
        assert await house.closings.close(PIT_WALL, house.imola, "1")
        assert not await house.closings.close(PIT_WALL, house.imola, "1")
        assert not await house.closings.close(PIT_WALL, house.imola, "2")
        await house.closings.open(PIT_WALL, house.imola, "3")
        assert not await house.closings.close(PIT_WALL, house.imola, "1")
        assert not house.chats.closed(PIT_WALL, house.imola.id)
        await house.closings.close(PIT_WALL, house.imola, "4")
        await house.closings.open(PIT_WALL, house.imola, "3")
        assert house.chats.closed(PIT_WALL, house.imola.id)
        assert len(await house.results()) == 2, "one for each time that it was closed"

    async def test_what_is_open_is_not_opened(self, house: House) -> None:
        await house.closings.open(PIT_WALL, house.imola)
        assert not house.chats.closed(PIT_WALL, house.imola.id)
        assert await house.results() == []

    async def test_it_stays_closed_over_a_restart(self, house: House, polls: Polls) -> None:
        await house.closings.close(PIT_WALL, house.imola)
        async with opened(house.database, polls, house.clock) as again:
            assert (await again.booth.press("imola-2021 all-russell", voter(1))).closed

    async def test_of_two_at_once_one_closes_it(self, house: House, theirs: House) -> None:
        for number in range(1, ROUNDS + 1):
            did = await asyncio.gather(
                house.closings.close(PIT_WALL, house.imola), theirs.closings.close(PIT_WALL, house.imola)
            )
            assert sorted(did) == [False, True]
            assert len(await house.results()) == number
            await asyncio.gather(
                house.closings.open(PIT_WALL, house.imola), theirs.closings.open(PIT_WALL, house.imola)
            )
            assert await house.remembers()

    async def test_two_polls_are_closed_at_once(self, house: House, theirs: House) -> None:
        await asyncio.gather(
            house.closings.close(PIT_WALL, house.imola),
            theirs.closings.close(PIT_WALL, house.monza),
            house.settings.change(PIT_WALL, blind=True),
        )
        assert (await Chats.open(house.database, HandledUpdates(house.database))).preferences(PIT_WALL).closed == {
            house.imola.id,
            house.monza.id,
        }
        await house.settings.change(PIT_WALL, language="de")
        assert await house.remembers()

    async def test_a_group_that_grows_keeps_what_is_closed(self, house: House) -> None:
        await house.closings.close(PIT_WALL, house.imola)
        await house.closings.close(GRANDSTAND, house.monza)
        await house.moves.move(PIT_WALL, BIGGER)
        assert house.chats.closed(BIGGER, house.imola.id)
        await house.moves.move(GRANDSTAND, BIGGER)
        assert house.chats.preferences(BIGGER).closed == {house.imola.id, house.monza.id}
        assert await house.remembers()


class TestByTheClock:
    async def test_a_poll_is_closed_once_it_was_shown_for_so_long(self, house: House) -> None:
        await house.settings.change(PIT_WALL, closing_hours=24)
        await house.show(house.imola)
        house.clock.pass_by(DAY - HOUR)
        await house.show(house.imola, message="2")
        assert await house.close_what_is_due() == 0
        house.clock.pass_by(HOUR)
        assert await house.close_what_is_due() == 1
        assert house.chats.closed(PIT_WALL, house.imola.id)
        assert await house.close_what_is_due() == 0
        assert len(await house.results()) == 1
        await house.show(house.imola, message="3")
        house.clock.pass_by(3 * DAY)
        assert await house.close_what_is_due() == 0

    async def test_what_was_shown_before_there_was_a_closing_time_stays_open(self, house: House) -> None:
        await house.show(house.imola)
        await house.settings.change(PIT_WALL, closing_hours=1)
        house.clock.pass_by(3 * DAY)
        assert await house.close_what_is_due() == 0
        await house.show(house.imola, message="2")
        house.clock.pass_by(HOUR)
        assert await house.close_what_is_due() == 1

    async def test_a_longer_time_counts_for_what_runs_and_none_stops_it(self, house: House) -> None:
        await house.settings.change(PIT_WALL, closing_hours=24)
        await house.show(house.imola)
        await house.settings.change(PIT_WALL, closing_hours=48)
        house.clock.pass_by(DAY)
        assert await house.close_what_is_due() == 0
        await house.settings.change(PIT_WALL, closing_hours=None)
        await house.settings.change(PIT_WALL, closing_hours=1)
        house.clock.pass_by(3 * DAY)
        assert await house.close_what_is_due() == 0

    async def test_a_poll_that_is_opened_again_has_its_whole_time(self, house: House) -> None:
        await house.settings.change(PIT_WALL, closing_hours=24)
        await house.closings.close(PIT_WALL, house.imola)
        house.clock.pass_by(3 * DAY)
        await house.closings.open(PIT_WALL, house.imola)
        house.clock.pass_by(DAY - HOUR)
        assert await house.close_what_is_due() == 0
        house.clock.pass_by(HOUR)
        assert await house.close_what_is_due() == 1
        assert len(await house.results()) == 2

    async def test_its_result_waits_for_the_end_of_quiet_hours(self, house: House) -> None:
        evening = house.clock.now()
        await house.settings.change(PIT_WALL, closing_hours=3, quiet_from=22 * 60, quiet_until=8 * 60)
        await house.show(house.imola)
        house.clock.pass_by(3 * HOUR)
        assert await house.close_what_is_due() == 1
        assert await house.due_at() == [evening.replace(hour=8) + DAY]
        await house.closings.close(PIT_WALL, house.monza)
        assert (await house.due_at())[1] == house.clock.now(), "an admin who closes one is awake"

    async def test_each_process_closes_what_is_on_its_platforms(self, house: House) -> None:
        for chat in (PIT_WALL, PADDOCK):
            await house.settings.change(chat, closing_hours=1)
            await house.show(house.imola, chat)
        house.clock.pass_by(HOUR)
        assert [due.chat for due in await house.closings.due([Platform.DISCORD])] == [PADDOCK]
        assert {due.chat for due in await house.closings.due(EVERYWHERE)} == {PIT_WALL, PADDOCK}
        assert await house.closings.due([]) == []

    async def test_private_chats_and_inline_messages_close_nothing(self, house: House) -> None:
        for kind in (ChatKind.PRIVATE, ChatKind.ELSEWHERE):
            chat = Chat(Platform.TELEGRAM, kind, kind)
            await house.settings.change(chat, closing_hours=1)
            await house.show(house.imola, chat)
        house.clock.pass_by(DAY)
        assert await house.closings.due(EVERYWHERE) == []

    async def test_of_two_processes_one_closes_it(self, house: House, theirs: House) -> None:
        for number in range(1, ROUNDS + 1):
            await house.settings.change(PIT_WALL, closing_hours=1)
            await house.show(house.imola)
            house.clock.pass_by(HOUR)
            closed = await asyncio.gather(house.close_what_is_due(), theirs.close_what_is_due())
            assert sum(closed) == 1
            assert len(await house.results()) == number
            await house.closings.open(PIT_WALL, house.imola)
            await theirs.closings.open(PIT_WALL, house.imola)

    async def test_an_admin_who_lets_it_run_on_at_that_moment_is_heard_or_too_late(
        self, house: House, theirs: House
    ) -> None:
        for _ in range(ROUNDS):
            await house.settings.change(PIT_WALL, closing_hours=1)
            await house.show(house.imola)
            house.clock.pass_by(HOUR)
            closed, _settings = await asyncio.gather(
                house.close_what_is_due(), theirs.settings.change(PIT_WALL, closing_hours=None)
            )
            fresh = await Chats.open(house.database, HandledUpdates(house.database))
            assert fresh.closed(PIT_WALL, house.imola.id) is bool(closed)
            await house.closings.open(PIT_WALL, house.imola)


Step = Callable[[House], Awaitable[object]]
BY_HAND = "by hand"
DYING: dict[str, Sequence[Step]] = {
    BY_HAND: (
        lambda house: house.booth.press("imola-2021 all-russell", voter(1), update="1"),
        lambda house: house.closings.close(PIT_WALL, house.imola, "2"),
    ),
    "by the clock": (
        lambda house: house.settings.change(PIT_WALL, "1", closing_hours=1),
        lambda house: house.show(house.imola),
        lambda house: _later(house, HOUR),
        lambda house: house.close_what_is_due(),
    ),
    "by hand, opened, and by hand": (
        lambda house: house.closings.close(PIT_WALL, house.imola, "1"),
        lambda house: house.closings.open(PIT_WALL, house.imola, "2"),
        lambda house: house.closings.close(PIT_WALL, house.imola, "3"),
    ),
}


async def _later(house: House, by: dt.timedelta) -> None:
    house.clock.pass_by(by)


async def _lives(database: Database, polls: Polls, clock: FakeClock, steps: Sequence[Step], cut: PowerCut) -> None:
    """Let all this happen, and what comes of it be delivered: by one process until the power cut, and another then."""
    to_come = [*steps, _deliver]
    async with opened(cut.threaten(database), polls, clock) as house:
        while to_come and not cut.happened:
            try:
                await to_come[0](house)
            except PowerCutError:
                assert cut.happened
            if not cut.happened:
                to_come.pop(0)
    async with opened(database, polls, clock) as house:
        for step in to_come:
            await step(house)
        clock.pass_by(LEASE)  # what the first process had in hand
        await _deliver(house)


async def _deliver(house: House) -> None:
    async with emptied(Outbox(house.database)) as outbox:
        for delivery in await outbox.due(Platform.TELEGRAM, house.clock.now(), 10):
            await outbox.settle(Outcome(delivery, State.SENT, house.clock.now(), message="1"))


def _states(connection: Connection) -> Sequence[int]:
    """What became of each delivery."""
    return connection.scalars(select(tables.delivery.c.state)).all()


def _empty(connection: Connection) -> None:
    kept = {"poll", "choice"}
    for table in reversed(tables.metadata.sorted_tables):
        if table.name not in kept:
            connection.execute(delete(table))


async def test_a_rating_starts_no_clock_be_it_of_a_noted_incident_or_a_told_one(
    database: Database, polls: Polls, clock: FakeClock
) -> None:
    kept = NotedIncidents(database)
    polls.take_up(change.record for change in await kept.record([draft(penalised(noted(), VER, 14))], 20))
    async with opened(database, polls, clock) as house:
        await house.settings.change(PIT_WALL, closing_hours=24)
        for number, incident in enumerate(("monza-2025-ver-nor-t4", "monza-2021")):
            rating = polls.get(incident, Question.RATING)
            assert rating is not None
            await house.show(rating, message=f"{number}")
            await house.booth.rate(f"{incident} correct", voter(1))
        assert await database.read(lambda connection: connection.execute(select(tables.chat_poll)).all()) == []
        clock.pass_by(30 * DAY.total_seconds())
        assert await house.closings.due(EVERYWHERE) == []
        blame = polls.get("monza-2025-ver-nor-t4")
        assert blame is not None
        await house.show(blame, message="3")
        clock.pass_by(DAY.total_seconds())
        assert [each.incident_id for each in await house.closings.due(EVERYWHERE)] == ["monza-2025-ver-nor-t4"]


@pytest.mark.parametrize("how", [pytest.param(BY_HAND, marks=pytest.mark.exhaustive), *[*DYING][1:]])
async def test_whenever_the_process_dies_the_result_is_told_once(
    database: Database, polls: Polls, clock: FakeClock, how: str
) -> None:
    steps, at_commit, happened = DYING[how], 0, True
    while happened:
        at_commit += 1
        cut = PowerCut(at_commit)
        await database.write(_empty)
        await _lives(database, polls, clock, steps, cut)
        told = Counter(await database.read(_states))
        assert told == {State.SENT: 2 if "opened" in how else 1}, f"at commit {at_commit}"
        assert (await Chats.open(database, HandledUpdates(database))).preferences(PIT_WALL).closed
        happened = cut.happened
    assert at_commit > 2, "it was tried at every commit, and at last with none"
