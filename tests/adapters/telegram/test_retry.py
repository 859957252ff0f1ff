"""How long a call is tried for somebody who waits."""

from collections.abc import Iterable

import pytest

from bot.adapters.telegram.api.errors import BusyError, QueryGoneError, RefusedError, UnauthorizedError
from bot.adapters.telegram.retry import TooLateError, patiently
from bot.chat.platform import ChatGoneError, NotAllowedError, PostGoneError, SlowDownError, UnreachableError
from tests.support.clock import FakeClock


class Caller:
    """A call that fails in the given ways, one after the other, and then succeeds."""

    def __init__(self, *failures: Exception) -> None:
        self.calls = 0
        self._failures = iter(failures)

    async def __call__(self) -> str:
        self.calls += 1
        for failure in self._failures:
            raise failure
        return "sent"


FAILED = UnreachableError("502")


@pytest.mark.parametrize(
    ("failures", "pauses"),
    [
        ([], []),
        ([FAILED], [1.5]),
        ([FAILED, FAILED], [1.5, 3]),
        ([UnauthorizedError("401"), FAILED], [1.5, 3]),
        ([SlowDownError(7)] * 4, [7, 7, 7, 7]),
        ([FAILED, SlowDownError(7), FAILED], [1.5, 7, 3]),
    ],
)
async def test_it_succeeds_in_the_end(failures: Iterable[Exception], pauses: list[float]) -> None:
    clock = FakeClock()
    assert await patiently(Caller(*failures), clock, 30) == "sent"
    assert len(clock.slept) == len(pauses)
    assert all(0.75 * pause <= slept <= pause for slept, pause in zip(clock.slept, pauses, strict=True))


async def test_the_third_failure_is_the_last() -> None:
    call = Caller(FAILED, FAILED, FAILED)
    with pytest.raises(UnreachableError):
        await patiently(call, FakeClock(), 30)
    assert call.calls == 3


@pytest.mark.parametrize(
    "final",
    [
        BusyError(121),
        RefusedError("something new"),
        QueryGoneError("query is too old"),
        ChatGoneError("kicked"),
        NotAllowedError("The topic is closed."),
        PostGoneError("deleted"),
    ],
)
async def test_what_would_be_the_same_again_is_not_tried_again(final: Exception) -> None:
    call, clock = Caller(final), FakeClock()
    with pytest.raises(type(final)):
        await patiently(call, clock, 30)
    assert (call.calls, clock.slept) == (1, [])


@pytest.mark.parametrize(("failure", "within"), [(SlowDownError(31), 30), (FAILED, 1)])
async def test_nobody_waits_for_what_would_come_too_late(failure: Exception, within: float) -> None:
    call, clock = Caller(failure), FakeClock()
    with pytest.raises(TooLateError):
        await patiently(call, clock, within)
    assert (call.calls, clock.slept) == (1, [])
