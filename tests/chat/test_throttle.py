from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.chat.throttle
from bot.chat.requests import Request
from bot.chat.throttle import A_CHATS_COMMANDS, A_PERSON, TRACE, Pace, Rate, Throttle
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


def answered(clock: FakeClock, paces: dict[str, float], seconds: int) -> dict[str, tuple[int, int]]:
    """How many commands each person is answered in a group, of how many; they ask every so many seconds."""
    limits, begun = Throttle(clock), clock.monotonic()
    asked, fine, due = Counter[str](), Counter[str](), dict.fromkeys(paces, 0.0)
    while (person := min(due, key=due.__getitem__)) and due[person] < seconds:
        clock.pass_by(max(0.0, begun + due[person] - clock.monotonic()))
        due[person] += paces[person]
        asked[person] += 1
        fine[person] += limits.take(typed(person)) is Pace.FINE
    return {person: (fine[person], asked[person]) for person in paces}


def test_one_who_asks_every_second_silences_nobody(clock: FakeClock) -> None:
    found = answered(clock, {"flood": 1.0, "fan": 4.0}, 240)
    assert found["fan"] == (60, 60)
    assert found["flood"][0] + found["fan"][0] <= A_CHATS_COMMANDS.burst + 240 * A_CHATS_COMMANDS.a_second


@pytest.mark.parametrize("floods", [2, 3, 5])
def test_nor_do_several_who_do(clock: FakeClock, floods: int) -> None:
    fair = (floods + 1) / A_CHATS_COMMANDS.a_second
    found = answered(clock, {**{f"flood {number}": 0.5 for number in range(floods)}, "fan": fair}, int(60 * fair))
    assert found["fan"] == (60, 60)


def test_who_asks_alone_has_all_that_is_given_back(clock: FakeClock) -> None:
    fine, asked = answered(clock, {"fan": 2.0}, 240)["fan"]
    assert fine == asked == 120


def test_who_asked_too_much_is_told_once_and_a_crowd_once_together(clock: FakeClock) -> None:
    limits = Throttle(clock, person=PLENTY)
    paces = [limits.take(typed("flood")) for _ in range(13)]
    assert paces == [Pace.FINE] * 10 + [Pace.WARN, Pace.SILENT, Pace.SILENT]
    crowd = [limits.take(typed(f"fan {number}")) for number in range(13)]
    assert crowd == [Pace.FINE] * 10 + [Pace.WARN, Pace.SILENT, Pace.SILENT]
    clock.pass_by(60)
    assert limits.take(typed("flood")) is Pace.FINE


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 3)), max_size=80))
def test_a_group_is_never_answered_more_than_its_allowance(asked: list[tuple[str, float]]) -> None:
    clock = FakeClock()
    limits = Throttle(clock, person=PLENTY, commands=Rate(burst=4, a_second=0.5))
    let_through = []
    for person, pause in asked:
        clock.pass_by(pause)
        if limits.take(typed(person)) is Pace.FINE:
            let_through.append(clock.monotonic())
    for first, start in enumerate(let_through):
        for more, end in enumerate(let_through[first:], start=1):
            assert more <= 4 + 0.5 * (end - start) + 1e-6


def test_a_flood_of_groups_does_not_fill_the_memory(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.chat.throttle, "REMEMBERED", 100)
    limits = Throttle(clock, person=PLENTY)
    for number in range(1_000):
        group = Chat(Platform.TELEGRAM, str(number))
        assert limits.take(typed(str(number), chat=group)) is Pace.FINE
        clock.pass_by(0.01)
    assert len(limits._commands._groups) <= 100


def test_a_crowd_in_one_group_does_not_fill_it_either(clock: FakeClock) -> None:
    limits = Throttle(clock, person=PLENTY)
    for number in range(1_000):
        limits.take(typed(str(number)))
        clock.pass_by(1)
    (group,) = limits._commands._groups.values()
    assert len(group.people) <= A_CHATS_COMMANDS.burst / TRACE


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
    assert len(limits._people[Platform.TELEGRAM]._caught_up) <= 100
