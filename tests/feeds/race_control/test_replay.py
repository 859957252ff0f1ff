"""A recorded session told as if it were held now."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.race_control import Car, Message, Session
from bot.feeds.race_control.archive import SessionRecord
from bot.feeds.race_control.parser import read_docket
from bot.feeds.race_control.replay import LONGEST_SILENCE, Replay
from bot.feeds.race_control.session_files import DEMO, read_session_files
from bot.feeds.race_control.source import CarsSeen, Line, LineState, MessagesSeen, SessionSeen, SessionStatus, Update
from tests.support.clock import FakeClock
from tests.support.race_control_samples import DAY, said

SESSION = Session("9", "Dutch Grand Prix", "Race", DAY)
CARS = {7: Car(7, "ABE")}
NOW = dt.datetime(2033, 1, 2, 20, tzinfo=dt.UTC)


def record(*messages: Message) -> SessionRecord:
    return SessionRecord(SESSION, CARS, messages)


MINUTES = record(*(said("A", index=number, at=f"13:{minute:02}:00") for number, minute in enumerate((0, 1, 3))))


class Heard:
    """What was told, and when."""

    def __init__(self, replay: Replay, clock: FakeClock) -> None:
        self._replay = replay
        self._clock = clock
        self.updates: list[Update] = []
        self.at: list[dt.datetime] = []

    async def listen(self, until: asyncio.Event | None = None) -> Sequence[Message]:
        """Listen until the session is over; its messages as they were told."""
        over = until or self._replay.over
        listening = asyncio.create_task(self._replay.run(self._tell))
        waiting = asyncio.create_task(over.wait())
        await asyncio.wait({listening, waiting}, return_when=asyncio.FIRST_COMPLETED)
        assert not listening.done()
        listening.cancel()
        return self.messages

    async def _tell(self, update: Update) -> None:
        self.updates.append(update)
        if isinstance(update, MessagesSeen):
            self.at.append(self._clock.now())

    @property
    def messages(self) -> list[Message]:
        """The messages so far."""
        return [message for update in self.updates if isinstance(update, MessagesSeen) for message in update.messages]


def replayed(record: SessionRecord, speed: float = 60) -> Heard:
    clock = FakeClock(NOW)
    return Heard(Replay(record, clock, speed), clock)


async def test_messages_come_at_their_pace_so_many_times_as_fast() -> None:
    heard = replayed(MINUTES)
    await heard.listen()
    assert heard.at == [NOW + dt.timedelta(seconds=seconds) for seconds in (0, 1, 3)]


async def test_at_its_own_speed_each_message_is_said_when_it_is_told() -> None:
    heard = replayed(MINUTES, speed=1)
    assert [message.at for message in await heard.listen()] == heard.at


async def test_faster_they_stay_as_far_from_one_another_and_the_last_is_said_now() -> None:
    heard = replayed(MINUTES)
    times = [message.at for message in await heard.listen()]
    assert times[-1] == heard.at[-1]
    assert [later - earlier for earlier, later in pairwise(times)] == [
        dt.timedelta(minutes=1),
        dt.timedelta(minutes=2),
    ]


async def test_the_session_is_seen_first_and_is_today() -> None:
    heard = replayed(MINUTES)
    await heard.listen()
    line, session, cars, *_messages, end = heard.updates
    assert isinstance(line, LineState)
    assert line.line is Line.CONNECTED
    assert isinstance(session, SessionSeen)
    assert (session.session.event, session.session.date) == ("Dutch Grand Prix", NOW.date())
    assert cars == CarsSeen("9", CARS)
    assert end == SessionSeen(session.session, status=SessionStatus.FINALISED)


async def test_a_race_that_was_held_up_for_hours_is_not_waited_for() -> None:
    heard = replayed(record(said("A"), said("B", index=1, at="17:00:00")))
    await heard.listen()
    assert heard.at[1] - heard.at[0] == LONGEST_SILENCE / 60


async def test_one_that_is_listened_to_again_goes_on_and_tells_the_same() -> None:
    heard = replayed(MINUTES)
    first = list(await heard.listen())
    assert list(await heard.listen())[3:] == first


async def test_it_is_always_there() -> None:
    clock = FakeClock(NOW)
    assert await Replay(MINUTES, clock, 60).look() == LineState("replay", Line.CONNECTED, NOW)


@pytest.mark.parametrize("speed", [1, 60, 100_000])
async def test_however_fast_cases_are_the_same(speed: float) -> None:
    demo = read_session_files(DEMO)
    told = read_docket(await replayed(demo, speed).listen())
    assert [(case.opened, case.cars, case.outcome) for case in told.cases] == [
        (case.opened, case.cars, case.outcome) for case in read_docket(demo.messages).cases
    ]


@given(st.lists(st.times(), min_size=1, max_size=20), st.floats(0.1, 1e6))
def test_whatever_the_order_of_their_times_none_is_said_in_time_to_come(times: list[dt.time], speed: float) -> None:
    messages = [Message(index, dt.datetime.combine(DAY, time, dt.UTC), "NOTED", 1) for index, time in enumerate(times)]
    heard = replayed(record(*messages), speed)
    told = asyncio.run(_listened(heard))
    assert [message.index for message in told] == list(range(len(times)))
    assert max(message.at for message in told) == heard.at[-1] or max(times) != times[-1]
    assert all(message.at <= heard.at[-1] for message in told)


async def _listened(heard: Heard) -> Sequence[Message]:
    return await heard.listen()
