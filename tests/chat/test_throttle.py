import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.chat.throttle
from bot.chat.requests import Request
from bot.chat.throttle import A_CHATS_COMMANDS, A_PERSON, Pace, Rate, Throttle
from bot.domain.places import Chat, ChatKind, Platform, Post, User
from tests.support.clock import FakeClock

GROUP = Chat(Platform.TELEGRAM, "-1001")
PLENTY = Rate(burst=10**6, a_second=10**6)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def typed(person: str = "7", chat: Chat = GROUP, platform: Platform = Platform.TELEGRAM) -> Request:
    return Request("crash", "imola", User(platform, person), chat)


def pressed(person: str = "7") -> Request:
    return Request("vote", "imola-2021 all-russell", User(Platform.TELEGRAM, person), GROUP, pressed=Post(GROUP, "1"))


def test_a_person_may_ask_a_dozen_times_at_once_and_is_then_told_once(clock: FakeClock) -> None:
    limits = Throttle(clock)
    paces = [limits.take(pressed()) for _ in range(A_PERSON.burst + 3)]
    assert paces == [Pace.FINE] * A_PERSON.burst + [Pace.WARN, Pace.SILENT, Pace.SILENT]


def test_who_waits_a_second_may_ask_once_more(clock: FakeClock) -> None:
    limits = Throttle(clock)
    for _ in range(A_PERSON.burst + 1):
        limits.take(pressed())
    clock.pass_by(1 / A_PERSON.a_second)
    assert limits.take(pressed()) is Pace.FINE
    assert limits.take(pressed()) is Pace.WARN, "told again, as an answer lay in between"


def test_after_a_while_all_is_forgiven(clock: FakeClock) -> None:
    limits = Throttle(clock)
    for _ in range(100):
        limits.take(pressed())
    clock.pass_by(A_PERSON.burst / A_PERSON.a_second)
    assert [limits.take(pressed()) for _ in range(A_PERSON.burst)] == [Pace.FINE] * A_PERSON.burst


def test_one_persons_haste_is_not_anothers(clock: FakeClock) -> None:
    limits = Throttle(clock)
    for _ in range(100):
        limits.take(pressed("7"))
    assert limits.take(pressed("8")) is Pace.FINE
    assert limits.take(typed("7", platform=Platform.DISCORD)) is Pace.FINE


def test_a_group_has_a_limit_for_commands_and_another_for_presses(clock: FakeClock) -> None:
    limits = Throttle(clock, person=PLENTY)
    paces = [limits.take(typed(str(person))) for person in range(A_CHATS_COMMANDS.burst + 1)]
    assert paces == [Pace.FINE] * A_CHATS_COMMANDS.burst + [Pace.WARN]
    assert [limits.take(pressed(str(person))) for person in range(1_000)] == [Pace.FINE] * 1_000


def test_a_private_chat_has_no_limit_of_its_own(clock: FakeClock) -> None:
    limits = Throttle(clock, person=PLENTY, commands=Rate(burst=1, a_second=1))
    alone = Chat(Platform.TELEGRAM, "7", ChatKind.PRIVATE)
    assert [limits.take(typed(chat=alone)) for _ in range(9)] == [Pace.FINE] * 9


@given(st.lists(st.floats(0, 3), max_size=60))
def test_in_no_stretch_of_time_more_is_let_through_than_allowed(pauses: list[float]) -> None:
    clock = FakeClock()
    limits = Throttle(clock, person=Rate(burst=3, a_second=2))
    let_through = []
    for pause in pauses:
        clock.pass_by(pause)
        if limits.take(pressed()) is Pace.FINE:
            let_through.append(clock.monotonic())
    for first, start in enumerate(let_through):
        for more, end in enumerate(let_through[first:], start=1):
            assert more <= 3 + 2 * (end - start) + 1e-6


def test_a_flood_of_strangers_does_not_fill_the_memory(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.chat.throttle, "REMEMBERED", 100)
    limits = Throttle(clock)
    for person in range(1_000):
        assert limits.take(pressed(str(person))) is Pace.FINE
        clock.pass_by(0.01)
    assert len(limits._people._caught_up) <= 100
